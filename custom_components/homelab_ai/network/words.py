"""What is said of the network beside its problems, in English and German."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Words:
    """The sentences of one language."""

    coverage: str
    nothing: str
    last_joiner: str

    def covered(self, sources: Sequence[str]) -> str:
        """Return what is seen, and that this is not all: no alarm is no proof that nobody is there."""
        if not sources:
            return self.nothing
        *others, last = sources
        names = f"{', '.join(others)} {self.last_joiner} {last}" if others else last
        return self.coverage.format(sources=names)


_LANGUAGES: Mapping[str, Words] = {
    "en": Words(
        "I only see what {sources} told Home Assistant in the last day, and no traffic.",
        "Nothing tells Home Assistant who is in the network: neither DHCP nor a router's integration.",
        "and",
    ),
    "de": Words(
        "Ich sehe nur, was Home Assistant am letzten Tag von {sources} erfahren hat,"
        " und keinen Datenverkehr.",
        "Home Assistant erfährt nicht, wer im Netzwerk ist: weder über DHCP noch von der Integration eines"
        " Routers.",
        "und",
    ),
}


def words_of(language: str) -> Words:
    """Return the words of a base language, English where there is no other."""
    return _LANGUAGES.get(language, _LANGUAGES["en"])
