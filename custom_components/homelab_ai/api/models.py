"""The models of an Ollama server, as `/api/tags`, `/api/ps` and `/api/show` tell of them.

Source: Ollama's `api/types.go` (v0.33). What does not fit is left out: of a model its figure, of a list its
model, and nothing more.
"""

from collections.abc import Iterator
from dataclasses import dataclass
import re

from .answers import (
    Json,
    Moment,
    Text,
    Whole,
    object_in,
    objects,
    text,
    time,
    when_object,
    whole,
)
from .errors import ApiResponseError

MAX_NAME = 300
"""Characters of a model's name: host, namespace, name and tag have 350 at most, and nobody uses them up."""
_MAX_DIGEST = 128
_MAX_FACT = 100
_MAX_CAPABILITIES = 32
_MAX_TEMPLATE = 64 * 1024
_MAX_TOKENS = 2**31
NOTHING = Text("")
_ACTION = re.compile(r"\{\{([^{}]*)\}\}")
_THOUGHT = re.compile(
    r"(?P<open><(?:think|thinking|thought|seed:think|longcat_think)>|\[THINK\]|◁think▷)"
    r"|</(?:think|thinking|thought|seed:think|longcat_think)>|\[/THINK\]|◁/think▷"
)
_THINKING_WORDS = ("Here is my thought process:", "Here are my reasoning steps:")
_WEIGHTS = re.compile(r"^FROM .*sha256[-:]([0-9a-f]{64})\s*$", re.MULTILINE)
_MAX_FROM = 4096
"""Characters of a modelfile in which its weights are named: that comes before all else."""
_SHOWN = ("capabilities", "details", "license", "model_info", "modelfile", "parameters", "template")


@dataclass(frozen=True, slots=True)
class InstalledModel:
    """A model on the server's disk; `size` in bytes, `digest` of its manifest, 64 hex digits."""

    name: Text
    digest: Text
    size: Whole
    modified_at: Moment | None
    family: Text
    parameter_size: Text
    quantization: Text


@dataclass(frozen=True, slots=True)
class LoadedModel:
    """A model in memory. Bytes, `size` never less than `size_vram`; `context_length` in tokens.

    The context length is None before server 0.10.
    """

    name: Text
    digest: Text
    size: Whole
    size_vram: Whole
    context_length: Whole | None
    expires_at: Moment | None


@dataclass(frozen=True, slots=True)
class ModelDetails:
    """What a model can do: Ollama's capability names, and the longest context it was trained for.

    `tools_in_system` where its template lists the tools before the first message, and not in one of the
    questions: only then does a longer conversation keep them where they were.
    `kv_per_token` are the bytes of KV cache that each token of the context takes, None where the architecture
    does not tell; a sliding window takes less.
    """

    capabilities: frozenset[Text]
    context_length: Whole | None
    tools_in_system: bool = False
    kv_per_token: Whole | None = None
    opens_thinking: bool = False
    """Whether its template ends within a thought, so that the answer has only the end of it."""
    thinking_words: tuple[Text, ...] = ()
    """Plain words of its template between which it thinks."""
    weights: Text = NOTHING
    """The digest of its weights, 64 hex digits; models made of the same share one runner."""


def installed(answer: object) -> tuple[InstalledModel, ...]:
    """Read `/api/tags`. Raises ApiResponseError where it is none."""
    return tuple(
        InstalledModel(
            name=name,
            digest=text(model.get("digest"), _MAX_DIGEST),
            size=whole(model.get("size")) or Whole(0),
            modified_at=time(model.get("modified_at"), in_utc=False),
            family=_fact(model, "family"),
            parameter_size=_fact(model, "parameter_size"),
            quantization=_fact(model, "quantization_level"),
        )
        for name, model in _named(answer)
    )


def loaded(answer: object) -> tuple[LoadedModel, ...]:
    """Read `/api/ps`. Raises ApiResponseError where it is none."""
    return tuple(_loaded(name, model) for name, model in _named(answer))


