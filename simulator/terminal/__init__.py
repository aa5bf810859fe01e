"""What a person sees of a simulated charger, and types."""
