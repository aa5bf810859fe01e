"""The way out by Wi-Fi, on boards."""
