"""What all forms have in common: they come back with what was typed and with what was wrong with it."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import voluptuous as vol

from homeassistant.config_entries import (
    SOURCE_USER,
    ConfigEntry,
    ConfigSubentryFlow,
    SubentryFlowResult,
)
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowHandler, FlowResult

from ..const import DOCS, MODELS_PAGE

_PLACEHOLDERS = {
    "command": (
        "kubectl apply -f https://raw.githubusercontent.com/homelab-ai/homelab-ai/main/docs/kubernetes.yaml"
    ),
    "example": "http://192.168.1.20:11434",
    "library": "https://ollama.com/library",
    "models": MODELS_PAGE,
    "repository": "https://git.example.org/home/k8s",
}
"""Addresses and commands that texts name; Home Assistant does not want them in the texts themselves."""


class FormError(Exception):
    """A form that cannot be accepted: the key of its text, the field it is about, what the text names."""

    def __init__(self, key: str, field: str = "base", **placeholders: str) -> None:
        """Keep them."""
        super().__init__(key)
        self.key = key
        self.field = field
        self.placeholders = placeholders

    def errors(self, schema: vol.Schema) -> dict[str, str]:
        """Return the error in the form's own shape: above the form if that does not have the field."""
        return {self.field if self.field in schema.schema else "base": self.key}


class FormFlow[ResultT: FlowResult[Any, Any]](FlowHandler[Any, ResultT, Any]):
    """A flow whose forms show FormErrors."""

    _manual = "hub.md"
    """The page of the documentation that its forms link."""

    def _form(
        self,
        step_id: str,
        schema: vol.Schema,
        suggested: Mapping[str, Any],
        error: FormError | None = None,
        **placeholders: str,
    ) -> ResultT:
        """Show a form, filled with what is suggested or was typed before."""
        return self.async_show_form(
            step_id=step_id,
            data_schema=self.add_suggested_values_to_schema(schema, suggested),
            errors=error.errors(schema) if error else None,
            description_placeholders={
                **_PLACEHOLDERS,
                "docs": f"{DOCS}{self._manual}",
                **placeholders,
                **(error.placeholders if error else {}),
            },
        )


@dataclass(frozen=True, slots=True)
class Told:
    """What the last page of a dialog says: the key of its text, and what that names."""

    key: str
    placeholders: Mapping[str, str]


class SubentryFlow(ConfigSubentryFlow):
    """A flow that ends with its subentry saved, whether new or changed."""

    _told: Told | None = None

    def _save(self, title: str, data: Mapping[str, Any]) -> SubentryFlowResult:
        if self.source == SOURCE_USER:
            told = self._told
            return self.async_create_entry(
                title=title,
                data=data,
                description=told.key if told else None,
                description_placeholders=told.placeholders if told else None,
            )
        entry = self._get_entry()
        with started_if_changed(self.hass, entry):
            return self.async_update_and_abort(
                entry, self._get_reconfigure_subentry(), title=title, data=data
            )


@contextmanager
def started_if_changed(hass: HomeAssistant, entry: ConfigEntry[Any]) -> Iterator[None]:
    """Set up an entry whose settings are changed within the block, where nobody else would.

    A loaded entry listens for changes and reloads itself; one whose set-up failed does not.
    """
    # Asked before the change: the reload that this sets off takes the listener away at once.
    listens = bool(entry.update_listeners)
    yield
    if not listens:
        hass.config_entries.async_schedule_reload(entry.entry_id)
