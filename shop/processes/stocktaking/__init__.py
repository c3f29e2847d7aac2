"""Stocktaking: what people find on the shelves, and what that does to promises and books."""

from shop.processes.stocktaking.correcting import correct

__all__ = ["correct"]
