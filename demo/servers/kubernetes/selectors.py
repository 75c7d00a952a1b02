"""Label and field selectors.

Source: kubernetes/apimachinery pkg/labels, pkg/fields; systems.md 4.1.
"""

from collections.abc import Callable
from dataclasses import dataclass
import re
from typing import Any

from .resources import Resource
from .wire import Object, bad_request

type Condition = Callable[[Object], bool]

_REQUIREMENT = re.compile(r"(?P<key>[^=!,\s]+)\s*(?P<operator>==|=|!=)\s*(?P<value>[^=!,\s]*)")
_EXISTENCE = re.compile(r"(?P<not>!?)(?P<key>[A-Za-z0-9][\w./-]*)")


@dataclass(frozen=True, slots=True)
class Selector:
    """All conditions must hold; without any it selects everything."""

    conditions: tuple[Condition, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.conditions)

    def __call__(self, value: Object) -> bool:
        """Whether it selects this object."""
        return all(condition(value) for condition in self.conditions)


def selector(resource: Resource, labels: str, fields: str) -> Selector:
    """Read both query parameters; raises StatusError 400.

    Stricter than the real server: of set-based labels it knows only existence.
    """
    conditions = [_label(part.strip()) for part in labels.split(",") if part.strip()]
    conditions += [_field(resource, part.strip()) for part in fields.split(",") if part.strip()]
    return Selector(tuple(conditions))


def _label(text: str) -> Condition:
    if match := _REQUIREMENT.fullmatch(text):
        key, wanted, equal = match["key"], match["value"], match["operator"] != "!="
        return lambda value: (_labels(value).get(key) == wanted) is equal
    if match := _EXISTENCE.fullmatch(text):
        key, present = match["key"], not match["not"]
        return lambda value: (key in _labels(value)) is present
    raise bad_request(f"unable to parse requirement: {text}")


def _field(resource: Resource, text: str) -> Condition:
    match = _REQUIREMENT.fullmatch(text)
    if match is None:
        raise bad_request(f"invalid selector: '{text}'; can't understand '{text}'")
    key, wanted, equal = match["key"], match["value"], match["operator"] != "!="
    if key not in resource.selectable:
        raise bad_request(f"field label not supported: {key}")
    path = key.split(".")
    return lambda value: (_at(value, path) == wanted) is equal


def _labels(value: Object) -> dict[str, str]:
    labels: dict[str, str] = value["metadata"].get("labels", {})
    return labels


def _at(value: Any, path: list[str]) -> str:
    for key in path:
        value = value.get(key, {}) if isinstance(value, dict) else {}
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value == {} else str(value)
