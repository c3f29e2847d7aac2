"""Webhooks: who is told of what, whether they answer, and their secrets, shown once."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Max, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.urls.resolvers import URLPattern
from django.utils import timezone
from django.utils.formats import localize
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from channels.admin.webhook_form import WebhookForm
from channels.models import WebhookDelivery, WebhookEndpoint
from channels.services import webhooks
from shop.admin.base import ShopAdmin, badge, button
from shop.lib.errors import Refused

TONES = {"fine": "success", "failing": "warning", "left": "danger", "off": "default"}


@admin.register(WebhookEndpoint)
class WebhookEndpointAdmin(ShopAdmin):
    form = WebhookForm
    list_display = ("name", "url", "told_of", "state", "waiting", "last_taken")
    list_filter = ("is_active",)
    search_fields = ("name", "url")
    ordering = ("name", "id")
    actions = ("ping",)
    actions_detail = ("sent", "new_secret")

    def get_queryset(self, request: HttpRequest) -> QuerySet[WebhookEndpoint]:
        rows: QuerySet[WebhookEndpoint] = super().get_queryset(request)
        waiting = Q(deliveries__state=WebhookDelivery.State.WAITING)
        taken = Q(deliveries__state=WebhookDelivery.State.DELIVERED)
        return rows.annotate(
            waiting_count=Count("deliveries", filter=waiting),
            taken_at=Max("deliveries__done_at", filter=taken),
        )

    # Columns

    @admin.display(description=lazy("told of"))
    def told_of(self, endpoint: WebhookEndpoint) -> str:
        return ", ".join(endpoint.topics)

    @badge(lazy("state"), TONES)
    def state(self, endpoint: WebhookEndpoint) -> tuple[str, str]:
        if not endpoint.is_active:
            return "off", _("Off")
        if endpoint.closed_until and endpoint.closed_until > timezone.now():
            told = {"time": localize(timezone.localtime(endpoint.closed_until).time())}
            return "left", _("Failing; asked again at %(time)s") % told
        if endpoint.failures:
            return "failing", _("%(count)s failures in a row") % {"count": endpoint.failures}
        return "fine", _("Fine")

    @admin.display(description=lazy("waiting"), ordering="waiting_count")
    def waiting(self, endpoint: Any) -> SafeString | str:
        if not endpoint.waiting_count:
            return "0"
        address = f"{_deliveries_of(endpoint.pk)}&state__exact=waiting"
        return format_html('<a href="{}">{}</a>', address, endpoint.waiting_count)

    @admin.display(description=lazy("last taken"), ordering="taken_at")
    def last_taken(self, endpoint: Any) -> Any:
        return endpoint.taken_at

    # Acts

    @admin.action(description=lazy("Send a test"), permissions=["change"])
    def ping(self, request: HttpRequest, chosen: QuerySet[WebhookEndpoint]) -> None:
        for endpoint in chosen.order_by("pk"):
            try:
                webhooks.ping(endpoint=endpoint, now=timezone.now())
            except Refused as refusal:
                self.message_user(request, refusal.message, messages.WARNING)
            else:
                told = format_html(
                    '{} <a href="{}">{}</a>',
                    _("A test goes to %(name)s in a few seconds.") % {"name": endpoint.name},
                    _deliveries_of(endpoint.pk),
                    _("See what is answered"),
                )
                self.message_user(request, told, messages.SUCCESS)

    @button(lazy("What was sent"), "outgoing_mail")
    def sent(self, request: HttpRequest, object_id: str) -> HttpResponse:  # noqa: ARG002
        return HttpResponseRedirect(_deliveries_of(int(object_id)))

    @button(lazy("New secret"), "key")
    def new_secret(self, request: HttpRequest, object_id: str) -> HttpResponse:  # noqa: ARG002
        return HttpResponseRedirect(
            reverse("admin:channels_webhookendpoint_secret", args=[object_id])
        )

    # Secrets

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:  # noqa: FBT001
        if not change:
            obj.secret = webhooks.new_secret()
            obj.created_by, obj.created_at = request.user, timezone.now()
        super().save_model(request, obj, form, change)

    def response_add(
        self, request: HttpRequest, obj: WebhookEndpoint, *_args: Any, **_kwargs: Any
    ) -> HttpResponse:
        """Straight in the answer: on its way through a message it would lie in a cookie."""
        return self._secret_page(request, obj, secret=obj.secret)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.secret_view)
        mine = path("<int:pk>/secret/", view, name="channels_webhookendpoint_secret")
        return [mine, *super().get_urls()]

    def secret_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Replace the secret, and end the time in which both are used."""
        endpoint = get_object_or_404(WebhookEndpoint, pk=pk)
        if not self.has_change_permission(request, endpoint):
            raise PermissionDenied
        if request.method != "POST":
            return self._secret_page(request, endpoint)
        if "finish" in request.POST:
            webhooks.finish_rotation(endpoint_id=pk)
            self.log_change(request, endpoint, _("Let go of the old secret."))
            messages.success(request, _("The old secret signs nothing any more."))
            return HttpResponseRedirect(_page_of(pk))
        secret = webhooks.rotate(endpoint_id=pk)
        self.log_change(request, endpoint, _("Gave it a new secret."))
        endpoint.refresh_from_db()
        return self._secret_page(request, endpoint, secret=secret)

    def _secret_page(
        self, request: HttpRequest, endpoint: WebhookEndpoint, secret: str = ""
    ) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": _("Secret of %(name)s") % {"name": endpoint.name},
            "opts": self.opts,
            "secret": secret,
            "has_old": bool(endpoint.old_secret),
            "post_to": reverse("admin:channels_webhookendpoint_secret", args=[endpoint.pk]),
            "back": _page_of(endpoint.pk),
        }
        return TemplateResponse(request, "admin/channels/webhookendpoint/secret.html", context)


def _page_of(pk: int) -> str:
    return reverse("admin:channels_webhookendpoint_change", args=[pk])


def _deliveries_of(pk: int) -> str:
    page = reverse("admin:channels_webhookdelivery_changelist")
    return f"{page}?endpoint__id__exact={pk}"
