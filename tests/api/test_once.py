"""Writes that are sent twice."""

import threading

import pytest
from django.db import connection
from django.test import Client

from channels.models import ApiCall
from shop.processes import stocktaking
from tests.api.conftest import Caller
from tests.factories import in_stock, stock_of

ONE_MORE = {"sku": "MUG-ASH", "change": 1}


@pytest.mark.django_db
def test_gives_the_same_answer_again_and_changes_nothing(calling):
    variant, caller = in_stock(10, sku="MUG-ASH"), calling()

    first = caller.post("/stock/changes", ONE_MORE, key="delivery-1")
    again = caller.post("/stock/changes", ONE_MORE, key="delivery-1")

    assert first.json() == again.json()
    assert (first.status_code, again.status_code) == (201, 201)
    assert not first.has_header("Idempotent-Replayed")
    assert again["Idempotent-Replayed"] == "true"
    assert stock_of(variant) == (11, 0)


@pytest.mark.django_db
def test_does_it_again_for_another_key(calling):
    variant, caller = in_stock(10, sku="MUG-ASH"), calling()

    for key in ("delivery-1", "delivery-2"):
        caller.post("/stock/changes", ONE_MORE, key=key)

    assert stock_of(variant) == (12, 0)


@pytest.mark.django_db
def test_refuses_a_key_that_comes_back_with_something_else(calling):
    variant, caller = in_stock(10, sku="MUG-ASH"), calling()
    caller.post("/stock/changes", ONE_MORE, key="delivery-1")

    answer = caller.post("/stock/changes", {**ONE_MORE, "change": 2}, key="delivery-1")

    assert answer.status_code == 409
    assert answer.json()["type"] == "/api/#key-reused"
    assert stock_of(variant) == (11, 0)


@pytest.mark.django_db
def test_one_callers_keys_are_nothing_to_another(calling):
    variant = in_stock(10, sku="MUG-ASH")

    for _number in range(2):
        calling().post("/stock/changes", ONE_MORE, key="delivery-1")

    assert stock_of(variant) == (12, 0)


@pytest.mark.django_db
def test_a_refusal_is_not_kept_so_it_can_be_tried_again(calling):
    variant, caller = in_stock(0, sku="MUG-ASH"), calling()
    less = {**ONE_MORE, "change": -1}
    refused = caller.post("/stock/changes", less, key="sale-1")
    in_stock(1, variant=variant)

    answer = caller.post("/stock/changes", less, key="sale-1")

    assert (refused.status_code, answer.status_code) == (409, 201)


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["", "two words", "x" * 256, "é"])
def test_takes_no_write_without_a_proper_key(calling, key):
    variant = in_stock(10, sku="MUG-ASH")

    answer = calling().send("POST", "/stock/changes", ONE_MORE, key=key)

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["where"] == "header.Idempotency-Key"
    assert stock_of(variant) == (10, 0)


@pytest.mark.django_db(transaction=True)
def test_two_at_the_same_moment_are_done_once(calling):
    variant, caller = in_stock(10, sku="MUG-ASH"), calling()
    start, answers = threading.Barrier(4), []

    def send():
        mine = Caller(Client(), caller.token)
        start.wait()
        answers.append(mine.post("/stock/changes", ONE_MORE, key="delivery-1"))
        connection.close()

    threads = [threading.Thread(target=send) for _number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [answer.status_code for answer in answers] == [201] * 4
    assert len({str(sorted(answer.json().items())) for answer in answers}) == 1
    assert stock_of(variant) == (11, 0)


class Killed(BaseException):
    """What a process feels when it is killed."""


@pytest.mark.django_db(transaction=True)
def test_a_crash_halfway_leaves_nothing_and_the_next_try_does_it(calling, monkeypatch):
    variant, caller = in_stock(10, sku="MUG-ASH"), calling()

    def die(**_options):
        whole(**_options)
        raise Killed

    whole = stocktaking.correct
    with monkeypatch.context() as patch:
        patch.setattr(stocktaking, "correct", die)
        with pytest.raises(Killed):
            caller.post("/stock/changes", ONE_MORE, key="delivery-1")
    between = (stock_of(variant), ApiCall.objects.count())
    answer = caller.post("/stock/changes", ONE_MORE, key="delivery-1")

    assert between == ((10, 0), 0)
    assert answer.status_code == 201
    assert stock_of(variant) == (11, 0)
