"""Any other page, with or without TLS."""

from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from typing import Any

from aiohttp import web
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from demo.servers.certificates import Certificates

from .app import AppServer


class WebPage(AppServer):
    """A page that is the same at every path."""

    def __init__(
        self,
        body: str = "<!doctype html>\n<title>Router</title><h1>It works</h1>\n",
        *,
        status: int = 200,
        content_type: str = "text/html",
        **settings: Any,
    ) -> None:
        """Prepare a page; its attributes may change at any time."""
        super().__init__(**settings)
        self.body = body
        self.status = status
        self.content_type = content_type
        self.headers: dict[str, str] = {}

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """Answer with the page."""
        return web.Response(
            status=self.status, text=self.body, content_type=self.content_type, headers=self.headers
        )


def self_signed(until: datetime, name: str = "127.0.0.1") -> Certificates:
    """A certificate nobody vouches for, valid until then; blocks, call it in an executor.

    A client that was given it trusts it as far as the time goes.
    """
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    try:
        alternative: x509.GeneralName = x509.IPAddress(ip_address(name))
    except ValueError:
        alternative = x509.DNSName(name)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(min(until, datetime.now(UTC)) - timedelta(days=90))
        .not_valid_after(until)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName([alternative]), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    text = certificate.public_bytes(serialization.Encoding.PEM).decode()
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return Certificates(text, text, private.decode())
