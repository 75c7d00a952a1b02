"""Data of an AI task: fitted to its structure where that is certain, else refused."""

from typing import Any

from probatio import to_openapi
import pytest
import voluptuous as vol

from custom_components.homelab_ai.agent.data import DataMisfitError, bounded, data_from
from homeassistant.helpers import llm, selector

STRUCTURE = vol.Schema(
    {
        vol.Required("lines"): selector.TextSelector({"multiple": True}),
        vol.Required("n"): selector.NumberSelector({"min": 0, "max": 9}),
        vol.Optional("mode"): selector.SelectSelector({"options": ["eco", "Boost"]}),
        vol.Optional("on"): selector.BooleanSelector({}),
    }
)
SCHEMA: dict[str, Any] = to_openapi(
    STRUCTURE, custom_serializer=llm.selector_serializer, openapi_version="3.1.0"
)
GOOD = {"lines": ["x"], "n": 3}


@pytest.mark.parametrize(
    ("text", "data"),
    [
        ('{"lines": ["x"], "n": 3}', GOOD),
        ('{"lines": "x", "n": "3"}', GOOD),
        ('{"lines": ["x"], "n": [3]}', GOOD),
        ('{"lines": ["x"], "n": {"value": 3}}', GOOD),
        ('{"lines": "[\\"x\\"]", "n": 3}', GOOD),
        ('{"Lines": ["x"], "N": 3}', GOOD),
        ('{"data": {"lines": ["x"], "n": 3}}', GOOD),
        ('{"result": [{"lines": ["x"], "n": 3}]}', GOOD),
        ('[{"lines": ["x"], "n": 3}]', GOOD),
        ('```json\n{"lines": ["x"], "n": 3}\n```', GOOD),
        ('Here: {"lines": ["x"], "n": 3} I hope {that} helps.', GOOD),
        ('{"lines": ["x"], "n": 3,}', GOOD),
        ("{'lines': ['x'], 'n': 3}", GOOD),
        ('{"lines": ["x"], "n": 3, "extra": 1}', GOOD),
        ('{"lines": ["x"], "n": 3, "mode": null}', GOOD),
        ('{"lines": ["x"], "n": 3, "mode": "ECO"}', {**GOOD, "mode": "eco"}),
        ('{"lines": ["x"], "n": 3, "on": "yes"}', {**GOOD, "on": True}),
        ('{"wrong": 1}\n{"lines": ["x"], "n": 3}', GOOD),
    ],
)
def test_data_is_fitted(text: str, data: dict[str, Any]) -> None:
    assert data_from(text, STRUCTURE, SCHEMA) == data


@pytest.mark.parametrize(
    "text",
    [
        "",
        "null",
        '"x"',
        "3",
        "[]",
        "{}",
        '{"n": 3}',
        '{"lines": ["x"]}',
        '{"lines": ["x"], "n": NaN}',
        '{"lines": ["x"], "n": Infinity}',
        '{"lines": ["x"], "n": 1e400}',
        '{"lines": ["x"], "n": "three"}',
        '{"lines": ["x"], "n": 10}',
        '{"lines": ["x"], "n": -1}',
        '{"lines": [1, {"a": 2}], "n": 3}',
        '{"lines": ["x"], "n": 3, "mode": "other"}',
        '{"lines": ["x"], "n": 3, "on": "maybe"}',
        '{"lines": ["x"], "n": true}',
        "{" * 5000,
        '{"lines": ' + "[" * 3000,
    ],
)
def test_data_that_is_not_in_the_form_is_refused(text: str) -> None:
    with pytest.raises(DataMisfitError):
        data_from(text, STRUCTURE, SCHEMA)


def test_nothing_in_a_schema_is_endless() -> None:
    fields = bounded(SCHEMA)["properties"]
    assert fields["lines"]["maxItems"] > 0
    assert fields["lines"]["items"]["maxLength"] > 0
    assert "maxLength" not in fields["mode"]
