"""What a board *is*: data only. A new board is one folder here, and no code anywhere asks for a board by
name."""

import os


class UnknownBoard(Exception):
    """No folder in boards/ has this name."""


def names():
    """The names of all boards that this copy of the firmware carries, sorted."""
    here = __file__.rsplit("/", 1)[0] if "/" in __file__ else "."
    found = []
    for name in os.listdir(here):
        try:
            files = os.listdir(here + "/" + name)
        except OSError:
            continue
        if "definition.py" in files or "definition.mpy" in files:
            found.append(name)
    return sorted(found)


def load(name):
    """The `Board` in the folder `name`; raises `UnknownBoard` with the known names when there is none."""
    try:
        __import__("boards." + name + ".definition")
    except (ImportError, ValueError):
        known = ", ".join(names())
        raise UnknownBoard("no board is called '%s'; choose one of: %s" % (name, known)) from None
    import sys

    return sys.modules["boards." + name + ".definition"].BOARD
