import pytest

from shop.standin.server import Options, Standin
from tests.standin.conftest import client_of, session_params
from tests.standin.receiver import SECRET

KEY = {"idempotency_key": "order-10482-v1"}


@pytest.fixture
def start(tmp_path):
    """Start a stand-in on the same journal, once or again."""
    running = []

    def start(webhook=""):
        for standin in running:
            standin.stop()
        running.clear()
        state = tmp_path / "standin.jsonl"
        standin = Standin(Options(port=0, webhook=webhook, secret=SECRET, state=state))
        standin.start()
        running.append(standin)
        return standin

    yield start
    for standin in running:
        standin.stop()


def open_session(standin):
    (client,) = client_of(standin)
    return client.v1.checkout.sessions.create(session_params(), KEY)


def test_an_open_session_outlives_a_restart(start, http_client):
    session = open_session(start())

    standin = start()

    answer = http_client.post(f"{standin.url}/pay/{session.id}", data={"pm": "pm_card_visa"})
    assert answer.status_code == 303
    assert len(standin.desk.store.charges) == 1


def test_a_call_repeated_after_a_restart_gets_its_first_answer(start):
    first = open_session(start())

    second = open_session(start())

    assert second.id == first.id


def test_a_webhook_the_shop_missed_is_sent_after_a_restart(
    start, receiver, eventually, http_client
):
    standin = start(webhook="http://127.0.0.1:9/")
    session = open_session(standin)
    http_client.post(f"{standin.url}/pay/{session.id}", data={"pm": "pm_card_visa"})

    start(webhook=receiver.url)

    eventually(lambda: receiver.of_type("checkout.session.completed"))


def test_a_line_cut_short_by_a_kill_loses_only_itself(start, tmp_path):
    session = open_session(start())
    journal = tmp_path / "standin.jsonl"
    with journal.open("a") as file:
        file.write('["sessions","cs_test_half",{"id":"cs_te')

    standin = start()

    assert list(standin.desk.store.sessions) == [session.id]


def test_the_journal_is_for_its_owner_only(start, tmp_path):
    start()

    assert (tmp_path / "standin.jsonl").stat().st_mode & 0o077 == 0
