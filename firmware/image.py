"""What this image is: one to develop with, or a release, which energises only what is safe by itself.

A release is an image whose manifest froze a module `release` that names the `BOARD` it is for (a folder of
boards/) and its `VERSION`. Without it everything runs on every board, and what a board lacks is only told.
"""


def released():
    """The module `release` of this image, or None."""
    try:
        import release  # type: ignore[import-not-found]
    except ImportError:
        return None
    return release


def shortcomings(board):
    """What a release would not energise `board` for, a sentence each: the way of a stalled tick and that of a
    residual current to the contactor have to end in hardware."""
    found = []
    if not board.dead_man:
        found.append(
            "nothing but the tick opens the contactor of the board '%s'; fit a dead-man and name it in its"
            " definition" % board.name
        )
    for number, facts in enumerate(board.connectors):
        if not facts.rcd_path:
            found.append(
                "a residual current on connector %d of the board '%s' waits for the tick; wire the trip to"
                " the contactor's drive and name that as rcd_path" % (number + 1, board.name)
            )
    return found


def refusals(board, release):
    """Why an image with the module `release` does not energise `board`, a sentence each; of None nothing is
    refused."""
    if not release:
        return []
    found = shortcomings(board)
    named = list(board.drivers.values())
    for facts in board.connectors:
        named += list(facts.drivers.values())
    if board.simulated or "simulated" in named:
        found.append(
            "the board '%s' has simulated parts; a release is for a board with parts of its own" % board.name
        )
    if board.name != release.BOARD:
        found.append(
            "this release is for the board '%s' and not for '%s'; flash the one for yours"
            % (release.BOARD, board.name)
        )
    return found
