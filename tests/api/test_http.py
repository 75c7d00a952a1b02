"""Plain HTTP: bounded in size and time, no redirects, every failure an ApiError."""

import asyncio
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
import ssl

import aiohttp
from aiohttp import web
import pytest

from custom_components.homelab_ai.api.errors import (
    ApiAuthenticationError,
    ApiBusyError,
    ApiCertificateError,
    ApiConnectionError,
    ApiError,
    ApiForeignError,
    ApiNotFoundError,
    ApiResponseError,
)
from custom_components.homelab_ai.api.http import (
    MAX_BODY,
    MAX_ERROR_TEXT,
    MAX_RETRY_AFTER,
    Answer,
    Connection,
    fetch,
    raise_for_status,
    tls_context,
)
from demo.servers.certificates import Certificates, make_certificates
from demo.servers.pages import HtmlServer, RedirectServer

from .conftest import Serve
from .serving import body, endless, lines


async def get(session: aiohttp.ClientSession, url: str, **options: object) -> Answer:
    return await fetch(session, Connection(url), "GET", "/api", **options)  # type: ignore[arg-type]


async def test_answer_has_status_headers_and_body(session: aiohttp.ClientSession, serve: Serve) -> None:
    server = await serve(body('{"a": 1}', 418))
    answer = await get(session, server.url)
    assert answer.status == 418
    assert answer.headers["content-type"].startswith("application/json")
    assert answer.json() == {"a": 1}


async def test_path_prefix_and_headers_are_sent(session: aiohttp.ClientSession, serve: Serve) -> None:
    server = await serve(body("{}"), path_prefix="/ollama")
    await fetch(session, Connection(server.url, {"X-Token": "abc"}), "POST", "/api/show")
    (request,) = server.requests
    assert (request.method, request.path) == ("POST", "/ollama/api/show")
    assert request.headers["X-Token"] == "abc"


@pytest.mark.parametrize("text", ["", "{", '{"a": NaN', b"\xff\xfe"])
async def test_answer_that_is_no_json(
    text: str | bytes, session: aiohttp.ClientSession, serve: Serve
) -> None:
    server = await serve(body(text, 200))
    answer = await get(session, server.url)
    with pytest.raises(ApiResponseError) as raised:
        answer.json()
    assert raised.value.status == 200


async def test_web_page_instead_of_json(session: aiohttp.ClientSession, serve: Serve) -> None:
    server = await serve(body("\r\n<!doctype html>", content_type="application/json"))
    answer = await get(session, server.url)
    with pytest.raises(ApiForeignError, match="a web page answers"):
        answer.json()


async def test_json_that_is_too_deep(session: aiohttp.ClientSession, serve: Serve) -> None:
    server = await serve(body("[" * 200_000))
    answer = await get(session, server.url)
    with pytest.raises(ApiResponseError):
        answer.json()


async def test_body_has_a_largest_size(session: aiohttp.ClientSession, serve: Serve) -> None:
    server = await serve(body("x" * 1000))
    assert len((await get(session, server.url, max_body=1000)).body) == 1000
    with pytest.raises(ApiResponseError, match="larger than 999 bytes"):
        await get(session, server.url, max_body=999)


async def test_endless_body_is_not_read_to_its_end(session: aiohttp.ClientSession, serve: Serve) -> None:
    server = await serve(endless(b"x" * 65536, "text/plain"))
    with pytest.raises(ApiResponseError, match=f"larger than {MAX_BODY} bytes"):
        await get(session, server.url)


async def test_redirect_is_an_answer(session: aiohttp.ClientSession, serve: Serve) -> None:
    target = await serve(body("{}"))
    async with RedirectServer(target.url) as server:
        assert (await get(session, server.url)).status == 302
    assert target.requests == []


async def test_refused_connection(session: aiohttp.ClientSession) -> None:
    async with HtmlServer() as gone:
        url = gone.url
    with pytest.raises(ApiConnectionError) as raised:
        await fetch(session, Connection(url, tls=ssl.create_default_context()), "GET", "/")
    host = url.partition("://")[2]
    # Where a name leads is not said: it is nobody's business who only knows the name.
    assert str(raised.value) == f"Cannot connect to host {host} [Connection refused]"


async def test_body_that_is_cut_off(session: aiohttp.ClientSession, serve: Serve) -> None:
    server = await serve(lines("half a ", content_type="text/plain", cut=True))
    with pytest.raises(ApiConnectionError):
        await get(session, server.url)


@pytest.mark.parametrize("begun", [False, True])
async def test_time_is_for_headers_and_body(
    begun: bool, session: aiohttp.ClientSession, serve: Serve
) -> None:
    async def stall(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        if begun:
            await response.prepare(request)
            await response.write(b"x")
        await asyncio.sleep(30)
        return response

    server = await serve(stall)
    with pytest.raises(ApiConnectionError, match="timed out"):
        await get(session, server.url, seconds=0.2)


@pytest.mark.parametrize("url", ["http://127.0.0.1:99999", "nothing", "http://"])
async def test_address_that_is_none(url: str, session: aiohttp.ClientSession) -> None:
    with pytest.raises(ApiConnectionError):
        await get(session, url)


async def test_answer_that_is_no_http(session: aiohttp.ClientSession, socket_enabled: None) -> None:
    async def talk(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"SSH-2.0-OpenSSH_9.9\r\n")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    async with server:
        with pytest.raises(ApiConnectionError):
            await get(session, f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}")


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (400, ApiResponseError),
        (401, ApiAuthenticationError),
        (403, ApiAuthenticationError),
        (404, ApiNotFoundError),
        (429, ApiBusyError),
        (500, ApiResponseError),
        (503, ApiBusyError),
        (301, ApiResponseError),
        (100, ApiResponseError),
    ],
)
def test_status_means(status: int, expected: type[ApiError]) -> None:
    with pytest.raises(ApiError, match=f"{status}: why") as raised:
        raise_for_status(status, " why ")
    assert type(raised.value) is expected
    for nothing in (" \n", "<html>\n<h1>Bad Gateway</h1></html>"):
        with pytest.raises(ApiError, match=f"^{status}$"):
            raise_for_status(status, nothing)
    with pytest.raises(ApiError, match=f"^{status}: two lines$"):
        raise_for_status(status, "two\r\nlines")
    with pytest.raises(ApiError) as raised:
        raise_for_status(status, "x" * 1_000_000)
    assert len(str(raised.value)) <= MAX_ERROR_TEXT + 5


