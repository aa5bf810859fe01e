"""The *world* around the charger: car, mains, circuit, meter, backend and time itself."""
