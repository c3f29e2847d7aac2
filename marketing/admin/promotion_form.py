"""What is asked of a promotion besides its rules, with its one code among it."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from marketing.models import Coupon, Promotion
from marketing.queries import coupons as codes
from marketing.services import coupons
from shop.admin.kit import TextInput

if TYPE_CHECKING:
    ModelForm = forms.ModelForm[Promotion]
else:
    ModelForm = forms.ModelForm


class PromotionForm(ModelForm):
    code = forms.CharField(
        label=lazy("Code"),
        max_length=40,
        required=False,
        help_text=lazy("One for everybody, such as SPRING-10. Leave it empty to make many."),
        widget=TextInput(attrs={"autocapitalize": "characters", "spellcheck": "false"}),
    )

    class Meta:
        model = Promotion
        fields = (
            *("name", "label", "is_active", "starts_at", "ends_at", "is_automatic"),
            *("usage_limit", "per_customer_limit", "lane", "is_exclusive"),
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.single = single_code(self.instance)
        if self.single is not None:
            self.initial["code"] = self.single.code

    def clean_code(self) -> str:
        typed: str = self.cleaned_data["code"].strip()
        code = codes.normalised(typed)
        if typed and not code:
            words = _("A code has 3 to 40 letters, digits and hyphens, and begins with none.")
            raise ValidationError(words)
        # One's own code of earlier, switched off since, may come back.
        others = Coupon.objects.filter(code=code).exclude(
            promotion_id=self.instance.pk, is_card=False, batch=""
        )
        if code and others.exists():
            raise ValidationError(_("This code is taken already."))
        return code

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        starts, ends = cleaned.get("starts_at"), cleaned.get("ends_at")
        if starts and ends and ends <= starts:
            self.add_error("ends_at", _("It would end before it begins."))
        if cleaned.get("is_automatic") and cleaned.get("code"):
            words = _("It applies without a code. Take the tick away, or leave the code empty.")
            self.add_error("code", words)
        return cleaned

    def save_code(self) -> None:
        """Switch the earlier code off, and make the new one. Raises Refused when somebody else was quicker."""
        code, promotion = self.cleaned_data.get("code", ""), self.instance
        if "code" not in self.changed_data or (self.single and self.single.code == code):
            return
        if self.single is not None:
            self.single.is_active = False
            self.single.save(update_fields=["is_active"])
        mine = Coupon.objects.filter(promotion=promotion, code=code)
        if code and not mine.update(is_active=True):
            coupons.create(promotion=promotion, code=code, now=timezone.now())


def single_code(promotion: Promotion) -> Coupon | None:
    """The code for everybody, where there is one."""
    if promotion._state.adding:  # noqa: SLF001 — not kept yet
        return None
    mine = Coupon.objects.filter(promotion=promotion, is_active=True, is_card=False, batch="")
    found = list(mine.order_by("pk")[:2])
    return found[0] if len(found) == 1 else None
