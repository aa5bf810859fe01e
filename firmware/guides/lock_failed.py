"""Guide to LOCK_FAILED."""

CAUSE = (
    "The socket could not lock the plug, and without the lock a plug could be pulled while current flows. "
    "Charging does not begin."
)
OWNER = (
    "The charger tries again by itself, up to three times, each time once the signal has been good for "
    "half a minute. You may take the plug out, remove dirt or ice from it, and push it in straight until "
    "it stops, holding its weight while it locks. Do not use force, and no tools inside the socket."
)
TECHNICIAN = "Only a technician may open the charger and check or replace the lock, its motor and its switch."
