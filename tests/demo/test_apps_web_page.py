"""Any other page, and certificates that nobody vouches for."""

import asyncio
from datetime import UTC, datetime, timedelta
import ssl

import aiohttp
from aiohttp import ClientSession
import pytest

from demo.servers.apps.web_page import WebPage, self_signed

pytestmark = pytest.mark.usefixtures("socket_enabled")


async def test_page() -> None:
    async with WebPage() as page, ClientSession() as session:
        async with session.get(f"{page.url}/any/path") as response:
            assert (response.status, response.content_type) == (200, "text/html")
            assert "It works" in await response.text()
        page.status, page.body, page.content_type = 503, "gone fishing", "text/plain"
        page.headers["X-Page"] = "1"
        async with session.get(page.url) as response:
            assert (response.status, await response.text()) == (503, "gone fishing")
            assert response.headers["X-Page"] == "1"


@pytest.mark.parametrize(("days", "valid"), [(400, True), (3, True), (-1, False)])
async def test_certificate(days: int, *, valid: bool) -> None:
    loop = asyncio.get_running_loop()
    until = datetime.now(UTC).replace(microsecond=0) + timedelta(days=days)
    certificates = await loop.run_in_executor(None, self_signed, until)
    context = await loop.run_in_executor(None, certificates.server_context)
    trusting = await loop.run_in_executor(None, certificates.client_context)
    async with WebPage(ssl_context=context) as page, ClientSession() as session:
        with pytest.raises(aiohttp.ClientConnectorCertificateError):
            await session.get(page.url)
        if valid:
            async with session.get(page.url, ssl=trusting) as response:
                assert response.status == 200
                assert response.connection is None or _expiry(response) == until
        else:
            with pytest.raises(aiohttp.ClientConnectorCertificateError, match="expired"):
                await session.get(page.url, ssl=trusting)
        async with session.get(page.url, ssl=False) as response:
            assert response.status == 200


def _expiry(response: aiohttp.ClientResponse) -> datetime:
    assert response.connection is not None
    assert response.connection.transport is not None
    said = response.connection.transport.get_extra_info("ssl_object").getpeercert()["notAfter"]
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(said), UTC)


def test_certificate_of_a_name() -> None:
    assert "BEGIN CERTIFICATE" in self_signed(datetime.now(UTC) + timedelta(days=1), "router.home").ca
