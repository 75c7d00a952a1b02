"""AI tasks: text, data and judgements for automations, behind everybody who waits for an answer."""

import asyncio
from base64 import b64decode
from contextlib import suppress
from math import exp
from pathlib import Path
from typing import Any

import pytest

from custom_components.homelab_ai.const import DOMAIN
from custom_components.homelab_ai.hub import gate
from demo.servers.ollama import Fault, OllamaServer, Reply, ToolCall
from homeassistant.components import ai_task
from homeassistant.components.ai_task import AITaskEntityFeature
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceNotFound
from homeassistant.helpers import llm

from .common import TASK, ai_task_subentry, ask, conversation_subentry, homelab_entry, set_up, speech
from .turns import (
    assert_no_traceback,
    chats,
    do_task,
    error_text,
    listen,
    png,
    roles,
    sent,
    until,
)

THINKER = "qwen3:8b"
EYES = "qwen2.5vl:7b"
STRUCTURE = {
    "color": {"required": True, "selector": {"text": {}}},
    "count": {"description": "How many", "selector": {"number": {"min": 0, "max": 9}}},
}
DATA = '{"color": "red", "count": 3}'
evaluates = pytest.mark.skipif(
    not hasattr(AITaskEntityFeature, "EVALUATE"), reason="Home Assistant evaluates since 2026.11"
)


async def move_in(hass: HomeAssistant, hub: OllamaServer, **task: Any) -> None:
    await set_up(hass, homelab_entry(hub.url, ai_task_subentry(**task), conversation_subentry()))


def attach(hass: HomeAssistant, folder: Path, name: str, mime_type: str, data: bytes) -> dict[str, Any]:
    """Put a file into the media folder, and return the fields that attach it."""
    hass.config.media_dirs = {"local": str(folder)}
    (folder / name).write_bytes(data)
    source = f"media-source://media_source/local/{name}"
    return {"attachments": [{"media_content_id": source, "media_content_type": mime_type}]}


class Ping(llm.Tool):
    """A tool of an integration's own."""

    name = "ping"
    description = "Says pong"
    integration = DOMAIN

    async def async_call(self, *_: object) -> llm.ToolResult:
        return llm.ToolResult({"said": "pong"})


class PingAPI(llm.API):
    """An API that is handed to a task and registered nowhere."""

    async def async_get_api_instance(self, llm_context: llm.LLMContext) -> llm.APIInstance:
        return llm.APIInstance(self, "Ping it.", llm_context, [Ping()])


async def test_text(hass: HomeAssistant, hub: OllamaServer) -> None:
    await move_in(hass, hub, temperature=0.1, num_ctx=4096, keep_alive=60)
    hub.script(Reply("A limerick."))
    assert await do_task(hass, "A poem, please") == "A limerick."
    body = sent(hub)
    assert roles(body) == "su"
    assert body["options"] == {"num_ctx": 4096, "num_predict": 4096, "temperature": 0.1}
    assert body["keep_alive"] == 60
    assert not body["tools"]
    assert body.get("format") is None


@pytest.mark.parametrize(
    "text",
    [
        DATA,
        f"```json\n{DATA}\n```",
        f"```\n{DATA}\n```",
        f"Here you are:\n{DATA}\nAnything else?",
        f"<think>Red.</think>\n{DATA}",
    ],
)
async def test_data_of_a_structure(hass: HomeAssistant, hub: OllamaServer, text: str) -> None:
    await move_in(hass, hub)
    hub.script(Reply(text))
    assert await do_task(hass, "Which color?", structure=STRUCTURE) == {"color": "red", "count": 3}
    schema = sent(hub)["format"]
    assert schema["type"] == "object"
    assert schema["required"] == ["color"]
    assert schema["properties"]["color"]["type"] == "string"
    count = schema["properties"]["count"]
    assert (count["minimum"], count["maximum"], count["description"]) == (0, 9, "How many")


async def test_hub_fills_the_structure_itself(hass: HomeAssistant, hub: OllamaServer) -> None:
    await move_in(hass, hub)
    data = await do_task(hass, 'The color is "blue", and there are 5', structure=STRUCTURE)
    assert data == {"color": "blue", "count": 5}


