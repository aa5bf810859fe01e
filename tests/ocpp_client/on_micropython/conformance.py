"""Dialogues of the conformance suite, one after the other, in virtual time.

conformance.py CONNECTORS MODULE:NAME...

Prints the name of each that went as it should.
"""

import sys

from tests.ocpp_client.conformance.memory import play
from tests.ocpp_client.conformance.virtual import Loop

for name in sys.argv[2:]:
    module, _, function = name.partition(":")
    __import__(module)
    loop = Loop()
    loop.run(play(getattr(sys.modules[module], function), loop.now_ms, int(sys.argv[1])))
    print(name)
