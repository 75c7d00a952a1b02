"""What a person sees of a form, read from the result of a flow."""

from collections.abc import Mapping
from typing import Any

from probatio import to_field_list

from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowManager, FlowResultType
from homeassistant.helpers import config_validation as cv

type Result = Mapping[str, Any]


def fields(result: Result) -> list[dict[str, Any]]:
    """Return the fields as the browser gets them."""
    assert result["type"] is FlowResultType.FORM, result
    serialized = to_field_list(result["data_schema"], custom_serializer=cv.custom_serializer)
    assert isinstance(serialized, list)
    return serialized


def suggested(result: Result) -> dict[str, Any]:
    """Return what the form is filled with, beside defaults."""
    return _suggested(fields(result))


def _suggested(serialized: list[dict[str, Any]]) -> dict[str, Any]:
    values = {}
    for field in serialized:
        if field.get("type") == "expandable":
            if inner := _suggested(field["schema"]):
                values[field["name"]] = inner
        elif (value := (field.get("description") or {}).get("suggested_value")) is not None:
            values[field["name"]] = value
    return values


def expanded(result: Result) -> bool:
    """Return whether the section of the form is open."""
    (section,) = (field for field in fields(result) if field.get("type") == "expandable")
    return bool(section["expanded"])


def options(result: Result, name: str) -> dict[str, str]:
    """Return what may be chosen in a field: label by value."""
    (field,) = (field for field in fields(result) if field["name"] == name)
    return {option["value"]: option["label"] for option in field["selector"]["select"]["options"]}


async def until_no_progress[ResultT: Result](
    hass: HomeAssistant, manager: FlowManager[Any, Any, Any], result: ResultT
) -> ResultT:
    """Return what comes after the progress."""
    while result["type"] is FlowResultType.SHOW_PROGRESS:
        await hass.async_block_till_done(wait_background_tasks=True)
        result = await manager.async_configure(result["flow_id"])
    return result