@pytest.mark.parametrize("text", ["Red, and three of them.", '{"color": "red"', "```json\n```", "{red}"])
async def test_answer_that_is_no_data(hass: HomeAssistant, hub: OllamaServer, text: str) -> None:
    await move_in(hass, hub)
    # It is told why, and asked once more.
    hub.script(Reply(text), Reply(text))
    with pytest.raises(HomeAssistantError) as caught:
        await do_task(hass, "Which color?", structure=STRUCTURE)
    assert caught.value.translation_key == "answer_no_json"
    assert "not in the form" in sent(hub)["messages"][-1]["content"]
    hub.script(Reply(text), Reply(DATA))
    assert await do_task(hass, "Which color?", structure=STRUCTURE) == {"color": "red", "count": 3}


async def test_thinking_model(hass: HomeAssistant, hub: OllamaServer) -> None:
    await move_in(hass, hub, model=THINKER, think="low")
    hub.script(Reply(DATA, thinking="Red, I think."))
    assert await do_task(hass, "Which color?", structure=STRUCTURE) == {"color": "red", "count": 3}
    assert sent(hub)["think"] == "low"


async def test_thinking_that_misses_the_form_is_turned_off(hass: HomeAssistant, hub: OllamaServer) -> None:
    """A server that lets the model think may not hold it to the form."""
    await move_in(hass, hub, model=THINKER, think="low")
    hub.script(Reply("Red, and three of them.", thinking="Hm."), Reply(DATA))
    assert await do_task(hass, "Which color?", structure=STRUCTURE) == {"color": "red", "count": 3}
    assert [sent(hub, index)["think"] for index in (0, 1)] == ["low", False]


async def test_picture(hass: HomeAssistant, hub: OllamaServer, tmp_path: Path) -> None:
    fields = attach(hass, tmp_path, "door.png", "image/png", png(320, 200))
    await move_in(hass, hub, model=EYES)
    assert await do_task(hass, "What is this?", **fields) == "I see 1 image: PNG 320 x 200 pixels."
    (image,) = sent(hub)["messages"][1]["images"]
    assert b64decode(image) == png(320, 200)


async def test_attachment_that_is_no_picture(hass: HomeAssistant, hub: OllamaServer, tmp_path: Path) -> None:
    fields = attach(hass, tmp_path, "letter.pdf", "application/pdf", b"%PDF-1.7")
    await move_in(hass, hub, model=EYES)
    with pytest.raises(HomeAssistantError) as caught:
        await do_task(hass, "What is this?", **fields)
    assert caught.value.translation_key == "attachment_not_image"
    assert not chats(hub)


async def test_tools_that_code_gives_along(hass: HomeAssistant, hub: OllamaServer) -> None:
    await move_in(hass, hub)
    hub.script(Reply(tool_calls=[ToolCall("ping")]), Reply("It said pong."))
    api = PingAPI(hass=hass, id="ping", name="Ping")
    result = await ai_task.async_generate_data(
        hass, task_name="test", entity_id=TASK, instructions="Ping!", llm_api=api
    )
    assert result.data == "It said pong."
    assert roles(sent(hub)) == "suat"
    assert sent(hub)["messages"][3]["content"] == '{"data":{"said":"pong"},"error":false}'


async def test_hub_that_is_off(
    hass: HomeAssistant, hub: OllamaServer, caplog: pytest.LogCaptureFixture
) -> None:
    await move_in(hass, hub)
    await hub.stop()
    with pytest.raises(HomeAssistantError) as caught:
        await do_task(hass, "A poem, please")
    assert (caught.value.translation_domain, caught.value.translation_key) == (DOMAIN, "hubs_offline")
    assert f"{caught.value}." == error_text("hubs_offline")
    assert_no_traceback(caplog)


@pytest.fixture
def soon_quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gate, "QUIET", 0.05)


@pytest.mark.usefixtures("soon_quiet")
async def test_turn_interrupts_a_task_which_is_done_afterwards(
    hass: HomeAssistant, hub: OllamaServer
) -> None:
    await move_in(hass, hub)
    hub.script(Reply("Roses are red."), Reply("Good evening."), Reply("Violets are blue."))
    hub.inject(Fault.stall(path="/api/chat"))
    task = hass.async_create_task(do_task(hass, "A poem, please"))
    await until(lambda: hub.generating)
    assert speech(await ask(hass, "Hello")) == "Good evening."
    assert chats(hub)[0].outcome == "cancelled"
    assert await task == "Violets are blue."
    assert [roles(request.body or {}) for request in chats(hub)] == ["su", "su", "su"]


