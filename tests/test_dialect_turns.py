"""Turns with a model that writes what it should not: through a real Home Assistant, to the light and back."""

import pytest

from custom_components.homelab_ai.api.models import details
from demo.servers.ollama import OllamaServer, Reply
from homeassistant.core import HomeAssistant

from .agent.messages import fixtures
from .turns import chats, is_off, is_on, listen, move_in, sent, turn_on

LEFT_OVERS = ("<", "{", "[TOOL", "```", "HassTurn", "user", "Thanks")
CALLS = {
    name: text
    for name, text in fixtures().items()
    if name
    in {
        *(
            "json-lost-brace",
            "json-toolcalls",
            "json-keyed",
            "json-unquoted",
            "tags-qwen-coder",
            "tags-minimax",
        ),
        *("names-kimi", "names-deepseek", "names-glm", "names-mistral-new", "names-harmony", "names-gemma4"),
        *("names-granite", "names-commandr7b", "code-lfm2", "code-gemma-print", "places-imitation"),
        *("places-in-thinking", "places-sentence", "places-turn-after", "json-channel-in-name"),
    }
}
ANSWERS = {
    "chatml": "Good evening.<|im_end|>\n<|im_start|>user\nThanks!<|im_end|>\n<|im_start|>assistant\nWelcome.",
    "gemma": "Good evening.<end_of_turn>\n<start_of_turn>user\nThanks!",
    "alpaca": "Good evening.\n### Human: Thanks!\n### Assistant: Welcome.",
    "plain": "Good evening.\nUser: Thanks!\nAssistant: Welcome.",
    "thinking": "<thinking>The user greets me.</thinking>\nGood evening.",
    "mistral-thinking": "[THINK]The user greets me.[/THINK]Good evening.",
    "channels": "<|channel|>analysis<|message|>The user greets me.<|end|><|start|>assistant<|channel|>final"
    "<|message|>Good evening.<|return|>",
    "template-thinking": "The user greets me.\n</think>\n\nGood evening.",
    "template-printed": "{object <nil> [name] map[name:{[string] <nil> The name []}]}Good evening.",
    "end-marks": "Good evening.<|eot_id|><|end_of_text|>",
}


@pytest.mark.parametrize("name", CALLS)
async def test_call_in_any_dialect_turns_the_light_on(
    hass: HomeAssistant, hub: OllamaServer, name: str
) -> None:
    await move_in(hass, hub.url)
    hub.script(Reply(chunks=[*CALLS[name]]), Reply("The light is on."), Reply("Yes."))
    turn = await listen(hass, "Kitchen light!")
    assert is_on(hass)
    assert turn.answer == "The light is on."
    assert not any(mark in turn.text for mark in LEFT_OVERS)
    assert turn.result is not None
    await listen(hass, "Really?", conversation_id=turn.result.conversation_id)
    messages = sent(hub)["messages"]
    assert messages[2]["tool_calls"] == [
        {"function": {"name": "intent__HassTurnOn", "arguments": {"name": "Kitchen"}}}
    ]
    assert not any(mark in messages[2].get("content", "") for mark in LEFT_OVERS)


