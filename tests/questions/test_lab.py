"""Questions about the homelab of the demo, whose monitors tell over real sockets what there is."""

from collections import Counter

import pytest

from demo.servers.ollama import OllamaServer
from homeassistant.core import HomeAssistant

from .asking import LANGUAGES, cases, hear
from .lab import STATES, opened

LAB = {"en": "lab_english.yaml", "de": "lab_german.yaml"}
ANSWERED = 0.95


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("language", LANGUAGES)
async def test_lab(
    hass: HomeAssistant, hub: OllamaServer, request: pytest.FixtureRequest, language: str, state: str
) -> None:
    """See `test_corpus`."""
    await hass.config.async_set_time_zone("Europe/Berlin")
    corpus = [case for case in cases(LAB[language]) if case.house == state]
    async with opened(hass, hub, broken=state == "broken"):
        told = [(case, await hear(hass, case.question, language)) for case in corpus]
    verdicts = Counter(heard.verdict(case) for case, heard in told)
    report = request.config.get_terminal_writer()
    report.line(f"\n{language}, {state}: {verdicts['answered']} of {len(told)} questions answered")
    wrong = [
        (case.question, heard.text, heard.lacks(case), heard.invents(case))
        for case, heard in told
        if heard.verdict(case) == "wrong"
    ]
    assert wrong == []
    assert verdicts["answered"] >= ANSWERED * len(told)
