"""Streams with TLS on MicroPython (1.25: `tls` is mbedTLS), which is imported where it is used: every
runtime can import every file."""

import asyncio
import gc

from hal.roots import UNREADABLE, certificates


async def open_stream(host, port, tls):
    """As `hal.contract.Network.open`. The first bytes written carry out the handshake, step by step as the
    server's answers come in: what blocks is the arithmetic of one step."""
    name, roots = tls
    if not roots:
        raise OSError("there is no root certificate to judge it by: keep one in the charger")
    # A connection takes some 40 KiB outside of this heap, or inside: what the one before took goes first.
    gc.collect()
    context = _context(roots)
    _, writer = await asyncio.open_connection(host, port)
    plain = writer.s  # type: ignore[attr-defined]  # MicroPython's
    try:
        secured = context.wrap_socket(plain, server_hostname=name, do_handshake_on_connect=False)
    except Exception:
        plain.close()
        raise

    async def close():
        # After a failed handshake TLS has let go of its socket, and left it open.
        try:
            secured.close()
        finally:
            plain.close()

    writer.s = secured  # type: ignore[attr-defined]
    writer.wait_closed = close  # type: ignore[method-assign]
    return writer, writer


def _context(roots):
    import tls

    context = tls.SSLContext(tls.PROTOCOL_TLS_CLIENT)
    context.verify_mode = tls.CERT_REQUIRED
    try:
        for certificate in certificates(roots):
            context.load_verify_locations(certificate)
    except ValueError as error:
        raise OSError(UNREADABLE % error)
    return context
