"""Raspberry Pi Pico W (RP2040): the wiring of the Pico 2 W, without TLS and page."""
