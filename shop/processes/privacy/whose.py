"""Which rows of each table on the map are a person's."""

from collections.abc import Callable
from typing import Any

from django.apps import apps
from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast

from orders.models import Cart, Order
from shop.processes.privacy.person import Person

Rows = QuerySet[Any]
Find = Callable[[Person], Q]


def rows_of(person: Person, label: str) -> Rows:
    """Rows of a model ("orders.Order") that are this person's."""
    rows: Rows = apps.get_model(label).objects.all()
    if label in IN_WORDS:
        return _in_words(person, label, rows)
    return rows.filter(FINDERS[label](person))


def _customer(path: str = "customer") -> Find:
    return lambda person: Q(**{f"{path}__in": person.customers})


def _user(path: str = "user") -> Find:
    return lambda person: Q(**{f"{path}__in": person.users})


def _order(path: str = "order") -> Find:
    return lambda person: Q(**{f"{path}__in": person.orders})


def _either(*finders: Find) -> Find:
    def find(person: Person) -> Q:
        found = Q(pk__in=[])
        for one in finders:
            found |= one(person)
        return found

    return find


def _mail(field: str) -> Find:
    return lambda person: person.has_mail(field)


def _carts(path: str) -> Find:
    """Open carts, and those that became the person's orders; drafts keep theirs."""

    def find(person: Person) -> Q:
        ordered = Order.objects.filter(pk__in=person.orders).exclude(cart=None).values("cart")
        mine = Q(customer__in=person.customers) | Q(pk__in=ordered)
        return Q(**{f"{path}__in": Cart.objects.filter(mine, draft=None).values("pk")})

    return find


def _told(person: Person) -> Q:
    """Mails and texts: to the person, or about one of the orders, a login, or a card."""
    about = [*person.numbers, *(f"user-{pk}" for pk in person.users)]
    return Q(reference__in=about)


def _vat_numbers(person: Person) -> Q:
    """Checks of the person's numbers, but for those that prove why an order bore no tax."""
    orders = Order.objects.filter(pk__in=person.orders).exclude(vat_number="")
    proved = orders.exclude(tax_relief="").values("vat_number")
    others = Order.objects.exclude(pk__in=person.orders).exclude(tax_relief="")
    mine = Q(number__in=orders.values("vat_number")) | Q(number__in=_customers_numbers(person))
    return (
        mine
        & ~Q(number__in=proved)
        & ~Q(number__in=others.exclude(vat_number="").values("vat_number"))
    )


def _customers_numbers(person: Person) -> Any:
    model = apps.get_model("accounts.Customer")
    return model.objects.filter(pk__in=person.customers).values("vat_number")


def _sessions(person: Person) -> Q:
    model = apps.get_model("usersessions.UserSession")
    return Q(pk__in=model.objects.filter(user__in=person.users).values("session_key"))


def _events(person: Person) -> Q:
    subjects = [f"order-{number}" for number in person.numbers]
    return Q(subject__in=[*subjects, *(f"customer-{pk}" for pk in person.customers)])


def _deliveries(person: Person) -> Q:
    model = apps.get_model("channels.WebhookEvent")
    return Q(event__in=model.objects.filter(_events(person)).values("pk"))


def _admin_log(person: Person) -> Q:
    """What the admin noted of the record, the login and the orders."""
    found = Q(pk__in=[])
    for model, pks in (("customer", person.customers), ("user", person.users)):
        found |= Q(content_type__app_label="accounts", content_type__model=model) & Q(
            object_id__in=[str(pk) for pk in pks]
        )
    found |= Q(
        content_type__app_label="orders",
        content_type__model="order",
        object_id__in=[str(pk) for pk in person.orders],
    )
    return found | person.is_in("object_repr") | person.is_in("change_message")


def _gift_cards(person: Person) -> Q:
    """Those bought (the words on them), those received, and store credit."""
    bought = Q(line__order__in=person.orders)
    return bought | Q(customer__in=person.customers) | person.has_mail("recipient_email")


