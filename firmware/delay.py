"""Random waits, so that the chargers of a street do not all begin at the same moment: at the begin of a
charge (SI 2021/1467, regulation 11: 600 s unless told otherwise, adjustable to 1800 s, to be skipped by the
owner) and after the supply was out of range or gone.

The bytes come from the board's source of chance; nothing here draws any by itself. A wait becomes the limit
row START_DELAY (0 A for so long, then nothing), or `Mailbox.return_delay_ms`.
"""

UK_S = 600
"""The longest wait at the begin of a charge in Great Britain, unless somebody set another."""
MOST_S = 1800
"""No wait may be set longer than this."""
CHANCE_BYTES = 4
"""What a draw needs."""


def draw_ms(chance, most_s):
    """A wait of whole seconds from 0 to `most_s` (0-`MOST_S`), each as likely, in ms; `chance`:
    `CHANCE_BYTES` random bytes."""
    most_s = max(0, min(most_s, MOST_S))
    return (int.from_bytes(chance[:CHANCE_BYTES], "big") * (most_s + 1) >> 8 * CHANCE_BYTES) * 1000


def start_ms(chance, most_s, by_schedule, only_schedule=False, skipped=False):
    """The wait before a charge begins (ms; 0: none).

    `by_schedule`: it begins because the hours just opened (`firmware.schedule.opens`), not because somebody
    plugged in or asked; `only_schedule`: the owner wants the wait only then, where many cars stand ready for
    the same minute; `skipped`: the owner has called off the waits of this session.
    """
    if skipped or (only_schedule and not by_schedule):
        return 0
    return draw_ms(chance, most_s)
