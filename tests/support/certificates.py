"""A certificate authority for one test run, and what it signs, as PEM files. Nothing of it is of use afterwards."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


@dataclass(frozen=True, slots=True)
class Certificate:
    """PEM files: a certificate, its private key, and both in one (as Kafka's PEM key store wants it)."""

    certificate: Path
    key: Path
    both: Path


class Authority:
    """Signs certificates into `folder`; `ca` is its own certificate."""

    def __init__(self, folder: Path, name: str = "Test authority") -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        own = self._builder(self._name, self._key).add_extension(x509.BasicConstraints(True, 0), critical=True)
        usage = x509.KeyUsage(True, False, False, False, False, True, True, False, False)
        self.ca = folder / "ca.pem"
        self.ca.write_bytes(_pem(own.add_extension(usage, critical=True).sign(self._key, hashes.SHA256())))

    def sign(self, name: str, hosts: Sequence[str] = (), *, password: bytes | None = None) -> Certificate:
        """A certificate whose common name is `name`, for these host names and addresses; its key encrypted if told."""
        key = ec.generate_private_key(ec.SECP256R1())
        builder = self._builder(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]), key)
        if hosts:
            builder = builder.add_extension(x509.SubjectAlternativeName([_host(host) for host in hosts]), False)
        certificate = _pem(builder.sign(self._key, hashes.SHA256()))
        paths = Certificate(*(self._folder / f"{name}{ending}" for ending in (".crt", ".key", ".pem")))
        encryption = serialization.BestAvailableEncryption(password) if password else serialization.NoEncryption()
        private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, encryption)
        for path, data in ((paths.certificate, certificate), (paths.key, private), (paths.both, private + certificate)):
            path.write_bytes(data)
        return paths

    def _builder(self, subject: x509.Name, key: ec.EllipticCurvePrivateKey) -> x509.CertificateBuilder:
        now = datetime.now(UTC)
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self._name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(minutes=5))
            .not_valid_after(now + timedelta(days=1))
        )


def _host(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(host))
    except ValueError:
        return x509.DNSName(host)


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)
