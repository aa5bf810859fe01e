"""Drivers of Raspberry Pi's RP2040 and RP2350."""
