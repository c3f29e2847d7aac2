"""The demo shop: its pictures, its catalogue and its articles."""
