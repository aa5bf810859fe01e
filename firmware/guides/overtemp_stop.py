"""Guide to OVERTEMP_STOP."""

CAUSE = "The charger is too hot, 71 degrees Celsius or more inside, and has stopped charging."
OWNER = (
    "Charging goes on by itself when it is below 55 degrees for five minutes. You may give the charger "
    "shade and clear away what covers it; do not cool it with water. If you smell something burnt or see "
    "discolouring, switch its circuit breaker off, keep away, and call a technician."
)
TECHNICIAN = (
    "Only a technician may open the charger, look for loose terminals and worn contacts, and replace what "
    "was too hot."
)
