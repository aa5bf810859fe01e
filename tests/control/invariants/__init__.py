"""The seventeen invariants of a charger, noun by noun; each check is named by the number of its invariant.

Everything here reads the world's truth alone, and every number is written down anew: none comes from control.
"""

from tests.control.invariants.contacts import Contacts
from tests.control.invariants.heat import Heat
from tests.control.invariants.liveness import Liveness
from tests.control.invariants.offer import Offer
from tests.control.invariants.operations import Operations
from tests.control.invariants.phases import Phases
from tests.control.invariants.pilot import Pilot
from tests.control.invariants.residual import Residual
from tests.control.invariants.session import Session
from tests.control.invariants.signal import Signal
from tests.control.invariants.supply import Supply
from tests.control.invariants.swaps import Swaps
from tests.control.watching import Watch


def watches():
    """One of each, in the order in which they look."""
    nouns: list[Watch] = [Session(), Pilot(), Swaps(), Residual(), Contacts(), Phases()]
    nouns += [Supply(), Heat(), Operations(), Offer(), Signal()]
    return [*nouns, Liveness(nouns)]
