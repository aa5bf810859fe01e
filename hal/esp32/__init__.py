"""Drivers of Espressif's ESP32 family."""
