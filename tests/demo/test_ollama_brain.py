"""What the simulated models say: decided by words, the same every time."""

import json
from typing import Any

from jsonschema import validate as _validate  # type: ignore[import-untyped]
import pytest

from demo.servers.ollama.brain.structured import instance

from .talk import TOOLS, TURN_ON, Talk, calls, content, tool


def validate(value: Any, schema: Any) -> None:
    _validate(value, schema)


@pytest.mark.parametrize(
    ("question", "call"),
    [
        ("Turn on the kitchen light", ("HassTurnOn", {"name": "kitchen light", "domain": ["light"]})),
        ("turn the floor lamp off please", ("HassTurnOff", {"name": "floor lamp"})),
        ("Please turn on the light in the kitchen", ("HassTurnOn", {"area": "kitchen", "domain": ["light"]})),
        ("Schalte das Licht in der Küche ein", ("HassTurnOn", {"area": "küche", "domain": ["light"]})),
        ("Schalte das Küchenlicht ein", ("HassTurnOn", {"name": "Küchenlicht", "domain": ["light"]})),
        ("Schalte die Stehlampe aus", ("HassTurnOff", {"name": "Stehlampe"})),
        ("Set the bedroom lamp to 40 %", ("HassLightSet", {"name": "bedroom lamp", "brightness": 40})),
        ("Set the light to 400", ("HassLightSet", {"name": "light", "brightness": 100})),
        ("What time is it?", ("GetDateTime", {})),
        ("Wie spät ist es?", ("GetDateTime", {})),
        ("How is my homelab doing?", ("get_health", {})),
        ("Ist mein Homelab gesund?", ("get_health", {})),
        (
            "Show me 20 lines of the logs of Nextcloud",
            ("read_logs", {"service": "Nextcloud", "level": "error", "lines": 20}),
        ),
        ('Read the warning log of "paperless"', ("read_logs", {"service": "paperless", "level": "warning"})),
        ("Is the kitchen light on?", None),
        ("What is the meaning of life?", None),
        ("Hello", None),
    ],
)
async def test_tools_by_words(talk: Talk, question: str, call: Any) -> None:
    lines = await talk.chat(question, tools=TOOLS)
    assert calls(lines) == ([] if call is None else [call])
    assert bool(content(lines)) == (call is None)


async def test_a_prefix_of_all_names_tells_nothing(talk: Talk) -> None:
    tools = [tool(f"homelab_ai__{name}") for name in ("get_health", "list_backups", "read_logs")]
    for question, name in (
        ("How is my homelab?", "get_health"),
        ("Which backups failed in my homelab?", "list_backups"),
        ("Zeig mir die Protokolle", "read_logs"),
    ):
        assert calls(await talk.chat(question, tools=tools)) == [(f"homelab_ai__{name}", {})]


HOMELAB = [
    tool("homelab_ai__get_health", "How is the homelab?"),
    tool("homelab_ai__list_problems", "Problems of the homelab, worst first", system={"type": "string"}),
    tool(
        "homelab_ai__explain_problem",
        "Why is something failing? In the person's words",
        required=("problem",),
        problem={"type": "string"},
    ),
    tool(
        "homelab_ai__look_up",
        "All about any app, node, model, GPU… or all backups, pods…",
        required=("name",),
        name={"type": "string"},
    ),
    tool(
        "homelab_ai__get_timeline",
        "What happened in the homelab",
        hours={"type": "number"},
        name={"type": "string"},
    ),
]
# It names all that a command names, among much else.
LIVE = tool(
    "homeassistant__Overview", "What is on, e.g. 'Is the light on?', or whether to turn off sprinklers"
)


