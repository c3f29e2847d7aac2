"""The way back: returns, exchanges, claims and withdrawals, as buyers start and follow them."""
