"""Which tool a model means by a name, with whatever sticks to it."""

from collections.abc import Iterable
import re

LONGEST_NAME = 128
"""Characters; a longer one is a model that has run away."""

_CHANNEL = re.compile(r"(?<=\w)<.*|<[|｜].*|\\[nrt].*", re.DOTALL)
_BEHIND = re.compile(r"(?:\s+(?:commentary|analysis|final|json))*\s*(?:\(\s*\))?(?::\d+)?$", re.IGNORECASE)
_OUTER = " \t\r\n\"'`*<>/,;=#"
_PARTS = re.compile(r"__|[.:/\\=]|\s+|(?<=functions)_|(?<=tool)_|(?<=call)_|(?<=mcp)_")
_SUFFIX = re.compile(r"(?:(?<![\s_-])[\s_-]++(?:tool|function|call|action)|Tool|Function)$")
_WORD_BREAK = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
# What models and their templates put before any name.
_PREFIXES = frozenset(
    {
        *("function", "functions", "tool", "tools", "call", "calls", "to", "name", "recipient"),
        *("mcp", "use", "run", "execute", "invoke", "the", "action", "python", "json", "homeassistantassist"),
        *("defaultapi", "api", "assistant", "assist", "homeassistant", "intent", "llm", "namespace"),
    }
)


def is_identifier(name: str) -> bool:
    """Return whether a name is none that people give: "switch_light", "SwitchLight"."""
    return re.search(r"\w_\w|[a-z][A-Z]", name) is not None


def own_name(name: str) -> str:
    """Return the name of a tool without that of the integration it comes from."""
    return name.rpartition("__")[2]


def candidates(name: str, offered: Iterable[str]) -> list[str]:
    """Return the offered tools that a name may mean: one, none, or several that it does not tell apart.

    The first rule that fits anything decides, from the name as it stands to a name without its prefix, letter
    case and separators.
    """
    names = tuple(offered)
    if name in names:
        return [name]
    if len(name) > LONGEST_NAME:
        return []
    bare = _BEHIND.sub("", _CHANNEL.sub("", name).strip(_OUTER)).strip(_OUTER)
    if not bare:
        return []
    prefixes = _PREFIXES | {_squashed(tool.rpartition("__")[0]) for tool in names}
    spellings = [bare]
    while len(parts := _PARTS.split(spellings[-1], maxsplit=1)) == 2 and _squashed(parts[0]) in prefixes:
        spellings.append(parts[1].strip(_OUTER))
    spellings += [shorter for spelling in spellings if (shorter := _SUFFIX.sub("", spelling)) != spelling]
    for spelling in spellings:
        squashed = _squashed(spelling)
        for key in (_squashed, lambda tool: _squashed(own_name(tool))):
            if squashed and (matches := [tool for tool in names if key(tool) == squashed]):
                return matches
    return []


def resolve(name: str, offered: Iterable[str]) -> str | None:
    """Return the one offered tool that a name means, None where there is none or more than one."""
    matches = candidates(name, offered)
    return matches[0] if len(matches) == 1 else None


def spellings(name: str) -> frozenset[str]:
    """Return how models spell a tool's name when they write a call as code."""
    short = own_name(name)
    snake = _WORD_BREAK.sub("_", short).lower()
    return frozenset({name, short, short.lower(), snake, name.replace("__", "_"), name.replace("__", ".")})


def _squashed(name: str) -> str:
    return "".join(char for char in name.lower() if char.isalnum())
