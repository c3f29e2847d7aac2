"""What the provider charges for its work, and when money is free to go to the bank."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass

from shop.standin.errors import invalid, unknown

WHOLE_BPS = 10_000


@dataclass
class Terms:
    """Fees in hundredths of a per cent and in the minor unit, times in seconds."""

    fee_bps: int = 150
    fee_fixed: int = 20
    dispute_fee: int = 2000
    available_after_s: int = 2 * 86_400

    def fee(self, amount: int) -> int:
        """Return the fee on an amount taken, rounded half up."""
        return (amount * self.fee_bps + WHOLE_BPS // 2) // WHOLE_BPS + self.fee_fixed

    def set(self, changes: Mapping[str, object]) -> None:
        names = {field.name for field in dataclasses.fields(self)}
        for name, value in changes.items():
            if name not in names:
                raise unknown(name)
            if isinstance(value, bool) or not isinstance(value, int) or value < 0:
                raise invalid(name, f"{name} must be a whole number from 0 up")
        for name, value in changes.items():
            setattr(self, name, value)
