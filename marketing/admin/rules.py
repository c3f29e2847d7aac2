"""When a promotion holds and what it gives: rows of the promotion's page, a form per kind."""

from typing import TYPE_CHECKING, Any, ClassVar

from django.core.exceptions import ValidationError
from django.forms.formsets import DELETION_FIELD_NAME
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from marketing.admin.rule_form import Parts, RuleForm, rule_form
from marketing.admin.rule_offers import Offers, offers
from marketing.admin.rule_parts import Amounts, Count, Hours, Percent, Ticks, Words
from marketing.admin.rule_scope import Goods, Piece
from marketing.admin.rule_tiers import Tiers
from marketing.models import Benefit, Condition
from marketing.queries.params import read_benefit, read_condition
from shop.admin.kit import UnfoldFormSet

if TYPE_CHECKING:
    from django.contrib.admin import StackedInline as Stacked

    StackedInline = Stacked[Any, Any]
else:
    from unfold.admin import StackedInline

When, What = Condition.Kind, Benefit.Kind
AMOUNT_NEEDED = lazy("Give an amount in at least one currency.")
ONLY_THESE = lazy("In a currency without an amount the promotion does not apply.")
SCOPE = Goods("scope", "scope", lazy("Which goods"), help_text=lazy("Nothing chosen: everything."))
GET_SCOPE = Goods(
    "get_scope",
    "get_scope",
    lazy("What is got"),
    help_text=lazy("Nothing chosen: the cheapest of the same goods, as in 3 for 2."),
    has_sales=False,
)


def _ticks(name: str, key: str, label: Words, *, is_id: bool = False) -> Ticks:
    needed = lazy("Tick at least one.")
    return Ticks(name, key, label, needed, offered=name, coerce=int if is_id else str)


LEAST = Amounts("least", "least", lazy("At least"), help_text=lazy("Empty: no lower limit."))
MOST = Amounts("most", "most", lazy("At most"), help_text=lazy("Empty: no upper limit."))
CONDITIONS: Parts = {
    When.FIRST_ORDER: (),
    When.NTH_ORDER: (
        Count("n", "n", lazy("Which order"), lazy("Say which, 3 for the third."), least=1),
    ),
    When.NO_ORDER_FOR: (
        Count("days_ago", "days", lazy("Days without an order"), lazy("Say how many days.")),
    ),
    When.ITEM_TOTAL: (LEAST, MOST, SCOPE),
    When.QUANTITY: (
        Count("least_units", "least", lazy("At least pieces")),
        Count("most_units", "most", lazy("At most pieces")),
        SCOPE,
    ),
    When.GROUP: (_ticks("groups", "ids", lazy("Groups"), is_id=True),),
    When.SEGMENT: (_ticks("segments", "ids", lazy("Segments"), is_id=True),),
    When.MARKET: (_ticks("markets", "ids", lazy("Markets"), is_id=True),),
    When.COUNTRY: (_ticks("countries", "codes", lazy("Countries")),),
    When.CHANNEL: (_ticks("channels", "codes", lazy("Channels")),),
    When.SHIPPING_METHOD: (_ticks("methods", "codes", lazy("Ways of delivery")),),
    When.HOURS: (
        Hours("hours", "", lazy("Days and hours"), lazy("Tick a day, or give the hours.")),
    ),
}

