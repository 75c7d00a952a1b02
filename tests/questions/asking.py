"""Questions of the corpus: read from YAML, asked through Home Assistant's own agent, and judged."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from homeassistant.components import conversation
from homeassistant.core import HomeAssistant
from homeassistant.helpers import intent
from homeassistant.util.yaml import load_yaml

from ..common import ask

FOLDER = Path(__file__).parent
LANGUAGES = {"en": "english.yaml", "de": "german.yaml"}


@dataclass(frozen=True, slots=True)
class Case:
    """A question; `facts` are in a true answer, `wrong` in none. Alternatives of a fact are parted by "|"."""

    question: str
    house: str
    facts: tuple[str, ...]
    wrong: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Heard:
    """What was answered; `is_answer` where it was taken for a question that can be answered."""

    text: str
    is_answer: bool

    def lacks(self, case: Case) -> list[str]:
        """Return the facts that are missing."""
        text = self.text.casefold()
        return [fact for fact in case.facts if not any(one.casefold() in text for one in fact.split("|"))]

    def invents(self, case: Case) -> list[str]:
        """Return what must not be said, but is."""
        return [one for one in case.wrong if one.casefold() in self.text.casefold()]

    def verdict(self, case: Case) -> str:
        """Return whether that answers the question; wrong is what lacks a fact, or says what is not so."""
        if not self.is_answer:
            return "passed on"
        return "wrong" if self.lacks(case) or self.invents(case) else "answered"


def cases(name: str) -> list[Case]:
    """Return the corpus of this file."""
    rows: Any = load_yaml(str(FOLDER / name))
    return [case for row in rows for case in _cases(row)]


def _cases(row: dict[str, Any]) -> Iterator[Case]:
    for question in row["ask"]:
        yield Case(str(question), row["in"], tuple(map(str, row["has"])), tuple(map(str, row.get("not", ()))))


async def hear(hass: HomeAssistant, question: str, language: str) -> Heard:
    """Ask Home Assistant's own agent."""
    result = await ask(hass, question, agent=conversation.HOME_ASSISTANT_AGENT, language=language)
    response = result.response
    text = response.speech.get("plain", {}).get("speech", "")
    return Heard(text, response.response_type is not intent.IntentResponseType.ERROR)
