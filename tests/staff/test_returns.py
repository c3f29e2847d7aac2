"""Returns and claims on the staff pages: decided, received, looked at, and reported."""

import pytest
from django.utils import timezone

from orders.models import Claim, Return, ReturnRule
from shop.processes import returns
from tests.factories import in_stock, shipped_order, stock_of
from tests.processes.test_claiming import claim_of
from tests.processes.test_returns import approved, ask, come_back

pytestmark = pytest.mark.django_db


@pytest.fixture
def waiting():
    ReturnRule.objects.create(name="All")
    return [ask(shipped_order(variant=in_stock(5)), key=f"form-{one}") for one in range(2)]


def step(slug, cases, model="return"):
    return f"/admin/orders/{model}/steps/{slug}/?" + "&".join(f"case={one.pk}" for one in cases)


def test_many_returns_are_approved_with_a_report_for_each(owner, waiting):
    returns.decline(rma_id=waiting[1].pk, reason="Worn", actor=None, now=timezone.now())

    page = owner.post(step("approve", waiting), {"way": ""}, follow=True)

    said = [str(one) for one in page.context["messages"]]
    assert said[0] == f"{waiting[0].number}: approved."
    assert waiting[1].number in said[1]
    assert Return.objects.get(pk=waiting[0].pk).status == "approved"


def test_a_decline_needs_a_reason(owner, waiting):
    owner.post(step("decline", waiting[:1]), {"reason": ""})
    assert Return.objects.get(pk=waiting[0].pk).status == "requested"

    owner.post(step("decline", waiting[:1]), {"reason": "Worn"})
    assert Return.objects.get(pk=waiting[0].pk).decline_reason == "Worn"


@pytest.mark.parametrize(
    ("slug", "role", "status"),
    [("approve", "support", 200), ("approve", "warehouse", 403), ("settle", "warehouse", 403)],
)
def test_each_step_has_its_own_right(sign_in, waiting, slug, role, status):
    staff = sign_in(role)

    assert staff.get(step(slug, waiting)).status_code == status


def test_a_claim_is_accepted_on_its_page(owner):
    claim = claim_of(shipped_order(variant=in_stock(5)))

    owner.post(step("accept", [claim], "claim"), {"outcome": "", "carrier_pays": "4.20"})

    assert Claim.objects.get().status == "settled"


@pytest.mark.parametrize("model", ["return", "exchange", "claim", "returnrule", "returnreason"])
def test_lists_and_pages_open(owner, model):
    order = shipped_order(variant=in_stock(5), quantity=3)
    approved(order, wish="exchange", swaps=in_stock(3))
    claim_of(order, key="form-2")

    listed = owner.get(f"/admin/orders/{model}/")
    assert listed.status_code == 200
    rows = listed.context["cl"].result_list
    assert owner.get(f"/admin/orders/{model}/{rows[0].pk}/change/").status_code == 200


def test_a_parcel_is_received_and_looked_at_on_a_phone(owner):
    variant = in_stock(5)
    rma = approved(shipped_order(variant=variant, quantity=2), 2)
    line = rma.lines.get()
    found = owner.get(f"/stockroom/returns/?scan={rma.order.number}")
    page = f"/stockroom/returns/{rma.number}/"
    assert found["Location"] == page

    owner.post(page, {"action": "receive", f"came_{line.pk}": "2"})
    wrong = owner.post(page, {"action": "inspect", f"restocked_{line.pk}": "1"})
    owner.post(
        page,
        {"action": "inspect", f"restocked_{line.pk}": "1", f"not_restocked_{line.pk}": "1"},
    )
    owner.post(page, {"action": "settle"})

    assert wrong.status_code == 409
    rma.refresh_from_db()
    assert rma.status == "closed"
    assert stock_of(variant) == (4, 0)


def test_the_report_tells_what_came_back_and_what_is_unpaid(owner):
    order = shipped_order(variant=in_stock(5, cost="7.00"), quantity=2)
    rma = come_back(approved(order), "not_restocked")

    page = owner.get("/dashboard/returns/").content.decode()

    assert order.lines.get().title in page
    assert "50.0 %" in page
    assert "£7.00" in page
    assert rma.number in page
    assert owner.get("/dashboard/returns.csv").status_code == 200
