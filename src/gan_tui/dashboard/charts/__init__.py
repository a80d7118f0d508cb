"""A run's numbers as charts: what a person chose to see of them, and the curves that this makes. No widgets."""
