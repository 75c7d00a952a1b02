"""Gewohnheiten auf Deutsch."""

from ..days import DayType, SunEvent
from ..habit import BackTest, Habit, Presence
from .words import Deed, Names, Words, clock

_DAYS = {
    DayType.ALL: ("Tagen", "täglich"),
    DayType.WORKING: ("Arbeitstagen", "an Arbeitstagen"),
    DayType.WEEKEND: ("Tagen am Wochenende", "am Wochenende"),
    DayType.MONDAY: ("Montagen", "montags"),
    DayType.TUESDAY: ("Dienstagen", "dienstags"),
    DayType.WEDNESDAY: ("Mittwochen", "mittwochs"),
    DayType.THURSDAY: ("Donnerstagen", "donnerstags"),
    DayType.FRIDAY: ("Freitagen", "freitags"),
    DayType.SATURDAY: ("Samstagen", "samstags"),
    DayType.SUNDAY: ("Sonntagen", "sonntags"),
}
_SUN = {SunEvent.SUNRISE: "Sonnenaufgang", SunEvent.SUNSET: "Sonnenuntergang"}
_PRESENCE = {
    Presence.ARRIVAL: "nachdem die erste Person nach Hause gekommen war",
    Presence.DEPARTURE: "nachdem die letzte Person gegangen war",
}
_PRESENCE_TITLE = {
    Presence.ARRIVAL: "wenn die erste Person nach Hause kommt",
    Presence.DEPARTURE: "wenn die letzte Person gegangen ist",
}


