"""Four random waits, whose arithmetic goes beyond 32 bits."""

from firmware.delay import draw_ms

full = b"\xff\xff\xff\xff"
print(draw_ms(bytes(4), 600), draw_ms(full, 600), draw_ms(full, 1800), draw_ms(b"\x80\0\0\0", 1800))
