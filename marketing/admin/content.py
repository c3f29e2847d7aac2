"""Pages made of blocks: arranged, scheduled and looked at before anybody else does."""

import datetime as dt
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from catalog.models import Category, Collection
from catalog.services import images
from catalog.services.images import PictureRefused
from marketing.models import ContentBlock, LandingPage
from marketing.models.content import HOME
from marketing.queries import pages
from marketing.queries.sections import address
from marketing.services import pictures
from shop.admin.base import LabelledFormSet, OnPages, ShopAdmin, badge, button
from shop.admin.kit import FileInput, Textarea
from shop.lib.html import cleaned as clean_markup

if TYPE_CHECKING:
    from django.contrib.admin import StackedInline as Stacked

    ModelForm = forms.ModelForm[ContentBlock]
    StackedInline = Stacked[ContentBlock, LandingPage]
else:
    from unfold.admin import StackedInline

    ModelForm = forms.ModelForm

Kind, Source = ContentBlock.Kind, ContentBlock.Source
# What a kind can't do without, as (fields of which one is enough, the sentence that asks for it).
NEEDS: dict[str, list[tuple[tuple[str, ...], Any]]] = {
    Kind.HERO: [(("title",), lazy("An opening picture needs a heading."))],
    Kind.TEXT: [(("text",), lazy("A text block needs a text."))],
    Kind.PICTURE_TEXT: [
        (("upload", "image"), lazy("A picture beside text needs a picture.")),
        (("text",), lazy("A picture beside text needs a text.")),
    ],
    Kind.PRODUCTS: [(("source",), lazy("Say which products the row shows."))],
    Kind.NOTICE: [(("title", "text"), lazy("A notice needs a heading or a text."))],
}
NAMED: dict[str, tuple[Any, str]] = {
    Source.COLLECTION: (Collection, "slug"),
    Source.CATEGORY: (Category, "url_path"),
}
PICTURES = "image/png,image/jpeg,image/webp,image/avif"


class BlockForm(ModelForm):
    """Each kind asks for what it shows; what it does not show may stay empty."""

    upload = forms.FileField(
        label=lazy("picture"), required=False, widget=FileInput(attrs={"accept": PICTURES})
    )
    without_picture = forms.BooleanField(label=lazy("take the picture away"), required=False)

    class Meta:
        model = ContentBlock
        exclude = ("image",)
        widgets = {"text": Textarea(attrs={"rows": 5})}

    def clean_text(self) -> str:
        return str(clean_markup(self.cleaned_data["text"]))

    def clean_upload(self) -> bytes | None:
        upload = self.cleaned_data["upload"]
        if not upload:
            return None
        content: bytes = upload.read(images.MAX_BYTES + 1)
        try:
            images.normalise(content)
        except PictureRefused as refusal:
            raise ValidationError(refusal.message) from refusal
        return content

    def clean_link_url(self) -> str:
        url: str = self.cleaned_data["link_url"].strip()
        if url and not address(url):
            raise ValidationError(_("Write /c/mugs/ for a page of this shop, or https://…"))
        return url

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for names, sentence in NEEDS.get(cleaned.get("kind", ""), ()):
            if not any(self._has(name, cleaned) for name in names):
                self.add_error(names[0], sentence)
        if self._has("image", cleaned) or self._has("upload", cleaned):
            self._ask(cleaned, "image_alt", _("Say what the picture shows, for who can't see it."))
        if cleaned.get("link_url") and cleaned.get("kind") != Kind.PRODUCTS:
            self._ask(cleaned, "link_text", _("Say what the link is called."))
        self._check_source(cleaned)
        starts, ends = cleaned.get("starts_at"), cleaned.get("ends_at")
        if starts and ends and ends <= starts:
            self.add_error("ends_at", _("It would end before it begins."))
        return cleaned

    def _has(self, name: str, cleaned: dict[str, Any]) -> bool:
        if name == "image":
            return bool(self.instance.image) and not cleaned.get("without_picture")
        return bool(cleaned.get(name))

    def _ask(self, cleaned: dict[str, Any], name: str, sentence: str) -> None:
        if not cleaned.get(name) and name not in self.errors:
            self.add_error(name, sentence)

    def _check_source(self, cleaned: dict[str, Any]) -> None:
        """Which collection or category is named; the other rows name none."""
        if cleaned.get("kind") != Kind.PRODUCTS:
            cleaned["source"] = cleaned["source_ref"] = ""
        found = NAMED.get(cleaned.get("source", ""))
        if found is None:
            cleaned["source_ref"] = ""
            return
        model, field = found
        ref = str(cleaned.get("source_ref", "")).strip("/ ")
        cleaned["source_ref"] = ref
        if not model._default_manager.filter(**{field: ref}).exists():  # noqa: SLF001
            told = {"name": ref or "–", "kind": model._meta.verbose_name}  # noqa: SLF001
            self.add_error("source_ref", _("There is no %(kind)s “%(name)s”.") % told)

    def save(self, commit: bool = True) -> ContentBlock:  # noqa: FBT001, FBT002 — as Django calls it
        block = super().save(commit=False)
        if self.cleaned_data.get("without_picture"):
            block.image = ""
        content = self.cleaned_data.get("upload")
        if commit and content:
            pictures.store(block=block, data=content)
        elif commit:
            block.save()
        return block


