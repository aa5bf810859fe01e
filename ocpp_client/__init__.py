"""How to *speak* OCPP: a sans-I/O charge point client. Bytes in, bytes out, time as an argument."""
