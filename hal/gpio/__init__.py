"""Drivers over `machine` alone: every chip and Linux."""
