"""What is known of single cars, in one line of text.

    04A1B2C3 120s 1ph; ZOE 90s

Entries stand between semicolons, each with an idTag without spaces, the pause that the car needs between one
and three phases, and perhaps how many phases it uses.
"""

WAIT_S = 60
"""Pause of a car that nothing is known of."""
LEAST_WAIT_S = 10
MOST_WAIT_S = 600
MOST = 10
"""Cars that there is room for."""


def parse(text):
    """What `text` says, as {idTag in small letters: (pause in s, phases or 0)}. ValueError says in one
    sentence what is wrong."""
    rows = {}
    for part in text.split(";"):
        words = part.lower().split()
        if words:
            tag, row = _vehicle(part.strip(), words)
            if tag in rows:
                raise _error(part.strip(), "its idTag stands there twice")
            rows[tag] = row
    if len(rows) > MOST:
        raise ValueError("there is room for %d cars, not for %d: leave some out" % (MOST, len(rows)))
    return rows


def look_up(rows, id_tag, wait_s=WAIT_S):
    """(pause in ms, phases or 0 for unknown) of the car that comes with `id_tag`; `rows`: from `parse`;
    `wait_s`: pause of any other car."""
    wait_s, phases = rows.get(id_tag.lower(), (wait_s, 0))
    return wait_s * 1000, phases


def _vehicle(text, words):
    if not 2 <= len(words) <= 3:
        raise _error(text, "it needs an idTag, a pause and perhaps phases")
    if not 0 < len(words[0]) <= 20:
        raise _error(text, "an idTag has at most 20 characters")
    phases = 0
    if len(words) == 3:
        phases = _count(words[2], "ph")
        if not 1 <= phases <= 3:
            raise _error(text, "it uses 1ph, 2ph or 3ph, not '%s'" % words[2])
    wait_s = _count(words[1], "s")
    if not LEAST_WAIT_S <= wait_s <= MOST_WAIT_S:
        raise _error(text, "'%s' is no pause from %ds to %ds" % (words[1], LEAST_WAIT_S, MOST_WAIT_S))
    return words[0], (wait_s, phases)


def _count(word, unit):
    """The number before `unit`, or -1."""
    digits = word[: -len(unit)]
    number = 0 < len(digits) <= 3 and all("0" <= character <= "9" for character in digits)
    return int(digits) if number and word.endswith(unit) else -1


def _error(text, reason):
    return ValueError(
        "'%s' cannot stand among the vehicles, because %s: write an entry such as 04A1B2C3 120s 1ph"
        % (text[:60], reason)
    )
