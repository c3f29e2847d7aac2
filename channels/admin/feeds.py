"""Feeds: what goes out, when it was last made, and what was left out and why."""

from typing import Any, ClassVar

from celery import current_app
from django.contrib import admin, messages
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from kombu.exceptions import OperationalError

from catalog.queries.seo import absolute
from channels.models import Feed, FeedRejection, FeedRun
from channels.services.feeds import ending_of
from shop.admin.base import NEVER, ReadOnlyAdmin, ShopAdmin
from shop.admin.kit import DropdownFilter

MOST_REASONS = 40


@admin.register(Feed)
class FeedAdmin(ShopAdmin):
    list_display = (
        "name",
        "kind",
        "market",
        "is_active",
        "made_at",
        "taken_up",
        "left_out",
        "file",
    )
    list_select_related = ("market",)
    list_filter = ("kind", "market", "is_active")
    search_fields = ("name",)
    ordering = ("name",)
    actions = ("make_now",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Feed]:
        last = FeedRun.objects.filter(feed=OuterRef("pk"), finished_at__isnull=False)
        last = last.order_by("-started_at", "-pk")
        columns = {
            f"last_{name}": Subquery(last.values(column)[:1])
            for name, column in (
                ("run", "pk"),
                ("at", "started_at"),
                ("accepted", "accepted"),
                ("rejected", "rejected"),
            )
        }
        found: QuerySet[Feed] = super().get_queryset(request).annotate(**columns)
        return found

    @admin.display(description=_("made"), ordering="last_at")
    def made_at(self, feed: Any) -> Any:
        return feed.last_at

    @admin.display(description=_("listed"), ordering="last_accepted")
    def taken_up(self, feed: Any) -> Any:
        return feed.last_accepted

    @admin.display(description=_("left out"), ordering="last_rejected")
    def left_out(self, feed: Any) -> SafeString | str:
        if feed.last_run is None:
            return NEVER
        return _rejections(feed.last_run, feed.last_rejected)

    @admin.display(description=_("address"))
    def file(self, feed: Any) -> SafeString | str:
        if feed.last_run is None or not feed.is_active:
            return NEVER
        try:
            url = absolute(reverse("channels:feed", args=[feed.name, ending_of(feed)]))
        except NoReverseMatch:
            return NEVER
        return format_html('<a href="{}">{}</a>', url, url)

    @admin.action(description=_("Make now"), permissions=["change"])
    def make_now(self, request: HttpRequest, chosen: QuerySet[Feed]) -> None:
        try:
            for feed_id in chosen.order_by("pk").values_list("pk", flat=True):
                current_app.send_task(
                    "channels.make_feed", kwargs={"feed_id": feed_id}, retry=False
                )
        except OperationalError:
            told = _("The queue does not answer; the feeds are made tonight.")
            self.message_user(request, told, messages.ERROR)
            return
        self.message_user(request, _("On the way: look again in a minute."), messages.SUCCESS)


@admin.register(FeedRun)
class FeedRunAdmin(ReadOnlyAdmin):
    list_display = ("feed", "started_at", "finished_at", "accepted", "left_out")
    list_display_links = None
    list_select_related = ("feed",)
    list_filter = ("feed",)
    ordering = ("-started_at", "-id")

    @admin.display(description=_("left out"), ordering="rejected")
    def left_out(self, run: FeedRun) -> SafeString | str:
        return _rejections(run.pk, run.rejected)


class RunFilter(DropdownFilter):
    """Which making: the newest of every feed, unless one is named."""

    title = _("making")
    parameter_name = "run"

    def lookups(self, request: HttpRequest, model_admin: object) -> Any:  # noqa: ARG002
        runs = FeedRun.objects.filter(finished_at__isnull=False).select_related("feed")
        return [(str(run.pk), str(run)) for run in _newest(runs).order_by("feed__name")]

    def queryset(
        self,
        request: HttpRequest,  # noqa: ARG002
        queryset: QuerySet[FeedRejection],
    ) -> QuerySet[FeedRejection]:
        chosen = self.value() or ""
        if chosen.isascii() and chosen.isdigit() and len(chosen) <= len(str(2**63)) - 1:
            return queryset.filter(run_id=int(chosen))
        finished = FeedRun.objects.filter(finished_at__isnull=False)
        return queryset.filter(run__in=_newest(finished).values("pk"))


class ReasonFilter(DropdownFilter):
    title = _("reason")
    parameter_name = "reason"

    def lookups(self, request: HttpRequest, model_admin: object) -> Any:  # noqa: ARG002
        newest = _newest(FeedRun.objects.filter(finished_at__isnull=False))
        rows = FeedRejection.objects.filter(run__in=newest.values("pk"))
        found = rows.order_by("reason").values_list("reason", flat=True).distinct()
        return [(reason, reason) for reason in found[:MOST_REASONS]]

    def queryset(
        self,
        request: HttpRequest,  # noqa: ARG002
        queryset: QuerySet[FeedRejection],
    ) -> QuerySet[FeedRejection]:
        return queryset.filter(reason=self.value()) if self.value() else queryset


@admin.register(FeedRejection)
class FeedRejectionAdmin(ReadOnlyAdmin):
    list_display = ("product", "sku", "reason", "feed")
    list_display_links = None
    list_select_related = ("run__feed", "variant__product")
    list_filter: ClassVar[Any] = (RunFilter, ReasonFilter, "run__feed")
    search_fields = ("variant__sku", "variant__product__title")
    search_help_text = _("SKU or product")
    ordering = ("run_id", "id")

    @admin.display(description=_("product"))
    def product(self, left_out: FeedRejection) -> SafeString:
        product = left_out.variant.product
        url = reverse("admin:catalog_product_change", args=[product.pk])
        return format_html('<a href="{}">{}</a>', url, product.title)

    @admin.display(description=_("SKU"), ordering="variant__sku")
    def sku(self, left_out: FeedRejection) -> str:
        return left_out.variant.sku

    @admin.display(description=_("feed"))
    def feed(self, left_out: FeedRejection) -> str:
        return left_out.run.feed.name


def _newest(runs: QuerySet[FeedRun]) -> QuerySet[FeedRun]:
    """The newest of these of every feed."""
    newest = runs.order_by("feed_id", "-started_at", "-pk").distinct("feed_id")
    return FeedRun.objects.filter(pk__in=newest.values("pk")).select_related("feed")


def _rejections(run_id: int, count: int) -> SafeString | str:
    if not count:
        return "0"
    url = reverse("admin:channels_feedrejection_changelist")
    return format_html('<a href="{}?run={}">{}</a>', url, run_id, count)