class German(Words):
    """Habits in German."""

    deeds = {
        ("", "on"): Deed("{} einschalten", "{} eingeschaltet", "{} eingeschaltet wurde"),
        ("", "off"): Deed("{} ausschalten", "{} ausgeschaltet", "{} ausgeschaltet wurde"),
        ("", "open"): Deed("{} öffnen", "{} geöffnet", "{} geöffnet wurde"),
        ("", "closed"): Deed("{} schließen", "{} geschlossen", "{} geschlossen wurde"),
        ("", "cleaning"): Deed("{} starten", "{} gestartet", "{} gestartet wurde"),
        ("", "docked"): Deed(
            "{} zurückschicken", "{} zur Ladestation zurückgeschickt", "{} zurückgeschickt wurde"
        ),
        ("", "playing"): Deed("{} abspielen", "{} abgespielt", "{} mit der Wiedergabe begonnen hat"),
        ("script", "on"): Deed("{} starten", "{} gestartet", "{} gestartet wurde"),
        ("scene", "on"): Deed("{} aktivieren", "{} aktiviert", "{} aktiviert wurde"),
    }

    def tested(self, test: BackTest, *, at_home: bool) -> str:
        """Return what the automation would have done in the last two weeks."""
        only = " – nur wenn jemand zu Hause ist –" if at_home else ""
        if not test.fired:
            return f"Die Automation wäre{only} in den letzten zwei Wochen nicht ausgelöst worden."
        right = "jedes Mal" if test.right == test.fired > 1 else _times(test.right)
        undone = (
            f" {_times(test.undone).capitalize()} hat es jemand rückgängig gemacht." if test.undone else ""
        )
        return (
            f"Die Automation wäre{only} in den letzten zwei Wochen {_times(test.fired)} ausgelöst worden und"
            f" hätte {right} richtiggelegen.{undone}"
        )

    def _title_of_time(self, habit: Habit, names: Names) -> str:
        return self._do(habit, names, f"{_DAYS[habit.day_type][1]} um {clock(habit.minute)} Uhr")

    def _title_of_sun(self, habit: Habit, names: Names) -> str:
        return self._do(habit, names, f"{_DAYS[habit.day_type][1]} {_around(habit, habit.minute)}")

    def _title_of_sequence(self, habit: Habit, names: Names) -> str:
        return f"{self._do(habit, names)}, nachdem {self._happened(habit, names)}"

    def _title_of_presence(self, habit: Habit, names: Names) -> str:
        return f"{self._do(habit, names)}, {_PRESENCE_TITLE[habit.presence or Presence.ARRIVAL]}"

    def _title_of_reversed(self, habit: Habit, names: Names) -> str:
        return f"„{names(habit.automation)}“ wird oft rückgängig gemacht"

    def _title_of_stale(self, habit: Habit, names: Names) -> str:
        return f"„{names(habit.automation)}“ läuft nie"

    def _time(self, habit: Habit, names: Names) -> str:
        usual = f"zwischen {clock(habit.begin)} und {clock(habit.end)} Uhr"
        if habit.begin == habit.end:
            usual = f"um {clock(habit.begin)} Uhr"
        return f"{_share(habit)} hast du {self._did(habit, names, usual)}."

    def _sun(self, habit: Habit, names: Names) -> str:
        usual = f"zwischen {_around(habit, habit.begin)} und {_around(habit, habit.end)}"
        if habit.begin == habit.end:
            usual = _around(habit, habit.begin)
        return f"{_share(habit)} hast du {self._did(habit, names, usual)}."

    def _sequence(self, habit: Habit, names: Names) -> str:
        did = self._did(habit, names, f"innerhalb von {_minutes(habit.within)}")
        return f"{habit.hits} von {habit.trials} Mal hast du {did}, nachdem {self._happened(habit, names)}."

    def _presence(self, habit: Habit, names: Names) -> str:
        did = self._did(habit, names, f"innerhalb von {_minutes(habit.within)}")
        happened = _PRESENCE[habit.presence or Presence.ARRIVAL]
        return f"{habit.hits} von {habit.trials} Mal hast du {did}, {happened}."

    def _reversed(self, habit: Habit, names: Names) -> str:
        did = self._did(habit, names)
        return (
            f"Die Automation „{names(habit.automation)}“ hat {_times(habit.trials)} {did}, und"
            f" {_times(habit.hits)} hat das jemand innerhalb von {_minutes(habit.within)} rückgängig gemacht."
        )

    def _stale(self, habit: Habit, names: Names) -> str:
        name, days = names(habit.automation), habit.trials
        if habit.state:
            return (
                f"Die Automation „{name}“ ist eingeschaltet und noch nie gelaufen, seit sie vor {days} Tagen"
                " angelegt wurde."
            )
        return f"Die Automation „{name}“ ist eingeschaltet und seit {days} Tagen nicht gelaufen."

    def _do(self, habit: Habit, names: Names, when: str = "") -> str:
        return self.deed(habit.key).title.format(_named(habit.entity, names, when))

    def _did(self, habit: Habit, names: Names, when: str = "") -> str:
        return self.deed(habit.key).past.format(_named(habit.entity, names, when))

    def _happened(self, habit: Habit, names: Names) -> str:
        before = habit.before or habit.key
        return self.deed(before).happened.format(_named(before[0], names))


def _named(entity: str, names: Names, when: str = "") -> str:
    """Return the name, and when: in German that stands before the verb."""
    return f"„{names(entity)}“ {when}".rstrip()


def _share(habit: Habit) -> str:
    return f"An {habit.hits} von {habit.trials} {_DAYS[habit.day_type][0]}"


def _times(count: int) -> str:
    return {0: "kein einziges Mal", 1: "einmal", 2: "zweimal"}.get(count, f"{count}-mal")


def _minutes(count: int) -> str:
    """Return minutes in the dative."""
    return "einer Minute" if count == 1 else f"{count} Minuten"


def _around(habit: Habit, minute: int) -> str:
    event = _SUN[habit.sun or SunEvent.SUNSET]
    if not minute:
        return f"bei {event}"
    count = "eine Minute" if abs(minute) == 1 else f"{abs(minute)} Minuten"
    return f"{count} {'vor' if minute < 0 else 'nach'} {event}"
