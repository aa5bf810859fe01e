"""What to *decide*: pure integer logic without I/O, clock or allocation. One controller a connector."""
