"""What was seen against what was expected: each difference is a sentence that tells both, and when."""

MOST_SHOWN = 3
"""How many entries that were seen instead are worth a place in a sentence."""


def moment(t_ms):
    """Simulated time as people read it: 12.3 s."""
    return f"{t_ms / 1000:.10g} s"


class Seen:
    """Something that happened: when, its name, its fields."""

    def __init__(self, t_ms, name, fields):
        self.t_ms = t_ms
        self.name = name
        self.fields = fields

    def is_like(self, pattern):
        """Whether it is what a pattern asks for."""
        return self.is_called(pattern) and pattern.met_by(self.fields)

    def is_called(self, pattern):
        """Whether it has the pattern's name; the backend is heard only where a source is asked for."""
        heard = "source" in pattern.wants or self.fields.get("source") != "backend"
        return heard and self.name == pattern.name

    def beside(self, pattern):
        """In words, with the fields that the pattern asks for."""
        shown = [f"{field}={_word(self.fields.get(field))}" for field in pattern.wants]
        return f"{' '.join([self.name, *shown])} at {moment(self.t_ms)}"


class Never:
    """A condition that must not last: two looks in a row that find it so are one too many."""

    def __init__(self, place, condition):
        self.failure = ""
        self.hear = condition.hear
        self._place = place
        self._condition = condition
        self._since_ms = None

    def look(self, now_ms):
        """Look at the present moment."""
        if self.failure or not self._condition.holds():
            self._since_ms = None
        elif self._since_ms is None:
            self._since_ms = now_ms
        elif now_ms > self._since_ms:
            since = moment(self._since_ms)
            self.failure = (
                f"{self._place}: expected '{self._condition}' never to last, but it did from {since} on"
            )


def in_order(what, wanted, seen):
    """Each pattern must be met by an entry after the one that met the pattern before it."""
    start, after = 0, ""
    for place, pattern in enumerate(wanted, 1):
        found = next((at for at in range(start, len(seen)) if seen[at].is_like(pattern)), None)
        if found is None:
            yield f"{what} {place}: expected '{pattern}'{after}, but {_instead(pattern, seen, start)}"
        else:
            start, after = found + 1, f" after '{pattern}' at {moment(seen[found].t_ms)}"


def counts(wanted, found):
    """How often each action must have been called."""
    for action, want in wanted.items():
        number = found.get(action, 0)
        if not want.met_by(number):
            yield f"frames: expected {want} {action}, but there were {number}"


def rows(what, wanted, found):
    """Each row must be like the pattern in its place."""
    for place, (pattern, row) in enumerate(zip(wanted, found, strict=False), 1):
        for name in pattern.shortfall(row):
            want, value = pattern.wants[name], _word(row[name])
            yield f"{what} {place}: expected {name} to be {want}, but it was {value}"


def all_transactions(wanted, found):
    """One row for each pattern, and each like it; None: nobody asks."""
    if wanted is None:
        return
    if len(found) != len(wanted):
        there = "; ".join(f"{row['id_tag']}, {row['energy_wh']} Wh, {row['reason']}" for row in found)
        number = f"{len(wanted)} at the backend"
        yield f"transactions: expected {number}, but there were {len(found)} ({there or 'nothing came'})"
    yield from rows("transaction", wanted, found)


def _instead(pattern, seen, start):
    later = [entry.beside(pattern) for entry in seen[start:] if entry.is_called(pattern)]
    earlier = [entry.beside(pattern) for entry in seen[:start] if entry.is_called(pattern)]
    if later:
        return f"after that came only {_few(later)}"
    return f"it came only before: {_few(earlier)}" if earlier else "it never came"


def _few(words):
    rest = len(words) - MOST_SHOWN
    return "; ".join(words[:MOST_SHOWN]) + (f"; and {rest} more" if rest > 0 else "")


def _word(value):
    if isinstance(value, bool):
        return str(value).lower()
    return "nothing" if value is None else str(value)
