"""Tool calls printed as text: what is one, what is none, and what may be spoken at once."""

import pytest

from custom_components.homelab_ai.agent import held_calls
from custom_components.homelab_ai.agent.reader import Reader
from custom_components.homelab_ai.api.chat import ToolCall

NAMES = ("intent__HassTurnOn", "homelab_ai__get_health")
KITCHEN = ToolCall("HassTurnOn", {"name": "Kitchen"})
HALL = ToolCall("HassTurnOn", {"name": "Hall"})
JSON = '{"name": "HassTurnOn", "arguments": {"name": "Kitchen"}}'
PYTHON = 'HassTurnOn(name="Kitchen")'

CALLS = {
    "json": (JSON, [KITCHEN]),
    "json-parameters": ('{"name": "HassTurnOn", "parameters": {"name": "Kitchen"}}', [KITCHEN]),
    "json-args": ('{"tool": "HassTurnOn", "args": {"name": "Kitchen"}}', [KITCHEN]),
    "json-tool-name": ('{"tool_name": "HassTurnOn", "arguments": {"name": "Kitchen"}}', [KITCHEN]),
    "json-function-name": ('{"function": "HassTurnOn", "arguments": {"name": "Kitchen"}}', [KITCHEN]),
    "json-wrapped": (f'{{"type": "function", "function": {JSON}}}', [KITCHEN]),
    "json-string-arguments": (
        '{"name": "HassTurnOn", "arguments": "{\\"name\\": \\"Kitchen\\"}"}',
        [KITCHEN],
    ),
    "json-no-arguments": (
        '{"name": "get_health", "parameters": {}}',
        [ToolCall("get_health", {})],
    ),
    "json-list": (f'[{JSON}, {{"name": "HassTurnOn", "arguments": {{"name": "Hall"}}}}]', [KITCHEN, HALL]),
    "json-semicolon": (
        f'{JSON}; {{"name": "HassTurnOn", "arguments": {{"name": "Hall"}}}};',
        [KITCHEN, HALL],
    ),
    "json-lines": (f'{JSON}\n{{"name": "HassTurnOn", "arguments": {{"name": "Hall"}}}}', [KITCHEN, HALL]),
    "json-made-up": ('{"name": "light_on", "arguments": {}}', [ToolCall("light_on", {})]),
    "whitespace-first": (f"\n\n  {JSON}\n", [KITCHEN]),
    "fence": (f"```\n{JSON}\n```", [KITCHEN]),
    "fence-json": (f"```json\n{JSON}\n```", [KITCHEN]),
    "fence-tool-code": (f"```tool_code\n{PYTHON}\n```", [KITCHEN]),
    "fence-python": (f"```python\n{PYTHON}\n```", [KITCHEN]),
    "tool-call-tags": (f"<tool_call>\n{JSON}\n</tool_call>", [KITCHEN]),
    "tool-call-unclosed": (f"<tool_call>{JSON}", [KITCHEN]),
    "tool-call-twice": (f"<tool_call>{JSON}</tool_call>\n<tool_call>{JSON}</tool_call>", [KITCHEN, KITCHEN]),
    "python-tag": (f"<|python_tag|>{JSON}", [KITCHEN]),
    "python-tag-python": (f"<|python_tag|>{PYTHON}", [KITCHEN]),
    "mistral": (f"[TOOL_CALLS] [{JSON}]", [KITCHEN]),
    "text-behind-json": (f"{JSON}\n\nThis turns on the light.", [KITCHEN]),
    "text-behind-fence": (f"```json\n{JSON}\n```\nThe light is on now!", [KITCHEN]),
    "text-behind-tags": (f"<tool_call>{JSON}</tool_call> Done.", [KITCHEN]),
    "python": (PYTHON, [KITCHEN]),
    "python-full-name": (
        'intent__HassTurnOn(name="Kitchen")',
        [ToolCall("intent__HassTurnOn", {"name": "Kitchen"})],
    ),
    "python-list": (f'[{PYTHON}, HassTurnOn(name="Hall")]', [KITCHEN, HALL]),
    "python-lines": (f'{PYTHON}\nHassTurnOn(name="Hall")', [KITCHEN, HALL]),
    "python-positional": ('HassTurnOn("Kitchen")', [KITCHEN]),
    "python-no-quotes": ("HassTurnOn(name=Kitchen)", [KITCHEN]),
    "python-no-arguments": ("get_health()", [ToolCall("get_health", {})]),
}

SPOKEN_FIRST = {
    "tags-after-text": (f"I will do that. <tool_call>{JSON}</tool_call>", "I will do that. "),
    "fence-after-text": (f"Sure:\n```json\n{JSON}\n```", "Sure:\n"),
    "mistral-after-text": (f"Moment [TOOL_CALLS] [{JSON}]", "Moment "),
    "python-tag-after-text": (f"On it<|python_tag|>{PYTHON}", "On it"),
}

