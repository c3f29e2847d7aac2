"""Customers: read, added and changed."""

import datetime as dt
from typing import Annotated, Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Body, Path, Query, Router, Schema
from ninja.responses import Response
from pydantic import AfterValidator, Field, StringConstraints

from accounts.models import Customer
from accounts.services import records
from shop.api.operations import changes, creates, once, reads
from shop.api.pages import Cursor, Limit, Page, cut
from shop.api.recording import seen
from shop.api.terms import Id, IdempotencyKey, Line, Made, Moment, Sent

router = Router(tags=["Customers"])
PART = r"[A-Za-z0-9]+(-[A-Za-z0-9]+)*"
EMAIL = rf"^[A-Za-z0-9_+-]+(\.[A-Za-z0-9_+-]+)*@({PART}\.)+[A-Za-z]{{2,24}}$"
LANGUAGES = [code for code, _name in settings.LANGUAGES]
SAME = ("email", "name", "company", "vat_number", "language", "tags", "created_at")


def _language(code: str) -> str:
    if code and code not in LANGUAGES:
        raise ValueError("The shop does not speak this language.")
    return code


Email = Annotated[str, StringConstraints(max_length=120, pattern=EMAIL)]
Name = Annotated[Line, Field(max_length=120)]
VatNumber = Annotated[Line, Field(max_length=20, description="With its country: GB943932601.")]
Language = Annotated[
    str, AfterValidator(_language), Field(json_schema_extra={"enum": ["", *LANGUAGES]})
]
Tags = Annotated[
    list[Annotated[str, StringConstraints(max_length=40, pattern=r"^[^,\x00-\x1f\x7f]*$")]],
    Field(max_length=20, description="All tags the customer is to have. Kept in lower case."),
]
CustomerId = Annotated[Id, Path()]


class CustomerShape(Schema):
    """Someone the shop knows."""

    id: int
    email: str
    name: str
    company: str
    vat_number: str
    is_tax_exempt: bool
    language: str
    groups: list[str] = Field(description="Codes of the groups.")
    tags: list[str]
    signs_in: bool = Field(description="Has an account with the shop.")
    created_at: dt.datetime


class CustomerPage(Page):
    data: list[CustomerShape]


class ChangesIn(Sent):
    """What is to be different. Whatever is left out stays as it is."""

    email: Email = ""
    name: Name = ""
    company: Name = ""
    vat_number: VatNumber = ""
    language: Language = ""
    tags: Tags = []


class CustomerIn(ChangesIn):
    """A new customer. There is one for every address."""

    email: Email


@reads(router, "/customers", scope="customers:read", answer=CustomerPage)
def list_customers(
    request: HttpRequest,
    email: Annotated[Line | None, Query(description="Only with this.")] = None,
    created_since: Annotated[Moment | None, Query(description="Only known since.")] = None,
    cursor: Cursor = "",
    limit: Limit = 50,
) -> dict[str, Any]:
    """All customers, the oldest first."""
    rows = _known()
    if email is not None:
        rows = rows.filter(email__iexact=email)
    if created_since is not None:
        rows = rows.filter(created_at__gte=created_since)
    page = cut(rows, cursor=cursor, limit=limit)
    seen(request, act="customers over the API", count=len(page["data"]))
    return {**page, "data": [_shape(customer) for customer in page["data"]]}


@reads(router, "/customers/{int:customer_id}", scope="customers:read", answer=CustomerShape)
def read_customer(request: HttpRequest, customer_id: CustomerId) -> CustomerShape:  # noqa: ARG001
    """One customer."""
    return _shape(get_object_or_404(_known(), pk=customer_id))


@creates(router, "/customers", scope="customers:write", answer=Made)
def add_customer(
    request: HttpRequest, key: IdempotencyKey, sent: Annotated[CustomerIn, Body()]
) -> Response:
    """Add a customer; `id` is theirs. Refused when another one has the address."""

    def add() -> Made:
        values = sent.model_dump(exclude_unset=True)
        return Made(id=records.create(values=values, now=timezone.now()).pk)

    return once(request, key, add)


@changes(router, "/customers/{int:customer_id}", scope="customers:write", answer=CustomerShape)
def change_customer(
    request: HttpRequest,  # noqa: ARG001
    customer_id: CustomerId,
    sent: Annotated[ChangesIn, Body()],
) -> CustomerShape:
    """Change some of what is known of a customer."""
    try:
        values = sent.model_dump(exclude_unset=True)
        records.change(customer_id=customer_id, values=values, now=timezone.now())
    except Customer.DoesNotExist as error:
        raise Http404 from error
    return _shape(get_object_or_404(_known(), pk=customer_id))


def _known() -> "QuerySet[Customer]":
    """Everybody who was not forgotten."""
    return Customer.objects.filter(erased_at=None).prefetch_related("groups")


def _shape(customer: Customer) -> CustomerShape:
    return CustomerShape(
        id=customer.pk,
        is_tax_exempt=customer.is_tax_exempt,
        signs_in=customer.user_id is not None,
        groups=sorted(group.code for group in customer.groups.all()),
        **{name: getattr(customer, name) for name in SAME},
    )
