"""What each configuration key means, for a manual and for whoever changes one: not needed to charge, so it is
only loaded when somebody asks. Type, range, access and default stand in the rows of `keys.py`."""

CORE = {
    "AllowOfflineTxForUnknownId": "A tag that nobody knows may charge while the backend is away.",
    "AuthorizationCacheEnabled": "The charger remembers what the backend said of a tag, and goes by it as "
    "LocalPreAuthorize and LocalAuthorizeOffline say.",
    "AuthorizeRemoteTxRequests": "A remote start asks for authorisation first, as a card does.",
    "ClockAlignedDataInterval": "Seconds between clock-aligned values, counted from midnight UTC; 0: none.",
    "ConnectionTimeOut": "Seconds that an authorised person has to plug in; 0: no end.",
    "ConnectorPhaseRotation": "How the phases of each connector are wired to the connection, as in "
    "1.RST,2.STR; load balancing goes by it.",
    "ConnectorPhaseRotationMaxLength": "Most items in ConnectorPhaseRotation.",
    "GetConfigurationMaxKeys": "Most keys that one GetConfiguration may name; without any it tells all.",
    "HeartbeatInterval": "Seconds of silence until a Heartbeat; the interval of an accepted "
    "BootNotification is taken until the next start.",
    "LocalAuthorizeOffline": "A tag that the charger knows may charge while the backend is away.",
    "LocalPreAuthorize": "A tag that the charger knows starts at once, without asking the backend.",
    "MaxEnergyOnInvalidId": "Energy in Wh that a tag may still take after the backend has refused it.",
    "MessageTimeout": "Seconds until a request without an answer has failed.",
    "MeterValuesAlignedData": "Measurands of the clock-aligned values.",
    "MeterValuesAlignedDataMaxLength": "Most items in MeterValuesAlignedData.",
    "MeterValuesSampledData": "Measurands of the values sampled during a transaction.",
    "MeterValuesSampledDataMaxLength": "Most items in MeterValuesSampledData.",
    "MeterValueSampleInterval": "Seconds between samples during a transaction; 0: none.",
    "MinimumStatusDuration": "Seconds that a status must last before it is reported.",
    "NumberOfConnectors": "Connectors of this charger, as its board says.",
    "ResetRetries": "How often a reset that did not happen is tried again.",
    "StopTransactionMaxMeterValues": "Most meter values that StopTransaction repeats; of several measurands "
    "there are fewer, with 24 sampled values between begin and end.",
    "StopTransactionOnEVSideDisconnect": "Unplugging at the car ends the transaction: always, here.",
    "StopTransactionOnInvalidId": "A transaction ends when the backend refuses its tag; if false, only its "
    "energy does.",
    "StopTxnAlignedData": "Measurands of the clock-aligned values that StopTransaction repeats; empty: none.",
    "StopTxnAlignedDataMaxLength": "Most items in StopTxnAlignedData.",
    "StopTxnSampledData": "Measurands of the sampled values that StopTransaction repeats; empty: none.",
    "StopTxnSampledDataMaxLength": "Most items in StopTxnSampledData.",
    "SupportedFeatureProfiles": "The feature profiles of OCPP that this charger speaks.",
    "TransactionMessageAttempts": "How often a transaction message is tried that the backend answers with an "
    "error or not at all.",
    "TransactionMessageRetryInterval": "Seconds until such a message is tried again, times the tries before.",
    "UnlockConnectorOnEVSideDisconnect": "Unplugging at the car lets go of the plug in the charger's socket; "
    "false, and never to be changed, where the cable is fixed.",
    "WebSocketPingInterval": "Seconds between WebSocket pings; 0: none.",
}
"""The Core profile's keys."""

SECURITY = {
    "AdditionalRootCertificateCheck": "Whether a new root certificate must be signed by the one before it.",
    "AuthorizationKey": "Password at the backend: text, or 16 to 20 bytes in hexadecimal digits.",
    "CpoName": "Name of the operator, for certificates.",
    "SecurityProfile": "How the backend is spoken to: 0 unsecured, 1 with a password, 2 with one and TLS.",
}
"""The security whitepaper's keys."""