@pytest.mark.usefixtures("soon_quiet")
async def test_task_waits_for_a_turn(hass: HomeAssistant, hub: OllamaServer) -> None:
    await move_in(hass, hub)
    hub.script(Reply("Good evening, sir."), Reply("Roses are red."))
    stall = hub.inject(Fault.stall(path="/api/chat", seconds=0.2))
    turn = hass.async_create_task(listen(hass, "Hello"))
    await until(lambda: stall.spent)
    task = hass.async_create_task(do_task(hass, "A poem, please"))
    await turn
    assert len(chats(hub)) == 1
    assert await task == "Roses are red."
    first, second = chats(hub)
    assert first.finished_at is not None
    assert second.started_at > first.finished_at


@pytest.mark.usefixtures("soon_quiet")
async def test_task_is_interrupted_three_times_at_most(hass: HomeAssistant, hub: OllamaServer) -> None:
    await move_in(hass, hub)
    hub.script(*[Reply("Roses are red."), Reply("Good evening.")] * 3, Reply("Violets are blue."))
    task = hass.async_create_task(do_task(hass, "A poem, please"))
    for number in range(3):
        hub.inject(Fault.stall(path="/api/chat"))
        await until(lambda: hub.generating)
        assert speech(await ask(hass, "Hello")) == "Good evening."
        assert chats(hub)[2 * number].outcome == "cancelled"
    stall = hub.inject(Fault.stall(path="/api/chat", seconds=0.3))
    await until(lambda: stall.spent)
    hub.script(Reply("Good night."))
    assert speech(await ask(hass, "Bye")) == "Good night."
    assert await task == "Violets are blue."
    assert [request.outcome for request in chats(hub)].count("cancelled") == 3


async def test_task_that_is_cancelled_stops_at_the_hub(hass: HomeAssistant, hub: OllamaServer) -> None:
    await move_in(hass, hub)
    hub.inject(Fault.stall(path="/api/chat"))
    task = asyncio.create_task(do_task(hass, "A poem, please"))
    await until(lambda: hub.generating)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await until(lambda: not hub.generating)
    assert chats(hub)[0].outcome == "cancelled"


async def judge(hass: HomeAssistant, questions: dict[str, Any], **fields: Any) -> Any:
    response = await hass.services.async_call(
        "ai_task",
        "evaluate",
        {"entity_id": TASK, "task_name": "test", "questions": questions, **fields},
        blocking=True,
        return_response=True,
    )
    assert response is not None
    return response["answers"]


NOUL = {"type": "noul", "instructions": "Is somebody at home?"}
CHOICE = {"type": "choice", "instructions": "Which?", "criteria": {"calm": "Nobody", "loud": "Music"}}
SCORE = {"type": "score", "instructions": "How loud?", "criteria": ["silent", "normal", "deafening"]}


async def test_feature_is_there_where_home_assistant_knows_it(hass: HomeAssistant, hub: OllamaServer) -> None:
    await move_in(hass, hub)
    state = hass.states.get(TASK)
    assert state is not None
    expected = AITaskEntityFeature.GENERATE_DATA | AITaskEntityFeature.SUPPORT_ATTACHMENTS
    expected |= getattr(AITaskEntityFeature, "EVALUATE", 0)
    assert state.attributes["supported_features"] == expected


@pytest.mark.skipif(hasattr(AITaskEntityFeature, "EVALUATE"), reason="until 2026.10")
async def test_nothing_is_evaluated_before(hass: HomeAssistant, hub: OllamaServer) -> None:
    await move_in(hass, hub)
    with pytest.raises(ServiceNotFound):
        await judge(hass, {"home": NOUL}, state="The light is on.")


@evaluates
async def test_probability_of_yes(hass: HomeAssistant, hub: OllamaServer) -> None:
    await move_in(hass, hub, model=THINKER)
    hub.script(Reply("Yes", logprob=-0.1), Reply("no", logprob=-0.2))
    answers = await judge(hass, {"home": NOUL, "sleep": NOUL}, state={"light": "on", "motion": 3})
    # The simulated hub gives "no" and "yes" as the likeliest others, 2.3 and 3.3 less likely.
    yes, no = exp(-0.1) + exp(-3.4), exp(-2.4) + exp(-4.4)
    assert answers["home"]["type"] == "noul"
    assert answers["home"]["noul"] == pytest.approx(yes / (yes + no), abs=0.01)
    assert answers["sleep"]["noul"] < 0.2
    first, second = (sent(hub, index) for index in (0, 1))
    question = first["messages"][1]["content"]
    assert '{"light":"on","motion":3}' in question
    assert question.endswith("Question: Is somebody at home?\nAllowed labels: yes, no")
    # What is the same in all questions stands first.
    assert second["messages"][0] == first["messages"][0]
    assert second["messages"][1]["content"].startswith(question.partition("Question")[0])


