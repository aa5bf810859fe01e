"""Whatever has CALLs to send, seen by the client: one shape for boot, status, transactions and the rest."""

FAILED = "failed"
"""The server answered with a CALLERROR that says that it cannot tell."""
REFUSED = "refused"
"""The server answered with any other CALLERROR, or with something that is no answer."""
FORGOTTEN = "forgotten"
"""The server does not know the charger any more, which will register anew before it says anything else."""
TIMED_OUT = "timed out"
"""No answer within MessageTimeout, on a link that is alive."""
LOST = "lost"
"""The link went away before the answer."""


class Source:
    """Something that sends CALLs, one at a time. A call that was taken ends in `answered` or `failed`,
    exactly once."""

    @property
    def subject(self):
        """What the calls are about, while an answer to one that timed out is as good as one to the next;
        0: it is not."""
        return 0

    def next_call(self, now_ms):
        """(action, payload) to send now, or None."""

    def wait_ms(self, now_ms):
        """Milliseconds until time alone may make a call due, or None."""

    def answered(self, payload, now_ms):
        """The answer, already held against its table."""

    def failed(self, cause, now_ms):
        """There is no answer, because of one of the words above."""
