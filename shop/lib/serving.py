"""How a web process works beside others, and how it ends."""

import os
from select import select

from gunicorn.workers.gthread import ThreadWorker  # type: ignore[import-untyped]

from shop.lib.turns import take_a_share, take_short_turns

# Who can stand at the door at most when it closes; under load somebody always comes.
AT_THE_DOOR = 64


class Worker(ThreadWorker):  # type: ignore[misc]
    """Comes in between where others work long, unless it serves tills (TILLS in the environment).

    Told to stop, takes in who stands at the door, and closes it.

    gunicorn's own leaves its socket open, unanswered, until the last request is done: what came
    meanwhile waits, and is cut off in the end. At a closed door a proxy turns to another process at
    once, with forms as well, because nothing of them was sent.
    """

    def init_process(self) -> None:
        if not os.environ.get("TILLS"):
            take_a_share(self.ppid)
            take_short_turns()
        super().init_process()

    def set_accept_enabled(self, enabled: bool) -> None:  # noqa: FBT001 - gunicorn's own signature
        super().set_accept_enabled(enabled)
        if self.alive:
            return
        for door in self.sockets:
            for _guest in range(AT_THE_DOOR):
                if not select([door], [], [], 0)[0]:
                    break
                self.accept(door)
            door.close()
