"""A single-board computer with Linux, a Raspberry Pi 4: three phases, 16 A, a socket."""
