"""Wires: byte streams, networks that can be cut, and the meter's serial line."""
