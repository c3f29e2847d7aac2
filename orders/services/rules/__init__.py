"""Rules for orders: what is known of one, what may be asked of it, what may be done to it."""

from orders.services.rules.acts import ACTS, Act
from orders.services.rules.conditions import Condition, holds, in_words
from orders.services.rules.facts import FACTS, Fact
from orders.services.rules.known import Known, gather
from orders.services.rules.reading import BadRule, read_actions, read_conditions

__all__ = [
    "ACTS",
    "FACTS",
    "Act",
    "BadRule",
    "Condition",
    "Fact",
    "Known",
    "gather",
    "holds",
    "in_words",
    "read_actions",
    "read_conditions",
]
