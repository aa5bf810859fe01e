"""What people should know about an error: its cause, what the owner may do, and what only a technician may.

Each text is a module of its own in `firmware/guides`, by the error's vendor code, so that it is there on
every runtime and in frozen firmware too. It is in memory only while somebody reads it.
"""

import sys

from control import faults

_PLACE = "firmware.guides"


class Guide:
    """The three parts of one guide, each of whole sentences."""

    def __init__(self, texts):
        self.cause = texts.CAUSE
        self.owner = texts.OWNER
        self.technician = texts.TECHNICIAN

    def paragraph(self):
        """All of it, as one paragraph."""
        return "%s %s %s" % (self.cause, self.owner, self.technician)


def load(vendor_code):
    """The `Guide` to the error with this vendor code (`control.faults.Row.name`), in capitals or not.
    ValueError: there is no such error; the text names all there are."""
    known = sorted({row.name for row in faults.ROWS})
    if vendor_code.upper() not in known:
        raise ValueError("no error is called '%s'; there are: %s" % (vendor_code[:20], ", ".join(known)))
    name = vendor_code.lower()
    module = "%s.%s" % (_PLACE, name)
    texts = __import__(module, None, None, ("CAUSE",))
    _forget(module, name)
    return Guide(texts)


def _forget(module, name):
    """Let the garbage collector have the module, which its package holds too."""
    del sys.modules[module]
    delattr(sys.modules[_PLACE], name)
