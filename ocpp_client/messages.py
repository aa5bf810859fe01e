"""What arrives, field by field: the requests of the profiles that are spoken, and the answers to our own
(OCPP 1.6, 6)."""

from ocpp_client.schema import Field

# 64 bits hold every id a server has; more would be an attack on the arithmetic of a board.
_ID = (-(2**63), 2**63 - 1)

_PROFILE = (
    Field("chargingProfileId", "integer"),
    Field("transactionId", "integer", None, False),
    Field("stackLevel", "integer"),
    Field("chargingProfilePurpose", "choice", ("ChargePointMaxProfile", "TxDefaultProfile", "TxProfile")),
    Field("chargingProfileKind", "choice", ("Absolute", "Recurring", "Relative")),
    Field("recurrencyKind", "choice", ("Daily", "Weekly"), False),
    Field("validFrom", "text", 40, False),
    Field("validTo", "text", 40, False),
    Field(
        "chargingSchedule",
        "object",
        (
            Field("duration", "integer", None, False),
            Field("startSchedule", "text", 40, False),
            Field("chargingRateUnit", "choice", ("A", "W")),
            Field(
                "chargingSchedulePeriod",
                "items",
                (
                    "object",
                    (
                        Field("startPeriod", "integer"),
                        Field("limit", "number"),
                        Field("numberPhases", "integer", None, False),
                    ),
                    96,  # a day of quarter hours
                ),
            ),
            Field("minChargingRate", "number", None, False),
        ),
    ),
)

MAX_KEYS = 50
"""Most keys of one GetConfiguration, as the key GetConfigurationMaxKeys tells."""

REQUESTS = {
    "ChangeConfiguration": (Field("key", "text", 50), Field("value", "text", 500)),
    "GetConfiguration": (Field("key", "items", ("text", 50, MAX_KEYS), False),),
    "RemoteStartTransaction": (
        Field("connectorId", "integer", None, False),
        Field("idTag", "printable", 20),
        Field("chargingProfile", "object", _PROFILE, False),
    ),
    "RemoteStopTransaction": (Field("transactionId", "integer", _ID),),
    "Reset": (Field("type", "choice", ("Hard", "Soft")),),
}
"""Requests of a backend, by action."""

AUTHORISATION_STATUSES = ("Accepted", "Blocked", "Expired", "Invalid", "ConcurrentTx")

_TAG_INFO = (
    Field("status", "choice", AUTHORISATION_STATUSES),
    Field("parentIdTag", "text", 20, False),
    Field("expiryDate", "text", 40, False),
)

ANSWERS = {
    "Authorize": (Field("idTagInfo", "object", _TAG_INFO),),
    # The schema once said 'number' where the specification says 'integer' (OCPP-J errata 2.4): both are
    # taken.
    "BootNotification": (
        Field("status", "choice", ("Accepted", "Pending", "Rejected")),
        Field("currentTime", "text", 40),
        Field("interval", "number"),
    ),
    "Heartbeat": (Field("currentTime", "text", 40),),
    "MeterValues": (),
    "StartTransaction": (Field("idTagInfo", "object", _TAG_INFO), Field("transactionId", "integer", _ID)),
    "StatusNotification": (),
    # What a server thinks of the tag of a finished transaction does not make its answer a failure.
    "StopTransaction": (),
}
"""Answers of a backend, by the action they answer. Held loosely: fields that nobody knows pass."""

KNOWN_ACTIONS = (
    "CancelReservation",
    "CertificateSigned",
    "ChangeAvailability",
    "ClearCache",
    "ClearChargingProfile",
    "DataTransfer",
    "DeleteCertificate",
    "ExtendedTriggerMessage",
    "GetCompositeSchedule",
    "GetDiagnostics",
    "GetInstalledCertificateIds",
    "GetLocalListVersion",
    "GetLog",
    "InstallCertificate",
    "ReserveNow",
    "SendLocalList",
    "SetChargingProfile",
    "SignedUpdateFirmware",
    "TriggerMessage",
    "UnlockConnector",
    "UpdateFirmware",
)
"""Requests that OCPP 1.6 knows beyond those: without a handler they are NotSupported, others
NotImplemented."""
