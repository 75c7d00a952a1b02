"""Messages of models as the tests of the reader read them: whole, cut at random, and from the fixtures."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
import random
from typing import Any

from custom_components.homelab_ai.agent.marks import Marks
from custom_components.homelab_ai.agent.reader import Reader
from custom_components.homelab_ai.agent.tool_names import candidates
from homeassistant.util.yaml import parse_yaml

NAMES = ("intent__HassTurnOn", "intent__HassTurnOff", "light__HassLightSet", "homelab_ai__get_health")
CALL = '{"name": "HassTurnOn", "arguments": {"name": "Kitchen"}}'
FIXTURES = Path(__file__).parent / "fixtures" / "dialects"


@dataclass(frozen=True)
class Read:
    """What came of a message; `calls` are the offered tools that were meant, with their arguments."""

    said: str
    thought: str
    calls: tuple[tuple[str, dict[str, Any]], ...]
    over: bool
    unreadable: bool


def read(
    pieces: Sequence[str],
    names: Sequence[str] = NAMES,
    *,
    cut: bool = False,
    opens_thinking: bool = False,
    marks: Marks | None = None,
) -> Read:
    """Read a message piece by piece, as an answer does."""
    reader = Reader(names, opens_thinking=opens_thinking, marks=marks)
    said = thought = ""
    for piece in (*pieces, None):
        words, thoughts = reader.finish(cut=cut) if piece is None else reader.feed(piece)
        if reader.retracts():
            said, thought = "", thought + said
        said, thought = said + words, thought + thoughts
    calls = [
        ("|".join(candidates(call.name, names)) or call.name, dict(call.arguments)) for call in reader.calls
    ]
    return Read(said, thought, tuple(calls), reader.over, reader.unreadable)


def cuttings(text: str, seed: int, count: int) -> Iterator[list[str]]:
    """Yield a text in so many random cuttings; pieces of one character and the whole are among them."""
    rng = random.Random(seed)
    yield list(text)
    yield [text]
    for _ in range(count):
        longest = rng.choice((2, 5, 12, 40))
        pieces: list[str] = []
        at = 0
        while at < len(text):
            size = rng.randint(1, longest)
            pieces.append(text[at : at + size])
            at += size
        yield pieces


def _texts(path: Path) -> dict[str, str]:
    texts = parse_yaml(path.read_text())
    assert isinstance(texts, dict)
    return {str(name): str(text) for name, text in texts.items()}


def fixtures() -> dict[str, str]:
    """Return the messages of the fixtures by file and name."""
    return {
        f"{path.stem}-{name}": text
        for path in sorted(FIXTURES.glob("*.yaml"))
        for name, text in _texts(path).items()
    }
