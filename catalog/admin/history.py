"""Who changed what of a product, its variants and its prices, in one timeline."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import models
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.formats import localize
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from accounts.models import User
from catalog.models import Price, Product, Variant
from shop.processes import round_trip

if TYPE_CHECKING:
    from catalog.admin.product_list import ProductList

PER_PAGE = 30
LONGEST = 300
# Written at every save, and what only names the row itself.
SILENT = {"id", "updated_at", "created_at", "product", "variant", "source", "source_ref"}
DONE = {"+": lazy("New"), "~": lazy("Changed"), "-": lazy("Deleted")}
EMPTY = "–"
Record = Any  # simple-history makes these classes at run time


@dataclass(frozen=True, slots=True)
class Change:
    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One save of one row. `subject`: the product, a SKU, or a SKU and its market."""

    at: dt.datetime
    who: str
    what: str
    subject: str
    reason: str
    changes: Sequence[Change]


def show(page: "ProductList", request: HttpRequest, pk: int) -> HttpResponse:
    """The timeline of a product, newest first; `who` narrows it to one person."""
    product = get_object_or_404(Product, pk=pk)
    if not page.has_view_permission(request, product):
        raise PermissionDenied
    sources = _sources(pk, with_cost=request.user.has_perm(round_trip.COST))
    people = _people(source.rows for source in sources)
    who = next((one for one in people if str(one.pk) == request.GET.get("who", "")), None)
    if who is not None:
        sources = [source.by(who) for source in sources]
    found = Paginator(_newest_first(sources), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        **page.admin_site.each_context(request),
        "title": _("Changes of %(product)s") % {"product": product},
        "opts": page.opts,
        "entries": _entries(found.object_list, sources),
        "page": found,
        "people": people,
        "who": who,
        "query": f"who={who.pk}" if who else "",
        "back": reverse("admin:catalog_product_change", args=[pk]),
    }
    return TemplateResponse(request, "admin/catalog/product_list/changes.html", context)


@dataclass(frozen=True, slots=True)
class Source:
    """The records of one model that are about the product, and fields nobody may see here."""

    model: type[models.Model]
    rows: QuerySet[Any]
    hidden: frozenset[str] = frozenset()

    def by(self, person: User) -> "Source":
        return Source(self.model, self.rows.filter(history_user=person), self.hidden)


def _sources(product_id: int, *, with_cost: bool) -> list[Source]:
    """Deleted variants included: their records remember the product."""
    variants = Variant.history.filter(product_id=product_id)
    prices = Price.history.filter(variant_id__in=variants.values("id"))
    hidden = frozenset() if with_cost else frozenset({"cost"})
    return [
        Source(Product, Product.history.filter(id=product_id)),
        Source(Variant, variants, hidden),
        Source(Price, prices),
    ]


def _people(records: Iterable[QuerySet[Any]]) -> list[User]:
    ids = {pk for rows in records for pk in rows.order_by().values_list("history_user", flat=True)}
    return list(User.objects.filter(pk__in=ids - {None}).order_by("name", "email"))


def _newest_first(sources: Sequence[Source]) -> list[tuple[dt.datetime, int, int]]:
    """(when, place of the source, id of the record): light enough to sort in one piece."""
    found = [
        (at, place, pk)
        for place, source in enumerate(sources)
        for at, pk in source.rows.order_by().values_list("history_date", "history_id")
    ]
    return sorted(found, reverse=True)


def _entries(
    page: Iterable[tuple[dt.datetime, int, int]], sources: Sequence[Source]
) -> list[Entry]:
    wanted = list(page)
    loaded: dict[tuple[int, int], tuple[Record, Record | None]] = {}
    for place, source in enumerate(sources):
        ids = [pk for _at, at_place, pk in wanted if at_place == place]
        loaded |= {(place, pk): pair for pk, pair in _with_previous(source, ids).items()}
    names = _names(loaded.values())
    skus = dict(
        Variant.history.filter(id__in=_variant_ids(loaded.values()))
        .order_by("history_id")
        .values_list("id", "sku")
    )
    return [
        _entry(sources[place], *loaded[place, pk], names=names, skus=skus)
        for _at, place, pk in wanted
    ]