FINDERS: dict[str, Find] = {
    "accounts.Customer": _customer("pk"),
    "accounts.Address": _customer(),
    "accounts.Consent": _either(_customer(), _mail("email")),
    "accounts.CustomerNote": _customer(),
    "accounts.Visit": _customer(),
    "accounts.PrivacyRequest": _either(_customer(), _mail("email")),
    "accounts.User": _user("pk"),
    "accounts.VatCheck": _vat_numbers,
    "accounts.SavedView": _user(),
    "account.EmailAddress": _either(_user(), _mail("email")),
    "account.EmailConfirmation": _user("email_address__user"),
    "socialaccount.SocialAccount": _user(),
    "socialaccount.SocialToken": _user("account__user"),
    "mfa.Authenticator": _user(),
    "usersessions.UserSession": _user(),
    "sessions.Session": _sessions,
    "admin.LogEntry": _admin_log,
    "outbox.Mail": _either(_mail("to"), _told),
    "outbox.Sms": _told,
    "catalog.Review": _customer(),
    "marketing.Alert": _mail("email"),
    "orders.Cart": _carts("pk"),
    "orders.CartLine": _carts("cart"),
    "orders.Order": _order("pk"),
    "orders.OrderLine": _order(),
    "orders.OrderEdit": _order(),
    "orders.OrderEvent": _order(),
    "orders.Return": _order(),
    "orders.ReturnLine": _order("rma__order"),
    "orders.ReturnCheck": _order("line__rma__order"),
    "orders.ReturnEvent": _order("rma__order"),
    "orders.Claim": _order(),
    "orders.ClaimEvent": _order("claim__order"),
    "orders.ExchangeEvent": _order("exchange__order"),
    "orders.CasePhoto": _either(_order("rma__order"), _order("claim__order")),
    "orders.OrderFile": _order(),
    "orders.CallTask": _order(),
    "orders.CallAttempt": _order("task__order"),
    "orders.Upload": _either(_order("line__order"), _carts("cart")),
    "orders.Draft": _order(),
    "orders.Hold": _order(),
    "orders.OrderRuleRun": _order(),
    "orders.Wishlist": _user(),
    "payments.Payment": _order(),
    "payments.PaymentEvent": _order("payment__order"),
    "payments.Dispute": _order("payment__order"),
    "payments.EvidenceFile": _order("dispute__payment__order"),
    "payments.GrantedRefund": _order(),
    "payments.Refund": _order("payment__order"),
    "payments.Capture": _order("payment__order"),
    "payments.RiskAssessment": _order(),
    "payments.ProviderCustomer": _customer(),
    "payments.SavedCard": _customer(),
    "payments.ValueAccount": _gift_cards,
    "payments.ValueEntry": _customer("account__customer"),
    "payments.Document": _order(),
    "payments.BankLine": _order("payment__order"),
    "payments.PayoutLine": _order("payment__order"),
    "payments.JournalEntry": _order(),
    "shipping.Fulfilment": _order(),
    "shipping.FulfilmentEvent": _order("fulfilment__order"),
    "shipping.Label": _either(_order("fulfilment__order"), _order("rma__order")),
    "shipping.TrackingEvent": _either(_order("fulfilment__order"), _order("rma__order")),
    "shipping.HandOff": _order(),
    "shipping.BulkRun": _order("rows__order"),
    "shipping.BulkRow": _order(),
    "channels.OrderImport": _order("rows__order"),
    "channels.ImportedOrder": _order(),
    "channels.WebhookEvent": _events,
    "channels.WebhookDelivery": _deliveries,
    "marketing.PromotionUse": _order(),
}
# Found by what is written in them: (JSON fields, whether providers' names for the person count).
IN_WORDS: dict[str, tuple[tuple[str, ...], bool]] = {
    "audit.Entry": (("before", "after"), False),
    "outbox.Message": (("payload",), True),
    "payments.WebhookEvent": (("payload",), True),
    "channels.ApiCall": (("answer",), False),
}


def _in_words(person: Person, label: str, rows: Rows) -> Rows:
    fields, knows_refs = IN_WORDS[label]
    casts = {f"{field}_words": Cast(field, TextField()) for field in fields}
    also = person.provider_refs if knows_refs else ()
    condition = Q(pk__in=[])
    for name in casts:
        condition |= person.is_in(name, also=also)
    if label == "audit.Entry":
        condition |= _on_record(person)
    found: Rows = rows.alias(**casts).filter(condition)
    return found


def _on_record(person: Person) -> Q:
    """Entries by the person, and of rows that were the person's, also of those long gone."""
    found = Q(actor__in=person.users) | person.is_in("path") | person.has_mail("actor_name")
    own = (
        ("accounts_customer", person.customers),
        ("accounts_user", person.users),
        ("orders_order", person.orders),
    )
    for table, pks in own:
        found |= Q(table=table, row__in=[str(pk) for pk in pks])
    for column, pks in (
        ("customer_id", person.customers),
        ("user_id", person.users),
        ("order_id", person.orders),
    ):
        for side in ("before", "after"):
            found |= Q(**{f"{side}__{column}__in": list(pks)})
    return found
