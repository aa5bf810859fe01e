"""What the zones that are named say of three moments, beyond 31 bits and beyond 32. Prints a line each."""

import sys

from firmware.timezone import Zone

for text in sys.argv[1:]:
    zone = Zone(text)
    for unix_s in (1767268800, 1782864000, 4070908800):
        print(zone.offset_s(unix_s), zone.local(unix_s), zone.next_change_s(unix_s))
