"""What people are shown holds no image, no link and no tag that somebody else wrote."""

from collections.abc import Iterator
from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import async_capture_events

from custom_components.homelab_ai.agent import agent
from custom_components.homelab_ai.agent.unlinked import unlinked
from custom_components.homelab_ai.const import DOMAIN
from custom_components.homelab_ai.hub import gate
from demo.servers.ollama import Fault, Reply, ToolCall
from homeassistant.core import HomeAssistant

from ..clusters import hurry
from ..turns import listen
from .lab import CHANNELS, attacked
from .markup import MARKUP, fetched
from .test_injections import perform

READ = ToolCall("homelab_ai__explain_problem", {"problem": "Alerts"})
# Those whose text people are shown somewhere, each with a few kinds of markup.
WAYS = ("alert-name", "alert-summary", "alert-description", "k8sgpt-error", "flux-message", "ollama-error")
KINDS = ("image", "image-reference", "link", "autolink", "html-image", "autolink-www")


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gate, "QUIET", 0.0)
    hurry(monkeypatch)


def texts(value: Any) -> Iterator[str]:
    """Yield all texts in a value."""
    match value:
        case str():
            yield value
        case dict():
            for item in value.values():
                yield from texts(item)
        case list() | tuple():
            for item in value:
                yield from texts(item)


@pytest.mark.parametrize("size", [1, 3, 1000])
@pytest.mark.parametrize("kind", MARKUP)
async def test_answer_after_foreign_text(
    hass: HomeAssistant, socket_enabled: None, kind: str, size: int
) -> None:
    """In the stream, in what is kept, and in what is spoken."""
    text = MARKUP[kind]
    pieces = [text[at : at + size] for at in range(0, len(text), size)]
    async with attacked(hass, CHANNELS["alert-description"]("A disk is full")) as lab:
        lab.hub.script(Reply(tool_calls=[READ]), Reply(chunks=["Look: ", *pieces]))
        turn = await listen(hass, "How is the homelab?", language="en")
        assert not fetched(turn.text)
        assert not fetched(turn.answer)
        assert turn.text.replace(" ", "") == unlinked(f"Look: {text}").replace(" ", "")
        with pytest.MonkeyPatch.context() as undefended:
            undefended.setattr(agent, "is_contained", lambda content, offered: False)
            lab.hub.script(Reply(tool_calls=[READ]), Reply(chunks=["Look: ", *pieces]))
            turn = await listen(hass, "How is the homelab?", language="en")
        assert fetched(turn.text)


async def test_own_words_keep_their_links(hass: HomeAssistant, socket_enabled: None) -> None:
    """A turn that has read nothing says what its model says."""
    async with attacked(hass, None) as lab:
        lab.hub.script(Reply("See [the manual](https://www.home-assistant.io/docs/)."))
        turn = await listen(hass, "Where is the manual?", language="en")
        assert turn.answer == "See [the manual](https://www.home-assistant.io/docs/)."


PAGE = "http://prometheus.home/graph"
"""What Alertmanager says is the page of an alert; it stands alone in `url`, as an address to open."""


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("way", WAYS)
async def test_texts_of_problems(hass: HomeAssistant, socket_enabled: None, way: str, kind: str) -> None:
    """In briefings, lists, explanations, sentences, attributes and events."""
    events = async_capture_events(hass, f"{DOMAIN}_problem")
    async with attacked(hass, CHANNELS[way](MARKUP[kind])) as lab:
        shown: list[Any] = [
            await perform(hass, "briefing", style=style, language=language)
            for style in ("spoken", "written")
            for language in ("en", "de")
        ]
        shown.append(await perform(hass, "list_problems", include_muted=True))
        shown += [await perform(hass, "explain_problem", problem_id=one.id) for one in lab.problems]
        await lab.hub.stop()
        for question in ("How is the homelab?", "Why is Alerts failing?", "What is the GPU doing?"):
            shown.append((await listen(hass, question, language="en")).answer)
        shown += [state.as_dict()["attributes"] for state in hass.states.async_all()]
        shown += [event.data for event in events]
        for text in (text for one in shown for text in texts(dict(one) if hasattr(one, "keys") else one)):
            assert text == PAGE or not fetched(text), text


@pytest.mark.parametrize("kind", KINDS)
async def test_error_text_of_a_hub(hass: HomeAssistant, socket_enabled: None, kind: str) -> None:
    async with attacked(hass, None) as lab:
        lab.hub.inject(Fault.status(500, {"error": MARKUP[kind]}, path="/api/chat", times=None))
        turn = await listen(hass, "Hello", language="en")
        assert turn.answer
        assert not fetched(turn.answer), turn.answer


@pytest.mark.parametrize("kind", KINDS)
async def test_answer_of_an_action(hass: HomeAssistant, socket_enabled: None, kind: str) -> None:
    """The question may be what an alert said, and the answer a notification."""
    async with attacked(hass, None) as lab:
        lab.hub.script(Reply(f"It says: {MARKUP[kind]}"))
        answer = await perform(hass, "ask", question="What does this mean?")
        assert "It says" in answer["answer"]
        assert not fetched(answer["answer"])
