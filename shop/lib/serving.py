"""How a web process ends: its door closes at once, and whoever is inside is served."""

from select import select

from gunicorn.workers.gthread import ThreadWorker  # type: ignore[import-untyped]

# Who can stand at the door at most when it closes; under load somebody always comes.
AT_THE_DOOR = 64


class Worker(ThreadWorker):  # type: ignore[misc]
    """Told to stop, takes in who stands at the door, and closes it.

    gunicorn's own leaves its socket open, unanswered, until the last request is done: what came
    meanwhile waits, and is cut off in the end. At a closed door a proxy turns to another process at
    once, with forms as well, because nothing of them was sent.
    """

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
