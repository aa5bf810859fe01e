"""Guide to TEMP_SENSOR."""

CAUSE = (
    "The charger does not know how hot it is, because its temperature sensor does not answer or answers "
    "nonsense. As it could be too hot without noticing, it does not charge."
)
OWNER = (
    "Charging goes on by itself when the sensor has answered for five minutes and says that it is below 55 "
    "degrees; switching the charger off and on brings that no nearer. If the error stays, call a technician."
)
TECHNICIAN = "Only a technician may open the charger and check or replace the sensor and its wiring."
