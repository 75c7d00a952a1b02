"""That the comparison is a fair one."""

from demo.bench.candidates import CORE, OURS
from demo.bench.hub import STORY_TOKENS, described, story
from demo.servers.ollama.tokens import tokenize

URL = "http://127.0.0.1:11434"


def test_both_candidates_have_the_same_settings() -> None:
    ours, core = (
        {subentry.subentry_type: dict(subentry.data) for subentry in candidate.entry(URL).subentries.values()}
        for candidate in (OURS, CORE)
    )
    assert ours == core
    assert ours["conversation"]["llm_hass_api"] == ["assist"]


def test_both_candidates_use_the_same_hub() -> None:
    assert OURS.entry(URL).data["url"] == CORE.entry(URL).data["url"] == URL


def test_polling_can_be_turned_off() -> None:
    assert not OURS.entry(URL).pref_disable_polling
    assert OURS.entry(URL, polling=False).pref_disable_polling


def test_story_has_as_many_tokens_as_it_is_to_have() -> None:
    assert len(tokenize(story(STORY_TOKENS))) == STORY_TOKENS


def test_speed_of_the_hub_is_said() -> None:
    assert "loads it in 3.5 s, reads 2,000 and writes 60 tokens a second" in described()
