"""Draws every picture of the demo shop from distance fields; see `render`."""
