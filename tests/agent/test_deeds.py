"""What is said of a deed: done, not done, or done in part; and each error once, in plain words."""

from dataclasses import replace

import pytest

from custom_components.homelab_ai.errors import spoken
from demo.servers.ollama import Fault, OllamaServer, Reply, ToolCall
from homeassistant.const import STATE_ON
from homeassistant.core import HomeAssistant, ServiceCall
from homeassistant.exceptions import HomeAssistantError

from ..common import AGENT, is_error, speech
from ..turns import SCRIPT, error_text, is_on, listen, move_in, sent, turn_on, words


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


CLAIMS = {"en": "Done! The light is on.", "de": "Erledigt! Das Licht ist an."}
NOT_DONE = {"en": "Not done: Cellar.", "de": "Nicht geklappt: Cellar."}


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("tool", ["intent__HassTurnOn", "HassTurnOn"])
async def test_failed_deed_is_not_told_as_done(
    hass: HomeAssistant, hub: OllamaServer, language: str, tool: str
) -> None:
    await move_in(hass, hub.url)
    hub.script(turn_on("Cellar", tool), Reply(CLAIMS[language]))
    turn = await listen(hass, "Cellar!", language=language)
    assert turn.result is not None
    assert is_error(turn.result)
    assert turn.text == turn.answer == NOT_DONE[language]
    # The next turn reads what was said, and not what the model made of it.
    hub.script(Reply("Hm."))
    await listen(hass, "Really?", conversation_id=turn.result.conversation_id)
    assert CLAIMS[language] not in str(sent(hub)["messages"])


async def test_service_that_raises_is_not_told_as_done(hass: HomeAssistant, hub: OllamaServer) -> None:
    await move_in(hass, hub.url)

    async def fail(call: ServiceCall) -> None:
        raise HomeAssistantError("the lamp is broken")

    hass.services.async_register("light", "turn_on", fail)
    hub.script(turn_on(), Reply("The kitchen light is on."))
    turn = await listen(hass, "Kitchen!")
    assert (turn.text, is_on(hass)) == ("Not done: Kitchen.", False)


@pytest.mark.parametrize("words", ["I could not find a lamp called Cellar.", "Welchen Keller meinst du?"])
async def test_model_that_tells_the_truth_has_its_words(
    hass: HomeAssistant, hub: OllamaServer, words: str
) -> None:
    await move_in(hass, hub.url)
    hub.script(turn_on("Cellar"), Reply(words))
    assert (await listen(hass, "Cellar!")).text == words


async def test_words_beside_a_second_try_are_not_said(hass: HomeAssistant, hub: OllamaServer) -> None:
    await move_in(hass, hub.url)
    again = replace(turn_on(), content="The light is on.")
    hub.script(turn_on("Kitchn"), again, Reply("The light is on now."))
    turn = await listen(hass, "Kitchen!")
    assert turn.text == turn.answer == "The light is on now."


@pytest.mark.parametrize(
    ("replies", "question", "answer"),
    [
        (("Cellar", "Kitchen", "Both are on."), "Cellar and kitchen!", "Done: Kitchen. Not done: Cellar."),
        (("Kitchen", "Cellar", "Both are on."), "Kitchen and cellar!", "Done: Kitchen. Not done: Cellar."),
        (("Stove", "Kitchen", "On."), "The stove!", "On."),
        (("Cellar", "Kitchen", "Everything is on."), "All lights!", "Done: Kitchen. Not done: Cellar."),
        (
            ("Kitchen", "Cellar", "Kitchen is on, but I could not find a cellar."),
            "Kitchen and cellar!",
            "Kitchen is on, but I could not find a cellar.",
        ),
    ],
)
async def test_one_call_after_another(
    hass: HomeAssistant, hub: OllamaServer, replies: tuple[str, str, str], question: str, answer: str
) -> None:
    await move_in(hass, hub.url)
    *names, words = replies
    hub.script(*(turn_on(name) for name in names), Reply(words))
    assert (await listen(hass, question)).answer == answer


@pytest.mark.parametrize("silence", [Reply(""), Reply("", thinking="It is on."), Reply("<think>It is on.")])
@pytest.mark.parametrize("language", ["en", "de"])
async def test_failed_call_and_silence_is_told(
    hass: HomeAssistant, hub: OllamaServer, silence: Reply, language: str
) -> None:
    await move_in(hass, hub.url)
    hub.script(turn_on("Cellar"), silence)
    turn = await listen(hass, "Cellar!", language=language)
    assert turn.result is not None
    assert is_error(turn.result)
    assert turn.text == turn.answer == NOT_DONE[language]


