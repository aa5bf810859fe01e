"""What each of the charger's own settings means: only loaded when somebody asks, as in
`ocpp_client.meanings`."""

OWN = {
    "PlugAndCharge": "Charging starts when a car is plugged in, without a card.",
    "PlugAndChargeTag": "The idTag of such transactions.",
    "LocalCards": "The owner's cards; with a backend, "
    "LocalPreAuthorize and LocalAuthorizeOffline say when they count.",
    "AllowedCurrent": "The owner's limit: no phase exceeds it (A).",
    "InstallationCurrent": "What the circuit of this charger carries (A).",
    "BackendUrl": "ws:// address of the OCPP server, without the identity.",
    "BackendIdentity": "Name of this charger at that server.",
    "AuthorizationKey": "Password at that server.",
}