BROKEN = {
    "json-arguments-no-object": '{"name": "HassTurnOn", "arguments": 5}',
    "json-arguments-broken-string": '{"name": "HassTurnOn", "arguments": "{name"}',
    "json-broken": '{"name": "HassTurnOn", "arguments": {"name": ',
}
"""Calls of a tool that was offered, and unreadable: the model is told so, and nobody hears them."""

ANSWERS = {
    "plain": "The kitchen is 21 °C.",
    "json-object": '{"temperature": 21, "unit": "°C"}',
    "json-name-only": '{"name": "Kitchen", "area": "Ground floor"}',
    "json-name-no-text": '{"name": 5, "arguments": {}}',
    "json-list": '["milk", "bread"]',
    "made-up-call-then-text": '{"name": "light_on", "arguments": {}} is how others write it.',
    "json-then-text": '{"a": 1} is what you asked for.',
    "brackets": "[Note] The door is open.",
    "braces": "{curly} is how it is written.",
    "fence": "```yaml\nlight:\n  - platform: template\n```",
    "fence-python": "```python\nprint('hello')\n```",
    "fence-python-open": "```python\nopen(file='x')\n```",
    "fence-assignment": "```python\nx = 1\n```",
    "python-not-literal": "HassTurnOn(name=kitchen())",
    "python-parameters": "HassTurnOn(name)",
    "python-unknown": 'turn_on(name="Kitchen")',
    "python-method": 'hass.HassTurnOn(name="Kitchen")',
    "text-with-name": "HassTurnOn is the tool for that.",
    "text-with-call": f"You could say {PYTHON} in Python.",
    "comparison": "1 < 2, and 3 > 2.",
    "markdown-link": "See [the manual](https://example.com).",
    "backtick": "Use `light.turn_on` for that.",
    "half-a-mark": "It ends with <tool_cal",
    "only-spaces": "   ",
    "fence-empty": "``` ```",
    "nested": "[" * 200,
}


def said(pieces: list[str], names: tuple[str, ...] = NAMES) -> tuple[str, str, tuple[ToolCall, ...]]:
    """Return what was let through at once, what only in the end, and the calls."""
    reader = Reader(names)
    at_once = "".join(reader.feed(piece)[0] for piece in pieces)
    rest, _ = reader.finish()
    return at_once, rest, tuple(reader.calls)


def cut(text: str, size: int) -> list[str]:
    return [text[at : at + size] for at in range(0, len(text), size)]


SIZES = (1, 3, 1000)
"""How many characters come at a time."""


@pytest.mark.parametrize(("text", "calls"), CALLS.values(), ids=CALLS)
def test_call_is_found_and_nothing_of_it_spoken(text: str, calls: list[ToolCall]) -> None:
    for size in SIZES:
        at_once, rest, found = said(cut(text, size))
        assert list(found) == calls
        assert (at_once + rest).strip() == ""


@pytest.mark.parametrize(("text", "before"), SPOKEN_FIRST.values(), ids=SPOKEN_FIRST)
def test_text_before_a_call_is_spoken(text: str, before: str) -> None:
    for size in SIZES:
        assert said(cut(text, size)) == (before, "", (KITCHEN,))


@pytest.mark.parametrize("text", BROKEN.values(), ids=BROKEN)
def test_unreadable_call_is_not_spoken(text: str) -> None:
    for size in SIZES:
        reader = Reader(NAMES)
        said = "".join(reader.feed(piece)[0] for piece in cut(text, size)) + reader.finish()[0]
        assert (said, reader.calls, reader.unreadable) == ("", [], True)


@pytest.mark.parametrize("text", ANSWERS.values(), ids=ANSWERS)
def test_any_other_answer_comes_through_whole(text: str) -> None:
    for size in SIZES:
        at_once, rest, found = said(cut(text, size))
        assert found == ()
        assert at_once + rest == text


@pytest.mark.parametrize("text", ["The kitchen is warm.", "Use `x` or [y] if a < b.", "HassTurn is no tool."])
def test_plain_text_is_not_held_back(text: str) -> None:
    at_once, rest, _ = said(cut(text, 1))
    assert (at_once, rest) == (text, "")


def test_text_is_spoken_while_it_comes() -> None:
    reader = Reader(NAMES)
    assert [reader.feed(piece)[0] for piece in ("It", " is", " 21 °C <", "tool", " box")] == [
        "It",
        " is",
        " 21 °C ",
        "",
        "<tool box",
    ]


def test_what_is_too_long_for_a_call_is_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(held_calls, "MAX_HELD", 20)
    reader = Reader(NAMES)
    assert reader.feed('{"name": [1, 2, ') == ("", "")
    assert reader.feed("3, 4, 5, 6") == ('{"name": [1, 2, 3, 4, 5, 6', "")
    assert reader.feed(", 7") == (", 7", "")
    assert reader.finish() == ("", "")
    assert not reader.calls
