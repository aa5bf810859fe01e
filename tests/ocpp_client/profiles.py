"""Charging profiles as a backend sends them."""


def profiled(**changes):
    """A remote start with a charging profile."""
    profile = {
        "chargingProfileId": 1,
        "stackLevel": 0,
        "chargingProfilePurpose": "TxProfile",
        "chargingProfileKind": "Relative",
        "chargingSchedule": {
            "chargingRateUnit": "A",
            "chargingSchedulePeriod": [{"startPeriod": 0, "limit": 10.0}],
        },
    }
    return {"idTag": "A", "chargingProfile": {**profile, **changes}}
