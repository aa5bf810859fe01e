"""Scenarios: what happens when, and what must be so."""
