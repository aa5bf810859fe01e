"""Streams with TLS on CPython. (`ssl` is imported where it is used: every runtime can import every file.)"""

import asyncio

from hal.roots import UNREADABLE, certificates


async def open_stream(host, port, tls):
    """As `hal.contract.Network.open`. The handshake is over when it returns."""
    name, roots = tls
    loop = asyncio.get_running_loop()
    # To read the system's own roots takes a while, and the tick goes on.
    context = await loop.run_in_executor(None, _context, roots)
    return await asyncio.open_connection(host, port, ssl=context, server_hostname=name)


def _context(roots):
    import ssl

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # which checks chain, name and dates
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if not roots:
        context.load_default_certs()
        return context
    try:
        context.load_verify_locations(cadata=b"".join(certificates(roots)))
    except (ValueError, ssl.SSLError) as error:
        raise OSError(UNREADABLE % error)
    return context
