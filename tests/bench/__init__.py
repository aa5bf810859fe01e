"""The figures of `make bench`: each module's `measure()` returns {name: {"value": number, "unit": text}}."""
