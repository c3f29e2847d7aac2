"""Payouts: kept once however they are told, matched to what they are about, booked, come back."""

from decimal import Decimal

import pytest
from django.db.models import Sum
from django.utils import timezone

from payments.gateways.base import BalanceLine
from payments.gateways.stripe import close_clients
from payments.models import JournalEntry, JournalLine, Payment, Payout, PayoutLine, Refund
from payments.services import payouts
from payments.services.books.chart import account
from payments.services.books.roles import Role
from payments.services.payouts import MatchedBefore
from shop import tasks
from shop.processes import fulfilment, paying_out
from tests.factories.people import staff
from tests.payments.provider import charged_order, run

pytestmark = pytest.mark.django_db(transaction=True)
PAGE = "/dashboard/books/payouts/"


def look(payout):
    return paying_out.look(ref=payout["id"], now=timezone.now())


def sync():
    return paying_out.sync(now=timezone.now())


def balance(role):
    lines = JournalLine.objects.filter(account__role=role)
    return lines.aggregate(sum=Sum("base"))["sum"] or 0


def pay_out(provider, **how):
    return provider.kit("payout", pending=True, **how)


def stray(**fields):
    """A movement that is about nothing of ours."""
    fact = BalanceLine(
        reference="txn_x",
        kind="charge",
        about="ch_x",
        charge_ref="pi_x",
        refund_key="",
        gross=Decimal("9.00"),
        fee=Decimal("0.40"),
        net=Decimal("8.60"),
        currency="GBP",
        happened_at=timezone.now(),
        words="",
    )
    return payouts.keep_line(fact=fact, payout=None, now=timezone.now(), **fields)


def test_a_payout_is_kept_with_its_lines_and_booked(provider):
    order = charged_order(provider)
    sent = pay_out(provider)

    assert look(sent)

    payout, (line,) = Payout.objects.get(), PayoutLine.objects.all()
    assert (line.payment.order, line.payout) == (order, payout)
    assert line.gross == order.total
    assert payout.amount == line.net == line.gross - line.fee
    assert balance(Role.BANK) == payout.amount
    assert balance(Role.PAYMENT_FEES) == line.fee
    assert balance(Role.PROVIDER) == 0


def test_it_is_kept_once_however_often_it_is_told(provider):
    charged_order(provider)
    sent = pay_out(provider)

    for _time in range(3):
        look(sent)
        sync()

    assert Payout.objects.count() == PayoutLine.objects.count() == 1
    assert JournalEntry.objects.filter(kind__in=["fee", "payout"]).count() == 2


def test_a_payout_that_comes_back_is_back_with_the_provider(provider):
    charged_order(provider)
    sent = pay_out(provider)
    look(sent)
    provider.kit(f"payouts/{sent['id']}/failed")

    look(sent)
    look(sent)

    assert Payout.objects.get().status == "failed"
    assert balance(Role.BANK) == 0
    assert balance(Role.PROVIDER) == Payout.objects.get().amount


def test_a_payout_on_its_way_is_booked_when_it_arrives(provider):
    charged_order(provider)
    sent = pay_out(provider, status="in_transit")
    look(sent)
    assert balance(Role.BANK) == 0
    provider.kit(f"payouts/{sent['id']}/paid")

    sync()

    assert balance(Role.BANK) == Payout.objects.get().amount


def test_old_news_does_not_take_back_what_was_decided(provider):
    charged_order(provider)
    sent = pay_out(provider, status="in_transit")
    early = paying_out.payout_standing(sent["id"])
    provider.kit(f"payouts/{sent['id']}/paid")
    look(sent)

    payouts.keep_payout(standing=early, now=timezone.now())

    assert Payout.objects.get().status == "paid"


def test_refunds_are_matched_to_ours(provider):
    order = charged_order(provider)
    fulfilment.cancel(order_id=order.pk, reason="Broken", actor=None, now=timezone.now())
    run("payments.refund")

    sync()

    lines = {line.kind: line for line in PayoutLine.objects.all()}
    assert lines["refund"].refund == Refund.objects.get()
    assert lines["refund"].payment == lines["charge"].payment == Payment.objects.get()
    assert lines["refund"].gross == -order.total


def test_disputes_are_found_once_we_know_of_them(provider, client):
    charged_order(provider)
    intent = Payment.objects.get().charge_ref
    provider.kit("dispute", payment_intent=intent, reason="fraudulent")
    sync()
    (line,) = PayoutLine.objects.filter(kind="dispute")
    assert line.matched_at is None
    assert balance(Role.PAYMENT_FEES) > 0
    provider.tell(client)

    sync()

    line.refresh_from_db()
    assert line.dispute is not None
    assert line.payment.charge_ref == intent


def test_the_clock_asks_and_a_provider_that_is_down_is_asked_again(provider, settings):
    charged_order(provider)
    there, settings.STRIPE_API_BASE = settings.STRIPE_API_BASE, "http://127.0.0.1:9"
    close_clients()
    tasks.sync_payouts()
    assert not PayoutLine.objects.exists()

    settings.STRIPE_API_BASE = there
    close_clients()
    tasks.sync_payouts()

    assert PayoutLine.objects.count() == 1


def test_a_payout_of_somebody_else_is_ignored(provider):
    assert not paying_out.look(ref="po_unknown", now=timezone.now())
    assert not Payout.objects.exists()


def test_what_nobody_understands_is_listed_and_matched_by_hand(provider, client):
    order = charged_order(provider)
    line = stray()
    client.force_login(staff("manager"))

    listed = client.get(PAGE).context["unmatched"].rows
    wrong = client.post(f"{PAGE}lines/{line.pk}/", {"order": "1"})
    matched = client.post(f"{PAGE}lines/{line.pk}/", {"order": order.number})

    assert [row[0].text for row in listed] == ["txn_x"]
    assert (wrong.status_code, matched.status_code) == (400, 302)
    line.refresh_from_db()
    assert line.payment.order == order
    assert not client.get(PAGE).context["unmatched"].rows
    with pytest.raises(MatchedBefore):
        payouts.match_to(line_id=line.pk, payment=None, now=timezone.now())


def test_a_payouts_page_sums_its_lines_and_the_books_agree_with_the_provider(provider, client):
    charged_order(provider)
    look(pay_out(provider))
    charged_order(provider)
    sync()
    client.force_login(staff("manager"))

    found = client.get(PAGE)
    page = client.get(f"{PAGE}{Payout.objects.get().pk}/")

    (row,) = found.context["standings"].rows
    assert row[1].text == row[2].text
    assert row[3].text == "£0.00"
    assert [str(cell.text) for _name, cell in page.context["facts"]][2] == "£0.00"
    assert account(Role.PROVIDER).code in row[1].url


def test_only_who_may_book_matches_lines(provider, client):
    line = stray()
    client.force_login(staff("support"))

    assert client.post(f"{PAGE}lines/{line.pk}/", {"order": ""}).status_code == 403
