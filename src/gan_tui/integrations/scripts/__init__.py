"""A run that a script makes, whatever it trains with: what it says, and what it obeys."""
