"""Processors down to their pins: `machine` and its neighbours, as strict as the ports, in virtual time.

Nothing here is a charger: a board's own drivers run on a `chip.Chip`, and `circuit` joins its pins with the
world.
"""
