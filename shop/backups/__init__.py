"""Copies of the shop that outlive its machine: database and media, sealed for a key kept elsewhere."""