@pytest.mark.parametrize("name", ANSWERS)
async def test_nothing_unspeakable_is_said_or_sent_back(
    hass: HomeAssistant, hub: OllamaServer, name: str
) -> None:
    await move_in(hass, hub.url)
    hub.script(Reply(ANSWERS[name]), Reply(ANSWERS[name]), Reply("Yes."))
    first = await listen(hass, "Hello")
    assert first.answer.strip() == "Good evening."
    assert first.result is not None
    second = await listen(hass, "Hello", conversation_id=first.result.conversation_id)
    # What the template opens is known from the second answer on, so not even the stream has it then.
    assert second.text.strip() == second.answer.strip() == "Good evening."
    await listen(hass, "Really?", conversation_id=first.result.conversation_id)
    messages = sent(hub)["messages"]
    assert [message["content"].strip() for message in messages if message["role"] == "assistant"] == [
        "Good evening.",
        "Good evening.",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Good evening.<|im_end|>\n<|im_start|>user\n" + "Tell me more. I would like that. " * 2_000,
        "The light is on. " * 4_000,
        "I can help. What do you need? " * 3_000,
    ],
    ids=["invented-turn", "sentence", "circle"],
)
async def test_stream_is_closed_at_the_hub(hass: HomeAssistant, hub: OllamaServer, text: str) -> None:
    await move_in(hass, hub.url)
    hub.script(Reply(text), Reply("Yes."))
    turn = await listen(hass, "Hello")
    assert len(turn.answer) < 120
    # What the hub had sent by then lay on the wire; on a busy machine that is more than on a quiet one.
    assert chats(hub)[-1].generated_tokens < 2_000
    assert turn.result is not None
    assert (await listen(hass, "And?", conversation_id=turn.result.conversation_id)).answer == "Yes."


async def test_call_that_cannot_be_read_is_told_to_the_model(hass: HomeAssistant, hub: OllamaServer) -> None:
    await move_in(hass, hub.url)
    hub.script(Reply('<tool_call>{"name": "HassTurnOn", "arguments": {"na</tool_call>'), Reply("Which one?"))
    turn = await listen(hass, "Kitchen light!")
    assert is_off(hass)
    assert turn.text == turn.answer == "Which one?"
    assert '"error":"UnreadableCall"' in sent(hub)["messages"][-1]["content"]


@pytest.mark.parametrize("satellite", ["assist_satellite.kitchen", None])
async def test_markup_is_shown_and_not_heard(
    hass: HomeAssistant, hub: OllamaServer, satellite: str | None
) -> None:
    await move_in(hass, hub.url)
    text = "1. **Kitchen** is `on` 💡\n2. See [the manual](https://example.org)."
    hub.script(Reply(text))
    turn = await listen(hass, "Lights?", satellite_id=satellite)
    heard = "Kitchen is on\nSee the manual."
    assert turn.text == turn.answer == (heard if satellite else text)


@pytest.mark.parametrize(
    ("text", "heard"),
    [
        ("light.kitchen is off.", "Kitchen is off."),
        ('{"response": "The kitchen is dark."}', "The kitchen is dark."),
        ("I would call intent__HassTurnOn for that.", "I would call Turn on for that."),
    ],
)
async def test_identifiers_are_not_heard(
    hass: HomeAssistant, hub: OllamaServer, text: str, heard: str
) -> None:
    await move_in(hass, hub.url)
    hub.script(Reply(text))
    turn = await listen(hass, "Lights?", satellite_id="assist_satellite.kitchen")
    assert turn.text == turn.answer == heard


@pytest.mark.parametrize("said", ['{"success": true}', '{"data": {"success": []}}', '**{"a": 1}**'])
async def test_json_behind_a_call_is_not_heard(hass: HomeAssistant, hub: OllamaServer, said: str) -> None:
    await move_in(hass, hub.url)
    hub.script(turn_on(), Reply(said))
    turn = await listen(hass, "Kitchen!", satellite_id="assist_satellite.kitchen")
    assert turn.text == turn.answer == "Done: Kitchen."


@pytest.mark.parametrize(
    ("template", "opens"),
    [
        ("<|im_start|>assistant\n<think>\n", True),
        ("{{- if .Thinking }}<think>{{ .Thinking }}</think>{{ end }}<|im_start|>assistant\n", False),
        ("{% if not think %}<think>\n\n</think>{% else %}<think>\n{% endif %}", True),
        ("[SYSTEM_PROMPT]{{ .System }}[/SYSTEM_PROMPT]", False),
        ("", False),
    ],
)
def test_template_says_whether_it_opens_a_thought(template: str, opens: bool) -> None:
    assert details({"template": template, "capabilities": []}).opens_thinking is opens
