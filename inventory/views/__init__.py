"""Screens of the stock room: for a thumb and a scanner."""