@evaluates
@pytest.mark.parametrize(("model", "num_predict"), [("llama3.1:8b", 1), (THINKER, 1024)])
async def test_one_token_tells_all_answers(
    hass: HomeAssistant, hub: OllamaServer, model: str, num_predict: int
) -> None:
    await move_in(hass, hub, model=model, num_ctx=4096, keep_alive=60, temperature=0.9)
    with suppress(HomeAssistantError):  # what the simulated model says does not matter
        await judge(hass, {"home": NOUL}, state="Motion")
    body = sent(hub)
    assert (body["logprobs"], body["top_logprobs"]) == (True, 20)
    # A model that may think has room to, though it is told not to.
    assert body["options"] == {"num_ctx": 4096, "temperature": 0.0, "num_predict": num_predict}
    assert body["think"] is False
    assert body["keep_alive"] == 60


@evaluates
async def test_choice_and_score(hass: HomeAssistant, hub: OllamaServer) -> None:
    await move_in(hass, hub, model=THINKER)
    hub.script(Reply("B"), Reply("C"))
    answers = await judge(hass, {"mood": CHOICE, "volume": SCORE}, state="Music plays.")
    assert answers["mood"] == {
        "type": "choice",
        "choice": "loud",
        "probabilities": pytest.approx({"calm": 0.0, "loud": 1.0}, abs=0.01),
    }
    assert answers["volume"] == {
        "type": "score",
        "score": pytest.approx(2.0, abs=0.01),
        "probabilities": pytest.approx([0.0, 0.0, 1.0], abs=0.01),
    }
    assert "A) calm: Nobody\nB) loud: Music" in sent(hub, 0)["messages"][1]["content"]
    assert "A) silent\nB) normal\nC) deafening" in sent(hub, 1)["messages"][1]["content"]


@evaluates
async def test_judgement_of_a_picture(hass: HomeAssistant, hub: OllamaServer, tmp_path: Path) -> None:
    fields = attach(hass, tmp_path, "door.png", "image/png", png())
    await move_in(hass, hub, model=EYES)
    with suppress(HomeAssistantError):  # what the simulated model says does not matter
        await judge(hass, {"open": NOUL}, **fields)
    assert b64decode(sent(hub)["messages"][1]["images"][0]) == png()


@evaluates
async def test_judgement_of_a_model_that_thinks_first(hass: HomeAssistant, hub: OllamaServer) -> None:
    await move_in(hass, hub, model=THINKER)
    hub.script(Reply("yes", thinking="Somebody moved."))
    answers = await judge(hass, {"home": NOUL}, state="Motion")
    assert answers["home"]["noul"] > 0.8


@evaluates
@pytest.mark.parametrize("reply", [Reply("perhaps", logprob=-30.0), Reply("")], ids=["no-label", "no-word"])
async def test_model_that_gives_no_judgement(
    hass: HomeAssistant, hub: OllamaServer, monkeypatch: pytest.MonkeyPatch, reply: Reply
) -> None:
    # Here the model's only candidates are its own words.
    monkeypatch.setattr("demo.servers.ollama.reply._ALTERNATIVES", ())
    await move_in(hass, hub, model=THINKER)
    hub.script(reply)
    with pytest.raises(HomeAssistantError) as caught:
        await judge(hass, {"home": NOUL}, state="Motion")
    assert caught.value.translation_key == "no_judgement"


@evaluates
async def test_server_that_gives_no_probabilities(
    hass: HomeAssistant, hub: OllamaServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("demo.servers.ollama.inference.logprob_entries", lambda *_: [])
    await move_in(hass, hub, model=THINKER)
    hub.script(Reply("yes"))
    with pytest.raises(HomeAssistantError) as caught:
        await judge(hass, {"home": NOUL}, state="Motion")
    assert caught.value.translation_key == "no_judgement"


@evaluates
async def test_more_answers_than_there_are_letters(hass: HomeAssistant, hub: OllamaServer) -> None:
    await move_in(hass, hub)
    score = {**SCORE, "criteria": [f"level {number}" for number in range(27)]}
    with pytest.raises(HomeAssistantError) as caught:
        await judge(hass, {"volume": score}, state="Music")
    assert caught.value.translation_key == "too_many_answers"
    assert not chats(hub)


@evaluates
async def test_judgement_of_a_hub_that_is_off(hass: HomeAssistant, hub: OllamaServer) -> None:
    await move_in(hass, hub)
    await hub.stop()
    with pytest.raises(HomeAssistantError) as caught:
        await judge(hass, {"home": NOUL}, state="Motion")
    assert caught.value.translation_key == "hubs_offline"
