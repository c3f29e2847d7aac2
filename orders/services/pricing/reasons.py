"""Why a deal does or does not apply, in words that are made only when somebody reads them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from orders.services.pricing import staff_words, words


class Code(StrEnum):
    """What can be said of a deal. The words are in `words` and `staff_words`."""

    APPLIED = "applied"
    LOST = "lost"  # another deal of its lane takes more off the same lines
    EXCLUDED = "excluded"  # it or the better one is exclusive: they don't combine
    NOTHING_LEFT = "nothing_left"
    NOTHING_IN_SCOPE = "nothing_in_scope"
    NO_DELIVERY = "no_delivery"
    UNKNOWN = "unknown"
    NOT_YET = "not_yet"
    OVER = "over"
    USED_UP = "used_up"
    USED_BY_YOU = "used_by_you"
    NOT_YOURS = "not_yours"
    SOLD_OUT = "sold_out"  # the gift
    DAMAGED = "damaged"  # what staff entered can't be read
    OTHER_CURRENCY = "other_currency"
    NOT_FIRST_ORDER = "not_first_order"
    NOT_NTH_ORDER = "not_nth_order"
    ORDERED_LATELY = "ordered_lately"
    TOO_LITTLE = "too_little"
    TOO_MUCH = "too_much"
    TOO_FEW = "too_few"
    TOO_MANY = "too_many"
    NOT_IN_GROUP = "not_in_group"
    NOT_IN_SEGMENT = "not_in_segment"
    NOT_IN_MARKET = "not_in_market"
    NOT_TO_COUNTRY = "not_to_country"
    NOT_BY_CHANNEL = "not_by_channel"
    NOT_BY_METHOD = "not_by_method"
    NOT_AT_THIS_HOUR = "not_at_this_hour"


@dataclass(frozen=True, slots=True)
class Reason:
    """A code and the figures or names that go into its sentence; amounts as Money."""

    code: Code
    params: Mapping[str, object] = field(default_factory=dict)

    @property
    def words(self) -> str:
        """The sentence for the shopper."""
        return words.say(self.code, self.params)

    @property
    def staff_words(self) -> str:
        """The sentence for staff: names of promotions, and by how much."""
        return staff_words.say(self.code, self.params)
