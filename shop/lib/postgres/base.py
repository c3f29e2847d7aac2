"""Django's PostgreSQL, but for how it finds out whether a kept connection still lives.

Django asks `SELECT 1` before the first query of every request. A connection that the server, a
pooler or a cut line has ended has its end to read; while there is nothing to read, it need not be
asked.
"""

import select

import psycopg
from django.db.backends.postgresql import base


class DatabaseWrapper(base.DatabaseWrapper):
    health_check_done: bool

    def close_if_health_check_failed(self) -> None:
        if self.connection is not None and not self.health_check_done and not self._has_news():
            self.health_check_done = True
        super().close_if_health_check_failed()

    def _has_news(self) -> bool:
        """Whether anything came over the line that nobody asked for: its end, mostly."""
        line = select.poll()
        try:
            line.register(self.connection.fileno(), select.POLLIN)
        except psycopg.Error:  # closed on this side
            return True
        return bool(line.poll(0))
