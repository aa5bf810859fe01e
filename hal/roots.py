"""The root certificates that a charger keeps: as people get them, in PEM or in DER."""

import binascii

MOST_BYTES = 8192
"""Of all of them. In DER a root takes 0.4 to 1.5 KiB, in PEM a third more."""

UNREADABLE = "the charger's root certificates cannot be read (%s): replace them"

_BEGIN, _END = b"-----BEGIN CERTIFICATE-----", b"-----END CERTIFICATE-----"


def certificates(data):
    """Each certificate in `data`, as DER. ValueError: there is none, or what is there is none."""
    if not data or len(data) > MOST_BYTES:
        raise ValueError("no root certificates, or more than %d bytes of them" % MOST_BYTES)
    return _from_pem(data) if _BEGIN in data else _from_der(data)


def _from_pem(data):
    for part in data.split(_BEGIN)[1:]:
        text, end, _ = part.partition(_END)
        if not end:
            raise ValueError("a certificate in PEM has no end")
        yield binascii.a2b_base64(b"".join(text.split()))


def _from_der(data):
    while data:
        end = _length(data)
        if not 0 < end <= len(data):
            raise ValueError("this is no certificate, neither in PEM nor in DER")
        yield data[:end]
        data = data[end:]


def _length(data):
    """Of the sequence that `data` begins with (X.690, 8.1.3), all told; 0: it is none of this size."""
    if data[0] != 0x30 or len(data) < 4 or data[1] != 0x82:
        return 0
    return 4 + (data[2] << 8 | data[3])
