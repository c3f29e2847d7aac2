"""What may happen to a shop while people buy: one entry per row of the crash matrix."""

import time
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass

# The clock's look at payments nobody told of; it comes once a minute by itself.
TICK = "from shop.tasks import reconcile_payments; reconcile_payments.delay()"


@dataclass(frozen=True)
class Disaster:
    """strikes: (victims) -> how many processes died; faults: what the provider does meanwhile."""

    name: str
    strikes: object = None
    faults: object = None

    @contextmanager
    def around(self, provider):
        with provider.faulty(**self.faults) if self.faults else nullcontext():
            yield


def _children(of):
    return lambda victims: victims.kill(of(victims)[1:])


def _all(of):
    return lambda victims: victims.kill(of(victims))


def _one_backend(victims):
    return victims.kill(victims.backends()[:1])


MATRIX = (
    Disaster("a web worker", strikes=_children(lambda victims: victims.web())),
    Disaster("the web server", strikes=lambda victims: victims.kill(victims.web()[:1])),
    Disaster("the worker's children", strikes=_children(lambda victims: victims.worker())),
    Disaster("the worker", strikes=lambda victims: victims.kill(victims.worker()[:1])),
    Disaster("the broker", strikes=_all(lambda victims: victims.broker())),
    Disaster("a database backend", strikes=_one_backend),
    Disaster("the database", strikes=_all(lambda victims: victims.database())),
    Disaster("provider cut after the effect", faults={"fail_after": 0.3}),
    Disaster("provider answers 500", faults={"fail_before": 0.5}),
    Disaster(
        "webhooks doubled, shuffled, dropped", faults={"dup": 0.6, "reorder": 0.6, "drop": 0.3}
    ),
)


def buy_through(disaster, crowd, *, victims, provider, seconds, blows=1):
    """Let the crowd buy for so long while it strikes, evenly; how many processes died."""
    died = 0
    with disaster.around(provider):
        crowd.open()
        for _ in range(blows):
            time.sleep(seconds / (blows + 1))
            died += disaster.strikes(victims) if disaster.strikes else 0
        time.sleep(seconds / (blows + 1))
        crowd.close()
    return died
