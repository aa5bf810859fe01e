"""Bugs that peers really had, and slips that are as close at hand, each as a patch of control and a play.

The tables `BUGS`, noun by noun, name the invariant that is broken, the patch, and the play in which it shows.
A play without its patch keeps every promise; with it the oracle must see what is wrong, by the number of that
invariant. The docstring of a patch says whose it was.
"""

from tests.control.peers import contactor, limits, pilot, protection

BUGS = (*pilot.BUGS, *contactor.BUGS, *protection.BUGS, *limits.BUGS)
