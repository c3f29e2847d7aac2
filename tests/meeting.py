"""Two transactions that meet at a row, one after the other and in the order that a test asks for."""

import time
from concurrent.futures import ThreadPoolExecutor

from django.db import connection, transaction

# Not pg_stat_activity, which stays as it was when a transaction first looked.
WAITS = "select count(*) from pg_locks where pg_backend_pid() = any(pg_blocking_pids(pid))"


def while_held(first, second, *, within=20):
    """Begin `second` in a thread while `first` is written, but not yet committed.

    What `second` returned once it no longer had to wait; a test fails where it never waited.
    """

    def run():
        try:
            return second()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            first()
            waiting = pool.submit(run)
            until = time.monotonic() + within
            while not _waits():
                assert time.monotonic() < until, "nothing waits"
                assert not waiting.done(), f"it did not wait: {waiting.result()}"
                time.sleep(0.01)
        return waiting.result(within)


def _waits():
    with connection.cursor() as cursor:
        cursor.execute(WAITS)
        return cursor.fetchone()[0] > 0
