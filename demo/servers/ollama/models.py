"""What a model is: name, files, abilities, and how much memory it takes."""

from dataclasses import dataclass, field, replace
from hashlib import sha256
import re
from typing import Any, Literal

from .wire import local_time, without_zeros

ToolPlace = Literal["system", "first_user", "last_user"]
Template = Literal["chatml", "llama3", "gemma", "zephyr", "jinja", "bare"]
Manner = Literal["", "endless", "prints_template"]

# Compute buffers a runner needs beside weights and KV cache.
_COMPUTE_BUFFERS = 400 * 1024**2
_NAME = re.compile(
    r"(?:(?P<host>[\w.-]+(?::\d+)?)/(?=[^/]+/))?(?:(?P<space>[\w.-]+)/)?(?P<model>[\w][\w.-]*)(?::(?P<tag>[\w][\w.-]*))?"
)


def full_name(name: str) -> str | None:
    """Give `host/namespace/model:tag` with Ollama's defaults filled in; None for an invalid name."""
    match = _NAME.fullmatch(name.removeprefix("https://").removeprefix("http://"))
    if match is None:
        return None
    host = match["host"] or "registry.ollama.ai"
    return f"{host}/{match['space'] or 'library'}/{match['model']}:{match['tag'] or 'latest'}"


def short_name(name: str) -> str:
    """Give the shortest name that still has its tag, as Ollama displays it."""
    full = full_name(name) or name
    return full.removeprefix("registry.ollama.ai/").removeprefix("library/")


def digest_of(text: str) -> str:
    """Make up a digest: 64 hexadecimal digits, the same every time."""
    return sha256(text.encode()).hexdigest()


@dataclass(frozen=True, kw_only=True)
class Model:
    """One model, installed or in the registry. Sizes are bytes."""

    name: str
    size: int = 2_000_000_000
    family: str = "llama"
    families: tuple[str, ...] = ()
    parameter_size: str = "8.0B"
    quantization: str = "Q4_K_M"
    capabilities: tuple[str, ...] = ("completion",)
    context_length: int = 131_072
    embedding_length: int = 4096
    layers: int = 32
    kv_bytes_per_token: int = 131_072
    template: Template = "chatml"
    tools_in: ToolPlace = "system"
    parameters: tuple[tuple[str, Any], ...] = ()
    license: str = "Apache License Version 2.0, January 2004"
    modified_at: float = 1_785_571_200.123456  # 2026-08-01T10:00:00+02:00
    digest: str = ""
    weights: str = ""
    manner: Manner = ""
    """What very small models do: never stop, or say what their template did not know how to write."""
    tag_capabilities: tuple[str, ...] | None = None
    """What /api/tags lists where that is not all: it does not read a template within the weights."""
    options: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Fill in what follows from the name."""
        object.__setattr__(self, "name", short_name(self.name))
        if not self.digest:
            object.__setattr__(self, "digest", digest_of(f"{self.name}@{self.size}"))
        if not self.weights:
            object.__setattr__(self, "weights", digest_of(f"{self.digest}/weights"))

    def can(self, capability: str) -> bool:
        """Whether the model has a capability."""
        return capability in self.capabilities

    def named(self, name: str, modified_at: float) -> Model:
        """Copy the model under another name; the content keeps its digest."""
        return replace(self, name=name, modified_at=modified_at)

    def built_on(self, name: str, **parameters: Any) -> Model:
        """Make a model of the same weights with other parameters, as a Modelfile does."""
        return replace(
            self, name=name, digest=digest_of(f"{name}/{parameters}"), parameters=tuple(parameters.items())
        )

    def kv_cache(self, tokens: int) -> int:
        """Bytes of KV cache for a context of `tokens`."""
        return tokens * self.kv_bytes_per_token

    def memory(self, num_ctx: int, num_parallel: int = 1) -> int:
        """Bytes a runner of this model takes in all."""
        return self.size + self.kv_cache(num_ctx) * num_parallel + _COMPUTE_BUFFERS

    def details(self, *, lengths: bool = False) -> dict[str, Any]:
        """The `details` object; only /api/tags adds the lengths (since v0.30.0)."""
        details: dict[str, Any] = {
            "parent_model": "",
            "format": "gguf",
            "family": self.family,
            "families": list(self.families or (self.family,)),
            "parameter_size": self.parameter_size,
            "quantization_level": self.quantization,
        }
        if lengths:
            details |= without_zeros(
                {"context_length": self.context_length, "embedding_length": self.embedding_length}
            )
        return details

    def tag(self) -> dict[str, Any]:
        """The model's entry in /api/tags."""
        return {
            "name": self.name,
            "model": self.name,
            "modified_at": local_time(self.modified_at),
            "size": self.size,
            "digest": self.digest,
            "details": self.details(lengths=True),
            "capabilities": list(
                self.capabilities if self.tag_capabilities is None else self.tag_capabilities
            ),
        }
