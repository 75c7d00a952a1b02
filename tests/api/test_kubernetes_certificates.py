"""Certificates of API servers: home-made authorities, and what helps where one is not accepted."""

from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
import ssl

from aiohttp import ClientSession
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
import pytest

from custom_components.homelab_ai.api.errors import ApiCertificateError
from custom_components.homelab_ai.api.http import Connection, tls_context
from custom_components.homelab_ai.api.kubernetes.client import KubernetesClient
from demo.servers.certificates import Certificates, make_certificates
from demo.servers.kubernetes import TOKEN, ApiServer

pytestmark = pytest.mark.usefixtures("socket_enabled")


def careless_certificates() -> Certificates:
    """An authority as many clusters have made their own: without key usage, and without key identifiers."""
    now = datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "kubernetes")])
    keys = [ec.generate_private_key(ec.SECP256R1()) for _ in range(2)]
    authority, served = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=30))
        .add_extension(extension, critical=False)
        .sign(keys[0], hashes.SHA256())
        .public_bytes(serialization.Encoding.PEM)
        .decode()
        for subject, key, extension in (
            (name, keys[0], x509.BasicConstraints(ca=True, path_length=None)),
            (
                x509.Name([]),
                keys[1],
                x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]),
            ),
        )
    )
    private = keys[1].private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return Certificates(authority, served, private.decode())


async def test_own_authority(session: ClientSession) -> None:
    certificates = make_certificates()
    async with ApiServer(ssl_context=certificates.server_context()) as server:
        known = Connection(server.url, tls=tls_context(certificates.ca))
        assert await KubernetesClient(session, known, TOKEN).version()


async def test_unknown_authority(session: ClientSession) -> None:
    async with ApiServer(ssl_context=make_certificates().server_context()) as server:
        client = KubernetesClient(session, Connection(server.url), TOKEN)
        with pytest.raises(ApiCertificateError, match=r"self-signed.*enter the cluster's own CA certificate"):
            await client.version()
        with pytest.raises(ApiCertificateError):
            await anext(client.watch("/api/v1/pods", "1", 60))


async def test_expired(session: ClientSession) -> None:
    certificates = make_certificates(expired=True)
    async with ApiServer(ssl_context=certificates.server_context()) as server:
        known = Connection(server.url, tls=tls_context(certificates.ca))
        with pytest.raises(ApiCertificateError, match=r"expired$"):
            await KubernetesClient(session, known, TOKEN).version()


async def test_rejected_by_strict_rules_only(session: ClientSession) -> None:
    certificates = careless_certificates()
    async with ApiServer(ssl_context=certificates.server_context()) as server:
        # As if the authority stood in the system's own store, where the rules are strict.
        strict = Connection(server.url, tls=ssl.create_default_context(cadata=certificates.ca))
        with pytest.raises(ApiCertificateError, match=r"strict X\.509 rules reject it"):
            await KubernetesClient(session, strict, TOKEN).version()
        relaxed = Connection(server.url, tls=tls_context(certificates.ca))
        assert await KubernetesClient(session, relaxed, TOKEN).version()
