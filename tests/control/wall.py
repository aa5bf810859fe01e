"""A real-time clock, as whatever runs here might read it. Nothing in control may."""

clock_s = 1700000000
