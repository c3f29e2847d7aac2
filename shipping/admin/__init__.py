"""Staff pages of delivery: one module per noun."""

from shipping.admin import carriers, hand_offs, labels, parcels, places, rating, runs, waves

__all__ = ["carriers", "hand_offs", "labels", "parcels", "places", "rating", "runs", "waves"]
