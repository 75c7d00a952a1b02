"""English."""

from collections.abc import Mapping

from ..moments import Part, PartOfDay, Past, Span, Unit
from ..words.language import WORDS_PER_TOKEN, Language
from .endings import ENDINGS
from .phrases import NOUNS, PHRASES

_NUMBERS = (
    "",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
)
_PARTS: Mapping[tuple[Part, bool], str] = {
    (Part.NIGHT, False): "last night",
    (Part.MORNING, False): "this morning",
    (Part.NOON, False): "around noon",
    (Part.AFTERNOON, False): "this afternoon",
    (Part.EVENING, False): "this evening",
    (Part.NIGHT, True): "the night before last",
    (Part.MORNING, True): "yesterday morning",
    (Part.NOON, True): "around noon yesterday",
    (Part.AFTERNOON, True): "yesterday afternoon",
    (Part.EVENING, True): "yesterday evening",
}


_KEPT_BACK: Mapping[str, str] = {
    "silenced": "silenced in Alertmanager",
    "inhibited": "held back because of another alert",
    "muted": "muted by a time interval",
}


class English(Language):
    """English."""

    tag = "en"
    phrases = PHRASES
    endings = ENDINGS
    nouns = NOUNS
    something = "something"
    conjunction = "and"
    parts = {
        "alerts": "alerts",
        "applications": "applications",
        "backups": "backups",
        "certificate": "the certificate",
        "checks": "the checks of pull requests",
        "certificates": "certificates",
        "documents": "the processing of documents",
        "entity": "the entity",
        "entities": "entities",
        "figures": "the figures",
        "findings": "the findings of k8sgpt",
        "gitops": "GitOps",
        "gpu": "the GPU memory",
        "models": "models",
        "network": "the network",
        "nodes": "nodes",
        "pods": "pods",
        "query": "the query",
        "storage": "storage",
        "volumes": "volumes",
        "workloads": "workloads",
    }

    def verbs(self, *, several: bool, lasting: bool) -> Mapping[str, str]:
        have = "have" if several else "has"
        be = f"{have} been" if lasting else ("are" if several else "is")
        be_not = f"{have} not been" if lasting else f"{be} not"
        return {
            "is": be,
            "isnt": be_not,
            "has": f"{have} had" if lasting else have,
            "hasnt": f"{have} not",
            "always_is": "has been" if lasting else "is",
            "always_has": "has",
        }

    def count(self, number: int) -> str:
        return _NUMBERS[number] if 0 < number < len(_NUMBERS) else f"{number:,}"

    def figure(self, text: str) -> str:
        return text

    def _span(self, span: Span) -> str:
        unit = span.unit.value
        if span.unit is Unit.MOMENT:
            return "a moment"
        if span.count == 1:
            return f"{'an' if span.unit is Unit.HOUR else 'a'} {unit}"
        return f"{self.count(span.count)} {unit}s"

    def since(self, past: Past) -> str:
        if isinstance(past, PartOfDay):
            return f"since {_PARTS[past.part, past.yesterday]}"
        if past.unit is Unit.MOMENT:
            return "for less than a minute"
        over = "more than " if past.unit is Unit.YEAR else ""
        return f"for {over}{self._span(past)}"

    def ago(self, past: Past) -> str:
        if isinstance(past, PartOfDay):
            return _PARTS[past.part, past.yesterday]
        if past.unit is Unit.MOMENT:
            return "just now"
        over = "more than " if past.unit is Unit.YEAR else ""
        return f"{over}{self._span(past)} ago"

    def for_(self, span: Span) -> str:
        return f"for {self._span(span)}" if span.unit is Unit.MOMENT else f"for {self._another(span)}"

    def lasting(self, span: Span) -> str:
        return f"for {self._span(span)}"

    def _another(self, span: Span) -> str:
        return f"another {span.unit.value if span.count == 1 else self._span(span)}"

    def soon(self, span: Span | None) -> str:
        return "soon" if span is None else f"in {self._span(span)}"

    def more(self, number: int) -> str:
        return f"{self.count(number)} more"

    def unknown(self) -> str:
        return "I do not know yet how the homelab is doing."

    def well(self, not_seen: str = "", *, in_part: bool = False) -> str:
        limited = "As far as I can see all" if not_seen or in_part else "All"
        return f"{limited} is well in the homelab{f'; {not_seen}' if not_seen else ''}."

    def not_seen(self, forbidden: str, failed: str) -> str:
        clauses = (
            f"I may not look at {forbidden}" if forbidden else "",
            f"I cannot see {failed}" if failed else "",
        )
        return ", and ".join(clause for clause in clauses if clause)

    def part_of(self, part: str, system: str) -> str:
        return f"{part} of {system}"

    def note(self, sentences: str) -> str:
        return f"For your information: {sentences}"

    def header(self, problems: int, critical: int) -> str:
        named = "problem" if problems == 1 else "problems"
        return f"Homelab: {self.count(problems)} {named}{self._critical(problems, critical)}"

    def _critical(self, problems: int, critical: int) -> str:
        if not critical:
            return ""
        if critical == problems:
            return ", and it is critical" if problems == 1 else ", all of them critical"
        return f", {self.count(critical)} of them critical"

    def _notes(self, number: int) -> str:
        return f"{self.count(number)} {'note' if number == 1 else 'notes'}"

    def rest(self, problems: int, critical: int, notes: int) -> str:
        if not problems:
            is_or_are = "is" if notes == 1 else "are"
            return f"There {is_or_are} also {self._notes(notes)}." if notes else ""
        behind = f", and {self._notes(notes)}" if notes else ""
        if problems == 1:
            return f"There is one more {'critical ' if critical else ''}problem{behind}."
        return f"There are {self.more(problems)} problems{self._critical(problems, critical)}{behind}."

    def muted(self, number: int) -> str:
        return (
            "One problem is muted."
            if number == 1
            else f"{self.count(number).capitalize()} problems are muted."
        )

    def kept_back(self, reason: str, number: int, name: str) -> str:
        alerts = f"The alert {name} is" if number == 1 else f"{self.count(number).capitalize()} alerts are"
        return f"{alerts} {_KEPT_BACK[reason]}."

    def unheard(self, names: str) -> str:
        return f"I have not heard from {names} yet."

    def consequence(self, names: str, number: int) -> str:
        verb = "does" if number == 1 else "do"
        return f"That is why {names} {verb} not work either."

    def before(self, number: int, critical: int) -> str:
        if number == 1:
            return f"Before that there was one {'critical ' if critical else ''}problem there."
        return (
            f"Before that there were {self.count(number)} problems there{self._critical(number, critical)}."
        )

    def outdated(self) -> str:
        return "What I know is from before that:"

    def located(self, name: str, place: str) -> str:
        return f"{name} for {place}"

    def decimal(self, number: float) -> str:
        return _one_decimal(number)

    def quoted(self, text: str) -> str:
        return f"“{text}”"

    def nothing_wrong(self, name: str) -> str:
        return f"As far as I know, nothing is wrong with {name}."

    def no_such_thing(self, name: str) -> str:
        return (
            f"I know nothing in the homelab that is called {name}."
            if name
            else "I do not know what you mean."
        )

    def muted_for(self, span: Span | None) -> str:
        return f"That is muted {self.for_(span)}." if span else "That is muted for good."

    def muted_of_these(self, number: int) -> str:
        return f"{self.count(number).capitalize()} of these {'is' if number == 1 else 'are'} muted."

    def no_backups(self) -> str:
        return "I cannot say: none of the systems I watch tells me about backups."

    def backups_unknown(self) -> str:
        return "I do not know whether everything is backed up."

    def all_backed_up(self, name: str, number: int, newest: Past | None, oldest: Past | None) -> str:
        if number == 1 and name:
            made = f" is from {self.ago(newest)}" if newest else " is up to date"
            return f"Yes. The backup of {name}{made}."
        begin = "Yes. No backup has failed, and none is overdue"
        if newest is None:
            return f"{begin}."
        if oldest is None or oldest == newest:
            return f"{begin}. The latest is from {self.ago(newest)}."
        return f"{begin}. The newest is from {self.ago(newest)}, the oldest from {self.ago(oldest)}."

    def not_all_backed_up(self) -> str:
        return "No."

    def last_good(self, past: Past | None, *, never: bool) -> str:
        if never:
            return "There has never been a good one."
        return f"The last good one is from {self.ago(past)}." if past else ""

    def never_backed_up(self, names: str, number: int) -> str:
        return f"There is no backup of {names} yet."

    def other_backups_fine(self, number: int) -> str:
        return "The other one is fine." if number == 1 else f"The other {self.count(number)} are fine."

    def hub_on(self, name: str, *, first: bool) -> str:
        return f"{name} is on." if first else f"{name} is on as well."

    def loaded(self, names: str, number: int) -> str:
        if not number:
            return "No model is loaded."
        return f"{names} {'is' if number == 1 else 'are'} loaded."

    def vram(self, used: float, total: float | None) -> str:
        if total is None:
            return f"Models take {_gigabytes(used)} gigabytes of graphics memory."
        return (
            f"Models take {_gigabytes(used)} of {_gigabytes(total)} gigabytes of graphics memory,"
            f" {round(100 * used / total)} percent."
        )

    def no_vram(self) -> str:
        return "The models run without the graphics card."

    def spilled(self, size: float) -> str:
        return f"{_gigabytes(size)} gigabytes did not fit and are in main memory, which slows answers down."

    def unloads(self, name: str, span: Span) -> str:
        return f"{name} will be unloaded {self.soon(span)}."

    def stays(self, names: str, number: int) -> str:
        return f"{names} {'is' if number == 1 else 'are'} to stay loaded for good."

    def speed(self, first_token: float | None, speed: float | None) -> str:
        words = round(speed * WORDS_PER_TOKEN) if speed else 0
        parts = [
            f"began after {_one_decimal(first_token)} seconds" if first_token is not None else "",
            f"came at about {self.count(words)} {'word' if words == 1 else 'words'} a second"
            if words
            else "",
        ]
        figures = " and ".join(part for part in parts if part)
        return f"The last answer {figures}." if figures else ""


def _one_decimal(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")


def _gigabytes(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")
