"""Any page."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from custom_components.homelab_ai.api.errors import ApiCertificateError, ApiConnectionError
from custom_components.homelab_ai.api.http import Connection, tls_context
from custom_components.homelab_ai.api.web import WebClient
from custom_components.homelab_ai.monitors import web
from demo.servers.apps.web_page import WebPage, self_signed
from homeassistant.util.ssl import get_default_no_verify_context

from .conftest import SOURCE, Make
from .reading import problems, sensors


@pytest.mark.parametrize(
    ("given", "status", "text", "expected"),
    [
        ({}, 200, "It works", None),
        ({}, 500, "", "answers with status 500 instead of 200"),
        ({}, 302, "", "answers with status 302 instead of 200"),
        ({"expected_status": 302}, 302, "", None),
        # As a number selector gives it.
        ({"expected_status": 401.0}, 401, "", None),
        ({"expected_status": 401.0}, 200, "", "answers with status 200 instead of 401"),
        ({"contains": "works"}, 200, "It works", None),
        ({"contains": "Works"}, 200, "It works", "answers without the text it should contain"),
        ({"contains": "größer"}, 200, "größer", None),
        ({"contains": None}, 200, "It works", None),
        ({"contains": "x"}, 404, "", "answers with status 404 instead of 200"),
    ],
)
async def test_page(given: dict[str, Any], status: int, text: str, expected: str | None, make: Make) -> None:
    async with WebPage(text, status=status) as app:
        monitor = make("web", app.url, **given)
        data = await monitor.fetch()
        assert problems(monitor, data) == (
            {} if expected is None else {"web_unexpected:page": f"warning: {expected}"}
        )
        assert [one.details for one in monitor.problems(data).values()] == (
            []
            if expected is None
            else [{"status": str(status), "expected": str(int(given.get("expected_status", 200)))}]
        )
        shown = sensors(monitor, data)
        assert 0 < shown.pop("response_time") < 5000
        assert shown == {}
    with pytest.raises(ApiConnectionError):
        await monitor.fetch()


@pytest.mark.parametrize(
    ("left", "days", "due"),
    [(13, None, True), (15, None, False), (15, 30, True), (13, 7, False), (0, None, True)],
)
async def test_certificate(left: int, days: int | None, due: bool, make: Make) -> None:
    until = (datetime.now(UTC) + timedelta(days=left, hours=1)).replace(microsecond=0)
    certificates = self_signed(until)
    async with WebPage(ssl_context=certificates.server_context()) as app:
        connection = Connection(app.url, tls=tls_context(certificates.ca))
        given = {"certificate_days": days} if days else {}
        monitor = make("web", app.url, connection=connection, **given)
        data = await monitor.fetch()
        assert sensors(monitor, data)["certificate_expires"] == until
        text = f"warning: the certificate expires on {until:%Y-%m-%d}"
        assert problems(monitor, data) == ({"certificate_expires:certificate": text} if due else {})
        if due:
            found = monitor.problems(data)[f"{SOURCE}:certificate_expires:certificate"]
            assert found.details == {"expires": until.isoformat()}


async def test_expired_certificate_is_an_outage(make: Make) -> None:
    certificates = self_signed(datetime.now(UTC) - timedelta(days=1))
    async with WebPage(ssl_context=certificates.server_context()) as app:
        connection = Connection(app.url, tls=tls_context(certificates.ca))
        with pytest.raises(ApiCertificateError, match="expired"):
            await make("web", app.url, connection=connection).fetch()


@pytest.mark.parametrize(("left", "text"), [(2, "expires"), (-2, "expired"), (200, None)])
async def test_certificate_that_is_not_verified(left: int, text: str | None, make: Make) -> None:
    """Then it is no outage; that it ends, or has ended, is told all the same."""
    until = (datetime.now(UTC) + timedelta(days=left)).replace(microsecond=0)
    certificates = self_signed(until, "other.example.org")
    async with WebPage(ssl_context=certificates.server_context()) as app:
        connection = Connection(app.url, tls=get_default_no_verify_context())
        monitor = make("web", app.url, connection=connection)
        data = await monitor.fetch()
        assert sensors(monitor, data)["certificate_expires"] == until
        told = {"certificate_expires:certificate": f"warning: the certificate {text} on {until:%Y-%m-%d}"}
        assert problems(monitor, data) == (told if text else {})


async def test_certificate_is_looked_at_seldom(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    certificates = self_signed(datetime(2040, 1, 1, tzinfo=UTC))
    looks: list[object] = []
    ask = WebClient.certificate_expires

    async def counted(client: WebClient) -> datetime | None:
        looks.append(client)
        return await ask(client)

    monkeypatch.setattr(WebClient, "certificate_expires", counted)
    async with WebPage(ssl_context=certificates.server_context()) as app:
        monitor = make("web", app.url, connection=Connection(app.url, tls=tls_context(certificates.ca)))
        for _ in range(3):
            assert (await monitor.fetch()).certificate_expires == datetime(2040, 1, 1, tzinfo=UTC)
        assert len(looks) == 1
        monkeypatch.setattr(web, "_CERTIFICATE_INTERVAL", timedelta())
        await monitor.fetch()
        assert len(looks) == 2

        # The page is there: a look at the certificate that fails is made again, and nothing else.
        async def failing(client: WebClient) -> datetime | None:
            looks.append(client)
            raise ApiConnectionError("timed out")

        monkeypatch.setattr(WebClient, "certificate_expires", failing)
        data = await monitor.fetch()
        assert (data.as_expected, data.certificate_expires) == (True, datetime(2040, 1, 1, tzinfo=UTC))
        await monitor.fetch()
        assert len(looks) == 4
