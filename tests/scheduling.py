"""A pytest plugin (`-p tests.scheduling`): one worker has the running shop, the others the rest.

The tests of tests/running watch the same shelves of one shop; a second shop would cost minutes.
"""

from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

TOGETHER = "tests/running/"


class OneShop(LoadScopeScheduling):
    """Tests of the running shop are one piece of work, handed out first; all others are single."""

    def _split_scope(self, nodeid: str) -> str:
        return TOGETHER if nodeid.startswith(TOGETHER) else nodeid


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> OneShop:
    return OneShop(config, log)
