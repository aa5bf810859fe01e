"""Basic authentication passwords, kept as salted hashes."""

import hashlib
import hmac
import secrets
import string

KEY_BYTES = 20
SALT_BYTES = 16
COST = {"n": 2**12, "r": 8, "p": 1, "dklen": 32}
"""scrypt (RFC 7914): some ms a connection, for keys that are long and random by OCPP's own rule."""


def of_key(key: str) -> bytes:
    """The password that an AuthorizationKey stands for: 40 hexadecimal digits are 20 bytes (OCPP-J 1.6,
    6.2.2), anything else is text."""
    if len(key) == 2 * KEY_BYTES and set(key) <= set(string.hexdigits):
        return bytes.fromhex(key)
    return key.encode()


def protect(password: bytes) -> str:
    """Salt and hash of a password, as text."""
    salt = secrets.token_bytes(SALT_BYTES)
    return f"{salt.hex()}${hashlib.scrypt(password, salt=salt, **COST).hex()}"


def matches(password: bytes, protected: str) -> bool:
    """Whether `protect` made this text of this password."""
    salt, _, expected = protected.partition("$")
    found = hashlib.scrypt(password, salt=bytes.fromhex(salt), **COST)
    return hmac.compare_digest(found, bytes.fromhex(expected))
