"""Messages owed to the world: written with the facts, sent by a worker, once.

`post()` inside the transaction that makes the promise; the relay hands due rows to Celery; the
task claims its row again before it acts. The database is the truth, the broker only a doorbell.
"""
