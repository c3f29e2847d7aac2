"""Help pages, found by what people ask."""

from django.contrib.postgres.search import SearchQuery, SearchVector

from support.models import Article

MOST = 3


def articles_about(text: str, *, count: int = MOST) -> list[Article]:
    """Published articles with all of these words. One query."""
    words = SearchQuery(text, config="english", search_type="websearch")
    whole = SearchVector("title", "summary", "body", config="english")
    found = Article.objects.published().annotate(whole=whole)
    return list(found.filter(whole=words)[:count])
