"""One person at one address: what the shop answers, in one word."""

from copy import deepcopy

from django.db import transaction
from django.test import Client

from tests.walk.addresses import Address
from tests.walk.world import Told, first_of

GOES_ON = 400
COMES_IN, LOGIN = "+", "L"
# A page that says it can't do it now, and one that wants a key or another verb.
BUSY, NO_KEY, OTHER_VERB = 503, 401, 405
LETTERS = {403: "3", 404: "4", NO_KEY: "1", OTHER_VERB: "5"}


def answer(browser: Client, address: Address, told: Told) -> str:
    """One letter (see LETTERS); what the visit changed is taken back, in the browser, too."""
    path = address.path({**of_staff_site(address), **told.get(address.name, {})})
    cookies, place = deepcopy(browser.cookies), transaction.savepoint()
    try:
        response = browser.get(path)
        if response.status_code == 405:
            response = browser.post(path)
        if response.streaming:
            response.getvalue()
        return _word(response)
    finally:
        transaction.savepoint_rollback(place)
        # Let go as well: thousands inside each other are slow.
        transaction.savepoint_commit(place)
        browser.cookies = cookies


def of_staff_site(address: Address) -> dict[str, object]:
    """Of which row, where the page is about one of a model."""
    parts = address.pattern.split("/")
    if parts[0] != "admin" or len(parts) < 4:
        return {}
    pk = first_of(parts[1], parts[2])
    return {"pk": pk, "object_id": pk, "id": pk}


def _word(response) -> str:
    status = response.status_code
    if status in (301, 302, 303):
        return LOGIN if "/login/" in response.url else COMES_IN
    if status in (400, 410, 422, 429, BUSY) or status < GOES_ON:
        return COMES_IN
    return LETTERS.get(status, f"({status})")
