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


_WORDS = ("eins", *_NUMBERS[1:])
_DAYS = ("montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag", "sonntag")

SINCE: Mapping[str, Sequence[str]] = {
    **{f"hour {count}": (f"(({word}|{count}) uhr|{word})",) for count, word in enumerate(_WORDS[:23], 1)},
    "hour 1": ("((ein|eins|1) uhr|eins)",),
    "hour 12": ("((zwölf|12) uhr|zwölf|mittag|heute mittag)",),
    **{f"day {number}": (f"[(letztem|letzten)] {day}",) for number, day in enumerate(_DAYS)},
}
SPANS: Mapping[float, Sequence[str]] = {
    1 / 12: ("(5|fünf|paar) minuten",),
    1 / 6: ("(10|zehn) minuten",),
    1 / 3: ("(20|zwanzig) minuten",),
    0.75: ("(45|fünfundvierzig) minuten", "(eine|ne) dreiviertelstunde"),
    0.25: ("(15|fünfzehn) minuten", "(eine|ne) viertelstunde"),
    0.5: ("(30|dreißig) minuten", "(eine|ne) halbe stunde", "halben stunde"),
    1: ("(eine|1|ne) stunde", "stunde", "(60|sechzig) minuten"),
    **_counted("stunden", 1, 23),
    24: ("(einen|1) tag", "tag", "(24|vierundzwanzig) stunden", "(heute|morgen)", "bis morgen"),
    **_counted("tage[n]", 24, _MOST_DAYS),
    168: ("(eine|1) woche", "woche", "(sieben|7) tage"),
    336: ("(zwei|2) wochen", "(vierzehn|14) tage"),
}
