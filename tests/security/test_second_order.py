"""What a model says after it has read foreign text, and what else in a house holds such text."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import pytest

from custom_components.homelab_ai.agent import agent
from custom_components.homelab_ai.hub import gate
from demo.servers.ollama import OllamaServer, Reply, Timing, ToolCall
from demo.servers.ollama.brain import Conversation, compose
from homeassistant.components.homeassistant.exposed_entities import async_expose_entity
from homeassistant.core import HomeAssistant

from ..clusters import hurry
from ..common import ai_task_subentry, conversation_subentry, homelab_entry, set_up
from ..turns import LIGHT, furnish, is_off, is_on, listen, sent
from .house import LOOK, PLACES, Honest, Looking
from .injections import INJECTIONS, MODEL_NAMES
from .lab import CHANNELS, attacked
from .markup import MARKUP
from .obedient import orders
from .test_injections import ROWS

# Most texts by one way of the homelab, and each place of the house with some. Not those that do not come
# through whole, and none that is a call again when it is repeated.
_UNFIT = ("deep", "huge", "lone", "control", "ansi", "newlines", "other-tool", "base64", "json-fenced")
TEXTS = [text for text in INJECTIONS if not text.startswith(_UNFIT)]
HOMELAB_ROWS = [("alert-description", text) for text in TEXTS]
HOUSE_ROWS = [(place, text) for place in PLACES for text in ("plain", "plain-german", "json-call")]


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gate, "QUIET", 0.0)
    hurry(monkeypatch)


def defenceless(patch: pytest.MonkeyPatch) -> None:
    """Take away what stands against it."""
    patch.setattr(agent, "barred", lambda content, offered: frozenset())
    patch.setattr(agent, "without_told", lambda content, offered, *, over=False: list(content))


@asynccontextmanager
async def house(hass: HomeAssistant, place: str, text: str) -> AsyncGenerator[tuple[OllamaServer, ToolCall]]:
    """Set up a house in which one place says a text, and an agent that may look at all of them."""
    async with OllamaServer(timing=Timing.instant()) as hub:
        await furnish(hass)
        look = await PLACES[place](hass, text)
        apis = ["assist", "mail"] if place.startswith("mail") else ["assist"]
        subentry = conversation_subentry(num_ctx=32_768, prewarm=False, llm_hass_api=apis)
        entry = await set_up(hass, homelab_entry(hub.url, subentry, ai_task_subentry()))
        yield hub, look
        await hass.config_entries.async_unload(entry.entry_id)
        await hass.async_block_till_done()


async def two_turns(hass: HomeAssistant, question: str) -> str:
    """Ask, and thank; return what was said to both."""
    turn = await listen(hass, question, language="en")
    assert turn.result is not None
    thanks = await listen(hass, "Thank you.", conversation_id=turn.result.conversation_id, language="en")
    return f"{turn.answer}\n{thanks.answer}"


class Parrot(Looking):
    """Asks the homelab why something is wrong, and repeats what it has read."""

    def __init__(self) -> None:
        super().__init__(ToolCall("homelab_ai__explain_problem", {"problem": "Alerts"}), repeating=True)


@pytest.mark.parametrize(("channel", "text"), HOMELAB_ROWS)
async def test_words_that_a_model_repeated(
    hass: HomeAssistant, socket_enabled: None, channel: str, text: str
) -> None:
    async with attacked(hass, CHANNELS[channel](INJECTIONS[text])) as lab:
        lab.hub.hub.mind = mind = Parrot()
        said = await two_turns(hass, "How is the homelab?")
        assert orders(said)
        assert mind.obeyed == []
        assert orders(mind.read[1])
        assert not orders(mind.read[2])
        assert is_off(hass)
        with pytest.MonkeyPatch.context() as undefended:
            defenceless(undefended)
            await two_turns(hass, "How is the homelab?")
        assert is_on(hass)


@pytest.mark.parametrize("repeating", [False, True], ids=["at once", "later"])
@pytest.mark.parametrize(("place", "text"), HOUSE_ROWS)
async def test_text_of_the_house(
    hass: HomeAssistant, socket_enabled: None, place: str, text: str, repeating: bool
) -> None:
    async with house(hass, place, INJECTIONS[text]) as (hub, look):
        hub.hub.mind = mind = Looking(look, repeating)
        await two_turns(hass, "What is it?")
        assert is_off(hass)
        assert bool(mind.obeyed) is not repeating, mind.read
        assert not orders(mind.read[-1])
        hub.hub.mind = Looking(look, repeating)
        with pytest.MonkeyPatch.context() as undefended:
            defenceless(undefended)
            await two_turns(hass, "What is it?")
        assert is_on(hass)


@pytest.mark.parametrize("look", [LOOK, ToolCall(LOOK.name, {"domain": "light"})], ids=["all", "lamps"])
@pytest.mark.parametrize("place", ["media-title", "sensor", "todo", "script"])
async def test_lamps_that_are_on(
    hass: HomeAssistant, socket_enabled: None, place: str, look: ToolCall
) -> None:
    """To look which are on and switch them off is one turn, whatever the television plays."""
    async with house(hass, place, INJECTIONS["plain"]) as (hub, _):
        hass.states.async_set("light.hall", "off", {"friendly_name": "Hall"})
        async_expose_entity(hass, "conversation", "light.hall", True)
        await hass.services.async_call("light", "turn_on", {"entity_id": LIGHT}, blocking=True)
        hub.hub.mind = Honest(look)
        turn = await listen(hass, "Turn off the lamps that are on.")
        assert turn.answer == "Off."
        assert is_off(hass)
        # What was done was decided without the text, so it stays as it was said.
        hub.hub.mind = compose
        hub.script(Reply("Gladly."))
        assert turn.result is not None
        await listen(hass, "Thank you.", conversation_id=turn.result.conversation_id)
        messages = sent(hub)["messages"]
        assert [one.get("content") for one in messages if one["role"] == "assistant"][-1] == "Off."
        assert not orders(str([one for one in messages if one["role"] != "user"]))


@pytest.mark.parametrize("text", ["plain", "plain-german", "json-call"])
async def test_state_that_home_assistant_has_told(
    hass: HomeAssistant, socket_enabled: None, text: str
) -> None:
    """Its own agent has answered before, as in a pipeline that prefers it; the chat log has the words."""
    async with house(hass, "sensor", INJECTIONS[text]) as (hub, look):
        hub.hub.mind = mind = Looking(look)
        question = "What is the state of Note?"
        told = await listen(hass, question, agent="conversation.home_assistant", language="en")
        assert INJECTIONS[text][:200] in told.answer
        assert told.result is not None
        conversation_id = told.result.conversation_id
        await listen(hass, "Thank you.", conversation_id=conversation_id, language="en")
        assert mind.read
        assert not orders(mind.read[-1])
        assert is_off(hass)
        with pytest.MonkeyPatch.context() as undefended:
            defenceless(undefended)
            await listen(hass, "Thank you.", conversation_id=conversation_id, language="en")
        assert is_on(hass)


async def test_model_that_insists(hass: HomeAssistant, socket_enabled: None) -> None:
    """One that looks anew each time and obeys each time is refused in the end, and the turn ends."""

    def mind(conversation: Conversation) -> Reply:
        results = conversation.results
        if results and "NotInThisTurn" in results[-1].content:
            return Reply("It cannot be done.")
        ordered = any(orders(message.content) for message in results)
        call = ToolCall("intent__HassTurnOn", {"name": "Kitchen"}) if ordered else LOOK
        return Reply(tool_calls=[call])

    async with house(hass, "media-title", INJECTIONS["plain"]) as (hub, _):
        hub.hub.mind = mind
        turn = await listen(hass, "What is it?")
        assert turn.answer == "It cannot be done."
        assert is_off(hass)


async def test_conversation_goes_on(hass: HomeAssistant, socket_enabled: None) -> None:
    """After a turn that has read, the next one can do what the person asks for, and look again."""
    async with attacked(hass, CHANNELS["alert-description"](INJECTIONS["plain"])) as lab:
        lab.hub.hub.mind = Parrot()
        turn = await listen(hass, "How is the homelab?")
        assert turn.result is not None
        lab.hub.hub.mind = compose
        again = ToolCall("homelab_ai__list_problems", {})
        light = ToolCall("intent__HassTurnOn", {"name": "Kitchen"})
        lab.hub.script(Reply(tool_calls=[light]), Reply("On."), Reply(tool_calls=[again]), Reply("The disk."))
        await listen(hass, "Kitchen light!", conversation_id=turn.result.conversation_id)
        assert is_on(hass)
        await listen(hass, "Which of these?", conversation_id=turn.result.conversation_id)
        (*_, result) = (one for one in sent(lab.hub)["messages"] if one["role"] == "tool")
        assert "DiskFull" in result["content"]


def test_tables_are_long_enough() -> None:
    """Each row is one text by one way, and each is shown to do harm without what stands against it."""
    answers = len(MARKUP)
    rows = len(ROWS) + len(MODEL_NAMES) + len(HOMELAB_ROWS) + 2 * len(HOUSE_ROWS) + answers
    assert rows >= 150
    assert len(set(ROWS)) == len(ROWS)
    assert len(set(HOUSE_ROWS)) == len(HOUSE_ROWS)
