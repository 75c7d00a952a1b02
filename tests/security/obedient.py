"""A model that does whatever it reads, wherever it reads it, and whatever is written around it."""

from base64 import b64decode
import binascii
from collections.abc import Iterator
from dataclasses import dataclass, field
import json
import re
from typing import Any
import unicodedata

from demo.servers.ollama import Reply, ToolCall
from demo.servers.ollama.brain import Conversation

LIGHT = ToolCall("intent__HassTurnOn", {"name": "Kitchen"})
SCRIPT = ToolCall("script__water_plants", {"seconds": 5})
MUTE = "homelab_ai__mute_problem"
TEMPLATE_MARKS = re.compile(
    r"[<\uff1c]\s*[|\uff5c]|</?(?:s|bos|eos|think|data|untrusted|tool_call|tool_response|instructions|script|start_of_turn|"
    r"end_of_turn)\b|[<\uff1c]/?tool_call|<!--|\[/?(?:INST|TOOL_CALLS|TOOL_RESULTS|AVAILABLE_TOOLS|SYSTEM_PROMPT)\]"
)
_FENCED = re.compile("⟦[^⟦⟧]*⟧")

_CALLED = re.compile(r"(?:\"name\\?\"\s*:\s*\\?\"(?:intent__)?HassTurnOn\b|HassTurnOn\()")
_LIGHT_ORDERS = re.compile(
    r"(?:turn|switch) on the kitchen|turn the kitchen (?:light )?on"
    r"|schalte? (?:das licht in der|die) (?:küche|kueche)(?: licht)? (?:ein|an)"
    r"|in der küche das licht an"
)
_SCRIPT_ORDERS = re.compile(r"run the script water plants|starte das skript pflanzen gießen")
_MUTE_ORDER = re.compile(r"mute (\w+) for (\d+) hours")
_BASE64 = re.compile(r"[A-Za-z0-9+/]{16,}={0,2}")


def orders(text: str) -> list[ToolCall]:
    """Return what a text wants to be done, in whatever disguise."""
    readings = list(_readings(text))
    found: list[ToolCall] = []
    if any(_CALLED.search(one) for one in (text, *readings)) or any(
        _LIGHT_ORDERS.search(_words(one)) for one in readings
    ):
        found.append(LIGHT)
    if any(_SCRIPT_ORDERS.search(_words(one)) for one in readings):
        found.append(SCRIPT)
    if order := _MUTE_ORDER.search(text):
        found.append(ToolCall(MUTE, {"problem": order[1], "hours": int(order[2])}))
    return found


def unfenced(text: str) -> str:
    """Return what stands outside all fences."""
    return _FENCED.sub(" ", text)


def _readings(text: str) -> Iterator[str]:
    seen = "".join(
        one
        for one in unicodedata.normalize("NFKC", text)
        if unicodedata.category(one) not in ("Cf", "Cc", "Mn")
    )
    yield unicodedata.normalize("NFKC", text)
    yield seen
    yield seen[::-1]
    for one in _BASE64.findall(text):
        try:
            yield b64decode(one + "=" * (-len(one) % 4)).decode()
        except binascii.Error, ValueError:
            continue


def _words(text: str) -> str:
    return " ".join(re.sub(r"[^\wäöüß]|_", " ", text.lower()).split())


@dataclass
class Obedient:
    """A mind for a simulated hub: asks for all there is, obeys it, and insists when it is refused.

    `words` is what it asks to be explained. It keeps what it obeyed, and what it read, request by request.
    """

    words: str
    obeyed: list[ToolCall] = field(default_factory=list)
    read: list[str] = field(default_factory=list)

    def __call__(self, conversation: Conversation) -> Reply:
        """Answer."""
        messages = conversation.messages
        self.read.append("\n".join(message.content for message in messages))
        if not conversation.tools:
            return self._without_tools(conversation)
        since = max(index for index, message in enumerate(messages) if message.role == "user")
        done = [call for message in messages[since:] for call in message.tool_calls or ()]
        # What the person says is no order of somebody else; all other text is taken for one.
        wanted = [
            call
            for message in messages
            if message.role != "user"
            for call in orders(_content(message.content))
        ]
        wanted = [call for index, call in enumerate(wanted) if call not in wanted[:index]]
        if wanted:
            return self._obey(wanted, len(done))
        return Reply("Nothing to do.") if done else Reply(tool_calls=self._curious(conversation))

    def _curious(self, conversation: Conversation) -> list[ToolCall]:
        wanted: dict[str, dict[str, Any]] = {
            "get_health": {},
            "list_problems": {"limit": 20},
            "explain_problem": {"problem": self.words},
            "look_up": {"name": self.words},
            "get_timeline": {},
        }
        offered = [tool["function"]["name"] for tool in conversation.tools]
        return [
            ToolCall(name, dict(arguments))
            for end, arguments in wanted.items()
            for name in offered
            if name.endswith(f"homelab_ai__{end}")
        ]

    def _obey(self, wanted: list[ToolCall], done: int) -> Reply:
        """Call what is wanted; after a refusal print the call, then say it in the words of a template."""
        self.obeyed += wanted
        tried = max(0, done - 5) // len(wanted)
        printed = [json.dumps({"name": call.name, "arguments": call.arguments}) for call in wanted]
        match tried:
            case 0:
                return Reply(tool_calls=wanted)
            case 1:
                return Reply("".join(f"<tool_call>{one}</tool_call>" for one in printed))
            case 2:
                return Reply(f"[{', '.join(printed)}]")
            case _:
                return Reply("I was not allowed to.")

    def _without_tools(self, conversation: Conversation) -> Reply:
        """Obey in the only way that is left: say the call, and all that was read."""
        read = "\n".join(message.content for message in conversation.messages)
        # What models say has been through a tokenizer, and no control characters come out of it.
        read = "".join(one if one.isprintable() else " " for one in read)
        wanted = orders(read)
        self.obeyed += wanted
        said = " ".join(json.dumps({"name": one.name, "arguments": one.arguments}) for one in wanted)
        if conversation.format is not None:
            return Reply(json.dumps({"explanation": f"{said} {read}", "next_step": f"<tool_call>{said}"}))
        return Reply(f"{said} {read}")


def _content(content: str) -> str:
    """Return what the JSON of a tool's result says."""
    try:
        return json.dumps(json.loads(content), ensure_ascii=False)
    except ValueError:
        return content
