"""How to *touch* hardware: the contract of each part, and the drivers that keep it."""
