"""Fills an empty shop: places, goods, people, and a year of orders whose every sum adds up."""
