"""Config flows and subentry flows, answered as a person would answer them in the browser."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

from .client import Client, Json
from .configuration import DOMAIN
from .errors import DemoError

# From the fields of a form to what is entered into it.
type Answer = Callable[[list[Json]], Json]

_SECONDS_BETWEEN_LOOKS = 0.5


async def completed(
    client: Client,
    path: str,
    handler: str | list[str],
    answers: Mapping[str, Answer],
    on_progress: Callable[[str, float | None], None],
) -> Json:
    """The result of a flow that created its entry; raises DemoError with what the flow objected to.

    `path` is the API path of this kind of flow, `answers` is by step id. While the flow is busy,
    `on_progress` is told what with, and which share of it is done as far as the flow says so.
    """
    result = await client.post(path, {"handler": handler, "show_advanced_options": True})
    seen: set[str] = set()
    doubted: Json | None = None
    while (kind := result["type"]) != "create_entry":
        place = f"{path}/{result['flow_id']}"
        if kind == "form" and (errors := result.get("errors")):
            if errors == doubted:
                raise DemoError(await _objection(client, result, handler))
            # A doubt is told once, and what is sent again is saved.
            doubted = errors
            seen.clear()
        if kind == "form":
            result = await client.post(place, _filled(result, answers, seen))
        elif kind == "menu":
            result = await client.post(place, answers[result["step_id"]]([]))
        elif kind == "progress":
            result = await _busy(client, place, result, on_progress)
        else:
            raise DemoError(f"{handler}: {kind} {result.get('reason') or result}")
    return dict(result)


def choices(schema: list[Json], name: str) -> list[str]:
    """What may be chosen in this field of a form."""
    for field in schema:
        if field["name"] == name:
            options = field.get("options") or field.get("selector", {}).get("select", {}).get("options", [])
            return [_value(option) for option in options]
    return []


def suggested(schema: list[Json], name: str) -> str | None:
    """What this field of a form holds before anybody has typed; None for nothing."""
    for field in schema:
        if field["name"] == name:
            value = field.get("default", field.get("description", {}).get("suggested_value"))
            return str(value) if value else None
    return None


def _value(option: Any) -> str:
    """What is sent when this option is chosen: selectors list objects or texts, plain fields list pairs."""
    if isinstance(option, dict):
        return str(option["value"])
    return str(option[0] if isinstance(option, list) else option)


async def _objection(client: Client, form: Json, handler: str | list[str]) -> str:
    """What a person would read in the form that came back, in English."""
    of_subentry = isinstance(handler, list)
    category = "config_subentries" if of_subentry else "config"
    where = f"{category}.{handler[1]}" if of_subentry else category
    texts = await client.command(
        "frontend/get_translations", language="en", category=category, integration=[DOMAIN]
    )
    sentences = []
    for field, error in form["errors"].items():
        text = texts["resources"].get(f"component.{DOMAIN}.{where}.error.{error}", error)
        for name, value in (form.get("description_placeholders") or {}).items():
            text = text.replace(f"{{{name}}}", str(value))
        sentences.append(text if field == "base" else f"{field}: {text}")
    return "The integration objects. " + " ".join(sentences)


def _filled(form: Json, answers: Mapping[str, Answer], seen: set[str]) -> Json:
    step = form["step_id"]
    if step in seen or step not in answers:
        raise DemoError(f"{form['handler']}: nobody knows what to answer in step {step}")
    seen.add(step)
    return answers[step](form["data_schema"])


async def _busy(
    client: Client, place: str, result: Json, on_progress: Callable[[str, float | None], None]
) -> Json:
    """What comes after a progress step."""
    flow_id = result["flow_id"]
    share: float | None = None

    async def listen() -> None:
        nonlocal share
        async with client.websocket() as websocket:
            async for event in websocket.events(
                "subscribe_events", event_type="data_entry_flow_progress_update"
            ):
                if event["data"]["flow_id"] == flow_id:
                    share = event["data"]["progress"]

    listener = asyncio.create_task(listen())
    try:
        while result["type"] == "progress":
            on_progress(result["progress_action"], share)
            await asyncio.sleep(_SECONDS_BETWEEN_LOOKS)
            result = await client.get(place)
    finally:
        listener.cancel()
    return result
