"""German: du, and the cases that numbers of things ask for."""

from collections.abc import Mapping
import re

from ..moments import Part, PartOfDay, Past, Span, Unit
from ..words.language import WORDS_PER_TOKEN, Language
from .endings import ENDINGS
from .phrases import NOUNS, PHRASES

_NUMBERS = ("", "", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun", "zehn", "elf", "zwölf")
_PARTS: Mapping[tuple[Part, bool], str] = {
    (Part.NIGHT, False): "heute Nacht",
    (Part.MORNING, False): "heute Morgen",
    (Part.NOON, False): "heute Mittag",
    (Part.AFTERNOON, False): "heute Nachmittag",
    (Part.EVENING, False): "heute Abend",
    (Part.NIGHT, True): "vorletzter Nacht",
    (Part.MORNING, True): "gestern Morgen",
    (Part.NOON, True): "gestern Mittag",
    (Part.AFTERNOON, True): "gestern Nachmittag",
    (Part.EVENING, True): "gestern Abend",
}
# One and several after "seit" and "vor" (dative), and alone (accusative).
_DATIVE: Mapping[Unit, tuple[str, str]] = {
    Unit.MINUTE: ("einer Minute", "Minuten"),
    Unit.HOUR: ("einer Stunde", "Stunden"),
    Unit.DAY: ("einem Tag", "Tagen"),
    Unit.WEEK: ("einer Woche", "Wochen"),
    Unit.MONTH: ("einem Monat", "Monaten"),
    Unit.YEAR: ("einem Jahr", "Jahren"),
}
_ACCUSATIVE: Mapping[Unit, tuple[str, str]] = {
    Unit.MOMENT: ("einen Moment", "Momente"),
    Unit.MINUTE: ("eine Minute", "Minuten"),
    Unit.HOUR: ("eine Stunde", "Stunden"),
    Unit.DAY: ("einen Tag", "Tage"),
    Unit.WEEK: ("eine Woche", "Wochen"),
    Unit.MONTH: ("einen Monat", "Monate"),
    Unit.YEAR: ("ein Jahr", "Jahre"),
}
_DECIMAL = re.compile(r"(?<!\d)-?\d+\.\d+")


_KEPT_BACK: Mapping[str, tuple[str, str]] = {
    "silenced": (
        "ist in Alertmanager stummgeschaltet",
        "sind in Alertmanager stummgeschaltet",
    ),
    "inhibited": (
        "wird wegen eines anderen Alarms zurückgehalten",
        "werden wegen anderer Alarme zurückgehalten",
    ),
    "muted": (
        "ist durch ein Zeitfenster stummgeschaltet",
        "sind durch ein Zeitfenster stummgeschaltet",
    ),
}


class German(Language):
    """German."""

    tag = "de"
    phrases = PHRASES
    endings = ENDINGS
    # Masculine and neuter only: the phrases say "sein" of them.
    nouns = NOUNS
    something = "etwas"
    conjunction = "und"
    parts = {
        "alerts": "Alarme",
        "applications": "Anwendungen",
        "backups": "Backups",
        "certificate": "das Zertifikat",
        "checks": "die Prüfungen der Pull Requests",
        "certificates": "Zertifikate",
        "documents": "die Verarbeitung von Dokumenten",
        "entity": "die Entität",
        "entities": "Entitäten",
        "figures": "die Kennzahlen",
        "findings": "die Befunde von k8sgpt",
        "gitops": "GitOps",
        "gpu": "den Grafikspeicher",
        "models": "Modelle",
        "network": "das Netzwerk",
        "nodes": "Knoten",
        "pods": "Pods",
        "query": "die Abfrage",
        "storage": "Speicher",
        "volumes": "Volumes",
        "workloads": "Workloads",
    }

    def count(self, number: int) -> str:
        return _NUMBERS[number] if 1 < number < len(_NUMBERS) else f"{number:,}".replace(",", ".")

    def figure(self, text: str) -> str:
        return _DECIMAL.sub(lambda match: match[0].replace(".", ","), text)

    def _dative(self, span: Span) -> str:
        singular, many = _DATIVE[span.unit]
        over = "über " if span.unit is Unit.YEAR else ""
        return over + (singular if span.count == 1 else f"{self.count(span.count)} {many}")

    def _accusative(self, span: Span) -> str:
        singular, many = _ACCUSATIVE[span.unit]
        return singular if span.count == 1 else f"{self.count(span.count)} {many}"

    def since(self, past: Past) -> str:
        if isinstance(past, PartOfDay):
            return f"seit {_PARTS[past.part, past.yesterday]}"
        if past.unit is Unit.MOMENT:
            return "seit weniger als einer Minute"
        return "seit vorgestern" if past == Span(Unit.DAY, 2) else f"seit {self._dative(past)}"

    def ago(self, past: Past) -> str:
        if isinstance(past, PartOfDay):
            at_night = past == PartOfDay(Part.NIGHT, yesterday=True)
            return "vorletzte Nacht" if at_night else _PARTS[past.part, past.yesterday]
        if past.unit is Unit.MOMENT:
            return "gerade eben"
        return "vorgestern" if past == Span(Unit.DAY, 2) else f"vor {self._dative(past)}"

    def _from(self, past: Past) -> str:
        if past == PartOfDay(Part.NIGHT, yesterday=True):
            return "von vorletzter Nacht"
        if past == Span(Unit.MOMENT):
            return "von eben"
        return f"von {self.ago(past)}"

    def for_(self, span: Span) -> str:
        return f"noch {self._accusative(span)}"

    def lasting(self, span: Span) -> str:
        return f"für {self._accusative(span)}"

    def soon(self, span: Span | None) -> str:
        if span is None:
            return "bald"
        if span.unit is Unit.MOMENT:
            return "gleich"
        singular, many = _DATIVE[span.unit]
        return f"in {singular if span.count == 1 else f'{self.count(span.count)} {many}'}"

    def more(self, number: int) -> str:
        return f"{self.count(number)} weitere"

    def unknown(self) -> str:
        return "Ich weiß noch nicht, wie es dem Homelab geht."

    def well(self, not_seen: str = "", *, in_part: bool = False) -> str:
        limited = "Soweit ich sehe, ist im Homelab" if not_seen or in_part else "Im Homelab ist"
        return f"{limited} alles in Ordnung{f'; {not_seen}' if not_seen else ''}."

    def not_seen(self, forbidden: str, failed: str) -> str:
        clauses = (
            f"{forbidden} darf ich nicht ansehen" if forbidden else "",
            f"{failed} kann ich nicht sehen" if failed else "",
        )
        return ", und ".join(clause for clause in clauses if clause)

    def part_of(self, part: str, system: str) -> str:
        return f"{part} von {system}"

    def note(self, sentences: str) -> str:
        return f"Zur Info: {sentences}"

    def header(self, problems: int, critical: int) -> str:
        if problems == 1:
            return f"Homelab: ein {'kritisches ' if critical else ''}Problem"
        return f"Homelab: {self.count(problems)} Probleme{self._critical(problems, critical)}"

    def _critical(self, problems: int, critical: int) -> str:
        if not critical:
            return ""
        if critical == problems:
            return ", alle kritisch"
        return f", {'eins' if critical == 1 else self.count(critical)} davon kritisch"

    def _notes(self, number: int) -> str:
        return "ein Hinweis" if number == 1 else f"{self.count(number)} Hinweise"

    def rest(self, problems: int, critical: int, notes: int) -> str:
        if not problems:
            comes = "kommt" if notes == 1 else "kommen"
            return f"Dazu {comes} {self._notes(notes)}." if notes else ""
        if problems == 1:
            comes = "kommen" if notes else "kommt"
            behind = f" und {self._notes(notes)}" if notes else ""
            return f"Dazu {comes} ein weiteres {'kritisches ' if critical else ''}Problem{behind}."
        named = f"{self.more(problems)} Probleme{self._critical(problems, critical)}"
        behind = f"{',' if critical else ''} und {self._notes(notes)}" if notes else ""
        return f"Dazu kommen {named}{behind}."

    def muted(self, number: int) -> str:
        if number == 1:
            return "Ein Problem ist stummgeschaltet."
        return f"{self.count(number).capitalize()} Probleme sind stummgeschaltet."

    def kept_back(self, reason: str, number: int, name: str) -> str:
        one, many = _KEPT_BACK[reason]
        if number == 1:
            return f"Der Alarm {name} {one}."
        return f"{self.count(number).capitalize()} Alarme {many}."

    def unheard(self, names: str) -> str:
        return f"Von {names} habe ich noch nichts gehört."

    def consequence(self, names: str, number: int) -> str:
        return f"Deshalb {'geht' if number == 1 else 'gehen'} auch {names} nicht."

    def before(self, number: int, critical: int) -> str:
        if number == 1:
            return f"Davor gab es dort ein {'kritisches ' if critical else ''}Problem."
        return f"Davor gab es dort {self.count(number)} Probleme{self._critical(number, critical)}."

    def outdated(self) -> str:
        return "Was ich weiß, ist von davor:"

    def located(self, name: str, place: str) -> str:
        return f"{name} für {place}"

    def decimal(self, number: float) -> str:
        return _decimal(number)

    def quoted(self, text: str) -> str:
        return f"„{text}“"

    def nothing_wrong(self, name: str) -> str:
        return f"Bei {name} ist mir kein Problem bekannt."

    def no_such_thing(self, name: str) -> str:
        return f"Ich kenne im Homelab nichts, was {name} heißt." if name else "Ich weiß nicht, was du meinst."

    def muted_for(self, span: Span | None) -> str:
        return f"Das ist {self.for_(span)} stummgeschaltet." if span else "Das ist dauerhaft stummgeschaltet."

    def muted_of_these(self, number: int) -> str:
        if number == 1:
            return "Eins davon ist stummgeschaltet."
        return f"{self.count(number).capitalize()} davon sind stummgeschaltet."

    def no_backups(self) -> str:
        return "Das weiß ich nicht: Keins der überwachten Systeme sagt mir etwas über Backups."

    def backups_unknown(self) -> str:
        return "Ob alles gesichert ist, weiß ich nicht."

    def all_backed_up(self, name: str, number: int, newest: Past | None, oldest: Past | None) -> str:
        if number == 1 and name:
            return f"Ja. Das Backup von {name} ist {self._from(newest) if newest else 'aktuell'}."
        begin = "Ja. Kein Backup ist fehlgeschlagen oder überfällig"
        if newest is None:
            return f"{begin}."
        if oldest is None or oldest == newest:
            return f"{begin}. Das letzte ist {self._from(newest)}."
        return f"{begin}. Das neueste ist {self._from(newest)}, das älteste {self._from(oldest)}."

    def not_all_backed_up(self) -> str:
        return "Nein."

    def last_good(self, past: Past | None, *, never: bool) -> str:
        if never:
            return "Ein erfolgreiches gab es noch nie."
        return f"Das letzte erfolgreiche ist {self._from(past)}." if past else ""

    def never_backed_up(self, names: str, number: int) -> str:
        return f"Von {names} gibt es noch kein Backup."

    def other_backups_fine(self, number: int) -> str:
        if number == 1:
            return "Das andere ist in Ordnung."
        return f"Die anderen {self.count(number)} sind in Ordnung."

    def hub_on(self, name: str, *, first: bool) -> str:
        if first:
            return f"{name} ist an."
        return f"{'Der ' if name == self.nouns['Standby'].many else ''}{name} ist auch an."

    def loaded(self, names: str, number: int) -> str:
        if not number:
            return "Kein Modell ist geladen."
        return f"Geladen {'ist' if number == 1 else 'sind'} {names}."

    def vram(self, used: float, total: float | None) -> str:
        if total is None:
            return f"Modelle belegen {_decimal(used)} Gigabyte Grafikspeicher."
        return (
            f"Modelle belegen {_decimal(used)} von {_decimal(total)} Gigabyte Grafikspeicher,"
            f" das sind {round(100 * used / total)} Prozent."
        )

    def no_vram(self) -> str:
        return "Die Modelle laufen ohne Grafikkarte."

    def spilled(self, size: float) -> str:
        return f"{_decimal(size)} Gigabyte passen nicht hinein und liegen im Arbeitsspeicher; das bremst."

    def unloads(self, name: str, span: Span) -> str:
        return f"{name} wird {self.soon(span)} entladen."

    def stays(self, names: str, number: int) -> str:
        return f"{names} {'bleibt' if number == 1 else 'bleiben'} dauerhaft geladen."

    def speed(self, first_token: float | None, speed: float | None) -> str:
        words = round(speed * WORDS_PER_TOKEN) if speed else 0
        counted = "einem Wort" if words == 1 else f"{self.count(words)} Wörtern"
        parts = [
            f"begann nach {_decimal(first_token)} Sekunden" if first_token is not None else "",
            f"kam mit etwa {counted} pro Sekunde" if words else "",
        ]
        figures = " und ".join(part for part in parts if part)
        return f"Die letzte Antwort {figures}." if figures else ""


def _decimal(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0").replace(".", ",")
