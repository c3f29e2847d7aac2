"""Help pages, the shop's own pages, and how to reach people."""

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import PolicyVersion
from accounts.services import policies
from catalog.queries import structured
from catalog.queries.markets import markets
from catalog.queries.page import Seo, public_context
from catalog.queries.seo import alternates
from catalog.queries.shelves import Crumb
from shop.lib.html import from_markdown
from shop.lib.http import only_reads
from shop.lib.page_cache import public_page
from support.models import Article

MOST_ANSWERS = 6


@dataclass(frozen=True, slots=True)
class Link:
    title: str
    url: str
    summary: str
    is_current: bool = False


@only_reads
@public_page
def help_index(request: HttpRequest) -> HttpResponse:
    """Every answer, and the shop's own pages."""
    pages = list(Article.objects.published())
    seo = Seo(
        title=_("Help with orders, delivery and returns"),
        description=_("Answers about delivery, returns, payment and looking after stoneware."),
        canonical=reverse("support:help"),
        alternates=alternates("/help/", markets()),
        json_ld=[structured.crumbs_ld([_home(), _help()])],
    )
    groups = [
        {"title": _("Answers"), "articles": _links(pages, Article.Kind.HELP)},
        {"title": _("About the shop"), "articles": _links(pages, Article.Kind.PAGE)},
    ]
    context = {
        **public_context(request, seo=seo),
        "groups": [group for group in groups if group["articles"]],
    }
    return render(request, "support/help.html", context)


@only_reads
@public_page
def article(request: HttpRequest, slug: str) -> HttpResponse:
    """A help page."""
    found = Article.objects.published().filter(slug=slug, kind=Article.Kind.HELP).first()
    if found is None:
        raise Http404
    return _show(request, found, [_home(), _help()])


@only_reads
@public_page
def page(request: HttpRequest, slug: str) -> HttpResponse:
    """A page about the shop, or the policy in force."""
    found = Article.objects.published().filter(slug=slug, kind=Article.Kind.PAGE).first()
    if found is not None:
        return _show(request, found, [_home()])
    return _show(
        request,
        _policy(slug),
        [_home()],
        versions_url=reverse("support:policy_versions", args=[slug]),
    )


@only_reads
@public_page
def policy_versions(request: HttpRequest, slug: str) -> HttpResponse:
    """Every version there has been of a policy, the newest first."""
    found = _versions(slug)
    title = _("%(title)s: versions") % {"title": found[-1].title}
    links = [
        Link(
            str(date_format(timezone.localtime(one.published_at), "DATE_FORMAT")),
            reverse("support:policy_version", args=[slug, number]),
            one.changes,
        )
        for number, one in enumerate(found, start=1)
    ]
    context = {
        **public_context(request, seo=Seo(title=title, noindex=True)),
        "title": title,
        "versions": links[::-1],
        "current_url": reverse("support:page", args=[slug]),
    }
    return render(request, "support/policy_versions.html", context)


@only_reads
@public_page
def policy_version(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """A policy as it stood: orders that agreed to it can be read against it."""
    found = _versions(slug)
    if not 1 <= number <= len(found):
        raise Http404
    one = found[number - 1]
    title = f"{one.title} ({one.published_at:%Y-%m-%d})"
    context = {
        **public_context(request, seo=Seo(title=title, noindex=True)),
        "article": {
            "title": one.title,
            "html": from_markdown(one.body),
            "updated_at": one.published_at,
        },
        "versions_url": reverse("support:policy_versions", args=[slug]),
    }
    return render(request, "support/article.html", context)


def _versions(slug: str) -> list[PolicyVersion]:
    found = policies.versions(slug=slug, now=timezone.now())
    if not found:
        raise Http404
    return found


@only_reads
@public_page
def contact(request: HttpRequest) -> HttpResponse:
    seo = Seo(
        title=_("Contact us"),
        description=_("Write to us or call: a person answers within one working day."),
        canonical=reverse("support:contact"),
        alternates=alternates("/contact/", markets()),
    )
    context = {
        **public_context(request, seo=seo),
        "reply_text": _("Write or call: a person answers within one working day."),
        "articles": _links(list(Article.objects.published()), Article.Kind.HELP)[:MOST_ANSWERS],
    }
    return render(request, "support/contact.html", context)


def _show(
    request: HttpRequest, found: Article, crumbs: list[Crumb], *, versions_url: str = ""
) -> HttpResponse:
    whole = [*crumbs, (found.title, found.get_absolute_url())]
    seo = Seo(
        title=found.title,
        description=found.summary,
        canonical=found.get_absolute_url(),
        alternates=alternates(_plain_path(found), markets()),
        json_ld=[structured.crumbs_ld(whole)],
    )
    context = {
        **public_context(request, seo=seo),
        "breadcrumbs": whole,
        "article": {
            "title": found.title,
            "html": from_markdown(found.body),
            "updated_at": found.updated_at,
        },
        "articles": _links(list(Article.objects.published()), found.kind, current=found),
        "versions_url": versions_url,
    }
    return render(request, "support/article.html", context)


def _links(pages: list[Article], kind: str, *, current: Article | None = None) -> list[Link]:
    return [
        Link(one.title, one.get_absolute_url(), one.summary, current == one)
        for one in pages
        if one.kind == kind
    ]


def _plain_path(found: Article) -> str:
    """Its address without the market's prefix."""
    return f"/{'pages' if found.kind == Article.Kind.PAGE else 'help'}/{found.slug}/"


def _policy(slug: str) -> Article:
    """The policy of this name that is in force, in the shape of a page."""
    current = PolicyVersion.objects.current(now=timezone.now()).filter(slug=slug).first()
    if current is None:
        raise Http404
    return Article(
        kind=Article.Kind.PAGE,
        slug=current.slug,
        title=current.title,
        summary=current.summary,
        body=current.body,
        updated_at=current.published_at,
    )


def _home() -> Crumb:
    return (_("Home"), reverse("catalog:home"))


def _help() -> Crumb:
    return (_("Help"), reverse("support:help"))
