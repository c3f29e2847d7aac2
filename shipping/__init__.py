"""How it travels: zones, methods, rates, fulfilments and their parcels."""