def _with_previous(source: Source, ids: list[int]) -> dict[int, tuple[Record, Record | None]]:
    """Each record with the one before it of the same row. Two queries."""
    manager = source.model.history  # type: ignore[attr-defined]
    earlier = manager.filter(id=OuterRef("id"), history_id__lt=OuterRef("history_id"))
    newest = Subquery(earlier.order_by("-history_id").values("history_id")[:1])
    rows = manager.filter(history_id__in=ids).annotate(before=newest)
    records = {one.history_id: one for one in rows.select_related("history_user")}
    before = manager.in_bulk({one.before for one in records.values()} - {None})
    return {pk: (one, before.get(one.before)) for pk, one in records.items()}


def _variant_ids(pairs: Iterable[tuple[Record, Any]]) -> set[int]:
    return {one.variant_id if hasattr(one, "variant_id") else one.id for one, _before in pairs}


def _fields(record: Record) -> list[Any]:
    return [field for field in record.tracked_fields if field.name not in SILENT]


def _names(pairs: Iterable[tuple[Record, Record | None]]) -> dict[tuple[str, Any], str]:
    """What the ids in these records are called: categories, types, markets …"""
    wanted: dict[type[models.Model], set[Any]] = {}
    for record in (one for pair in pairs for one in pair if one is not None):
        for field in record.tracked_fields:
            if field.is_relation and field.name not in ("product", "variant"):
                wanted.setdefault(field.related_model, set()).add(getattr(record, field.attname))
    return {
        (model._meta.label, row.pk): str(row)  # noqa: SLF001
        for model, ids in wanted.items()
        for row in model._default_manager.filter(pk__in=ids - {None})  # noqa: SLF001
    }


def _entry(
    source: Source,
    record: Record,
    before: Record | None,
    *,
    names: dict[tuple[str, Any], str],
    skus: dict[int, str],
) -> Entry:
    changes = []
    for field in _fields(record) if record.history_type == "~" and before else ():
        old, new = getattr(before, field.attname), getattr(record, field.attname)
        if old != new and field.name not in source.hidden:
            name = str(field.verbose_name).capitalize()
            changes.append(Change(name, _shown(field, old, names), _shown(field, new, names)))
    if not changes and source.model is Price:
        sides = (EMPTY, _number(record.amount))
        changes = [Change(_("Price"), *(sides[::-1] if record.history_type == "-" else sides))]
    return Entry(
        at=record.history_date,
        who=str(record.history_user or _("the shop itself")),
        what=str(DONE[record.history_type]),
        subject=_subject(source, record, names, skus),
        reason=record.history_change_reason or "",
        changes=changes,
    )


def _subject(
    source: Source, record: Record, names: dict[tuple[str, Any], str], skus: dict[int, str]
) -> str:
    if source.model is Variant:
        return str(record.sku)
    if source.model is Price:
        market = names.get(("catalog.Market", record.market_id), "")
        told = {"sku": skus.get(record.variant_id, ""), "market": market}
        return _("Price of %(sku)s, %(market)s") % told
    return str(_("Product"))


def _shown(field: Any, value: Any, names: dict[tuple[str, Any], str]) -> str:
    """A value as people read it."""
    if value in (None, "", [], {}):
        return EMPTY
    if field.is_relation:
        return names.get((field.related_model._meta.label, value), _("deleted"))  # noqa: SLF001
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    if isinstance(value, dt.datetime):
        return str(localize(localtime(value)))
    if isinstance(field, models.DecimalField):
        return _number(value)
    if isinstance(value, list):
        return ", ".join(map(str, value))[:LONGEST]
    return str(value)[:LONGEST]


def _number(value: Any) -> str:
    text = f"{value:f}"
    return text[:-1] if text.endswith("0") and "." in text else text
