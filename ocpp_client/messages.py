"""What arrives, field by field: the requests of the profiles that are spoken, and the answers to our own
(OCPP 1.6, 6).

A message is a line of fields, as `schema` reads them; so written they take a third of the heap that tables of
objects would.
"""

OBJECTS = {
    "Profile": "chargingProfileId:integer transactionId?:integer stackLevel:integer "
    "chargingProfilePurpose:choice:ChargePointMaxProfile|TxDefaultProfile|TxProfile "
    "chargingProfileKind:choice:Absolute|Recurring|Relative recurrencyKind?:choice:Daily|Weekly "
    "validFrom?:text:40 validTo?:text:40 chargingSchedule:object:Schedule",
    # 96 periods are a day of quarter hours.
    "Schedule": "duration?:integer startSchedule?:text:40 chargingRateUnit:choice:A|W "
    "chargingSchedulePeriod:items:96:object:Period minChargingRate?:number",
    "Period": "startPeriod:integer limit:number numberPhases?:integer",
    "TagInfo": "status:choice:Accepted|Blocked|Expired|Invalid|ConcurrentTx parentIdTag?:printable:20 "
    "expiryDate?:any",
}
"""What messages have inside, by a name of our own."""

REQUESTS = {
    "ChangeAvailability": "connectorId:integer type:choice:Inoperative|Operative",
    "ChangeConfiguration": "key:text:50 value:text:500",
    "ClearCache": "",
    # How long the data may be is the vendor's to say, and a frame has its end anyway.
    "DataTransfer": "vendorId:text:255 messageId?:text:50 data?:text:16384",
    # As many as the key GetConfigurationMaxKeys tells.
    "GetConfiguration": "key?:items:50:text:50",
    "RemoteStartTransaction": "connectorId?:integer idTag:printable:20 chargingProfile?:object:Profile",
    "RemoteStopTransaction": "transactionId:id",
    "Reset": "type:choice:Hard|Soft",
    # A message that nobody knows is answered with NotImplemented (5.17), so it is no fault of the request.
    "TriggerMessage": "requestedMessage:text:50 connectorId?:integer",
    "UnlockConnector": "connectorId:integer",
}
"""Requests of a backend, by action."""

ANSWERS = {
    "Authorize": "idTagInfo:object:TagInfo",
    # The schema once said 'number' where the specification says 'integer' (OCPP-J errata 2.4): both are
    # taken.
    "BootNotification": "status:choice:Accepted|Pending|Rejected currentTime:text:40 interval:number",
    "DataTransfer": "status:choice:Accepted|Rejected|UnknownMessageId|UnknownVendorId",
    "Heartbeat": "currentTime:text:40",
    "MeterValues": "",
    # An answer whose verdict is missing still has the id, without which the charge would be lost; no verdict
    # means none against the tag.
    "StartTransaction": "idTagInfo?:object:TagInfo transactionId:id",
    "StatusNotification": "",
    "StopTransaction": "idTagInfo?:object:TagInfo",
}
"""Answers of a backend, by the action they answer. Held loosely: fields that nobody knows pass."""

KNOWN_ACTIONS = (
    "CancelReservation CertificateSigned ClearChargingProfile DeleteCertificate ExtendedTriggerMessage "
    "GetCompositeSchedule GetDiagnostics GetInstalledCertificateIds GetLocalListVersion GetLog "
    "InstallCertificate ReserveNow SendLocalList SetChargingProfile SignedUpdateFirmware UpdateFirmware"
)
"""Requests that OCPP 1.6 knows beyond those, with spaces between: without a handler they are NotSupported,
others NotImplemented."""
