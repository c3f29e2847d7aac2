"""Stop a call at an exact point, so that a test can act while its caller waits for the answer."""

import re
import secrets
import threading
from dataclasses import dataclass, field

BEFORE, AFTER = "before", "after"
LETS_GO_AFTER_S = 300.0


@dataclass
class Hold:
    """`call` is a method and a path in which * stands for one id; `left` calls are still caught."""

    id: str
    call: str
    where: str
    left: int
    waiting: int = 0
    passed: int = 0
    drops: bool = False
    open: threading.Event = field(default_factory=threading.Event)

    def catches(self, call: str, where: str) -> bool:
        pattern = re.escape(self.call).replace(r"\*", r"\w+")
        is_here = where == self.where and self.left > 0 and not self.open.is_set()
        return is_here and re.fullmatch(pattern, call) is not None


class Holds:
    """Call `stop` without any lock held: it may take as long as a test does."""

    def __init__(self) -> None:
        self._holds: dict[str, Hold] = {}
        self._lock = threading.Lock()

    def add(self, call: str, *, where: str = BEFORE, count: int = 1) -> Hold:
        hold = Hold(id=f"hold_{secrets.token_hex(6)}", call=call, where=where, left=count)
        with self._lock:
            self._holds[hold.id] = hold
        return hold

    def stop(self, call: str, where: str) -> bool:
        """Wait while a hold catches this call. Return True when the call is to be dropped."""
        with self._lock:
            hold = next((one for one in self._holds.values() if one.catches(call, where)), None)
            if hold is None:
                return False
            hold.left -= 1
            hold.waiting += 1
        hold.open.wait(LETS_GO_AFTER_S)
        with self._lock:
            hold.waiting -= 1
            hold.passed += 1
        return hold.drops

    def release(self, identifier: str, *, drop: bool = False) -> bool:
        """Let its calls go on, or end without effect. Return False for an unknown hold."""
        with self._lock:
            hold = self._holds.get(identifier)
        if hold is None:
            return False
        hold.drops = drop
        hold.open.set()
        return True

    def release_all(self) -> None:
        with self._lock:
            holds, self._holds = list(self._holds.values()), {}
        for hold in holds:
            hold.open.set()

    def shown(self) -> list[dict[str, object]]:
        with self._lock:
            return [
                {
                    "id": hold.id,
                    "call": hold.call,
                    "where": hold.where,
                    "waiting": hold.waiting,
                    "passed": hold.passed,
                }
                for hold in self._holds.values()
            ]
