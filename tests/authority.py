"""A certificate authority made while the tests run: elliptic curves, and nothing of it in the repository."""

import datetime
import ipaddress
import ssl
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

HERE = ("127.0.0.1", "localhost")
"""What servers of tests are called."""
_DAY = datetime.timedelta(days=1)


class Holder:
    """A certificate, its private key, and the certificates between it and its root."""

    def __init__(
        self, certificate: x509.Certificate, key: ec.EllipticCurvePrivateKey, chain: tuple = ()
    ) -> None:
        self._certificate = certificate
        self._key = key
        self._chain = chain

    @property
    def pem(self) -> bytes:
        """The certificate alone."""
        return self._certificate.public_bytes(serialization.Encoding.PEM)

    @property
    def der(self) -> bytes:
        """The same in DER."""
        return self._certificate.public_bytes(serialization.Encoding.DER)

    def issue(self, *hosts: str, begins: int = -1, ends: int = 10, authority: bool = False) -> "Holder":
        """A certificate for `hosts` that this one signs, valid from and to so many days from now."""
        key = ec.generate_private_key(ec.SECP256R1())
        certificate = _builder(key, hosts or HERE, self._certificate.subject, begins, ends, authority)
        signed = certificate.sign(self._key, hashes.SHA256())
        # The root itself is what the other side has already.
        is_root = self._certificate.subject == self._certificate.issuer
        return Holder(signed, key, () if is_root else (self._certificate, *self._chain))

    def files(self, folder: Path) -> tuple[Path, Path]:
        """The certificate with its chain, and the key, as a server reads them."""
        folder.mkdir(parents=True, exist_ok=True)
        certificate, key = folder / "chain.pem", folder / "key.pem"
        encoding = serialization.Encoding.PEM
        chain = [self._certificate, *self._chain]
        certificate.write_bytes(b"".join(each.public_bytes(encoding) for each in chain))
        plain = serialization.NoEncryption()
        key.write_bytes(self._key.private_bytes(encoding, serialization.PrivateFormat.PKCS8, plain))
        return certificate, key

    def context(self, folder: Path) -> ssl.SSLContext:
        """What a server needs to be this holder."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*self.files(folder))
        return context


def root(name: str = "Test root", hosts: tuple[str, ...] = (), authority: bool = True) -> Holder:
    """One that signs itself: an authority, or a server that nobody vouches for."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = _name(name)
    builder = _builder(key, hosts, subject, -1, 10, authority, subject)
    return Holder(builder.sign(key, hashes.SHA256()), key)


def _builder(key, hosts, issuer, begins, ends, authority, subject=None) -> x509.CertificateBuilder:
    now = datetime.datetime.now(datetime.UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject or _name(hosts[0]))
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + begins * _DAY)
        .not_valid_after(now + ends * _DAY)
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
    )
    if not hosts:
        return builder
    names = [_host(host) for host in hosts]
    return builder.add_extension(x509.SubjectAlternativeName(names), critical=False)


def _host(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])
