"""Which problems are told in one sentence, and in what order: worst first, causes before consequences."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from ..health.kinds import OFFLINE, Scope, kind_of
from ..health.problem import Problem, Severity
from .topics import Thing, Topic, thing, topic_of

_MERGED = 300
"""Of so many problems it is looked whether they are of the same thing; nobody hears of those behind them."""

_SILENT = Topic(OFFLINE)
_SEVERITIES = {severity: severity.rank for severity in Severity}


@dataclass(slots=True)
class Line:
    """Problems that are told in one sentence.

    `echoes` are further problems of the same things, which go without saying. `before` are those that
    systems told before they went silent.
    """

    topic: Topic
    problems: list[Problem] = field(default_factory=list)
    echoes: list[Problem] = field(default_factory=list)
    before: list[Problem] = field(default_factory=list)

    @property
    def count(self) -> int:
        """Return how many problems the line stands for."""
        return len(self.problems) + len(self.echoes) + len(self.before)

    @property
    def critical(self) -> int:
        """Return how many of these are critical."""
        return sum(map(critical, (self.problems, self.echoes, self.before)))


def lines_of(problems: Iterable[Problem]) -> list[Line]:
    """Return what there is to tell."""
    ordered = sorted(problems, key=_order)
    silent = {problem.source for problem in ordered if kind_of(problem).silences}
    lines: dict[Topic, Line] = {}
    things: dict[Thing, tuple[Line, Problem]] = {}
    for position, problem in enumerate(ordered):
        source = problem.source
        if source in silent:
            line = lines.setdefault(_SILENT, Line(_SILENT))
            (line.problems if kind_of(problem).silences else line.before).append(problem)
            continue
        topic = topic_of(problem)
        same = thing(problem) if position < _MERGED else None
        if same is not None and same in things:
            line, before = things[same]
            # Another pod of the same app is one more; what another system or another part tells is no news.
            is_another = problem.name != before.name and line.topic == topic
            (line.problems if is_another else line.echoes).append(problem)
            continue
        line = lines.setdefault(topic, Line(topic))
        line.problems.append(problem)
        if same is not None and same.scope is not Scope.DEPLOYED:
            things[same] = (line, problem)
            if same.scope is Scope.APP:
                deployed = Thing(Scope.DEPLOYED, same.name.rpartition("/")[2], source)
                things.setdefault(deployed, (line, problem))
    return list(lines.values())


def critical(problems: Iterable[Problem]) -> int:
    """Return how many problems are critical."""
    return sum(1 for problem in problems if problem.severity is Severity.CRITICAL)


def in_order(problems: Iterable[Problem]) -> Sequence[Problem]:
    """Return problems with the worst first, and the causes before the consequences."""
    return sorted(problems, key=_order)


def _order(problem: Problem) -> tuple[int, int]:
    return _SEVERITIES[problem.severity], kind_of(problem).object_of(problem.facts).cause
