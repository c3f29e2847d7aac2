"""What staff keep with an order: tags, who looks after it, files, calls, rules, and cases about it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from orders.admin import desk_steps
from orders.admin.order_files import FileForm
from orders.admin.step_pages import address
from orders.admin.steps import STEPS
from orders.models import CallTask, Claim, Order, OrderEdit, OrderFile, OrderRuleRun, Return
from shop.lib import presence
from shop.templatetags.shop_text import money


@dataclass(frozen=True, slots=True)
class Case:
    """Something about the order that has a life of its own. link: "" where nobody may look."""

    words: str
    note: str
    link: str
    tone: str = "default"


@dataclass(frozen=True, slots=True)
class Desk:
    """others: who has the order open too. file_form: None for who may not add one."""

    others: Sequence[str]
    tags: Sequence[str]
    steps: Sequence[tuple[str, str]]
    files: Sequence[OrderFile]
    file_form: FileForm | None
    may_remove: bool
    cases: Sequence[Case]
    changes: Sequence[OrderEdit]
    runs: Sequence[OrderRuleRun]


def of_order(request: HttpRequest, order: Order) -> Desk:
    """A fixed number of queries, fewer for who may see less."""
    may = request.user.has_perm
    return Desk(
        others=also_here(request, order.pk),
        tags=order.tags,
        steps=_steps(request, order),
        files=_rows(request, order.files.select_related("added_by")),
        file_form=FileForm() if may("orders.add_orderfile") else None,
        may_remove=may("orders.delete_orderfile"),
        cases=[*_calls(request, order), *_returns(request, order), *_claims(request, order)],
        changes=list(order.edits.select_related("made_by").order_by("-made_at", "-pk")),
        runs=_rows(request, order.rule_runs.select_related("rule")),
    )


def also_here(request: HttpRequest, order_id: int) -> list[str]:
    """Who else has the order open; says that one has it open oneself."""
    return presence.seen(
        what=f"order-{order_id}",
        who=request.user.pk or 0,
        name=str(request.user),
        now=timezone.now(),
    )


def _steps(request: HttpRequest, order: Order) -> list[tuple[str, str]]:
    return [
        (str(STEPS[slug].verb), address(STEPS[slug], [order.pk]))
        for slug in desk_steps.SLUGS
        if request.user.has_perm(STEPS[slug].right) and STEPS[slug].is_possible(order)
    ]


def _rows(request: HttpRequest, rows: QuerySet[Any]) -> list[Any]:
    """What this person may see of a kind."""
    meta = rows.model._meta  # noqa: SLF001 - Django's public way to a model's name
    right = f"{meta.app_label}.view_{meta.model_name}"
    return list(rows.order_by("pk")) if request.user.has_perm(right) else []


def _calls(request: HttpRequest, order: Order) -> list[Case]:
    return [
        Case(
            words=_("Call: %(reason)s") % {"reason": one.reason},
            note=str(one.get_outcome_display()) if one.closed_at else _("open"),
            link=_link(one),
            tone="default" if one.closed_at else "warning",
        )
        for one in _rows(request, CallTask.objects.filter(order=order))
    ]


def _returns(request: HttpRequest, order: Order) -> list[Case]:
    return [
        Case(
            words=f"{one.get_kind_display()} {one.number}",
            note=f"{one.get_status_display()}, {money(one.expected, order.currency)}",
            link=_link(one),
            tone="warning" if one.status in Return.OPEN else "default",
        )
        for one in _rows(request, Return.objects.filter(order=order))
    ]


def _claims(request: HttpRequest, order: Order) -> list[Case]:
    return [
        Case(
            words=_("Claim %(number)s") % {"number": one.number},
            note=f"{one.get_kind_display()}: {one.get_status_display()}",
            link=_link(one),
            tone="default" if one.closed_at else "warning",
        )
        for one in _rows(request, Claim.objects.filter(order=order))
    ]


def _link(row: Model) -> str:
    """Its page, where there is one."""
    if not admin.site.is_registered(type(row)):
        return ""
    name = row._meta.label_lower.replace(".", "_")  # noqa: SLF001 - the model's name
    return reverse(f"admin:{name}_change", args=[row.pk])
