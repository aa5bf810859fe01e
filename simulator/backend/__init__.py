"""An OCPP 1.6J central system: `store` keeps, `central` speaks, `serve` lets in, `presentation` shows."""
