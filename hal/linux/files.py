"""The kernel's files: where they are, and how a number gets in and out."""

import os
import time

ROOT = ""
"""Where they are looked for: a test's folder, else nothing."""
PATIENCE_S = 1
"""A file that was asked for in sysfs is there at once, and writable as soon as udev has seen to it."""
NANO = 1000000000


def path(name):
    """Where the file `name`, with a slash in front, is."""
    return ROOT + name


def read(name):
    """The text of a file."""
    with open(ROOT + name) as file:
        return file.read().strip()


def write(name, value):
    """Write a file as a whole."""
    with open(ROOT + name, "w") as file:
        file.write(str(value))


def wait_for(name):
    """Until the file may be written. OSError: it never may."""
    for _ in range(PATIENCE_S * 100):
        if os.access(ROOT + name, os.W_OK):
            return
        time.sleep(0.01)
    raise OSError("%s cannot be written: let this user do so, and see that the device is enabled" % name)


def decimal(text):
    """A decimal number as an integer of billionths."""
    whole, _, fraction = text.strip("-").partition(".")
    number = int(whole) * NANO + int((fraction + "000000000")[:9])
    return -number if text.startswith("-") else number
