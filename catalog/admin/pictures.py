"""Pictures on the product's page: looked at before they are kept."""

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from catalog.admin.uploads import KINDS
from catalog.models import Image, OptionValue, Product
from catalog.queries.pictures import picture_of, smallest
from catalog.services import images
from catalog.services.images import PictureRefused
from shop.admin.base import ShopInline
from shop.admin.kit import FileInput, Select

if TYPE_CHECKING:
    ModelForm = forms.ModelForm[Image]
else:
    ModelForm = forms.ModelForm


def thumbnail(image: Image | None) -> SafeString | str:
    """A small picture for lists; a dash without one."""
    if image is None or not image.file:
        return "–"
    picture = smallest(picture_of(image))
    return format_html(
        '<img class="thumb" src="{}" alt="" width="48" height="48" loading="lazy">', picture.src
    )


class PictureForm(ModelForm):
    """`value` offers the values of one product; see picture_form()."""

    shown: ClassVar[list[tuple[int | str, str]]] = []

    upload = forms.FileField(
        label=_("another file"),
        required=False,
        widget=FileInput(attrs={"accept": KINDS}),
    )
    shows = forms.ChoiceField(label=_("shows"), required=False, widget=Select())

    class Meta:
        model = Image
        fields = ("alt", "position")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["shows"].choices = self.shown  # type: ignore[attr-defined]
        self.initial["shows"] = self.instance.value_id or ""

    def clean_upload(self) -> bytes | None:
        """The picture written anew, so that nothing else that was in the file is kept."""
        upload = self.cleaned_data["upload"]
        if not upload and self.instance.pk is None:
            raise ValidationError(self.fields["upload"].error_messages["required"])
        if not upload:
            return None
        try:
            return images.normalise(upload.read(images.MAX_BYTES + 1))
        except PictureRefused as refusal:
            raise ValidationError(refusal.message) from refusal

    def clean_shows(self) -> int | None:
        chosen = self.cleaned_data["shows"]
        return int(chosen) if chosen else None

    def save(self, commit: bool = True) -> Image:  # noqa: FBT001, FBT002 - as Django calls it
        self.instance.value_id = self.cleaned_data["shows"]
        image = super().save(commit=False)
        if commit and (content := self.cleaned_data["upload"]):
            images.place(image=image, content=content)
        elif commit:
            image.save()
        return image


def picture_form(product: Product | None) -> type[PictureForm]:
    values = OptionValue.objects.filter(option__product=product).select_related("option")
    rows = values.order_by("option__position", "position", "pk") if product else []
    shown = [("", _("everything")), *((v.pk, f"{v.option.name}: {v.name}") for v in rows)]
    return type("ProductPictureForm", (PictureForm,), {"shown": shown})


class PictureInline(ShopInline):
    model = Image
    tab = True
    hide_title = True
    ordering_field = "position"
    template_before = "admin/catalog/product/_pictures.html"
    fields = ("thumbnail", "alt", "shows", "position", "upload", "state")
    readonly_fields = ("thumbnail", "state")
    verbose_name_plural = _("pictures")
    ordering = ("position", "id")

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        return super().get_formset(request, obj, form=picture_form(obj), **kwargs)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        if self.has_change_permission(request, obj):
            return self.fields
        return ("thumbnail", "alt", "value", "position", "state")

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Image]:
        return super().get_queryset(request).select_related("value")

    def thumbnail(self, image: Image) -> SafeString | str:
        return thumbnail(image)

    thumbnail.short_description = ""  # type: ignore[attr-defined]

    def state(self, image: Image) -> str:
        return image.problem or image.get_status_display()
