"""How many units of a variant one order may hold."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from catalog.models import Variant

# No line of any basket holds more.
MOST = 999


@dataclass(frozen=True, slots=True)
class Quantities:
    """Multiples of `step` from `least` to `most`. Nothing can be ordered when least > most."""

    least: int
    step: int
    most: int

    @classmethod
    def of(cls, variant: Variant) -> "Quantities":
        return cls.within(variant.min_quantity, variant.quantity_step, variant.max_quantity)

    @classmethod
    def within(cls, least: int, step: int, most: int) -> "Quantities":
        """Narrowed to what can really be asked for: from 4 to 20 in sixes is 6, 12 or 18."""
        return cls(-(-least // step) * step, step, min(most, MOST) // step * step)

    def fitting(self, asked: int) -> int:
        """The nearest quantity that is allowed: rounded up, but never above the most."""
        rounded = -(-max(asked, self.least) // self.step) * self.step
        return min(rounded, self.most)

    def allows(self, quantity: int) -> bool:
        return self.least <= quantity <= self.most and quantity % self.step == 0

    @property
    def is_possible(self) -> bool:
        return self.least <= self.most

    def rule_for(self, asked: int) -> str:
        """Why a quantity is not allowed, in words; empty when it is."""
        if self.allows(asked):
            return ""
        if asked > self.most:
            return _("You can order %(count)s of these at a time.") % {"count": self.most}
        if asked % self.step and asked > self.least - self.step:
            return _("This is sold in steps of %(step)s.") % {"step": self.step}
        return _("You can order %(count)s of these or more.") % {"count": self.least}

    @property
    def hint(self) -> str:
        """What a shopper should know before typing a number; empty when any will do."""
        if self.step > 1:
            return self.rule_for(self.least + 1) if self.least + 1 <= self.most else ""
        return self.rule_for(self.least - 1) if self.least > 1 else ""
