"""Guide to METER_COMM."""

CAUSE = (
    "The energy meter of the charger does not answer. Where somebody pays by the meter charging stops; "
    "elsewhere it goes on with a low, safe current."
)
OWNER = (
    "All is well again by itself as soon as the meter answers; switching the charger off and on brings that "
    "no nearer. If the error stays or comes often, call a technician."
)
TECHNICIAN = (
    "Only a technician may check the meter, its wiring and its address; a sealed meter may be opened only "
    "by those who are allowed to."
)
