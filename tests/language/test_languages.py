"""Language tags, as Home Assistant, pipelines and people write them."""

import pytest

from custom_components.homelab_ai.errors import sentence
from custom_components.homelab_ai.language.english.words import English
from custom_components.homelab_ai.language.german.words import German
from custom_components.homelab_ai.language.languages import base_of, supported
from custom_components.homelab_ai.language.words import language_of
from homeassistant.core import HomeAssistant

GERMAN = ("de", "de-CH", "de_DE", "DE", "De-at", "de-Latn-DE")
ENGLISH = ("en", "en-GB", "en_US", "EN")
OTHER = ("fr", "fr_CH", "den", "", "-", "zh-Hans")


@pytest.mark.parametrize("tag", [*GERMAN, *ENGLISH, *OTHER])
async def test_every_place_reads_a_tag_alike(hass: HomeAssistant, tag: str) -> None:
    is_german = tag in GERMAN
    assert supported(tag) == ("de" if is_german else "en")
    assert isinstance(language_of(tag), German if is_german else English)
    text = await sentence(hass, tag, "exceptions.hubs_offline.message", system="X")
    expected = await sentence(
        hass, "de" if is_german else "en", "exceptions.hubs_offline.message", system="X"
    )
    assert text == expected
    assert text


def test_base() -> None:
    assert {base_of(tag) for tag in GERMAN} == {"de"}
    assert {base_of(tag) for tag in ENGLISH} == {"en"}
