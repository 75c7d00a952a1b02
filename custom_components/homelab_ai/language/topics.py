"""What a problem is about: which phrase tells it, and of what kind of thing."""

from dataclasses import dataclass
import re
from typing import NamedTuple

from ..health.facts import text_of
from ..health.kinds import Naming, Scope, kind_of
from ..health.problem import Problem
from .names import app_of

# A name that says it already, as the one that the form suggests does.
_SAYS_NOUN = {"Standby": re.compile(r"standby|ersatz|reserve|fallback", re.IGNORECASE)}
_WHERE = ("pod", "deployment", "statefulset", "node", "persistentvolumeclaim", "namespace", "instance", "job")


@dataclass(frozen=True, slots=True)
class Topic:
    """Problems of one topic are told together; `noun` is empty where the name says what it is."""

    phrase: str
    noun: str = ""


class Thing(NamedTuple):
    """What has a problem; `source` is empty where several systems tell of the same thing."""

    scope: Scope
    name: str
    source: str = ""


def topic_of(problem: Problem) -> Topic:
    """Return what a problem is about; facts are missing of what was known before a restart."""
    kind = kind_of(problem)
    return Topic(kind.phrase_of(problem.facts), noun_before(kind.object_of(problem.facts).noun, problem.name))


def noun_before(noun: str, name: str) -> str:
    """Return the noun that is said before a name, empty where the name says it already."""
    says_noun = _SAYS_NOUN.get(noun)
    return "" if says_noun and says_noun.search(name) else noun


def name_of(problem: Problem) -> str:
    """Return the whole name of what has the problem, as its system calls it."""
    kind = kind_of(problem)
    match kind.naming:
        case Naming.APP:
            return app_of(problem.name, text_of(problem.facts, "kind") if kind.objects else "Pod")
        case Naming.NAMESPACE:
            return problem.name.partition("/")[0]
    return problem.name


def where(problem: Problem) -> str:
    """Return the name of the thing that an alert is about, empty where it does not say."""
    for label in _WHERE:
        name = text_of(problem.facts, label)
        if name and (label != "instance" or not name[:1].isdigit()):
            if label == "instance":
                return name.partition(":")[0]
            return app_of(name) if label == "pod" else name
    return ""


def thing(problem: Problem) -> Thing | None:
    """Return what has the problem, so that several problems of the same thing can be told as one."""
    match kind_of(problem).object_of(problem.facts).scope:
        case Scope.APP:
            return Thing(Scope.APP, name_of(problem), problem.source)
        case Scope.DEPLOYED:
            return Thing(Scope.DEPLOYED, problem.name.rpartition("/")[2], problem.source)
        case Scope.ALERT:
            return Thing(Scope.ALERT, f"{problem.name} {where(problem)}")
        case None:
            return None
        case scope:
            return Thing(scope, problem.name, problem.source)
