"""Help, pages and policies: Markdown files with a head of "key: value" lines."""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from accounts.models import PolicyVersion
from support.models import Article

FOLDER = Path(__file__).resolve().parents[1] / "articles"
FENCE = "---\n"
# Older than the first order, which agrees to it.
IN_FORCE_FOR = dt.timedelta(days=400)
# Files that the shop's own pages link to under a shorter name.
ADDRESSES = {
    "care-of-stoneware": "care",
    "delivery-terms": "delivery",
    "privacy-and-cookies": "privacy",
    "returns-policy": "returns",
    "right-of-withdrawal": "withdrawal",
    "terms-of-sale": "terms",
}
KINDS = {"help": Article.Kind.HELP, "page": Article.Kind.PAGE}


@dataclass(frozen=True, slots=True)
class Text:
    slug: str
    kind: str
    title: str
    summary: str
    position: int
    body: str


def read(text: str) -> Text:
    _nothing, head, body = text.split(FENCE, 2)
    fields = {}
    for line in head.splitlines():
        key, _colon, value = line.partition(":")
        fields[key.strip()] = value.strip()
    return Text(
        slug=ADDRESSES.get(fields["slug"], fields["slug"]),
        kind=fields["kind"],
        title=fields["title"],
        summary=fields["summary"],
        position=int(fields["position"]),
        body=body.strip(),
    )


def fill(*, now: dt.datetime) -> None:
    """Write what is missing; a text that somebody has edited stays theirs."""
    for path in sorted(FOLDER.glob("*.md")):
        text = read(path.read_text(encoding="utf-8"))
        facts = {"title": text.title, "summary": text.summary, "body": text.body}
        if text.kind in KINDS:
            Article.objects.get_or_create(
                slug=text.slug,
                defaults={**facts, "kind": KINDS[text.kind], "position": text.position},
            )
        elif not PolicyVersion.objects.filter(slug=text.slug).exists():
            published_at = now - IN_FORCE_FOR
            PolicyVersion.objects.create(slug=text.slug, published_at=published_at, **facts)