@pytest.mark.parametrize("status", [200, 204, 299])
def test_success_means_nothing(status: int) -> None:
    raise_for_status(status, "fine")
    Answer(status, {}, b"fine").raise_for_status()


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("7", 7),
        (" 0 ", 0),
        ("100000", MAX_RETRY_AFTER),
        ("9" * 400, MAX_RETRY_AFTER),
        ("Wed, 21 Oct 2015 07:28:00 GMT", 0),
        ("Wed, 21 Oct 2015 07:28:00 -0000", 0),
        ("Fri, 31 Dec 9999 23:59:59 GMT", MAX_RETRY_AFTER),
        ("", None),
        ("-1", None),
        ("1.5", None),
        ("soon", None),
        ("Fri, 31 Dec 9999999 23:59:59 GMT", None),
        ("Fri, 31 Dec 9999 23:59:59 +99999999999999999999", None),
    ],
)
async def test_system_says_when_to_come_again(
    status: int, said: str, seconds: float | None, session: aiohttp.ClientSession, serve: Serve
) -> None:
    async def busy(_request: web.Request) -> web.Response:
        return web.Response(status=status, text="slow down", headers={"Retry-After": said})

    answer = await get(session, (await serve(busy)).url)
    with pytest.raises(ApiBusyError, match=f"{status}: slow down") as raised:
        answer.raise_for_status()
    assert raised.value.retry_after == seconds


def test_system_says_at_which_time_to_come_again() -> None:
    moment = datetime.now(UTC) + timedelta(seconds=60)
    said = {"Retry-After": format_datetime(moment, usegmt=True)}
    found = Answer(429, said, b"").retry_after
    assert found is not None
    assert 55 < found <= 60
    assert Answer(429, {}, b"").retry_after is None


@pytest.mark.parametrize(("status", "where"), [(302, "/login?next=%2F"), (307, None), (301, "x" * 10_000)])
def test_redirect_leads_to_something_else(status: int, where: str | None) -> None:
    headers = {} if where is None else {"Location": where}
    with pytest.raises(ApiForeignError) as raised:
        Answer(status, headers, b"Found").raise_for_status()
    assert str(raised.value) == f"redirects to {(where or 'elsewhere')[:MAX_ERROR_TEXT]}"


# TLS


async def test_private_authority(session: aiohttp.ClientSession, serve: Serve) -> None:
    certificates = make_certificates()
    server = await serve(body("{}"), ssl_context=certificates.server_context())
    connection = Connection(server.url, tls=tls_context(certificates.ca))
    assert (await fetch(session, connection, "GET", "/")).status == 200


@pytest.mark.parametrize(
    ("certificates", "known", "reason"),
    [
        (make_certificates(), False, "self-signed"),
        (make_certificates(expired=True), True, "expired"),
        (make_certificates(("ollama.example.org",)), True, "IP address mismatch"),
    ],
    ids=["unknown authority", "expired", "another name"],
)
async def test_certificate_that_cannot_be_trusted(
    certificates: Certificates, known: bool, reason: str, session: aiohttp.ClientSession, serve: Serve
) -> None:
    server = await serve(body("{}"), ssl_context=certificates.server_context())
    tls = tls_context(certificates.ca) if known else None
    with pytest.raises(ApiCertificateError, match=reason):
        await fetch(session, Connection(server.url, tls=tls), "GET", "/")


async def test_unverified_certificate(session: aiohttp.ClientSession, serve: Serve) -> None:
    server = await serve(body("{}"), ssl_context=make_certificates(expired=True).server_context())
    tls = ssl.create_default_context()
    tls.check_hostname = False
    tls.verify_mode = ssl.CERT_NONE
    assert (await fetch(session, Connection(server.url, tls=tls), "GET", "/")).status == 200


async def test_tls_where_there_is_none(session: aiohttp.ClientSession, serve: Serve) -> None:
    """What is wrong then is no certificate."""
    server = await serve(body("{}"))
    with pytest.raises(ApiConnectionError) as raised:
        await fetch(session, Connection(server.url.replace("http:", "https:")), "GET", "/")
    assert type(raised.value) is ApiConnectionError


def test_context_trusts_home_made_authorities_but_checks_names() -> None:
    """Python's strict rules refuse authorities without extensions that homelabs seldom write."""
    context = tls_context(make_certificates().ca)
    assert not context.verify_flags & ssl.VERIFY_X509_STRICT
    assert context.check_hostname
    assert context.verify_mode is ssl.CERT_REQUIRED


@pytest.mark.parametrize(
    "text", ["no PEM", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", ""]
)
def test_authority_that_is_no_certificate(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - that it is one is the contract
        tls_context(text)


def test_connection_keeps_its_secrets_out_of_logs() -> None:
    """What is put into a log by accident is put there by its repr."""
    connection = Connection("http://hub", {"Authorization": "Bearer sk-secret"})
    assert "sk-secret" not in repr(connection)
