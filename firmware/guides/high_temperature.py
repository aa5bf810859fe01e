"""Guide to HIGH_TEMPERATURE."""

CAUSE = (
    "The charger is hot, from 65 degrees Celsius inside, and has lowered the charging current to stay "
    "safe. Charging goes on. Sun, a warm room, or a loose terminal can be the cause."
)
OWNER = (
    "You need not do anything. You may give the charger shade, clear away what covers it, or set a lower "
    "current. If it gets hot in cool weather too, or if you smell something burnt, stop charging and call "
    "a technician."
)
TECHNICIAN = "Only a technician may open the charger, check its terminals, and tighten them."
