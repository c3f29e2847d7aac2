"""Where else we sell: feeds, marketplaces, the API."""
