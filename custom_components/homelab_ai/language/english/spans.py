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


_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

SINCE: Mapping[str, Sequence[str]] = {
    **{f"clock {count}": (f"({word}|{count}) [o'clock]",) for count, word in enumerate(_NUMBERS[:12], 1)},
    **{
        f"hour {count % 12}": (f"({word}|{count}) [o'clock] (am|a m|a.m.|in the morning)",)
        for count, word in enumerate(_NUMBERS[:12], 1)
    },
    **{
        f"hour {count + 12}": (
            f"({word}|{count}) [o'clock] (pm|p m|p.m.|in the (afternoon|evening)|at night)",
        )
        for count, word in enumerate(_NUMBERS[:11], 1)
    },
    "hour 12": ("(noon|midday|lunch)",),
    **{f"day {number}": (f"[last] {day}",) for number, day in enumerate(_DAYS)},
}
SPANS: Mapping[float, Sequence[str]] = {
    1 / 12: ("(5|five) minutes", "[the] (few|couple of) minutes"),
    1 / 6: ("(10|ten) minutes",),
    1 / 3: ("(20|twenty) minutes",),
    0.25: ("(15|fifteen) minutes", "a quarter of an hour"),
    0.5: ("(30|thirty) minutes", "half an hour"),
    **_counted("hour", 1, 23),
    0.75: ("(45|forty five) minutes",),
    1: ("(one|1|an) hour", "(60|sixty) minutes"),
    **_counted("day", 24, _MOST_DAYS),
    24: ("(one|1|a) day", "(24|twenty four) hours", "(today|the day)", "[until] tomorrow"),
    168: ("(a|one|1) week", "(7|seven) days"),
    336: ("(two|2) weeks", "(14|fourteen) days"),
}
