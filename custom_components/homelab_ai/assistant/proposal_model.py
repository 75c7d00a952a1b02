"""The model's small part in a proposal: it chooses from lists, or writes one new file. Code does the rest.

Two short calls at temperature 0, each repeated once with what was wrong. What does not fit is refused.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
import json
import re
from typing import Any

from ..agent.agent import Agent
from ..agent.completion import complete
from ..api.chat import JsonObject, Message
from ..hub.measurements import Purpose
from ..proposals.fields import WORDS, fields_of, labels
from ..proposals.graph import Graph, compact
from ..proposals.plan import Change
from ..proposals.refusal import Reason, RefusedError
from ..proposals.wish import Wish

MOST_CHOICES = 40
"""Of a list: small models choose badly from longer ones."""
MAX_SAID = 2000
_TRIES = 2
_NAME = re.compile(r"[\w./\[\] -]{1,120}")
_NOTHING = "none"
_CHANGES = (Change.ENABLE, Change.DISABLE, Change.SUSPEND, Change.RESUME, Change.SET)
_FENCE = re.compile(r"^```\w*\n(.*?)\n?```", re.DOTALL | re.MULTILINE)
_INTENT = (
    "Somebody wants to change an app of a homelab. Choose the change and the app from the lists. "
    '"set" changes one value, as a version, an image tag, replicas, memory or a schedule. '
    'Choose "none" if the sentence wants something else. Examples: "Could we get the chat back?" with an app '
    'librechat: {"change": "enable", "app": "librechat"}. "Grafana braucht 2 Replicas": '
    '{"change": "set", "app": "grafana"}.'
)
_FIELD = (
    "Somebody wants to set one value of an app. Choose the field from the list, and copy the new value from "
    'the sentence. Example: "give it 2Gi of memory": {"field": "resources.limits.memory", "value": "2Gi"}.'
)
_WRITE = {
    Change.MANIFEST: "Write one Kubernetes manifest in YAML, complete, without comments. No Secret, no "
    "password, no namespace. Answer with nothing but the YAML.",
    Change.TERRAFORM: "Write one Terraform file with resources only: no provider, no backend, no module, no "
    "provisioner, no password. Answer with nothing but the HCL.",
}


@dataclass(frozen=True, slots=True)
class Chosen:
    """A wish, and what a model had to do with it."""

    wish: Wish
    model: str = ""
    exchanges: tuple[tuple[str, str], ...] = ()


class _Dialogue:
    """What a model is asked and answers, for the audit trail."""

    def __init__(self, agent: Agent) -> None:
        self._agent = agent
        self.model = agent.settings.model
        self.exchanges: list[tuple[str, str]] = []

    async def ask(self, messages: Sequence[Message], schema: JsonObject | None, most: int) -> str:
        """Return the answer. Raises ApiError or HubError."""
        answer = await complete(
            self._agent,
            messages,
            Purpose.TASK,
            output_format=schema,
            max_tokens=most,
            temperature=0.0,
        )
        self.exchanges.append((messages[-1].content[:MAX_SAID], answer.text[:MAX_SAID]))
        return answer.text

    async def choose(
        self, system: str, question: str, lists: dict[str, Sequence[str]], request: str
    ) -> dict[str, str]:
        """Return an object of these keys; those with a list have a value of it, others words of the request.

        Raises RefusedError for a model that does not, ApiError or HubError.
        """
        properties: dict[str, Any] = {
            key: {"type": "string", **({"enum": list(values)} if values else {})}
            for key, values in lists.items()
        }
        schema: JsonObject = {"type": "object", "properties": properties, "required": list(lists)}
        messages = [Message("system", system), Message("user", question)]
        for _ in range(_TRIES):
            text = await self.ask(messages, schema, 200)
            found = _read(text, lists, request)
            if isinstance(found, dict):
                return found
            again = f"That does not fit: {found} Answer with nothing but the JSON object."
            messages += [Message("assistant", text[:MAX_SAID]), Message("user", again)]
        raise RefusedError(Reason.REQUEST)


async def choose(agent: Agent, request: str, graph: Graph) -> Chosen:
    """Return what a sentence wishes for, chosen by a model. Raises RefusedError, ApiError or HubError."""
    dialogue = _Dialogue(agent)
    names = {app.name: app for app in graph.apps if not app.is_root and _NAME.fullmatch(app.name)}
    apps = _likeliest(names, request)
    question = f"Apps: {', '.join(apps)}\nSentence: {json.dumps(request, ensure_ascii=False)}"
    changes = [*(change.value for change in _CHANGES), _NOTHING]
    intent = await dialogue.choose(_INTENT, question, {"change": changes, "app": apps}, request)
    if intent["change"] == _NOTHING:
        raise RefusedError(Reason.REQUEST)
    change, app = Change(intent["change"]), graph.named(intent["app"])
    if change is not Change.SET:
        return Chosen(Wish(change, (app.label,)), dialogue.model, tuple(dialogue.exchanges))
    fields = fields_of(graph, app)
    known = {label for label in labels(fields) if _NAME.fullmatch(label)}
    values = {field.label: field.value for field in fields if field.label in known}
    offered = _likeliest(values, request)
    shown = "\n".join(f"{label}: {json.dumps(values[label][:60])}" for label in offered)
    question = f"Fields of {app.name}:\n{shown}\nSentence: {json.dumps(request, ensure_ascii=False)}"
    chosen = await dialogue.choose(_FIELD, question, {"field": offered, "value": ()}, request)
    wish = Wish(change, (app.label,), chosen["field"], chosen["value"])
    return Chosen(wish, dialogue.model, tuple(dialogue.exchanges))


async def write(agent: Agent, wish: Wish, request: str) -> Chosen:
    """Return a wish with the file that a model has written. Raises ApiError or HubError."""
    dialogue = _Dialogue(agent)
    messages = [Message("system", _WRITE[wish.change]), Message("user", request)]
    text = await dialogue.ask(messages, None, 2048)
    match = _FENCE.search(text)
    content = match[1] if match else text
    written = Wish(wish.change, wish.apps, file=wish.file, content=content)
    return Chosen(written, dialogue.model, tuple(dialogue.exchanges))


def _read(text: str, lists: dict[str, Sequence[str]], request: str) -> dict[str, str] | str:
    """Return the object that was asked for, or what is wrong with the answer."""
    try:
        found = json.loads(text)
    except ValueError:
        return "it is no JSON."
    if not isinstance(found, dict):
        return "it is no object."
    result: dict[str, str] = {}
    for key, allowed in lists.items():
        value = found.get(key)
        value = str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value
        if not isinstance(value, str) or (allowed and value not in allowed):
            return f'"{key}" is none of the list.'
        if not allowed and (not value or value.casefold() not in request.casefold()):
            return f'"{key}" does not stand in the sentence.'
        result[key] = value
    return result


def _likeliest(names: Iterable[str], request: str) -> list[str]:
    """Return the names that a sentence may mean, those that have a word of it first."""
    said = compact(request)
    words = [end for word, ends in WORDS.items() if word in request.casefold() for end in ends]

    def rank(name: str) -> tuple[bool, bool, int]:
        parts = re.split(r"[\W_]+", name.casefold())
        is_said = any(len(part) > 2 and part in said for part in parts)
        is_meant = any(name.casefold().endswith(end[-1].casefold()) for end in words)
        return not is_meant, not is_said, len(name)

    return sorted(names, key=rank)[:MOST_CHOICES]