@pytest.mark.parametrize(
    ("tool", "words", "answer"),
    [
        ("switch_lamp_on", "Done!", "Not done: Kitchen."),
        ("get_state", "Done!", "That did not work."),
        ("get_temperature", "It is 21 °C in the kitchen.", "It is 21 °C in the kitchen."),
    ],
)
async def test_tool_that_does_not_exist_has_done_nothing(
    hass: HomeAssistant, hub: OllamaServer, tool: str, words: str, answer: str
) -> None:
    await move_in(hass, hub.url)
    hub.script(turn_on(tool=tool), Reply(words))
    assert (await listen(hass, "Kitchen!")).answer == answer


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


MADE_UP = {
    "en": (
        "Turn on the kitchen light, please.",
        (
            "Done, I turned the light on.",
            "Sure! The kitchen light is now on.",
            "I've switched it on for you.",
        ),
        "In fact, nothing has been done.",
    ),
    "de": (
        "Schalte bitte das Licht in der Küche ein.",
        (
            "Erledigt, ich habe das Licht eingeschaltet.",
            "Das Licht ist jetzt an.",
            "Das Licht wurde eingeschaltet.",
        ),
        "Tatsächlich wurde aber nichts ausgeführt.",
    ),
}


@pytest.mark.parametrize("language", MADE_UP)
async def test_deed_that_no_tool_was_called_for_is_not_left_standing(
    hass: HomeAssistant, hub: OllamaServer, language: str
) -> None:
    """What was said is said, for words are spoken as they come; what is true stands right behind it."""
    await move_in(hass, hub.url)
    question, claims, truth = MADE_UP[language]
    for number, claim in enumerate(claims):
        hub.script(Reply(claim))
        turn = await listen(hass, question, language=language, conversation_id=str(number))
        assert turn.result is not None
        assert turn.answer == f"{claim} {truth}"
        assert is_error(turn.result)
        assert not is_on(hass)
    # The next turn reads that it was not so.
    hub.script(Reply("Hm."))
    await listen(hass, "Really?", conversation_id="0")
    assert truth in str(sent(hub)["messages"])


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("Is the light on?", "It is on."),
        ("Did you turn on the light?", "I turned it on."),
        ("Turn on the kitchen light.", "Shall I really?"),
        ("Turn on the kitchen light.", "The kitchen light is already on."),
        ("Turn on the kitchen light.", "I have already turned it on."),
        ("Turn on the kitchen light.", "I would have turned it on, but I do not know where it is."),
        ("Turn on the kitchen light.", "I could not find it."),
        ("Turn on the kitchen light.", "Which one?"),
        ("Tell me a story.", "I opened the door, and there was a cat."),
        ("Schalte das Licht ein.", "Das Licht ist bereits an."),
        ("Schalte das Licht ein.", "Welches denn?"),
        ("Hello", "Good evening."),
    ],
)
async def test_words_that_claim_no_deed_for_certain_stand_alone(
    hass: HomeAssistant, hub: OllamaServer, question: str, words: str
) -> None:
    await move_in(hass, hub.url)
    hub.script(Reply(words))
    assert (await listen(hass, question)).answer == words


async def test_deed_of_an_earlier_turn_may_be_told(hass: HomeAssistant, hub: OllamaServer) -> None:
    await move_in(hass, hub.url)
    hub.script(turn_on(), Reply("Yes."), Reply("I turned it on."))
    first = await listen(hass, "Kitchen!")
    assert first.result is not None
    again = await listen(hass, "Turn it on!", conversation_id=first.result.conversation_id)
    assert again.answer == "I turned it on."


@pytest.mark.parametrize(
    ("language", "words", "truth"),
    [
        ("en", "I'm sorry, I could not turn on the light.", "Done: Kitchen."),
        ("en", "That failed.", "Done: Kitchen."),
        ("de", "Das konnte ich leider nicht einschalten.", "Erledigt: Kitchen."),
    ],
)
async def test_deed_that_is_called_a_failure_is_told_as_done(
    hass: HomeAssistant, hub: OllamaServer, language: str, words: str, truth: str
) -> None:
    await move_in(hass, hub.url)
    hub.script(turn_on(), Reply(words))
    turn = await listen(hass, "Kitchen!", language=language)
    assert turn.result is not None
    assert is_on(hass)
    assert turn.answer == f"{words} {truth}"
    assert not is_error(turn.result)


@pytest.mark.parametrize("words", ["The light is on, but I cannot dim it.", "Done. I found no second lamp."])
async def test_deed_that_is_told_as_done_needs_no_account(
    hass: HomeAssistant, hub: OllamaServer, words: str
) -> None:
    await move_in(hass, hub.url)
    hub.script(turn_on(), Reply(words))
    assert (await listen(hass, "Kitchen!")).answer == words
