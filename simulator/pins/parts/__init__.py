"""What hangs on a board's pins, one module a kind of circuit: it shows the world to the pins, and does to the
world what the pins say.

Each is made for the connector's (or board's) own facts. `look()` is called some hundred times a second, right
after the world was brought up to date.
"""
