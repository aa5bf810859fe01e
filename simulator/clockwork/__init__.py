"""Time: one event loop on simulated time, and how it passes."""