@pytest.mark.parametrize(
    ("question", "name", "arguments"),
    [
        ("How is the homelab?", "get_health", {}),
        ("Wie geht es dem Homelab?", "get_health", {}),
        ("Welche Probleme gibt es?", "list_problems", {}),
        ("Why is Paperless failing?", "explain_problem", {"problem": "Paperless"}),
        ("Warum geht Paperless nicht?", "explain_problem", {"problem": "Paperless"}),
        ("Wieso läuft Open WebUI nicht?", "explain_problem", {"problem": "Open WebUI"}),
        ("Is everything backed up?", "look_up", {"name": "backup"}),
        ("Ist alles gesichert?", "look_up", {"name": "backup"}),
        ("What about the GPU?", "look_up", {"name": "GPU"}),
        ("Was ist mit der Grafikkarte?", "look_up", {"name": "gpu"}),
    ],
)
async def test_tools_of_the_homelab(talk: Talk, question: str, name: str, arguments: Any) -> None:
    tools = [LIVE, TURN_ON, *HOMELAB]
    assert calls(await talk.chat(question, tools=tools)) == [(f"homelab_ai__{name}", arguments)]


async def test_a_command_is_no_question(talk: Talk) -> None:
    called = calls(await talk.chat("Turn on the kitchen light", tools=[LIVE, *HOMELAB, TURN_ON]))
    assert [name for name, _ in called] == ["HassTurnOn"]


@pytest.mark.parametrize(
    ("report", "said"),
    [
        (
            "⟦The pod a is off. The alert b is on. c is on.⟧",
            "The pod a is off, and the alert b is on. c is on.",
        ),
        ("⟦Der Pod a ist aus. Ollama ist an.⟧", "Der Pod a ist aus, und Ollama ist an."),
        ("⟦All is well.⟧", "All is well."),
    ],
)
async def test_a_report_is_rephrased(talk: Talk, report: str, said: str) -> None:
    assert content(await talk.chat(report)) == said


def test_a_problem_is_explained_from_its_evidence() -> None:
    fields = {name: {"type": "string"} for name in ("explanation", "next_step")}
    schema = {"type": "object", "properties": fields, "required": list(fields)}
    lines = [
        "Name: ⟦documents/paperless-7d9f8b6c5d-x2x4q⟧",
        "Summary: ⟦Pod documents/paperless-7d9f8b6c5d-x2x4q: Back-off pulling image⟧",
        "GitOps: ⟦HelmRelease documents/paperless is not ready⟧",
    ]
    assert instance(schema, "\n".join(lines)) == {
        "explanation": "Something is wrong with paperless. It says: Back-off pulling image.",
        "next_step": "Look at HelmRelease documents/paperless, and correct it in Git.",
    }
    german = instance(schema, "\n".join(lines[:2]), "\n".join(("Explain it in German.", *lines[:2])))
    assert german == {
        "explanation": "Mit paperless stimmt etwas nicht. Die Meldung ist: Back-off pulling image.",
        "next_step": "Sieh dir paperless an und korrigiere es in Git.",
    }


@pytest.mark.parametrize(
    ("question", "result", "answer"),
    [
        (
            "How is my homelab?",
            {"state": "degraded", "findings": [{"title": "Backup of nextcloud is 3 days old"}]},
            "Here is what I found: state degraded; title Backup of nextcloud is 3 days old.",
        ),
        ("Wie spät ist es?", {"time": "10:15:00"}, "Das weiß ich: time 10:15:00."),
        ("Wie spät ist es?", "Es ist viertel nach zehn.", "Es ist viertel nach zehn."),
        (
            "Turn on the light",
            {"response_type": "action_done", "data": {"success": [{"name": "Kitchen light"}], "failed": []}},
            "Done: Kitchen light.",
        ),
        ("Turn on the light", {"speech": {"plain": {"speech": "Turned on."}}}, "Turned on."),
        ("Turn on the light", {"error": "MatchFailedError"}, "That did not work: MatchFailedError."),
        ("Turn on the light", {"success": True}, "Done."),
        ("How is it?", {"note": "⟦is data⟧", "answer": "⟦All is well.⟧", "problems": 0}, "All is well."),
        ("Turn on the light", "", "Done."),
    ],
)
async def test_answers_from_results(talk: Talk, question: str, result: Any, answer: str) -> None:
    text = result if isinstance(result, str) else json.dumps(result)
    messages = [
        {"role": "user", "content": question},
        {"role": "assistant", "content": "", "tool_calls": [{"function": {"name": "x", "arguments": {}}}]},
        {"role": "tool", "tool_name": "x", "content": text},
    ]
    lines = await talk.chat(messages=messages, tools=TOOLS)
    assert content(lines) == answer
    # one call for one question; the next question may call again
    messages += [{"role": "assistant", "content": answer}, {"role": "user", "content": "What time is it?"}]
    assert calls(await talk.chat(messages=messages, tools=TOOLS)) == [("GetDateTime", {})]


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("Hi", "Hello! How can I help you?"),
        ("Hallo!", "Hallo! Wobei kann ich helfen?"),
        ("Who are you?", "I am llama3.1:8b, a simulated model on a simulated Ollama."),
        ("Wer bist du?", "Ich bin llama3.1:8b, ein simuliertes Modell auf einem simulierten Ollama."),
        (
            "Why is the sky blue?",
            "You asked about: sky blue. I have no data on that, but I am happy to help.",
        ),
        (
            "Warum ist der Himmel blau?",
            "Du fragst nach: Himmel blau. Dazu habe ich keine Daten, kann aber gern weiterhelfen.",
        ),
        (".", "Yes?"),
    ],
)
async def test_plain_answers(talk: Talk, question: str, answer: str) -> None:
    assert content(await talk.chat(question)) == answer


