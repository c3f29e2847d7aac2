"""Why they come back: points, tiers, rewards."""
