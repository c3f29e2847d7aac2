"""Every sign on its own: what it sees, what it overlooks, and where its edges are."""

import datetime as dt
from decimal import Decimal

import pytest

from payments.models import RiskRule
from payments.services.risk.facts import Card, Facts
from payments.services.risk.params import BadParams, read
from payments.services.risk.rules import DEFAULTS, Rule, readable, weigh

NOW = dt.datetime(2026, 3, 10, 12, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
Kind = RiskRule.Kind


def facts(**known):
    return Facts(
        **{
            "currency": "GBP",
            "total": Decimal("40.00"),
            "email": "alice@example.com",
            "street": "12 Analytical Row",
            "postcode": "N1 9GU",
            "country": "GB",
            "ip": "81.2.69.142",
            "placed_at": NOW,
            "known_at": NOW,
            **known,
        }
    )


def card(country="GB", **known):
    return (Card(country=country, **known),)


def velocity(by="card"):
    return read(Kind.VELOCITY, {"by": by, "orders": 3, "hours": 24})


@pytest.mark.parametrize(
    ("by", "words"),
    [
        ("card", "Third order from this card within 24 hours"),
        ("email", "Third order with this e-mail within 24 hours"),
        ("ip", "Third order from this internet address within 24 hours"),
    ],
)
def test_the_third_order_in_a_day_is_seen(by, words):
    assert velocity(by).see(facts(by={by: (NOW - 3 * HOUR, NOW - HOUR)})) == words


def test_two_orders_are_not_many():
    assert not velocity().see(facts(by={"card": (NOW - HOUR,)}))


def test_an_order_exactly_a_day_ago_no_longer_counts():
    just_in = NOW - 24 * HOUR + dt.timedelta(microseconds=1)

    assert not velocity().see(facts(by={"card": (NOW - 24 * HOUR, NOW - HOUR)}))
    assert velocity().see(facts(by={"card": (just_in, NOW - HOUR)}))


def test_an_order_of_the_same_moment_counts():
    assert velocity().see(facts(by={"card": (NOW, NOW)}))


def test_orders_of_one_e_mail_say_nothing_of_a_card():
    assert not velocity("card").see(facts(by={"email": (NOW, NOW, NOW)}))


def test_a_card_from_elsewhere_is_seen():
    seen = read(Kind.COUNTRY_MISMATCH, {}).see(facts(cards=card("US")))

    assert seen == "The card is from US, delivery goes to GB"


@pytest.mark.parametrize(
    ("of_card", "of_delivery"),
    [("GB", "GB"), ("GB", "JE"), ("IM", "GG"), ("FR", "RE"), ("", "GB")],
)
def test_a_card_of_the_same_banks_or_of_nobody_knows_where_is_fine(of_card, of_delivery):
    sign = read(Kind.COUNTRY_MISMATCH, {})

    assert not sign.see(facts(cards=card(of_card), country=of_delivery))


def test_card_countries_may_be_overlooked():
    sign = read(Kind.COUNTRY_MISMATCH, {"fine": ["IE"]})

    assert not sign.see(facts(cards=card("IE")))
    assert sign.see(facts(cards=card("FR")))


def test_an_order_without_a_card_has_no_card_signs():
    for kind, _name, _score, params in DEFAULTS:
        if kind in (Kind.COUNTRY_MISMATCH, Kind.ADDRESS_CHECK, Kind.PROVIDER_RISK):
            assert not read(kind, params).see(facts())


@pytest.mark.parametrize(
    ("checks", "words"),
    [
        ({"postcode": "fail"}, "The bank knows another postcode"),
        ({"postcode": "fail", "cvc": "fail"}, "The bank knows another postcode, CVC"),
        ({"postcode": "unavailable", "cvc": "unchecked"}, ""),
        ({"postcode": "pass", "cvc": "pass"}, ""),
        ({}, ""),
    ],
)
def test_only_a_check_that_failed_counts(checks, words):
    sign = read(Kind.ADDRESS_CHECK, {"checks": ["postcode", "cvc"]})

    assert sign.see(facts(cards=card(checks=checks))) == words


def test_a_check_nobody_chose_is_overlooked():
    sign = read(Kind.ADDRESS_CHECK, {"checks": ["cvc"]})

    assert not sign.see(facts(cards=card(checks={"postcode": "fail"})))


@pytest.mark.parametrize(("total", "is_seen"), [("499.99", 0), ("500.00", 0), ("500.01", 1)])
def test_high_is_what_is_more_than_the_amount(total, is_seen):
    seen = read(Kind.HIGH_VALUE, {"most": {"GBP": "500"}}).see(facts(total=Decimal(total)))

    assert seen == ("£500.01 is more than £500.00" if is_seen else "")


def test_a_currency_without_an_amount_never_is_high():
    sign = read(Kind.HIGH_VALUE, {"most": {"GBP": "500"}})

    assert not sign.see(facts(currency="EUR", total=Decimal(9000)))


@pytest.mark.parametrize(
    ("email", "is_seen"),
    [
        ("x@mailinator.com", True),
        ("x@sub.mailinator.com", True),
        ("x@notmailinator.com", False),
        ("x@mailinator.com.example", False),
        ("x@spam.example", True),
        ("x@yopmail.com", False),
        ("", False),
    ],
)
def test_throw_away_mail_is_known_by_its_domain(email, is_seen):
    sign = read(Kind.DISPOSABLE_MAIL, {"also": ["spam.example"], "fine": ["yopmail.com"]})

    assert bool(sign.see(facts(email=email))) is is_seen


@pytest.mark.parametrize(
    ("level", "is_seen"), [("normal", 0), ("elevated", 1), ("highest", 0), ("", 0)]
)
def test_the_providers_level_counts_when_it_was_chosen(level, is_seen):
    sign = read(Kind.PROVIDER_RISK, {"levels": ["elevated"]})

    assert bool(sign.see(facts(cards=card(risk_level=level)))) == is_seen


def test_refused_cards_count_until_now_and_not_from_a_day_ago():
    sign = read(Kind.DECLINES, {"declines": 2, "hours": 24})

    assert sign.see(facts(declines=(NOW - HOUR, NOW))) == "2 refused cards within 24 hours"
    assert not sign.see(facts(declines=(NOW - 24 * HOUR, NOW)))


@pytest.mark.parametrize(
    "value",
    [
        "alice@example.com",
        "ALICE@Example.com ",
        "@example.com",
        "n19gu",
        "N1 9GU",
        "GB N1 9GU",
        "12, analytical row, N1 9GU",
        "81.2.69.142",
        "81.2.69.0/24",
    ],
)
def test_the_shops_list_fits_in_every_spelling(value):
    seen = read(Kind.LISTED, {"values": ["@other.example", value]}).see(facts())

    assert seen == f"On the shop's own list: {value.strip()}"


@pytest.mark.parametrize(
    "value",
    [
        "bob@example.com",
        "@ample.com",
        "N1 9GV",
        "DE N1 9GU",
        "12 Analytical Row, N1 9GV",
        "81.2.70.0/24",
        "2a00:23c4::/32",
    ],
)
def test_the_shops_list_does_not_fit_its_neighbours(value):
    assert not read(Kind.LISTED, {"values": [value]}).see(facts())


def test_an_ipv6_network_on_the_list_fits_its_addresses():
    sign = read(Kind.LISTED, {"values": ["2a00:23c4:1:2::/64"]})

    assert sign.see(facts(ip="2a00:23c4:1:2:aaaa::1"))
    assert not sign.see(facts(ip="2a00:23c4:1:3::1"))
    assert not sign.see(facts(ip=""))


@pytest.mark.parametrize("value", ["", "@", "@nodot", "a@b@c.example", "10.0.0.0/99", "Smith"])
def test_what_is_nothing_at_all_can_not_be_listed(value):
    with pytest.raises(BadParams) as refused:
        read(Kind.LISTED, {"values": [value]})

    assert refused.value.key == "values"


def test_a_known_customer_has_enough_parcels_out_for_long_enough():
    sign = read(Kind.KNOWN_CUSTOMER, {"orders": 2, "days": 30})
    month, year = NOW - dt.timedelta(days=30), NOW - dt.timedelta(days=365)

    assert (
        sign.see(facts(delivered=(year, month))) == "A known customer: 2 earlier orders went well"
    )
    assert not sign.see(facts(delivered=(year, month + HOUR)))
    assert not sign.see(facts(delivered=(year,)))


def test_who_ever_disputed_a_payment_is_not_known_to_be_good():
    sign = read(Kind.KNOWN_CUSTOMER, {"orders": 1, "days": 0})

    assert not sign.see(facts(delivered=(NOW,), was_disputed=True))


def test_points_add_up_and_reasons_come_heaviest_first():
    asked = [
        Rule(1, "High", 25, read(Kind.HIGH_VALUE, {"most": {"GBP": "10"}})),
        Rule(2, "Mail", 35, read(Kind.DISPOSABLE_MAIL, {})),
        Rule(3, "Cards", 40, velocity()),
        Rule(4, "Known", -30, read(Kind.KNOWN_CUSTOMER, {"orders": 1, "days": 0})),
    ]

    found = weigh(asked, facts(email="x@yopmail.com", delivered=(NOW,)))

    assert found.score == 30
    assert [(one["rule"], one["score"]) for one in found.reasons] == [(2, 35), (1, 25), (4, -30)]
    assert set(found.reasons[0]) == {"rule", "name", "score", "words"}


def test_all_that_the_shop_starts_with_can_be_read():
    for kind, _name, _score, params in DEFAULTS:
        read(kind, params)


@pytest.mark.parametrize(
    ("kind", "params"),
    [
        (Kind.VELOCITY, {"by": "shoe", "orders": 3, "hours": 24}),
        (Kind.VELOCITY, {"by": "card", "orders": 1, "hours": 24}),
        (Kind.VELOCITY, {"by": "card", "orders": True, "hours": 24}),
        (Kind.VELOCITY, {"by": "card", "orders": 3}),
        (Kind.HIGH_VALUE, {"most": {"GBP": "much"}}),
        (Kind.HIGH_VALUE, {"most": {"GBP": "NaN"}}),
        (Kind.HIGH_VALUE, {}),
        (Kind.PROVIDER_RISK, {"levels": []}),
        (Kind.LISTED, {"values": "N1"}),
        ("horoscope", {}),
    ],
)
def test_a_rule_that_can_not_be_read_counts_as_off(kind, params, caplog):
    with pytest.raises(BadParams):
        read(kind, params)

    assert readable([RiskRule(pk=7, kind=kind, name="Odd", score=90, params=params)]) == []
    assert "risk rule 7" in caplog.text
