"""What is shown of a house that runs: questions, an AI task, the entities, the self-check."""

import asyncio
from pathlib import Path

from . import assist, check, journal, table
from .check import Finding
from .client import Client, Json
from .console import Console
from .errors import DemoError
from .homelab import PIPELINE, Homelab, inspected, make_voice
from .phrases import Phrases

_SECONDS_TO_FOLLOW = 2.5  # until the hub's sensors show what the last request did


class Tour:
    """Leads through one house and notes what was found."""

    def __init__(self, client: Client, console: Console, phrases: Phrases, language: str) -> None:
        self._client = client
        self._console = console
        self._phrases = phrases
        self._language = language

    async def of(self, entry_id: str, log: Path) -> bool:
        """The whole tour; returns whether everything was as it should be."""
        homelab = await inspected(self._client, entry_id)
        findings = [
            await check.entry_is_loaded(self._client),
            *await self._conversation(homelab),
            await self._task(homelab),
        ]
        await asyncio.sleep(_SECONDS_TO_FOLLOW)
        homelab = await inspected(self._client, entry_id)
        states = await self._states()
        self._table(homelab, states)
        findings += [*check.hub_has_values(homelab, states), check.log_is_clean(log)]
        self._verdict(findings, log)
        return all(finding.passed for finding in findings)

    async def _conversation(self, homelab: Homelab) -> list[Finding]:
        agent = homelab.first("conversation")
        self._console.step(f"Talking to {PIPELINE} ({agent.entity_id})")
        pipeline = await make_voice(self._client, agent.entity_id, self._language)
        talk = assist.Conversation(self._client, self._console, pipeline, self._phrases.you, PIPELINE)
        command = await talk.ask(self._phrases.command)
        light = await self._light()
        state = (await self._states())[light]["state"]
        self._console.note(f"        {light} is {state}")
        question = await talk.ask(self._phrases.question)
        return [
            Finding(state == "on" and bool(command.tools), "a command switched the kitchen light on"),
            Finding(question.was_streamed, "an answer arrived word by word"),
        ]

    async def _task(self, homelab: Homelab) -> Finding:
        task = self._phrases.task
        entity = homelab.first("ai_task")
        self._console.step(f"AI task “{task.name}” ({entity.entity_id})")
        self._console.note(task.instructions)
        try:
            data = await assist.generate(
                self._client, entity.entity_id, task.name, task.instructions, task.structure
            )
        except DemoError as err:
            self._console.warning(str(err))
            return Finding(False, f"an AI task returned data – {err}")
        for name, value in data.items():
            self._console.line(f"    {name}: {assist.shortened(value)}")
        return Finding(True, "an AI task returned data")

    def _table(self, homelab: Homelab, states: dict[str, Json]) -> None:
        rows = [
            table.Row(
                homelab.devices.get(entity.device_id or "", ""),
                entity.entity_id,
                table.state_of(states, entity.entity_id),
            )
            for entity in homelab.entities
            if entity.enabled
        ]
        disabled = len(homelab.entities) - len(rows)
        self._console.step(f"{len(rows)} entities, and {disabled} that are disabled at first")
        for line in table.lines(rows):
            self._console.line(f"    {line}")

    def _verdict(self, findings: list[Finding], log: Path) -> None:
        self._console.step("Self-check")
        for finding in findings:
            self._console.verdict(finding.passed, finding.text)
        journal.show_problems(log, self._console)

    async def _light(self) -> str:
        """The entity id of the kitchen light, whatever it is called in the language of the house."""
        for entity in await self._client.command("config/entity_registry/list"):
            if (entity["platform"], entity["unique_id"]) == ("template", "kitchen_light"):
                return str(entity["entity_id"])
        raise DemoError("There is no kitchen light")

    async def _states(self) -> dict[str, Json]:
        return {state["entity_id"]: state for state in await self._client.command("get_states")}
