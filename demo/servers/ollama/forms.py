"""The two forms of an answer: /api/chat with messages, /api/generate with text; and their metrics."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
import time
from typing import Any

from .prompt import Prompt
from .reply import Piece
from .wire import nanoseconds, utc_time, without_zeros


@dataclass(slots=True)
class Metrics:
    """Durations and counts of one answer, in seconds until they are sent.

    Durations are those of the simulated hardware; only the total is measured, when it is longer.
    """

    begun: float = 0.0
    load: float = 0.0
    prompt_count: int = 0
    prompt: float = 0.0
    count: int = 0
    generation: float = 0.0

    def begin(self) -> None:
        """Start the clock."""
        self.begun = asyncio.get_running_loop().time()

    def loaded(self, seconds: float) -> None:
        """Note how long the model took to be ready, waiting for others included."""
        self.load = max(seconds, asyncio.get_running_loop().time() - self.begun)

    def evaluated(self, count: int, seconds: float) -> None:
        """Note the prompt: its whole size, and the time for what was not cached."""
        self.prompt_count, self.prompt = count, seconds

    def generated(self, count: int, seconds: float) -> None:
        """Note the generation; the server measures a single token to take no time at all."""
        self.count, self.generation = count, seconds if count > 1 else min(seconds, 1e-6)

    def fields(self) -> dict[str, int]:
        """Give the metric fields in nanoseconds; zeros are left out."""
        measured = asyncio.get_running_loop().time() - self.begun
        return without_zeros(
            {
                "total_duration": nanoseconds(max(measured, self.load + self.prompt + self.generation)),
                "load_duration": nanoseconds(self.load),
                "prompt_eval_count": self.prompt_count,
                "prompt_eval_duration": nanoseconds(self.prompt),
                "eval_count": self.count,
                "eval_duration": nanoseconds(self.generation),
            }
        )


class Form:
    """How one of the routes words its answer."""

    name: str

    def _part(self, content: str, thinking: str, calls: list[dict[str, Any]]) -> dict[str, Any]:
        raise NotImplementedError

    def _joined(self, chunks: list[dict[str, Any]]) -> dict[str, Any]:
        raise NotImplementedError

    def _envelope(self, model: str, part: dict[str, Any], done: bool) -> dict[str, Any]:
        return {"model": model, "created_at": utc_time(time.time()), **part, "done": done}

    def chunk(self, model: str, piece: Piece, call_id: Callable[[], str]) -> dict[str, Any]:
        """One line of a stream."""
        calls = [
            {
                "id": call_id(),
                "function": {"index": index, "name": call.name, "arguments": call.arguments},
            }
            for index, call in enumerate(piece.calls)
        ]
        content = piece.text if piece.kind == "content" else ""
        thinking = piece.text if piece.kind == "thinking" else ""
        return self._envelope(model, self._part(content, thinking, calls), done=False)

    def empty(self, model: str, reason: str) -> dict[str, Any]:
        """The answer to a load or unload."""
        return self._envelope(model, self._part("", "", []), done=True) | {"done_reason": reason}

    def rendered(self, model: str, prompt: Prompt) -> dict[str, Any]:
        """The answer to `_debug_render_only`."""
        info = {"rendered_template": prompt.text} | without_zeros({"image_count": len(prompt.pictures)})
        return self._envelope(model, self._part("", "", []), done=False) | {"_debug_info": info}

    def last(self, model: str, reason: str, metrics: dict[str, int], context: list[int]) -> dict[str, Any]:
        """The last line, with the metrics."""
        return self.empty(model, reason) | metrics

    def gather(self, chunks: list[dict[str, Any]]) -> dict[str, Any]:
        """One object made of all lines."""
        logprobs = [entry for chunk in chunks for entry in chunk.get("logprobs", [])]
        return chunks[-1] | self._joined(chunks) | ({"logprobs": logprobs} if logprobs else {})


class _Chat(Form):
    name = "chat"

    def _part(self, content: str, thinking: str, calls: list[dict[str, Any]]) -> dict[str, Any]:
        message = {"role": "assistant", "content": content}
        return {"message": message | without_zeros({"thinking": thinking, "tool_calls": calls})}

    def _joined(self, chunks: list[dict[str, Any]]) -> dict[str, Any]:
        messages = [chunk["message"] for chunk in chunks]
        return self._part(
            "".join(message["content"] for message in messages),
            "".join(message.get("thinking", "") for message in messages),
            [call for message in messages for call in message.get("tool_calls", [])],
        )


class _Generate(Form):
    name = "generate"

    def _part(self, content: str, thinking: str, calls: list[dict[str, Any]]) -> dict[str, Any]:
        return {"response": content} | without_zeros({"thinking": thinking})

    def _joined(self, chunks: list[dict[str, Any]]) -> dict[str, Any]:
        thinking = "".join(chunk.get("thinking", "") for chunk in chunks)
        return self._part("".join(chunk["response"] for chunk in chunks), thinking, [])

    def last(self, model: str, reason: str, metrics: dict[str, int], context: list[int]) -> dict[str, Any]:
        """The last line, with the deprecated context."""
        return self.empty(model, reason) | without_zeros({"context": context}) | metrics


CHAT = _Chat()
GENERATE = _Generate()
