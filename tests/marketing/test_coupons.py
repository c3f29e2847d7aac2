"""Codes: typed, made, sent out, linked to a customer, switched off."""

import csv
import io

import pytest
from django.utils import timezone

from accounts.models import Customer
from marketing.models import Coupon, PromotionUse
from marketing.queries import coupons as coupon_queries
from marketing.services import coupons
from marketing.services.coupons import BadCode, CodeTaken, TooMany, UnknownCard
from tests.factories import placed_order
from tests.factories.promotions import CouponFactory, PromotionFactory

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def _customer(email="alice@example.com"):
    return Customer.objects.create(email=email, created_at=NOW)


def _generate(count, **fields):
    promotion = fields.pop("promotion", None) or PromotionFactory(is_automatic=False)
    return promotion, coupons.generate(promotion=promotion, count=count, now=NOW, **fields)


class TestTyping:
    @pytest.mark.parametrize(
        ("typed", "code"),
        [
            ("  spring-10 ", "SPRING-10"),
            ("spring 10", "SPRING10"),
            ("spring–10", "SPRING-10"),
            ("ＳＰＲＩＮＧ", "SPRING"),
            ("ab", ""),
            ("-abc", ""),
            ("çà va", ""),
            ("x" * 41, ""),
            ("", ""),
            ("abc\x00", ""),
        ],
    )
    def test_a_code_is_read_however_it_is_typed(self, typed, code):
        assert coupon_queries.normalised(typed) == code

    def test_a_code_is_found_in_any_case(self):
        coupon = CouponFactory(code="SPRING-10")

        assert coupon_queries.find(" spring-10") == coupon
        assert coupon_queries.find("SPRING") is None
        assert coupon_queries.find("%") is None


class TestMaking:
    def test_a_single_code_is_kept_in_capitals(self):
        coupon = coupons.create(promotion=PromotionFactory(), code="welcome 5", now=NOW)

        assert (coupon.code, coupon.usage_limit) == ("WELCOME5", None)

    def test_refuses_what_is_no_code_or_there_already(self):
        CouponFactory(code="SPRING")

        with pytest.raises(BadCode):
            coupons.create(promotion=PromotionFactory(), code="!", now=NOW)
        with pytest.raises(CodeTaken):
            coupons.create(promotion=PromotionFactory(), code="spring", now=NOW)

    def test_many_codes_are_all_different_and_nobody_can_guess_them(self):
        promotion, batch = _generate(500, prefix="vip", batch="Press")

        codes = set(Coupon.objects.values_list("code", flat=True))

        assert batch == "Press"
        assert len(codes) == 500
        assert all(
            code.startswith("VIP-") and len(code) == len("VIP-XXXXX-XXXXX") for code in codes
        )
        assert len({code[4:9] for code in codes}) > 490
        assert set(Coupon.objects.values_list("usage_limit", flat=True)) == {1}
        assert set(Coupon.objects.values_list("promotion", flat=True)) == {promotion.pk}

    def test_fifty_thousand_codes_are_made_in_one_go(self):
        _promotion, batch = _generate(50_000)

        assert Coupon.objects.filter(batch=batch).count() == 50_000

    def test_codes_that_are_there_already_are_made_up_for(self, monkeypatch):
        promotion = PromotionFactory(is_automatic=False)
        # The first is there already, the second comes twice.
        twice = iter("BBBBBBBBBB" + "CCCCCCCCCC" * 2 + "DDDDDDDDDD")
        monkeypatch.setattr(coupons.secrets, "choice", lambda _letters: next(twice))
        CouponFactory(code="BBBBB-BBBBB")

        coupons.generate(promotion=promotion, count=2, now=NOW)

        assert set(promotion.coupons.values_list("code", flat=True)) == {
            "CCCCC-CCCCC",
            "DDDDD-DDDDD",
        }

    @pytest.mark.parametrize("count", [0, -1, 50_001])
    def test_refuses_none_and_too_many(self, count):
        with pytest.raises(TooMany):
            _generate(count)

    @pytest.mark.parametrize("prefix", ["!", "-", "x" * 30, "é"])
    def test_refuses_a_prefix_no_code_can_begin_with(self, prefix):
        with pytest.raises(BadCode):
            _generate(1, prefix=prefix)


class TestSendingOut:
    def test_codes_become_rows_a_spreadsheet_can_open(self):
        promotion, batch = _generate(3, promotion=PromotionFactory(name="=cmd()"), batch="Press")

        rows = list(coupon_queries.rows(coupon_queries.in_batch(promotion, batch)))

        out = io.StringIO()
        csv.writer(out).writerows(rows)
        assert rows[0] == ["code", "promotion", "batch", "limit", "used", "on"]
        assert [row[1:] for row in rows[1:]] == [["'=cmd()", "Press", "1", "0", "1"]] * 3

    def test_batches_tell_how_far_they_are_used(self):
        promotion, batch = _generate(3)
        PromotionUse.objects.create(
            promotion=promotion,
            coupon=promotion.coupons.first(),
            order=placed_order(),
            who="x",
            amount=1,
            at=NOW,
        )

        (found,) = coupon_queries.batches(promotion)

        assert (found.name, found.codes, found.used, found.is_active) == (batch, 3, 1, True)

    def test_a_batch_is_switched_off_and_on(self):
        promotion, batch = _generate(3)
        other = CouponFactory(promotion=promotion)

        assert coupons.disable(promotion=promotion, batch=batch) == 3
        assert not coupon_queries.batches(promotion)[0].is_active
        assert coupons.enable(promotion=promotion, batch=batch) == 3

        other.refresh_from_db()
        assert other.is_active


class TestCards:
    def _card(self, **fields):
        return CouponFactory(code="CARD-0001", is_card=True, **fields)

    def test_a_card_is_linked_by_its_number(self):
        card, alice = self._card(), _customer()

        linked = coupons.link_card(code=" card-0001", customer=alice, now=NOW)

        assert linked == card
        assert list(coupon_queries.cards_of(alice)) == [card]
        assert linked.linked_at == NOW

    def test_linking_twice_is_linking_once(self):
        self._card()
        alice = _customer()
        coupons.link_card(code="CARD-0001", customer=alice, now=NOW)

        again = coupons.link_card(code="CARD-0001", customer=alice, now=timezone.now())

        assert again.linked_at == NOW

    def test_nothing_tells_whether_a_card_is_unknown_off_or_somebody_elses(self):
        bob = _customer("bob@example.com")
        self._card(customer=bob)
        CouponFactory(code="CARD-0002", is_card=True, is_active=False)
        CouponFactory(code="SPRING")

        said = set()
        for code in ("CARD-0001", "CARD-0002", "CARD-0003", "SPRING", ""):
            with pytest.raises(UnknownCard) as caught:
                coupons.link_card(code=code, customer=Customer(pk=1), now=NOW)
            said.add(caught.value.message)

        assert len(said) == 1

    def test_ones_own_card_is_let_go_of_and_nobody_elses(self):
        alice, bob = _customer(), _customer("bob@example.com")
        card = self._card(customer=alice)

        with pytest.raises(UnknownCard):
            coupons.unlink_card(coupon_id=card.pk, customer=bob)
        coupons.unlink_card(coupon_id=card.pk, customer=alice)

        card.refresh_from_db()
        assert (card.customer, card.linked_at) == (None, None)
