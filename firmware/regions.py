"""Defaults of settings where a place asks for others; a setting that somebody wrote counts everywhere."""

from firmware.delay import UK_S
from firmware.schedule import UK_HOURS

UK = {
    # SI 2021/1467, regulations 10 and 11; the delay after the supply was out of range is the same habit.
    "Schedule": UK_HOURS,
    "TimeZone": "GMT0BST,M3.5.0/1,M10.5.0",
    "StartDelayMax": UK_S,
    "ReturnDelayMax": UK_S,
}
"""Great Britain."""
