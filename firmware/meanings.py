"""What each of the charger's own settings means: only loaded when somebody asks, as in
`ocpp_client.meanings`."""

OWN = {
    "PlugAndCharge": "Charging starts when a car is plugged in, without a card.",
    "PlugAndChargeTag": "The idTag of transactions that start by plugging in.",
    "FinishingOnTimeOut": "A car that is plugged in and not authorised within ConnectionTimeOut is told as "
    "Finishing, not as Preparing: for two connectors with one card reader (errata 3.20).",
    "LocalCards": "Cards of the owner; where there is a backend, LocalPreAuthorize and LocalAuthorizeOffline "
    "say when they count.",
    "AllowedCurrent": "Most current in A that the owner allows on each phase.",
    "InstallationCurrent": "Most current in A that the circuit of this charger carries on each phase.",
    "Billing": "Somebody pays by the meter, so nothing flows while it is silent.",
    "MeterFallbackCurrent": "Current in A that may flow while the meter is silent and nobody pays by it; "
    "below 6: none.",
    "FuseCurrent": "Fuse in A on each phase of the connection that the charger shares with a house; "
    "0: no load balancing.",
    "MainsFallbackCurrent": "Current in A that may flow while the meter of that connection is silent; "
    "below 6: none.",
    "PhaseSwitching": "1 or 3: always so many phases; auto: as a limit in W asks for.",
    "PhaseSwitchWait": "Seconds that a car pauses between one and three phases.",
    "Vehicles": "What single cars need, as in 04A1B2C3 120s 1ph; ZOE 90s: idTag, PhaseSwitchWait of this car "
    "in seconds, and perhaps its phases.",
    "Schedule": "When to pause or to charge with less, as in mon-fri 07:00-09:00 pause; "
    "daily 22:00-06:00 16A.",
    "TimeZone": "Local time of the schedule as POSIX writes it, as in CET-1CEST,M3.5.0,M10.5.0/3.",
    "StartDelayMax": "Longest random wait in seconds before a charge begins; 0: none.",
    "ReturnDelayMax": "Longest random wait in seconds after the supply was out of range or gone; 0: none.",
    "BackendUrl": "ws:// or wss:// address of the OCPP server, without this charger's identity; "
    "empty: there is none.",
    "BackendIdentity": "Name of this charger at the server; empty: the last part of BackendUrl.",
    "TimeServer": "Name or address of an SNTP server, for the date until the backend tells it; empty: none.",
}
