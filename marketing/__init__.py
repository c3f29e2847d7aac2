"""How people hear of us: promotions, campaigns, content."""