CAP = Amounts("cap", "cap", lazy("At most off"), help_text=lazy("Empty: no limit."))
PIECES = Count(
    "most_pieces", "most_units", lazy("For at most pieces"), help_text=lazy("Empty: for all.")
)
AMOUNT = Amounts("amount", "amount", lazy("Amount off"), AMOUNT_NEEDED, ONLY_THESE)
PRICE = Amounts("price", "price", lazy("Set price"), AMOUNT_NEEDED, ONLY_THESE)
BENEFITS: Parts = {
    What.PERCENT: (
        Percent("percent", "percent", lazy("Per cent off"), lazy("Say how many per cent.")),
        CAP,
        SCOPE,
    ),
    What.FIXED: (AMOUNT, SCOPE),
    What.FIXED_EACH: (AMOUNT, PIECES, SCOPE),
    What.TIERED: (Tiers(), CAP, SCOPE),
    What.GROUPS: (
        Count("buy", "buy", lazy("Buy"), lazy("Say how many are bought."), most=999),
        Count("get", "get", lazy("Get"), lazy("Say how many are got."), most=999),
        Percent("got_percent", "percent", lazy("Per cent off those"), help_text=lazy("100: free.")),
        Count("most_times", "most_times", lazy("At most times"), help_text=lazy("Per order.")),
        SCOPE,
        GET_SCOPE,
    ),
    What.SET_PRICE: (PRICE, PIECES, SCOPE),
    What.SHIPPING: (
        Percent("off_percent", "percent", lazy("Per cent off"), help_text=lazy("100: free.")),
        Amounts("off_amount", "amount", lazy("or an amount off")),
        Amounts("off_price", "price", lazy("or a set price")),
        Ticks(
            "methods",
            "methods",
            lazy("Only for these ways"),
            help_text=lazy("None ticked: for all."),
            offered="methods",
        ),
    ),
    What.GIFT: (
        Piece("gift", "variant", lazy("Which piece"), lazy("Say which piece is given.")),
        Count("gift_units", "quantity", lazy("How many"), help_text=lazy("Empty: one."), most=99),
    ),
}


class ConditionForm(RuleForm):
    parts: ClassVar[Parts] = CONDITIONS
    reader = staticmethod(read_condition)

    class Meta:
        model = Condition
        fields = ("kind",)


class BenefitForm(RuleForm):
    parts: ClassVar[Parts] = BENEFITS
    reader = staticmethod(read_benefit)

    class Meta:
        model = Benefit
        fields = ("kind",)


class RuleFormSet(UnfoldFormSet):
    """Rows keep the order they are shown in: what is given is taken off one after the other."""

    def save_new(self, form: Any, commit: bool = True) -> Any:  # noqa: FBT001, FBT002 — as Django calls it
        form.instance.position = self.forms.index(form)
        return super().save_new(form, commit=commit)


class BenefitFormSet(RuleFormSet):
    def clean(self) -> None:
        super().clean()
        kept = [
            form
            for form in self.forms
            if form.has_changed() or form.instance.pk
            if not form.cleaned_data.get(DELETION_FIELD_NAME)
        ]
        if not kept:
            raise ValidationError(_("Say what they get."))


class RuleInline(StackedInline):
    template = "admin/marketing/promotion/rules.html"
    extra = 1
    ordering = ("position", "id")
    rule: type[RuleForm] = RuleForm
    told: Words = ""
    add: Words = ""
    fresh: Words = ""

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        kwargs["form"] = rule_form(self.rule, offers_for(request))
        kwargs["fields"] = ("kind",)
        return super().get_formset(request, obj, **kwargs)


class ConditionInline(RuleInline):
    model = Condition
    rule = ConditionForm
    formset = RuleFormSet
    verbose_name_plural = lazy("When it applies")
    told = lazy("All of these have to hold. Without any it always applies.")
    add = lazy("Add a condition")
    fresh = lazy("New condition")


class BenefitInline(RuleInline):
    model = Benefit
    rule = BenefitForm
    formset = BenefitFormSet
    verbose_name_plural = lazy("What they get")
    told = lazy("Several are taken off one after the other, each from what the one before left.")
    add = lazy("Add something they get")
    fresh = lazy("Something new")


def offers_for(request: HttpRequest) -> Offers:
    """Read once per page: two kinds of rows choose from the same lists."""
    kept: Offers | None = getattr(request, "rule_offers", None)
    if kept is None:
        kept = offers()
        request.rule_offers = kept  # type: ignore[attr-defined]
    return kept
