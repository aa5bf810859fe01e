"""Guide to SYS_1."""

CAUSE = (
    "The charger has failed its own test at the start: it cannot produce the signal by which it talks to "
    "cars. No power comes out."
)
OWNER = (
    "There is nothing to mend on the car's side. The charger restarts by itself, once. You may also "
    "switch it off and on once at its circuit breaker while nothing is charging; what comes back within "
    "an hour stays until a technician has seen it."
)
TECHNICIAN = "Only a technician may open the charger, check its electronics, and clear this error."
