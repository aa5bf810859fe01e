"""Raspberry Pi Pico 2 W (RP2350): three phases, 32 A, a socket."""
