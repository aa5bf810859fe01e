"""The tests mirror the rooms: tests/control holds what is promised of control, and so on."""
