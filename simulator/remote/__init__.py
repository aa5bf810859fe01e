"""What can be done to a simulated charger from outside, and asked of it."""
