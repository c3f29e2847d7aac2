"""Whatever is sent to the API: no 5xx, and no answer that its description does not know."""

import hypothesis
import pytest
import schemathesis
from django.core.wsgi import get_wsgi_application
from django.utils import timezone
from schemathesis import GenerationMode
from schemathesis.checks import negative_data_rejection

from channels.services import keys
from tests.factories import ProductFactory, in_stock, paid_order
from tests.factories.customers import CustomerFactory

# Bounded, and the same cases every time.
calmly = hypothesis.settings(
    max_examples=6,
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=list(hypothesis.HealthCheck),
)


@pytest.fixture
def known(transactional_db):
    """A shop with a little of everything, and what it is called."""
    order = paid_order(variant=in_stock(1000, sku="MUG-ASH"), quantity=3)
    return {
        "number": order.number,
        "product_id": ProductFactory().pk,
        "customer_id": CustomerFactory().pk,
    }


@pytest.fixture
def token(transactional_db):
    fresh = keys.make(name="Fuzz", scopes=keys.SCOPES, limit=10**9, actor=None, now=timezone.now())
    return fresh.token


@pytest.mark.parametrize("mode", GenerationMode)
def test_answers_as_described(known, token, mode):
    described = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application())
    sent = {"Authorization": f"Bearer {token}", "Accept-Encoding": "identity"}
    asked = 0

    for result in described.get_all_operations():
        cases = result.ok().as_strategy(generation_mode=mode)
        asked += _try(cases, known, sent)

    assert asked >= 14


def _try(cases, known, sent):
    """Send what is thought of; every other case is about something that is there."""
    turn = [0]

    @calmly
    @hypothesis.given(case=cases)
    def check(case):
        turn[0] += 1
        if turn[0] % 2:
            names = case.path_parameters.keys() & known.keys() if case.path_parameters else ()
            case.path_parameters.update({name: known[name] for name in names})
        # A query that says something twice can't be told from a right one.
        case.call_and_validate(headers=sent, excluded_checks=[negative_data_rejection])

    check()
    return bool(turn[0])
