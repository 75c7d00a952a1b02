"""Lengths of time in German, in hours."""

from collections.abc import Mapping, Sequence

_NUMBERS = (
    *("ein", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun", "zehn", "elf", "zwölf"),
    *("dreizehn", "vierzehn", "fünfzehn", "sechzehn", "siebzehn", "achtzehn", "neunzehn", "zwanzig"),
    *("einundzwanzig", "zweiundzwanzig", "dreiundzwanzig"),
)
_MOST_DAYS = 14


def _counted(units: str, hours: float, most: int) -> dict[float, Sequence[str]]:
    return {
        hours * count: (f"({word}|{count}) {units}",)
        for count, word in enumerate(_NUMBERS[:most], 1)
        if count > 1
    }


SPANS: Mapping[float, Sequence[str]] = {
    0.25: ("(15|fünfzehn) minuten", "(eine|ne) viertelstunde"),
    0.5: ("(30|dreißig) minuten", "(eine|ne) halbe stunde"),
    1: ("(eine|1|ne) stunde",),
    **_counted("stunden", 1, 23),
    24: ("(einen|1) tag", "(24|vierundzwanzig) stunden", "(heute|morgen)", "bis morgen"),
    **_counted("tage[n]", 24, _MOST_DAYS),
    168: ("(eine|1) woche", "(sieben|7) tage"),
    336: ("(zwei|2) wochen", "(vierzehn|14) tage"),
}
