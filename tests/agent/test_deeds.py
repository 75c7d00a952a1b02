"""What is said of a deed: done, not done, or done in part; and each error once, in plain words."""

import pytest

from custom_components.homelab_ai.errors import spoken
from demo.ollama import Fault, OllamaServer, Reply, ToolCall
from homeassistant.const import STATE_ON
from homeassistant.core import HomeAssistant, ServiceCall
from homeassistant.exceptions import HomeAssistantError

from ..common import AGENT, is_error, speech
from ..turns import SCRIPT, error_text, is_on, listen, move_in, turn_on, words


@pytest.mark.parametrize(
    "silence",
    [
        Reply(""),
        Reply(" \n"),
        Reply("", thinking="The light is on now."),
        Reply("<think>The light is on now.</think>"),
        Reply("<think>The light is on"),
    ],
    ids=["empty", "blank", "thinking", "tags", "unclosed"],
)
@pytest.mark.parametrize(("language", "text"), [("en", "Done: Kitchen."), ("de", "Erledigt: Kitchen.")])
async def test_deed_without_a_word_is_told_as_done(
    hass: HomeAssistant, hub: OllamaServer, silence: Reply, language: str, text: str
) -> None:
    await move_in(hass, hub.url, model="qwen3:8b")
    hub.script(turn_on(), silence)
    turn = await listen(hass, "Kitchen!", language=language)
    assert is_on(hass)
    assert turn.result is not None
    assert not is_error(turn.result)
    assert turn.answer == text
    # The next turn goes on from there.
    hub.script(Reply("You are welcome."))
    assert (await listen(hass, "Thanks", conversation_id="x")).answer == "You are welcome."


async def test_deeds_in_part_are_told_so(hass: HomeAssistant, hub: OllamaServer) -> None:
    await move_in(hass, hub.url)
    both = [ToolCall("intent__HassTurnOn", {"name": name}) for name in ("Kitchen", "Cellar")]
    hub.script(Reply(tool_calls=both), Reply(""))
    assert (await listen(hass, "Both!")).answer == "Done: Kitchen. Not done: Cellar."
    hub.hub.replies.clear()
    hub.script(Reply(tool_calls=both), turn_on("Cellar"))
    assert (await listen(hass, "Both!")).answer == "Done: Kitchen. Not done: Cellar."


async def test_failure_that_was_mended_is_none(hass: HomeAssistant, hub: OllamaServer) -> None:
    await move_in(hass, hub.url)
    hub.script(turn_on("Kitchn"), turn_on(), Reply(""))
    assert (await listen(hass, "Kitchen!")).answer == "Done: Kitchen."


async def test_silence_after_a_look_is_no_deed(hass: HomeAssistant, hub: OllamaServer) -> None:
    await move_in(hass, hub.url)
    hub.script(Reply(tool_calls=[ToolCall("llm__GetDateTime")]), Reply(""))
    turn = await listen(hass, "What time is it?")
    assert turn.result is not None
    assert is_error(turn.result)
    assert turn.answer == error_text("answer_empty")


async def test_tool_that_raises_what_nobody_knows_is_an_error_of_its_own(
    hass: HomeAssistant, hub: OllamaServer
) -> None:
    await move_in(hass, hub.url)

    async def fail(call: ServiceCall) -> None:
        raise IndexError("list index out of range")

    hass.services.async_register("script", "water_plants", fail)
    hub.script(Reply(tool_calls=[ToolCall(SCRIPT.replace(".", "__"), {"seconds": 5})]), Reply("That failed."))
    assert (await listen(hass, "Water!")).answer == "That failed."


@pytest.mark.parametrize(
    "question", ["Tell me a joke", "What is the capital of France?", "What is the meaning of life?"]
)
@pytest.mark.parametrize("language", ["en", "de"])
async def test_hub_that_is_off_is_told_so_and_once(
    hass: HomeAssistant, hub: OllamaServer, question: str, language: str
) -> None:
    await move_in(hass, hub.url)
    await hub.stop()
    turn = await listen(hass, question, language=language)
    assert turn.result is not None
    assert is_error(turn.result)
    assert turn.answer == error_text("hubs_offline", language)
    assert not turn.text


async def test_simple_command_works_without_the_hub(hass: HomeAssistant, hub: OllamaServer) -> None:
    await move_in(hass, hub.url)
    await hub.stop()
    turn = await listen(hass, "Turn on the Kitchen")
    assert turn.result is not None
    assert not is_error(turn.result)
    assert hass.states.get("light.kitchen").state == STATE_ON  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "reason",
    [
        '{"error": {"code": 400}}',
        'error parsing tool call: raw=\'{"name"',
        "Post http://10.0.0.5:1234/x failed",
        "ValidationError",
        "ggml_backend_cuda failed",
    ],
)
async def test_nothing_unspeakable_of_a_system_is_spoken(
    hass: HomeAssistant, hub: OllamaServer, reason: str
) -> None:
    await move_in(hass, hub.url)
    hub.inject(Fault.error_line(reason, after=0, path="/api/chat", times=2))
    turn = await listen(hass, "Hello")
    assert reason not in turn.answer
    assert turn.answer in (
        error_text("bad_response", system="Homelab", reason=words("common.hub_fault")),
        error_text("model_mistake"),
    )


async def test_known_error_keeps_its_words(hass: HomeAssistant) -> None:
    error = HomeAssistantError("A plain one")
    assert await spoken(hass, error, "Homelab", "en") is error


@pytest.mark.parametrize("text", ["Should I turn it on? 😊", "**Which?**", "“Really?”", "Which one?)"])
async def test_question_goes_on_whatever_stands_behind_it(
    hass: HomeAssistant, hub: OllamaServer, text: str
) -> None:
    await move_in(hass, hub.url)
    hub.script(Reply(text))
    turn = await listen(hass, "Light!", agent=AGENT)
    assert turn.result is not None
    assert turn.result.continue_conversation
    assert speech(turn.result)
