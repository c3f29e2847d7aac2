"""How the shop is wired to its databases: the primary, a pooler between, a replica beside."""

from collections.abc import Mapping
from typing import Any

PRIMARY, REPLICA = "default", "replica"
Wiring = dict[str, Any]
# Nothing may hold a connection, a lock or an open transaction for long; a statement that is kept
# (shop.lib.prepared) is planned once, not for each value anew.
LIMITS = (
    "-c statement_timeout=15000 -c lock_timeout=5000 -c idle_in_transaction_session_timeout=30000"
    " -c plan_cache_mode=force_generic_plan"
)
# A replica nobody hears from is left alone after this: the primary answers instead.
SOON = {"connect_timeout": 2, "tcp_user_timeout": 3000}


def wired(
    primary: Mapping[str, Any], *, is_pooled: bool = False, replica: Mapping[str, Any] | None = None
) -> dict[str, Wiring]:
    """Django's DATABASES. is_pooled: a PgBouncer in transaction mode stands before the primary.

    Behind it a session has no settings of its own (docs/deploy/pgbouncer.ini makes them) and no
    cursor outlives its transaction.
    """
    # What a session has planned ahead is gone with its transaction there, too.
    own = {"prepare_threshold": None} if is_pooled else {"prepare_threshold": 2, "options": LIMITS}
    found = {PRIMARY: _kept(primary, own)}
    found[PRIMARY]["DISABLE_SERVER_SIDE_CURSORS"] = is_pooled
    if replica:
        found[REPLICA] = _kept(replica, {"options": LIMITS, **SOON})
        found[REPLICA]["TEST"] = {"MIRROR": PRIMARY}
    return found


def _kept(address: Mapping[str, Any], options: Mapping[str, Any]) -> Wiring:
    """One connection per thread, kept and asked whether it lives (decision 0028)."""
    return {
        **address,
        "ENGINE": "shop.lib.postgres",
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {**address.get("OPTIONS", {}), **options},
    }
