"""Lengths of time in English, in hours."""

from collections.abc import Mapping, Sequence

_NUMBERS = (
    *("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty"),
    *("twenty one", "twenty two", "twenty three", "twenty four"),
)
_MOST_DAYS = 14


def _counted(unit: str, hours: float, most: int) -> dict[float, Sequence[str]]:
    return {
        hours * count: (f"({word}|{count}) {unit}{'s' if count > 1 else ''}",)
        for count, word in enumerate(_NUMBERS[:most], 1)
    }


SPANS: Mapping[float, Sequence[str]] = {
    0.25: ("(15|fifteen) minutes", "a quarter of an hour"),
    0.5: ("(30|thirty) minutes", "half an hour"),
    **_counted("hour", 1, 23),
    1: ("(one|1|an) hour",),
    **_counted("day", 24, _MOST_DAYS),
    24: ("(one|1|a) day", "(24|twenty four) hours", "(today|the day)", "[until] tomorrow"),
    168: ("(a|one|1) week", "(7|seven) days"),
    336: ("(two|2) weeks", "(14|fourteen) days"),
}
