"""Chapters: a conversation with Jarvis, and an AI task."""

from .. import assist
from ..check import Finding
from ..errors import DemoError
from ..homelab import PIPELINE, make_voice
from .guide import Guide


async def talk(guide: Guide) -> list[Finding]:
    """A command and a question."""
    agent = (await guide.homelab()).first("conversation")
    guide.console.step(f"Talking to {PIPELINE} ({agent.entity_id})")
    pipeline = await make_voice(guide.client, agent.entity_id, guide.language)
    conversation = assist.Conversation(guide.client, guide.console, pipeline, guide.phrases.you, PIPELINE)
    command = await conversation.ask(guide.phrases.command)
    light = await _light(guide)
    state = await guide.state(light)
    guide.console.note(f"        {light} is {state}")
    question = await conversation.ask(guide.phrases.question)
    return [
        Finding(state == "on" and bool(command.tools), "a command switched the kitchen light on"),
        Finding(question.was_streamed, "an answer arrived word by word"),
    ]


async def give_task(guide: Guide) -> list[Finding]:
    """Data from a sentence."""
    task = guide.phrases.task
    entity = (await guide.homelab()).first("ai_task")
    guide.console.step(f"AI task “{task.name}” ({entity.entity_id})")
    guide.console.note(task.instructions)
    try:
        data = await assist.generate(
            guide.client, entity.entity_id, task.name, task.instructions, task.structure
        )
    except DemoError as err:
        guide.console.warning(str(err))
        return [Finding(False, f"an AI task returned data – {err}")]
    for name, value in data.items():
        guide.console.line(f"    {name}: {assist.shortened(value)}")
    return [Finding(True, "an AI task returned data")]


async def _light(guide: Guide) -> str:
    """The entity id of the kitchen light, whatever it is called in the language of the house."""
    for entity in await guide.client.command("config/entity_registry/list"):
        if (entity["platform"], entity["unique_id"]) == ("template", "kitchen_light"):
            return str(entity["entity_id"])
    raise DemoError("There is no kitchen light")
