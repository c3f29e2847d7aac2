"""Carriers: what they want for a parcel, their labels, and what they tell of it."""

from shipping.carriers.adapters import adapter_of
from shipping.carriers.addresses import of_location, of_order
from shipping.carriers.asking import Asked, quote, quotes

__all__ = ["Asked", "adapter_of", "of_location", "of_order", "quote", "quotes"]