SCHEMAS: list[Any] = [
    {"type": "object", "properties": {"a": {"type": "string"}, "b": {"type": "integer"}}, "required": ["a"]},
    {
        "type": "object",
        "properties": {
            "list": {"type": "array", "items": {"type": "object", "properties": {"x": {"type": "number"}}}},
            "many": {"type": "array", "items": {"enum": ["p", "q"]}, "minItems": 3, "maxItems": 5},
            "few": {"type": "array", "items": {"type": "string"}, "maxItems": 0},
            "flag": {"type": "boolean"},
            "nothing": {"type": "null"},
            "fixed": {"const": 7},
        },
        "required": ["list", "many", "few", "flag", "nothing", "fixed"],
        "additionalProperties": False,
    },
    {"type": "integer", "minimum": 5, "maximum": 9},
    {"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1},
    {"type": "string", "minLength": 40, "maxLength": 45},
    {"type": ["null", "string"]},
    {"anyOf": [{"type": "null"}, {"type": "integer"}]},
    {
        "allOf": [
            {"type": "object", "properties": {"a": {"type": "integer"}}, "required": ["a"]},
            {"properties": {"b": {"type": "string"}}, "required": ["b"]},
        ]
    },
    {
        "$defs": {
            "node": {
                "type": "object",
                "properties": {"name": {"type": "string"}, "next": {"$ref": "#/$defs/node"}},
                "required": ["name"],
            }
        },
        "$ref": "#/$defs/node",
    },
    {"type": "object", "additionalProperties": {"type": "integer"}},
    {"type": "array", "prefixItems": [{"type": "integer"}, {"type": "string"}], "items": {"type": "boolean"}},
    {"type": "object", "required": ["x"]},
    {},
    True,
]


@pytest.mark.parametrize("schema", SCHEMAS)
def test_instances_are_valid(schema: Any) -> None:
    validate(instance(schema, 'Call it "Morning" at 7.5 or 12'), schema)


def test_instances_take_from_the_prompt() -> None:
    schema = {
        "type": "object",
        "properties": {
            "title": {"type": "string"},
            "name": {"type": "string"},
            "count": {"type": "integer"},
            "kind": {"type": "string", "enum": ["light", "switch"]},
            "urgent": {"type": "boolean"},
            "when": {"type": "string", "format": "date"},
        },
        "required": ["title", "name", "count", "kind", "urgent", "when"],
    }
    prompt = 'Make 3 of the urgent switch called "Pump".\ntitle: The pump'
    assert instance(schema, prompt) == {
        "title": "The pump",
        "name": "Pump",
        "count": 3,
        "kind": "switch",
        "urgent": True,
        "when": "2026-11-21",
    }
