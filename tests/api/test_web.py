"""Any page, and how long its certificate is good for."""

from datetime import UTC, datetime, timedelta
import socket
import ssl

import aiohttp
import pytest

from custom_components.homelab_ai.api import web
from custom_components.homelab_ai.api.errors import ApiCertificateError, ApiConnectionError, ApiResponseError
from custom_components.homelab_ai.api.http import Connection, tls_context
from custom_components.homelab_ai.api.web import WebClient
from demo.servers.apps.web_page import WebPage, self_signed
from homeassistant.util.ssl import get_default_no_verify_context

from .conftest import Serve
from .serving import endless

SOON = datetime(2030, 1, 2, 3, 4, 5, tzinfo=UTC)


@pytest.mark.parametrize("status", [200, 204, 301, 404, 503])
async def test_every_status_is_an_answer(status: int, session: aiohttp.ClientSession) -> None:
    async with WebPage("", status=status) as app:
        app.headers = {"Location": "/login"}
        page = await WebClient(session, Connection(app.url)).page()
        assert (page.status, page.text) == (status, "")
        assert 0 < page.response_time < 5
        assert len(app.requests) == 1


async def test_page(session: aiohttp.ClientSession) -> None:
    async with WebPage("größer", path_prefix="/some/path") as app:
        page = await WebClient(session, Connection(app.url)).page()
        assert page.text == "größer"
        assert app.requests[0].path == "/some/path"
    with pytest.raises(ApiConnectionError):
        await WebClient(session, Connection(app.url)).page()


async def test_large_page_is_a_page(session: aiohttp.ClientSession) -> None:
    async with WebPage("x" * 5_000_000 + "end") as app:
        assert (await WebClient(session, Connection(app.url)).page()).text.endswith("end")


async def test_endless_page(session: aiohttp.ClientSession, serve: Serve) -> None:
    server = await serve(endless(b"x" * 1024**2, "text/html"))
    with pytest.raises(ApiResponseError, match="larger than"):
        await WebClient(session, Connection(server.url)).page()


async def test_certificate(session: aiohttp.ClientSession) -> None:
    certificates = self_signed(SOON)
    async with WebPage(ssl_context=certificates.server_context()) as app:
        client = WebClient(session, Connection(app.url, tls=tls_context(certificates.ca)))
        assert await client.certificate_expires() == SOON
        assert (await client.page()).status == 200


async def test_no_certificate_without_tls(session: aiohttp.ClientSession) -> None:
    assert await WebClient(session, Connection("http://127.0.0.1:9")).certificate_expires() is None


@pytest.mark.parametrize("until", [SOON, datetime(2020, 2, 29, 12, tzinfo=UTC)])
async def test_certificate_that_is_not_verified(until: datetime, session: aiohttp.ClientSession) -> None:
    """It ends all the same, or has ended."""
    async with WebPage(ssl_context=self_signed(until, "other.example.org").server_context()) as app:
        client = WebClient(session, Connection(app.url, tls=get_default_no_verify_context()))
        assert await client.certificate_expires() == until
        assert (await client.page()).status == 200


async def test_certificate_that_cannot_be_read(
    session: aiohttp.ClientSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    """OpenSSL takes more than is good for a parser."""
    monkeypatch.setattr(ssl.SSLObject, "getpeercert", lambda *_, **__: b"\x30\x03\x02\x01\x2a")
    async with WebPage(ssl_context=self_signed(SOON).server_context()) as app:
        client = WebClient(session, Connection(app.url, tls=get_default_no_verify_context()))
        with pytest.raises(ApiResponseError, match="cannot be read"):
            await client.certificate_expires()


@pytest.mark.parametrize(
    ("until", "name", "reason"),
    [
        (datetime.now(UTC) - timedelta(days=1), "127.0.0.1", "expired"),
        (SOON, "other.example.org", "mismatch"),
    ],
)
async def test_certificate_that_cannot_be_trusted(
    until: datetime, name: str, reason: str, session: aiohttp.ClientSession
) -> None:
    certificates = self_signed(until, name)
    async with WebPage(ssl_context=certificates.server_context()) as app:
        client = WebClient(session, Connection(app.url, tls=tls_context(certificates.ca)))
        with pytest.raises(ApiCertificateError, match=reason):
            await client.certificate_expires()
        with pytest.raises(ApiCertificateError, match=reason):
            await client.page()


async def test_certificate_of_nobody(session: aiohttp.ClientSession) -> None:
    async with WebPage() as plain:
        url = plain.url.replace("http:", "https:")
        client = WebClient(session, Connection(url, tls=ssl.create_default_context()))
        with pytest.raises(ApiConnectionError):
            await client.certificate_expires()
    with pytest.raises(ApiConnectionError):
        await client.certificate_expires()


async def test_server_that_hangs_before_its_certificate(
    session: aiohttp.ClientSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(web, "TIMEOUT", 0.1)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"https://127.0.0.1:{listener.getsockname()[1]}"
        client = WebClient(session, Connection(url, tls=ssl.create_default_context()))
        with pytest.raises(ApiConnectionError, match="timed out"):
            await client.certificate_expires()
