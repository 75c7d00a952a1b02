"""The corpus: how many of the questions are answered, and that none is answered wrongly."""

from collections import Counter

from freezegun.api import FrozenDateTimeFactory
import pytest

from custom_components.homelab_ai.assistant.sentences import async_teach_names
from demo.servers.ollama import OllamaServer
from homeassistant.core import HomeAssistant

from ..common import MODEL, homelab_entry, set_up
from .asking import LANGUAGES, cases, hear
from .houses import HOUSES, NOW

LEAST = 300
"""Questions of each language."""
ANSWERED = 0.95


@pytest.mark.parametrize("language", LANGUAGES)
def test_corpus_is_large(language: str) -> None:
    corpus = cases(LANGUAGES[language])
    assert len({(case.house, case.question) for case in corpus}) == len(corpus)
    assert len(corpus) >= LEAST


@pytest.mark.parametrize("house", HOUSES)
@pytest.mark.parametrize("language", LANGUAGES)
async def test_corpus(  # noqa: PLR0917
    hass: HomeAssistant,
    hub: OllamaServer,
    freezer: FrozenDateTimeFactory,
    request: pytest.FixtureRequest,
    language: str,
    house: str,
) -> None:
    """Answered is what has every fact in it; wrong is an answer that lacks one, or says what is not so."""
    await hass.config.async_set_time_zone("Europe/Berlin")
    freezer.move_to(NOW)
    await hub.load(MODEL, 8192, 1800)
    entry = await set_up(hass, homelab_entry(hub.url))
    for name, one in HOUSES.items():
        one.move_in(entry.runtime_data)  # what happened in those before has happened here as well
        if name == house:
            break
    await async_teach_names(hass)
    corpus = [case for case in cases(LANGUAGES[language]) if case.house == house]
    told = [(case, await hear(hass, case.question, language)) for case in corpus]
    verdicts = Counter(heard.verdict(case) for case, heard in told)
    report = request.config.get_terminal_writer()
    answered, wrong = verdicts["answered"], verdicts["wrong"]
    report.line(f"\n{language}, {house}: {answered} of {len(told)} questions answered, {wrong} wrong")
    for case, heard in told if request.config.get_verbosity() > 0 else ():
        missing = [*heard.lacks(case), *heard.invents(case)] or ""
        report.line(f"{heard.verdict(case):9}| {house} | {case.question} | {heard.text} | {missing}")
    assert [case.question for case, heard in told if heard.verdict(case) == "wrong"] == []
    assert answered >= ANSWERED * len(told)
