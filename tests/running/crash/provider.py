"""The running shop's payment provider, from its customers' side and from the tests'."""

import time
from contextlib import contextmanager

import httpx


class Provider:
    def __init__(self, house):
        self.url = f"http://127.0.0.1:{house.port + 1}"
        self.web = httpx.Client(base_url=self.url, timeout=30)

    def close(self):
        self.web.close()

    def post(self, path, **given):
        answer = self.web.post(f"/_kit/{path}", json=given)
        answer.raise_for_status()
        return answer.json()

    def ledger(self):
        return self.web.get("/_kit/ledger").json()

    def pay(self, session, *, card="pm_card_visa"):
        """Pay on the hosted page; the address it leads back to."""
        answer = self.web.post(f"/pay/{session}", data={"pm": card})
        assert answer.status_code == 303, answer.text
        return answer.headers["Location"]

    @contextmanager
    def faulty(self, **faults):
        self.post("config", **faults)
        try:
            yield
        finally:
            self.post("config", **dict.fromkeys(faults, 0))

    def hold(self, call, where, *, count=1):
        return self.post("hold", call=call, where=where, count=count)["id"]

    def wait_for(self, hold, *, seconds=60):
        """Wait until a call stands at the hold."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            holds = self.web.get("/_kit/holds").json()["holds"]
            if next(one["waiting"] for one in holds if one["id"] == hold):
                return
            time.sleep(0.05)
        raise AssertionError(f"nobody came to {hold}: {holds}")

    def release(self, hold, *, drop=False):
        self.post(f"holds/{hold}/release", drop=drop)

    def release_all(self):
        self.post("release")
