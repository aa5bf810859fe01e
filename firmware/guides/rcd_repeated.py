"""Guide to RCD_REPEATED."""

CAUSE = (
    "Current has leaked to earth three times within a day. That is no accident any more: cable, "
    "installation, charger or car has a defect. Charging is locked."
)
OWNER = (
    "You may unplug the car, touching the plug by its handle only, and note which cars and what weather "
    "it happened with. Do not charge here until a technician has found the cause; switching the charger "
    "off and on does not clear this."
)
TECHNICIAN = "Only a technician may measure the insulation, find the cause, and clear this error."
