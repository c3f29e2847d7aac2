"""The API for the merchant's own systems: an edge like views, spoken in JSON."""
