"""Mails in staff's own words: written beside a preview, tried out, switched off."""

from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.forms import Script
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.urls.resolvers import URLPattern
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from shop.admin.base import ShopAdmin, badge, button
from shop.admin.mail_forms import MailTextForm
from shop.outbox import delivery
from shop.outbox.kinds import KINDS
from shop.outbox.models import MailText, post
from shop.outbox.own_words import fill
from shop.processes import mail_samples

TONES = {True: "success", False: "danger"}


class MailTextAdmin(ShopAdmin):
    """Subject and first words of a mail, by kind and language; figures and buttons stay."""

    form = MailTextForm
    list_display = ("kind_name", "language", "subject", "mailed", "texted", "changed_at")
    list_filter = ("language", "is_sent")
    search_fields = ("kind", "subject", "opening")
    ordering = ("kind", "language")
    fields = ("kind", "language", "subject", "opening", "is_sent", "sms", "is_texted", "log")
    readonly_fields = ("log",)
    actions_submit_line = ("send_test",)
    change_form_outer_after_template = "admin/outbox/mailtext/_preview.html"

    class Media:
        js = (Script("js/mail_preview.js", type="module"),)

    @admin.display(description=_("mail"), ordering="kind")
    def kind_name(self, text: MailText) -> str:
        kind = KINDS.get(text.kind)
        return str(kind.name) if kind else text.kind

    @badge(_("by mail"), TONES, ordering="is_sent")
    def mailed(self, text: MailText) -> tuple[bool, str]:
        return text.is_sent, gettext("sent") if text.is_sent else gettext("switched off")

    @badge(_("by SMS"), TONES, ordering="is_texted")
    def texted(self, text: MailText) -> tuple[bool, str]:
        if text.kind in KINDS and not KINDS[text.kind].sms:
            return False, "–"
        return text.is_texted, gettext("sent") if text.is_texted else gettext("switched off")

    @admin.display(description=_("what was sent"))
    def log(self, text: MailText) -> SafeString:
        """The way to the mails and messages of this kind."""
        if not text.pk:
            return format_html("{}", "–")
        where = {"kind__exact": text.kind}
        return format_html(
            '<a href="{}">{}</a> · <a href="{}">{}</a>',
            reverse("admin:outbox_mail_changelist", query=where),
            gettext("Mails of this kind"),
            reverse("admin:outbox_sms_changelist", query=where),
            gettext("Text messages"),
        )

    @button(_("Save and send me a test"), "send")
    def send_test(self, request: HttpRequest, text: MailText) -> None:
        """Owe a sample, in these words, to whoever asks."""
        now, to = timezone.now(), request.user.email  # type: ignore[union-attr]  # signed in
        key = f"mail-test-{text.pk}-{now.timestamp():.0f}"
        payload = {"text_id": text.pk, "user_id": request.user.pk, "key": key}
        post(topic="mail.test", key=key, payload=payload, now=now)
        delivery.ring()
        messages.success(request, gettext("A test is on its way to %(to)s.") % {"to": to})

    # The preview

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(require_POST(self.preview_view))
        return [path("preview/", view, name="outbox_mailtext_preview"), *super().get_urls()]

    def preview_view(self, request: HttpRequest) -> HttpResponse:
        """The mail and the text message as they would be with what is typed; nothing is kept."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        typed = MailTextForm(request.POST)
        typed.is_valid()
        text = MailText(**{name: request.POST.get(name, "") for name in PREVIEWED})
        return render(request, "admin/outbox/mailtext/_sample.html", _shown(text, typed))

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        context["sample"] = _shown(kwargs.get("obj") or MailText(kind=next(iter(KINDS))), None)
        return super().render_change_form(request, context, *args, **kwargs)


PREVIEWED = ("kind", "language", "subject", "opening", "sms")


def _shown(text: MailText, typed: MailTextForm | None) -> dict[str, Any]:
    """What the preview says. typed: the form whose faults are told beside it."""
    kind = KINDS.get(text.kind)
    if kind is None or text.language not in dict(settings.LANGUAGES):
        return {"kind": None, "mail": None, "sms": "", "problems": []}
    letter = mail_samples.sample(text.kind, text.language)
    words = text.sms or str(kind.sms)
    named = typed.errors if typed else {}
    return {
        "kind": kind,
        "mail": mail_samples.rendered(text),
        "sms": fill(words, letter.words) if letter else words,
        "problems": [
            said for name in ("subject", "opening", "sms") for said in named.get(name, [])
        ],
    }
