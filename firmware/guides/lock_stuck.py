"""Guide to LOCK_STUCK."""

CAUSE = (
    "The socket cannot release the plug, although no power is on it. The lock is jammed, by the weight of "
    "the cable or by ice, or its motor is broken."
)
OWNER = (
    "You may push the plug in, take the weight of the cable off it and wait some seconds: the lock goes "
    "on trying. Unlock the car too, for it holds its own end. Do not use force or tools; if the plug "
    "stays caught, call a technician."
)
TECHNICIAN = "Only a technician may switch the supply off, release the lock by hand, and mend it."
