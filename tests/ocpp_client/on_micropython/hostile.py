"""Hostile frames at a client, from FILE, each behind its length in four bytes; three times over.

Prints what came back to each frame the first time, then the live heap in bytes after the second and the third
time (0 where nobody knows it), and whether the charger is as it was.
"""

import gc
import sys

from tests.ocpp_client.target import Target, canonical

CHUNK_BYTES = 512  # as a charger reads them


def live():
    gc.collect()
    return gc.mem_alloc() if hasattr(gc, "mem_alloc") else 0


def volley(target, path, tell):
    with open(path, "rb") as file:
        head = file.read(4)
        while head:
            replies = target.shoot(pieces(file, int.from_bytes(head, "big")))
            if target.client.wants_close:
                # There was no memory for it.
                tell("closed")
                target.disconnect()
                target.connect()
            else:
                tell(" ".join([canonical(reply) for reply in replies]))
            head = file.read(4)


def pieces(file, length):
    """The next bytes of `file`."""
    while length:
        data = file.read(min(length, CHUNK_BYTES))
        length -= len(data)
        yield data


target = Target()
levels = []
for tell in (print, lambda words: None, lambda words: None):
    volley(target, sys.argv[1], tell)
    levels.append(live())
print(levels[1], levels[2])
print(target.client.accepted, target.charger.running)
