"""The board of the simulator: three phases, 32 A, a tethered cable."""
