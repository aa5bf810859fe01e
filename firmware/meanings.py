"""What each of the charger's own settings means: only loaded when somebody asks, as in
`ocpp_client.meanings`."""

OWN = {
    "PlugAndCharge": "Charging starts when a car is plugged in, without a card.",
    "PlugAndChargeTag": "The idTag of such transactions.",
    "LocalCards": "The owner's cards; with a backend, "
    "LocalPreAuthorize and LocalAuthorizeOffline say when they count.",
    "AllowedCurrent": "The owner's limit: no phase exceeds it (A).",
    "InstallationCurrent": "What the circuit of this charger carries (A).",
    "Billing": "Somebody pays by the meter: when it is silent, nothing flows.",
    "MeterFallbackCurrent": "Where nobody does, what may flow while it is silent (A); below 6: nothing.",
    "FuseCurrent": "Fuse of each phase of the connection that charger and house share (A); 0: no balancing.",
    "MainsFallbackCurrent": "What may flow while the meter of that is silent (A); below 6: nothing.",
    "PhaseSwitching": "auto: one or three phases as a limit in W asks for; 1 or 3: always these.",
    "PhaseSwitchWait": "Pause of a car between one and three phases (s).",
    "Vehicles": "What single cars need: idTag, that pause, and perhaps phases, as in "
    "04A1B2C3 120s 1ph; ZOE 90s.",
    "Schedule": "When to pause, or to charge with less: mon-fri 07:00-09:00 pause; daily 22:00-06:00 16A.",
    "TimeZone": "Local time as POSIX writes it: CET-1CEST,M3.5.0,M10.5.0/3.",
    "StartDelayMax": "Longest random wait before a charge begins (s); 0: none.",
    "ReturnDelayMax": "Longest random wait after the supply was out of range or gone (s); 0: none.",
    "BackendUrl": "ws:// address of the OCPP server, without the identity.",
    "BackendIdentity": "Name of this charger at that server.",
    "AuthorizationKey": "Password at that server.",
}
