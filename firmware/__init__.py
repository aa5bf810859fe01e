"""The *charger*: the only room that imports all the others."""
