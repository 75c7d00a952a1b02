"""A private certificate authority for TLS on the loopback, as many homelabs have one.

Everything here blocks (keys, files): call it in an executor, not on an event loop.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
import ssl
from tempfile import TemporaryDirectory

import trustme

_YEAR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Certificates:
    """PEM texts of an authority and one server certificate it signed."""

    ca: str
    certificate: str
    key: str

    def server_context(self) -> ssl.SSLContext:
        """The context of a server with this certificate."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        # load_cert_chain takes only files.
        with TemporaryDirectory() as folder:
            chain, key = Path(folder, "chain.pem"), Path(folder, "key.pem")
            chain.write_text(self.certificate + self.ca)
            key.write_text(self.key)
            context.load_cert_chain(chain, key)
        return context

    def client_context(self) -> ssl.SSLContext:
        """The context of a client that trusts this authority and no other."""
        return ssl.create_default_context(cadata=self.ca)


def make_certificates(
    names: Sequence[str] = ("127.0.0.1", "localhost"), *, expired: bool = False
) -> Certificates:
    """Make a new authority and a certificate for these addresses and host names.

    They pass Python's strict checks (key usage, key identifiers); an expired certificate ended
    yesterday, its authority has not.
    """
    authority = trustme.CA(organization_name="Homelab Demo CA")
    until = datetime.now(UTC) + (-timedelta(days=1) if expired else _YEAR)
    served = authority.issue_cert(*names, not_after=until)
    (certificate,) = served.cert_chain_pems
    return Certificates(
        authority.cert_pem.bytes().decode(),
        certificate.bytes().decode(),
        served.private_key_pem.bytes().decode(),
    )
