"""Guide to RELAY_WELDED."""

CAUSE = (
    "DANGER - risk of electric shock. The charger has told its contactor to open, and it has not: its "
    "contacts are welded, and plug or socket can be live although nothing is charging. The charger cannot "
    "make itself safe any more."
)
OWNER = (
    "Do not touch the plug, the socket or the car's inlet, and keep other people and children away. "
    "Switch the charger's supply off at its circuit breaker or isolator, leave it off, put a note on it, "
    "and only then unplug the car; a socket may hold the plug until the technician has come. Call a "
    "technician at once. Unplugging, restarting or waiting does not clear this, and must not."
)
TECHNICIAN = (
    "Only a technician may switch the supply on again, replace the contactor, find out why it welded, and "
    "clear this error."
)
