"""What each configuration key means, for a manual and for whoever changes one: not needed to charge, so it is
only loaded when somebody asks."""

CORE = {
    "AllowOfflineTxForUnknownId": "Tags that nobody knows may charge while the backend is away.",
    "AuthorizeRemoteTxRequests": "A remote start asks for authorisation first, as a card does.",
    "ClockAlignedDataInterval": "Seconds between clock-aligned values, from midnight; 0: none.",
    "ConnectionTimeOut": "Seconds from authorisation or plug-in until the attempt ends.",
    "ConnectorPhaseRotation": "How each connector's phases are wired.",
    "ConnectorPhaseRotationMaxLength": "Most items in ConnectorPhaseRotation.",
    "GetConfigurationMaxKeys": "Most keys that one GetConfiguration may ask for.",
    "HeartbeatInterval": "Seconds of silence until a Heartbeat; the backend sets it at boot.",
    "LocalAuthorizeOffline": "Tags known to the charger may charge while the backend is away.",
    "LocalPreAuthorize": "Tags known to the charger start at once, without asking the backend.",
    "MessageTimeout": "Seconds until a request without an answer has failed.",
    "MeterValuesAlignedData": "Measurands of clock-aligned values.",
    "MeterValuesAlignedDataMaxLength": "Most items in MeterValuesAlignedData.",
    "MeterValuesSampledData": "Measurands of the values sampled during a transaction.",
    "MeterValuesSampledDataMaxLength": "Most items in MeterValuesSampledData.",
    "MeterValueSampleInterval": "Seconds between samples during a transaction; 0: none.",
    "MinimumStatusDuration": "Seconds that a status must last before it is reported.",
    "NumberOfConnectors": "Connectors of this charger.",
    "ResetRetries": "How often an unsuccessful reset is tried again.",
    "StopTransactionOnEVSideDisconnect": "Unplugging at the car ends the transaction.",
    "StopTransactionOnInvalidId": "A tag that the backend refuses ends the running transaction.",
    "StopTxnAlignedData": "Clock-aligned measurands in StopTransaction.",
    "StopTxnAlignedDataMaxLength": "Most items in StopTxnAlignedData.",
    "StopTxnSampledData": "Sampled measurands in StopTransaction.",
    "StopTxnSampledDataMaxLength": "Most items in StopTxnSampledData.",
    "SupportedFeatureProfiles": "OCPP feature profiles of this charger.",
    "TransactionMessageAttempts": "How often a transaction message is tried.",
    "TransactionMessageRetryInterval": "Seconds until a failed transaction message is tried again, "
    "times the tries before.",
    "UnlockConnectorOnEVSideDisconnect": "Unplugging at the car unlocks the cable here.",
    "WebSocketPingInterval": "Seconds between WebSocket pings; 0: none.",
}
"""The Core profile's keys."""
