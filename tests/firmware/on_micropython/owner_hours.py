"""What the schedule and the zone that are given allow in each hour of a week. Prints a line each."""

import sys

from firmware.schedule import Schedule
from firmware.timezone import Zone

schedule = Schedule(sys.argv[1])
zone = Zone(sys.argv[2])
for hour in range(168):
    print(schedule.at(1767268800 + hour * 3600, zone))
