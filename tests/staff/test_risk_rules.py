"""Risk rules in the admin: a form for each kind, on and off, tried on past orders."""

import pytest
from django.urls import reverse

from payments.models import RiskPolicy, RiskRule
from payments.services.risk.params import read
from payments.services.risk.rules import DEFAULTS
from tests.payments.risk.signs_of import held_order, only

pytestmark = pytest.mark.django_db

RULES = "/admin/payments/riskrule/"
REPLAY = f"{RULES}replay/"
Kind = RiskRule.Kind
HEAD = {"name": "Ours", "score": "40", "is_active": "on"}
FILLED = {
    Kind.VELOCITY: {"by": "ip", "orders": "5", "hours": "2"},
    Kind.COUNTRY_MISMATCH: {"fine": "ie, NL"},
    Kind.ADDRESS_CHECK: {"checks": ["cvc"]},
    Kind.HIGH_VALUE: {"most_GBP": "250.50"},
    Kind.DISPOSABLE_MAIL: {"also": "@Spam.example\r\n\r\nx.example ", "fine": ""},
    Kind.PROVIDER_RISK: {"levels": ["elevated", "highest"]},
    Kind.DECLINES: {"declines": "4", "hours": "1"},
    Kind.LISTED: {"values": "@spam.example\nNE1 1AA\n203.0.113.0/24"},
    Kind.KNOWN_CUSTOMER: {"orders": "3", "days": "60"},
}
KEPT = {
    Kind.VELOCITY: {"by": "ip", "orders": 5, "hours": 2},
    Kind.COUNTRY_MISMATCH: {"fine": ["IE", "NL"]},
    Kind.ADDRESS_CHECK: {"checks": ["cvc"]},
    Kind.HIGH_VALUE: {"most": {"GBP": "250.50"}},
    Kind.DISPOSABLE_MAIL: {"also": ["spam.example", "x.example"], "fine": []},
    Kind.PROVIDER_RISK: {"levels": ["elevated", "highest"]},
    Kind.DECLINES: {"declines": 4, "hours": 1},
    Kind.LISTED: {"values": ["@spam.example", "NE1 1AA", "203.0.113.0/24"]},
    Kind.KNOWN_CUSTOMER: {"orders": 3, "days": 60},
}


def add(client, kind, **fields):
    return client.post(f"{RULES}add/?kind={kind}", {**HEAD, **FILLED[kind], **fields})


def test_the_list_starts_with_what_the_shop_starts_with(owner):
    page = owner.get(RULES).content.decode()

    for _kind, name, _score, _params in DEFAULTS:
        assert str(name).replace("'", "&#x27;") in page


def test_a_new_rule_begins_with_its_sign(owner):
    page = owner.get(f"{RULES}add/").content.decode()

    for kind in FILLED:
        assert f"?kind={kind}" in page


@pytest.mark.parametrize("kind", FILLED)
def test_every_kind_is_written_by_a_form_and_shown_again(owner, demo_market, kind):
    answer = add(owner, kind)

    assert answer.status_code == 302, answer.context["adminform"].form.errors
    rule = RiskRule.objects.get(name="Ours")
    assert (rule.kind, rule.score, rule.is_active) == (kind, 40, True)
    assert rule.params == KEPT[kind]
    read(rule.kind, rule.params)
    page = owner.get(f"{RULES}{rule.pk}/change/")
    form = page.context["adminform"].form
    sent = {name: form[name].value() for name in form.fields if name != "is_active"}
    again = owner.post(f"{RULES}{rule.pk}/change/", {**sent, "is_active": "on"})
    assert again.status_code == 302
    rule.refresh_from_db()
    assert rule.params == KEPT[kind]


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        (Kind.VELOCITY, {"orders": "1"}),
        (Kind.VELOCITY, {"by": "shoe"}),
        (Kind.ADDRESS_CHECK, {"checks": []}),
        (Kind.HIGH_VALUE, {"most_GBP": ""}),
        (Kind.LISTED, {"values": "Smith"}),
        (Kind.DECLINES, {"score": "101"}),
    ],
)
def test_what_says_nothing_is_not_saved(owner, demo_market, kind, fields):
    answer = add(owner, kind, **fields)

    assert answer.status_code == 200
    assert answer.context["adminform"].form.errors
    assert not RiskRule.objects.filter(name="Ours").exists()


def test_rules_are_switched_off_and_on_together(owner):
    owner.get(RULES)
    ids = list(RiskRule.objects.values_list("pk", flat=True)[:3])

    owner.post(RULES, {"action": "switch_off", "_selected_action": ids})
    assert RiskRule.objects.filter(is_active=False).count() == 3

    owner.post(RULES, {"action": "switch_on", "_selected_action": ids[:1]})
    assert RiskRule.objects.filter(is_active=False).count() == 2


def test_the_threshold_is_one_page(owner):
    assert owner.get("/admin/payments/riskpolicy/").status_code == 200
    page = owner.get("/admin/payments/riskpolicy/1/change/")
    assert page.context["original"].hold_from == 60

    owner.post("/admin/payments/riskpolicy/1/change/", {"hold_from": 45, "verify_everything": "on"})

    kept = RiskPolicy.objects.get()
    assert (kept.hold_from, kept.verify_everything) == (45, True)


@pytest.mark.parametrize(
    ("role", "address", "status"),
    [
        ("support", RULES, 200),
        ("support", REPLAY, 200),
        ("support", f"{RULES}add/", 403),
        ("support", "/admin/payments/riskpolicy/1/change/", 403),
        ("warehouse", RULES, 403),
        ("warehouse", REPLAY, 403),
        ("marketing", REPLAY, 403),
        ("manager", f"{RULES}add/?kind=velocity", 200),
    ],
)
def test_rules_are_for_those_who_may(sign_in, role, address, status):
    assert sign_in(role).get(address).status_code == status


def test_a_rule_is_tried_on_past_orders_from_its_own_page(owner):
    order = held_order()
    rule = RiskRule.objects.get()
    only_it = owner.get(REPLAY, {"rule": rule.pk}).context["form"]
    assert only_it["hold_from"].value() == 70
    query = {"run": 1, "days": 30, "hold_from": 70, f"on_{rule.pk}": "on", f"score_{rule.pk}": 70}

    page = owner.get(REPLAY, query).content.decode()

    assert "1 of 1 orders would have waited" in page
    assert reverse("admin:orders_order_change", args=[order.pk]) in page
    assert "was held" in page


def test_other_points_catch_other_orders_and_nothing_is_saved(owner):
    held_order()
    rule = RiskRule.objects.get()
    query = {"run": 1, "days": 30, "hold_from": 70, f"on_{rule.pk}": "on", f"score_{rule.pk}": 69}

    found = owner.get(REPLAY, query).context["found"]

    assert (found.looked_at, found.caught) == (1, [])
    rule.refresh_from_db()
    assert rule.score == 70


def test_a_trial_with_nonsense_says_so(owner):
    rule = only(Kind.DISPOSABLE_MAIL, {})

    page = owner.get(REPLAY, {"run": 1, "days": "x", "hold_from": 0, f"score_{rule.pk}": 500})

    assert page.status_code == 200
    assert set(page.context["form"].errors) == {"days", "hold_from", f"score_{rule.pk}"}
