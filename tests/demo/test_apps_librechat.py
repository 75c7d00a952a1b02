"""LibreChat and its exporter."""

from aiohttp import ClientSession
import pytest

from demo.servers.apps.librechat import LibreChatExporter, LibreChatServer

from .talk import Talk

pytestmark = pytest.mark.usefixtures("socket_enabled")


async def test_librechat() -> None:
    async with LibreChatServer() as app, ClientSession() as session:
        talk = Talk(session, app.url)
        assert await talk.get("/health") == (200, "OK")
        assert (await talk.get("/api/config"))[1]["appTitle"] == "LibreChat"
        for path in ("/", "/healthz", "/api/health", "/metrics"):
            status, page = await talk.get(path)
            assert (status, page[:15]) == (200, "<!doctype html>")
        app.faults.status(502, "<html>Bad Gateway</html>", content_type="text/html")
        assert (await talk.get("/health"))[0] == 502


async def test_exporter() -> None:
    async with LibreChatExporter() as exporter, ClientSession() as session:
        exporter.put("messages", 2_000_000)
        talk = Talk(session, exporter.url)
        status, text = await talk.get("/metrics")
        assert status == 200
        assert (await talk.get("/"))[1] == text
        assert (await talk.get("/other"))[0] == 404
        lines = text.splitlines()
        assert "# TYPE librechat_messages_total gauge" in lines
        assert "librechat_messages_total 2e+06" in lines
        assert "librechat_active_users 2.0" in lines
        assert 'librechat_messages_per_model_total{model="llama3.1:8b"} 1020.0' in lines
        assert 'librechat_messages_per_model_5m{model="llama3.1:8b"} 6.0' in lines


def test_older_exporter() -> None:
    lines = LibreChatExporter(old_names=True).text().splitlines()
    assert 'librechat_messages_per_model{model="llama3.1:8b"} 1020.0' in lines
    assert "librechat_messages 1284.0" in lines
    assert not any("_total" in line for line in lines)


def test_warming_up() -> None:
    exporter = LibreChatExporter(warm=False)
    assert "librechat" not in exporter.text()
    exporter.warm_up()
    assert "librechat_messages_total 1284.0" in exporter.text()
    exporter.remove(exporter.named("tool_calls"))
    assert "librechat_tool_calls" not in exporter.text()
