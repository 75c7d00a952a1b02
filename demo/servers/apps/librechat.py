"""LibreChat, and the exporter that reads its database.

Sources: danny-avila/LibreChat api/server/index.js, virtUOS/librechat_exporter metrics.py; systems.md 7.2.
"""

from collections.abc import Mapping
from typing import Any

from aiohttp import web

from demo.servers.exporters import Exporter, python_number

from .app import AppServer, json_response, page

_CONFIG: dict[str, Any] = {
    "appTitle": "LibreChat",
    "socialLogins": ["openid"],
    "discordLoginEnabled": False,
    "emailEnabled": False,
    "emailLoginEnabled": True,
    "openidLoginEnabled": False,
    "passwordResetEnabled": False,
    "registrationEnabled": False,
    "serverDomain": "http://localhost:3080",
    "showBirthdayIcon": False,
    "helpAndFaqURL": "https://librechat.ai",
    "interface": {"endpointsMenu": True, "modelSelect": True},
    "sharedLinksEnabled": True,
    "instanceProjectId": "64f0c0ffee00000000000001",
}
# name → usual value, without the prefix; those in _SUFFIXED end in _total since 2.0.
_USUAL: dict[str, float] = {
    "registered_users": 4,
    "active_users": 2,
    "active_conversations": 3,
    "daily_unique_users": 2,
    "weekly_unique_users": 3,
    "monthly_unique_users": 4,
    "messages": 1284,
    "conversations": 167,
    "error_messages": 9,
    "input_tokens": 2_412_345,
    "output_tokens": 611_204,
    "uploaded_files": 31,
    "messages_5m": 6,
    "error_messages_5m": 0,
    "input_tokens_5m": 5120,
    "output_tokens_5m": 1410,
    "rated_messages": 12,
    "overall_rating_ratio": 0.75,
    "thumbs_up": 9,
    "thumbs_down": 3,
    "active_tool_users": 1,
}
_SUFFIXED = frozenset(
    {
        "registered_users",
        "messages",
        "conversations",
        "error_messages",
        "input_tokens",
        "output_tokens",
        "uploaded_files",
        "rated_messages",
        "thumbs_up",
        "thumbs_down",
        "messages_per_model",
        "errors_per_model",
        "input_tokens_per_model",
        "output_tokens_per_model",
        "tool_calls",
    }
)
_PER_MODEL: dict[str, Mapping[str, float]] = {
    "messages_per_model": {"llama3.1:8b": 1020, "qwen2.5-coder:7b": 264},
    "errors_per_model": {"llama3.1:8b": 9, "qwen2.5-coder:7b": 0},
    "input_tokens_per_model": {"llama3.1:8b": 1_900_000, "qwen2.5-coder:7b": 512_345},
    "output_tokens_per_model": {"llama3.1:8b": 480_000, "qwen2.5-coder:7b": 131_204},
    "messages_per_model_5m": {"llama3.1:8b": 6},
    "model_input_tokens_5m": {"llama3.1:8b": 5120},
    "model_output_tokens_5m": {"llama3.1:8b": 1410},
}


class LibreChatServer(AppServer):
    """A LibreChat; without its database it does not listen at all."""

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """Answer as the app does: whatever it does not know is the single page app."""
        if request.path == "/health":
            return web.Response(text="OK")
        if request.path == "/api/config":
            return json_response(_CONFIG)
        return page("LibreChat")


class LibreChatExporter(Exporter):
    """The exporter, new (2.3) or from the time when no name ended in _total (`old_names`).

    Empty until `warm_up`, unless it is made `warm`. Everything is a gauge, whatever its name says.
    """

    number = staticmethod(python_number)
    content_type = "text/plain; version=0.0.4; charset=utf-8"
    paths = ("/", "/metrics")

    def __init__(self, *, old_names: bool = False, warm: bool = True, **settings: Any) -> None:
        """Prepare an exporter; the settings are those of AppServer."""
        super().__init__(**settings)
        self.old_names = old_names
        self.set("python_info", 1, implementation="CPython", major="3", minor="13", version="3.13.9")
        if warm:
            self.warm_up()

    def warm_up(self) -> None:
        """Have read the database for the first time."""
        for name, value in _USUAL.items():
            self.put(name, value)
        for name, values in _PER_MODEL.items():
            for model, value in values.items():
                self.put(name, value, model=model)
        self.put("tool_calls", 17, tool_name="web_search")

    def put(self, name: str, value: float, **labels: str) -> None:
        """Set a metric by its name without prefix and suffix: `messages`, `active_users`."""
        self.set(self.named(name), value, **labels)

    def named(self, name: str) -> str:
        """The name of a metric in this release."""
        suffix = "_total" if name in _SUFFIXED and not self.old_names else ""
        return f"librechat_{name}{suffix}"
