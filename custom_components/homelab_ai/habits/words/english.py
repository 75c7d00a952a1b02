"""Habits in English."""

from ..days import DayType, SunEvent
from ..habit import BackTest, Habit, Presence
from .words import Deed, Names, Words, clock

_DAYS = {
    DayType.ALL: ("days", "every day"),
    DayType.WORKING: ("working days", "on working days"),
    DayType.WEEKEND: ("days of weekends", "at weekends"),
    DayType.MONDAY: ("Mondays", "on Mondays"),
    DayType.TUESDAY: ("Tuesdays", "on Tuesdays"),
    DayType.WEDNESDAY: ("Wednesdays", "on Wednesdays"),
    DayType.THURSDAY: ("Thursdays", "on Thursdays"),
    DayType.FRIDAY: ("Fridays", "on Fridays"),
    DayType.SATURDAY: ("Saturdays", "on Saturdays"),
    DayType.SUNDAY: ("Sundays", "on Sundays"),
}
_SUN = {SunEvent.SUNRISE: "sunrise", SunEvent.SUNSET: "sunset"}
_PRESENCE = {
    Presence.ARRIVAL: "the first came home",
    Presence.DEPARTURE: "the last had left",
}
_PRESENCE_TITLE = {
    Presence.ARRIVAL: "when the first comes home",
    Presence.DEPARTURE: "when the last has left",
}


class English(Words):
    """Habits in English."""

    deeds = {
        ("", "on"): Deed("Switch {} on", "switched {} on", "{} was switched on"),
        ("", "off"): Deed("Switch {} off", "switched {} off", "{} was switched off"),
        ("", "open"): Deed("Open {}", "opened {}", "{} was opened"),
        ("", "closed"): Deed("Close {}", "closed {}", "{} was closed"),
        ("", "cleaning"): Deed("Start {}", "started {}", "{} was started"),
        ("", "docked"): Deed("Send {} home", "sent {} home", "{} was sent home"),
        ("", "playing"): Deed("Play {}", "played {}", "{} began to play"),
        ("script", "on"): Deed("Start {}", "started {}", "{} was started"),
        ("scene", "on"): Deed("Activate {}", "activated {}", "{} was activated"),
    }

    def tested(self, test: BackTest, *, at_home: bool) -> str:
        """Return what the automation would have done in the last two weeks."""
        only = ", only while somebody is at home," if at_home else ""
        if not test.fired:
            return f"It would{only} not have fired in the last two weeks."
        right = "every time" if test.right == test.fired else _times(test.right)
        if test.fired == test.right == 1:
            return f"It would{only} have fired once in the last two weeks, rightly."
        undone = f" Somebody undid it {_times(test.undone)}." if test.undone else ""
        fired = _times(test.fired)
        return f"It would{only} have fired {fired} in the last two weeks and been right {right}.{undone}"

    def _title_of_time(self, habit: Habit, names: Names) -> str:
        return f"{self._do(habit, names)} at {clock(habit.minute)} {_DAYS[habit.day_type][1]}"

    def _title_of_sun(self, habit: Habit, names: Names) -> str:
        return f"{self._do(habit, names)} {_around(habit, habit.minute)} {_DAYS[habit.day_type][1]}"

    def _title_of_sequence(self, habit: Habit, names: Names) -> str:
        return f"{self._do(habit, names)} after {self._happened(habit, names)}"

    def _title_of_presence(self, habit: Habit, names: Names) -> str:
        return f"{self._do(habit, names)} {_PRESENCE_TITLE[habit.presence or Presence.ARRIVAL]}"

    def _title_of_reversed(self, habit: Habit, names: Names) -> str:
        return f"“{names(habit.automation)}” is often undone"

    def _title_of_stale(self, habit: Habit, names: Names) -> str:
        return f"“{names(habit.automation)}” does not run"

    def _time(self, habit: Habit, names: Names) -> str:
        usual = f"between {clock(habit.begin)} and {clock(habit.end)}"
        if habit.begin == habit.end:
            usual = f"at {clock(habit.begin)}"
        return f"{_share(habit)} you {self._did(habit, names)} {usual}."

    def _sun(self, habit: Habit, names: Names) -> str:
        usual = f"between {_around(habit, habit.begin)} and {_around(habit, habit.end)}"
        if habit.begin == habit.end:
            usual = _around(habit, habit.begin)
        return f"{_share(habit)} you {self._did(habit, names)} {usual}."

    def _sequence(self, habit: Habit, names: Names) -> str:
        did, within = self._did(habit, names), _minutes(habit.within)
        happened = self._happened(habit, names)
        return f"{habit.hits} of {habit.trials} times after {happened} you {did} within {within}."

    def _presence(self, habit: Habit, names: Names) -> str:
        did, within = self._did(habit, names), _minutes(habit.within)
        happened = _PRESENCE[habit.presence or Presence.ARRIVAL]
        return f"{habit.hits} of {habit.trials} times after {happened} you {did} within {within}."

    def _reversed(self, habit: Habit, names: Names) -> str:
        did = self._did(habit, names)
        within = _minutes(habit.within)
        return (
            f"The automation “{names(habit.automation)}” {did} {_times(habit.trials)}, and somebody undid it"
            f" {_times(habit.hits)} within {within}."
        )

    def _stale(self, habit: Habit, names: Names) -> str:
        name, days = names(habit.automation), habit.trials
        if habit.state:
            return f"The automation “{name}” is on and has not run once since it was made, {days} days ago."
        return f"The automation “{name}” is on and has not run for {days} days."

    def _do(self, habit: Habit, names: Names) -> str:
        return self.deed(habit.key).title.format(f"“{names(habit.entity)}”")

    def _did(self, habit: Habit, names: Names) -> str:
        return self.deed(habit.key).past.format(f"“{names(habit.entity)}”")

    def _happened(self, habit: Habit, names: Names) -> str:
        before = habit.before or habit.key
        return self.deed(before).happened.format(f"“{names(before[0])}”")


def _share(habit: Habit) -> str:
    return f"On {habit.hits} of {habit.trials} {_DAYS[habit.day_type][0]}"


def _times(count: int) -> str:
    return {0: "not once", 1: "once", 2: "twice"}.get(count, f"{count} times")


def _minutes(count: int) -> str:
    return "a minute" if count == 1 else f"{count} minutes"


def _around(habit: Habit, minute: int) -> str:
    event = _SUN[habit.sun or SunEvent.SUNSET]
    if not minute:
        return f"at {event}"
    return f"{_minutes(abs(minute))} {'before' if minute < 0 else 'after'} {event}"
