"""Wait until a shop that was hurt has nothing left to do, as time would pass."""

import time

from tests.running.crash.promises import BUYERS, OWED

# The next try of a message comes after 12, 24, 48 … seconds; the test does not wait for it.
SOONER = """
update outbox_message set due_at = now() where done_at is null and tries > 0 and topic like any(%s)
"""
# The clock asks about payments that are two minutes old.
OLDER = """
update payments_payment set created_at = created_at - interval '3 minutes', checked_at = null
where is_open and provider = 'card'
"""
UNDONE = """
select topic, key, tries, last_error from outbox_message
where done_at is null and due_at < now() + interval '15 minutes' and topic like any(%s) limit 5
"""
UNTOLD = """
select o.number from payments_payment p join orders_order o on o.id = p.order_id
where o.email like %s and p.provider = 'card' and p.provider_ref = any(%s)
  and p.charged + p.authorized + p.refunded = 0
"""
EVERY = 3.0


class Calm:
    def __init__(self, house, provider):
        self.house, self.provider = house, provider

    def age_payments(self):
        self.house.change(OLDER)

    def wait(self, *, seconds=90):
        """Until nothing is owed and every paid page is known as paid; how long it took."""
        began = nudged = time.monotonic()
        while restless := self._restless():
            assert time.monotonic() < began + seconds, restless
            if time.monotonic() > nudged + EVERY:
                self.house.change(SOONER, OWED)
                nudged = time.monotonic()
            time.sleep(0.4)
        return time.monotonic() - began

    def _restless(self):
        ledger = self.provider.ledger()
        paid = [one["id"] for one in ledger["sessions"] if one["status"] == "complete"]
        # What is owed comes with the news of a payment, so it is looked at after that.
        return (
            ledger["waiting_deliveries"]
            or self.house.rows(UNTOLD, BUYERS, paid)
            or self.house.rows(UNDONE, OWED)
        )
