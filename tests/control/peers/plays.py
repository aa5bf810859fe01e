"""Short plays that show more than one bug. All plays begin with a car that charges at 32 A on offer."""

from control import limits


def pause(play):
    play.limit(limits.OWNER, 0, 0, 0)
    play.run(8000)


def restart(play):
    play.restart()
    play.authorise()
    play.run(10000)