def _loaded(name: Text, model: Json) -> LoadedModel:
    in_vram = whole(model.get("size_vram")) or Whole(0)
    return LoadedModel(
        name=name,
        digest=text(model.get("digest"), _MAX_DIGEST),
        size=max(whole(model.get("size")) or Whole(0), in_vram),
        size_vram=in_vram,
        context_length=whole(model.get("context_length"), most=_MAX_TOKENS) or None,
        expires_at=time(model.get("expires_at"), in_utc=False),
    )


def _named(answer: object) -> Iterator[tuple[Text, Json]]:
    """Yield the models that have a name which can be said and asked for as it is."""
    data = when_object(answer)
    if "models" not in data:
        raise ApiResponseError("the answer lists no models")
    # Go writes null for an empty list.
    for model in objects([] if data["models"] is None else data["models"]):
        name = model.get("model")
        if name and (fit := text(name, MAX_NAME)) == name:
            yield fit, model


def _fact(model: Json, key: str) -> Text:
    return text(object_in(model, "details").get(key), _MAX_FACT)


def details(answer: object) -> ModelDetails:
    """Read `/api/show`. Raises ApiResponseError where it is none."""
    data = when_object(answer)
    if data.keys().isdisjoint(_SHOWN):
        raise ApiResponseError("the answer shows no model")
    facts = object_in(data, "model_info")
    template = text(data.get("template"), _MAX_TEMPLATE)
    names = data.get("capabilities")
    return ModelDetails(
        capabilities=frozenset(
            name
            for other in (names[:_MAX_CAPABILITIES] if isinstance(names, list) else ())
            if (name := text(other, _MAX_FACT))
        ),
        context_length=_of_architecture(facts, "context_length"),
        tools_in_system=_lists_tools_first(template),
        kv_per_token=_kv_per_token(facts),
        opens_thinking=_opens_thinking(template),
        thinking_words=tuple(Text(words) for words in _THINKING_WORDS if words in template),
        weights=_weights(data.get("modelfile")),
    )


def _weights(modelfile: object) -> Text:
    """Return the digest of the layer that the server's own modelfile takes the weights from."""
    named = _WEIGHTS.search(modelfile[:_MAX_FROM]) if isinstance(modelfile, str) else None
    return Text(named[1]) if named else NOTHING


def _opens_thinking(template: str) -> bool:
    """Return whether the last thought of a Go or Jinja template has a beginning and no end."""
    marks = list(_THOUGHT.finditer(template))
    return bool(marks) and marks[-1]["open"] is not None


def _of_architecture(facts: Json, key: str) -> Whole | None:
    """Return a fact of the model's architecture, None where it is no whole number above zero."""
    value = facts.get(f"{facts.get('general.architecture')}.{key}")
    return whole(value, least=1, most=_MAX_TOKENS) if isinstance(value, int) else None


def _kv_per_token(facts: Json) -> Whole | None:
    """Return the bytes of KV cache per token, from the facts of a model's file.

    Keys and values, each layers × KV heads × length of a head, in f16 (the server's default cache type).
    Source: the keys of GGUF's specification. Where heads differ from layer to layer, the server does not say.
    """

    def fact(key: str) -> int:
        return _of_architecture(facts, key) or 0

    heads = fact("attention.head_count")
    by_default = fact("embedding_length") // heads if heads else 0
    lengths = sum(fact(f"attention.{other}_length") or by_default for other in ("key", "value"))
    return whole(2 * fact("block_count") * fact("attention.head_count_kv") * lengths, least=1)


def _lists_tools_first(template: str) -> bool:
    """Return whether a Go template lists the tools before it goes through the messages."""
    for action in _ACTION.finditer(template):
        before, _, listed = action[1].partition("range ")
        if listed and (before == "" or not before[-1].isalnum()):
            fields = set(re.findall(r"\.(\w+)", listed))
            if "Tools" in fields or "Messages" in fields:
                return "Tools" in fields
    return False
