"""Replenishment: goods are missed, bought, and put on the shelf."""
