"""A question to Jarvis over the Assist API, printed while the answer arrives."""

from dataclasses import dataclass, field
import json
from time import monotonic

from .client import Client, Json
from .console import Console
from .errors import DemoError

_SECONDS_FOR_AN_ANSWER = 300
_LONGEST_RESULT = 120


@dataclass(slots=True)
class Turn:
    """One question and what came of it.

    `pieces` are the parts of the answer as they were streamed, `first_after` and `seconds` are counted from
    the question on, `speech` is what a voice would say in the end.
    """

    pieces: list[str] = field(default_factory=list)
    tools: list[str] = field(default_factory=list)
    first_after: float | None = None
    seconds: float = 0.0
    speech: str = ""
    error: str | None = None

    @property
    def was_streamed(self) -> bool:
        """Whether an answer came, in more than one piece."""
        return self.error is None and bool(self.speech) and len(self.pieces) > 1

    @property
    def summary(self) -> str:
        """The measurements of the turn."""
        all_ = f"{self.seconds:.1f} s in all"
        if self.first_after is None:
            return all_
        return f"first word after {self.first_after:.1f} s, {len(self.pieces)} pieces, {all_}"


class Conversation:
    """Asks in one Assist pipeline and prints what is said."""

    def __init__(self, client: Client, console: Console, pipeline: str, you: str, name: str) -> None:
        self._client = client
        self._console = console
        self._pipeline = pipeline
        self._you = you
        self._name = name
        self._spoken_for = False

    async def ask(self, text: str) -> Turn:
        """One turn in a conversation of its own."""
        self._console.speaker(self._you)
        self._console.line(text)
        turn, asked = Turn(), monotonic()
        self._spoken_for = False
        async with self._client.websocket() as websocket:
            async for event in websocket.events(
                "assist_pipeline/run",
                start_stage="intent",
                end_stage="intent",
                pipeline=self._pipeline,
                input={"text": text},
                timeout=_SECONDS_FOR_AN_ANSWER,
            ):
                self._take(event["type"], event["data"] or {}, turn, monotonic() - asked)
                if event["type"] in {"run-end", "error"}:
                    break
        turn.seconds = monotonic() - asked
        self._end(turn)
        return turn

    def _take(self, kind: str, data: Json, turn: Turn, seconds: float) -> None:
        if kind == "intent-progress":
            self._delta(data.get("chat_log_delta") or {}, turn, seconds)
        elif kind == "intent-end":
            response = data["intent_output"]["response"]
            turn.speech = response.get("speech", {}).get("plain", {}).get("speech", "")
            if response["response_type"] == "error":
                turn.error = turn.speech or str(response.get("data"))
        elif kind == "error":
            turn.error = f"{data['code']}: {data['message']}"

    def _delta(self, delta: Json, turn: Turn, seconds: float) -> None:
        if content := delta.get("content"):
            if turn.first_after is None:
                turn.first_after = seconds
            if not self._spoken_for:
                self._console.speaker(self._name)
                self._spoken_for = True
            turn.pieces.append(content)
            self._console.write(content.replace("\n", f"\n{' ' * 12}"))
        for call in delta.get("tool_calls") or ():
            turn.tools.append(call["tool_name"])
            self._aside(f"→ {call['tool_name']}({_arguments(call['tool_args'])})")
        if (result := delta.get("tool_result")) is not None:
            self._aside(f"← {shortened(_telling(result))}")

    def _aside(self, text: str) -> None:
        """A dim line between what is spoken."""
        if self._spoken_for:
            self._console.line()
            self._spoken_for = False
        self._console.note(f"        {text}")

    def _end(self, turn: Turn) -> None:
        if turn.speech and not turn.pieces:
            self._console.speaker(self._name)
            self._console.line(turn.speech)
        if self._spoken_for:
            self._console.line()
        if turn.error:
            self._console.warning(f"        {turn.error}")
        self._console.note(f"        {turn.summary}")


async def generate(client: Client, entity_id: str, name: str, instructions: str, structure: Json) -> Json:
    """The data that an AI task returns; raises DemoError if it returns none of this structure."""
    answer = await client.asked(
        "ai_task.generate_data",
        entity_id=entity_id,
        task_name=name,
        instructions=instructions,
        structure=structure,
    )
    data = answer["data"]
    if not isinstance(data, dict) or (missing := structure.keys() - data.keys()):
        raise DemoError(f"The AI task returned {shortened(data)}, which lacks {missing or 'everything'}")
    return data


def shortened(value: object) -> str:
    """The value as JSON, cut where it would fill the screen."""
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _LONGEST_RESULT else f"{text[: _LONGEST_RESULT - 1]}…"


def _telling(result: object) -> object:
    """The result of a tool without the note to the model that our tools put before it."""
    if not isinstance(result, dict):
        return result
    data = result.get("data", result)
    return {key: value for key, value in data.items() if key != "note"} if isinstance(data, dict) else data


def _arguments(arguments: Json) -> str:
    return ", ".join(f"{name}={json.dumps(value, ensure_ascii=False)}" for name, value in arguments.items())