class BlockInline(StackedInline):
    model = ContentBlock
    form = BlockForm
    formset = LabelledFormSet
    extra = 0
    ordering = ("position", "id")
    ordering_field = "position"
    collapsible = True
    fields = (
        ("kind", "position", "is_active"),
        "title",
        "text",
        ("upload", "image_alt", "without_picture"),
        ("link_url", "link_text"),
        ("source", "source_ref"),
        ("market", "starts_at", "ends_at"),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[ContentBlock]:
        return super().get_queryset(request).select_related("market")


@admin.register(LandingPage)
class LandingPageAdmin(OnPages, ShopAdmin):
    """The page with the address “home” is the front of the shop."""

    list_display = ("title", "slug", "state", "blocks_now", "blocks_all")
    list_filter = ("is_published",)
    search_fields = ("title", "slug")
    search_help_text = lazy("Title or address")
    ordering = ("title", "id")
    prepopulated_fields = {"slug": ("title",)}
    fieldsets = (
        (None, {"fields": ("title", "slug", "is_published")}),
        (
            lazy("Search engines"),
            {"classes": ["tab"], "fields": ("meta_title", "meta_description")},
        ),
    )
    inlines = (BlockInline,)
    actions_detail = ("preview",)

    @badge(lazy("state"), {True: "success"}, ordering="is_published")
    def state(self, page: LandingPage) -> tuple[bool, str]:
        return page.is_published, _("Published") if page.is_published else _("Draft")

    @admin.display(description=lazy("shown now"))
    def blocks_now(self, page: LandingPage) -> int:
        return int(getattr(page, "now_count", 0))

    @admin.display(description=lazy("blocks"))
    def blocks_all(self, page: LandingPage) -> int:
        return int(getattr(page, "all_count", 0))

    def get_queryset(self, request: HttpRequest) -> QuerySet[LandingPage]:
        rows: QuerySet[LandingPage] = super().get_queryset(request)
        live = _live(timezone.now())
        return rows.annotate(
            now_count=Count("blocks", filter=live, distinct=True),
            all_count=Count("blocks", distinct=True),
        )

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:  # noqa: ARG002
        return ("slug",) if _is_home(obj) else ()

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return {} if _is_home(obj) else super().get_prepopulated_fields(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and not _is_home(obj)

    @button(lazy("Preview"), "visibility")
    def preview(self, request: HttpRequest, object_id: str) -> HttpResponse:  # noqa: ARG002
        page = get_object_or_404(LandingPage, pk=object_id)
        return HttpResponseRedirect(pages.preview_address(page))


def _is_home(page: LandingPage | None) -> bool:
    return page is not None and page.slug == HOME


def _live(now: dt.datetime) -> Q:
    begun = Q(blocks__starts_at=None) | Q(blocks__starts_at__lte=now)
    lasting = Q(blocks__ends_at=None) | Q(blocks__ends_at__gt=now)
    return Q(blocks__is_active=True) & begun & lasting
