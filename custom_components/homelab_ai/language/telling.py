"""From problems to what a language tells of them: names, times and facts."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import chain

from ..health.facts import Fact, moment_of, text_of
from ..health.kinds import Naming, kind_of
from ..health.problem import Problem, plain
from ..health.situation import Situation
from .house import hanging
from .lines import Line, critical
from .moments import Past, Span, ahead, past
from .names import MAX_QUOTE, app_of, spoken_alert, spoken_name, written
from .topics import Topic, name_of, topic_of, where
from .words import Language, Told

MOST_LOOKED_AT = 20
"""Names of a line that are looked at: two or three are said."""
_MAX_UNIT = 12

MAX_SPOKEN = 600
"""Characters; what takes longer than a minute, nobody listens to."""
MOST_TOLD = 3
"""Sentences about different problems; the others are counted."""

# Where a system says in its own words what is wrong; the summary of the others is ours.
_SAID = ("error", "message")


def shortened(compose: Callable[[int], str]) -> str:
    """Return what is told with as many sentences as fit: `compose` takes how many there may be."""
    text = ""
    for most in range(MOST_TOLD, 0, -1):
        text = compose(most)
        if len(text) <= MAX_SPOKEN:
            return text
    return plain(text, MAX_SPOKEN)


def line_sentences(line: Line, situation: Situation, words: Language) -> Iterator[str]:
    """Yield a line as spoken sentences: what is wrong, and what comes of it."""
    yield _tell(line.topic, line.problems, situation, words, _spoken)
    if line.before:
        yield words.before(len(line.before), critical(line.before))
    for problem in line.problems[:MOST_LOOKED_AT]:
        if consequence := consequence_of(problem, situation, words):
            yield consequence
    if lost := losses_of(line.problems, situation, words):
        yield lost


def losses_of(problems: Sequence[Problem], situation: Situation, words: Language) -> str:
    """Return what of Home Assistant depends on what has these problems, empty where nothing does."""
    found = [names for problem in problems[:MOST_LOOKED_AT] if (names := situation.house.get(problem.id))]
    # What depends on several is one integration; what has the same name on one may be two.
    return hanging(found[0] if len(found) == 1 else list(dict.fromkeys(chain(*found))), words.tag)


def consequence_of(problem: Problem, situation: Situation, words: Language) -> str:
    """Return what does not work because of a problem, as a sentence; empty where all else does.

    A pod is called by its app, and what is called as the cause is not told again.
    """
    caused = situation.health.consequences.get(problem.id, ())
    return consequence([app_name(other) for other in caused if not is_of_same_app(other, problem)], words)


def app_name(problem: Problem) -> str:
    """Return the name of what a person knows: that of a pod's app; empty for an alert about nothing known."""
    name = problem.name
    if is_alert(problem):
        name = problem.subject[0].partition(":")[2] if problem.subject else ""
    return app_of(name) if is_of_pod(problem) else name


def is_alert(problem: Problem) -> bool:
    """Return whether a problem is called by an alert, which is not what has the problem."""
    return kind_of(problem).naming is Naming.ALERT


def is_of_same_app(problem: Problem, cause: Problem) -> bool:
    """Return whether both are called the same, where what is behind a pod is the app."""
    return app_name(problem) in ("", app_name(cause))


def is_of_pod(problem: Problem) -> bool:
    """Return whether a problem is one of a pod."""
    return any(key.startswith("pod:") for key in problem.subject)


def consequence(systems: Sequence[str], words: Language) -> str:
    """Return that these systems do not work because of what was just said; empty where there are none."""
    distinct = list(dict.fromkeys(systems))
    return words.consequence(named(distinct, words), len(distinct)) if distinct else ""


def named(names: Sequence[str], words: Language) -> str:
    """Return the names of systems as a person would say them, as a list."""
    spoken = [spoken_name(name) or words.something for name in names[:MOST_LOOKED_AT]]
    return words.names(spoken, len(names))


def quotation(problem: Problem) -> str:
    """Return what a system says of a problem in its own words, for a notification; it may be empty."""
    if kind_of(problem).quotes_summary:
        return written(problem.summary, MAX_QUOTE)
    return written(next((text for key in _SAID if (text := text_of(problem.facts, key))), ""), MAX_QUOTE)


def with_quotation(sentence: str, problem: Problem, words: Language) -> str:
    """Return a sentence with what the system itself says of the problem, where that is what helps."""
    quote = quotation(problem) if kind_of(problem).quotes_summary else ""
    return f"{sentence.removesuffix('.')}: {words.quoted(quote)}." if quote else sentence


def tell_one(problem: Problem, situation: Situation, words: Language) -> str:
    """Return a problem as a spoken sentence."""
    return _tell(topic_of(problem), (problem,), situation, words, _spoken)


def tell_end(problem: Problem, situation: Situation, words: Language) -> str:
    """Return that a problem is over as a spoken sentence."""
    return words.ended(_told(topic_of(problem), (problem,), situation, words, _spoken))


def write_one(problem: Problem, situation: Situation, words: Language) -> str:
    """Return a problem as a written sentence, with its whole name."""
    return _tell(topic_of(problem), (problem,), situation, words, _written)


def when(problem: Problem, situation: Situation) -> Past | None:
    """Return since when a problem is there, or when it happened, as people say it."""
    if fact := kind_of(problem).since:
        return past(moment_of(problem.facts, fact), situation.now)
    return past(situation.since.get(problem.id) or problem.since, situation.now)


def _tell(
    topic: Topic,
    problems: Sequence[Problem],
    situation: Situation,
    words: Language,
    named: Callable[[Problem, Language], str],
) -> str:
    return words.problem(_told(topic, problems, situation, words, named))


def _told(
    topic: Topic,
    problems: Sequence[Problem],
    situation: Situation,
    words: Language,
    named: Callable[[Problem, Language], str],
) -> Told:
    first = problems[0]
    looked_at = problems[:MOST_LOOKED_AT]
    moments = {when(problem, situation) for problem in looked_at}
    phrase, soon = topic.phrase, None
    if until := moment_of(first.facts, kind_of(first).until):
        soon = ahead(until, situation.now)
        if all(_is_over(problem, situation.now) for problem in looked_at):
            phrase = kind_of(first).over or phrase
    return Told(
        phrase,
        topic.noun,
        [named(problem, words) for problem in looked_at],
        len(problems),
        # Of several, only what is true of all of them.
        moments.pop() if len(moments) == 1 and len(problems) == len(looked_at) else None,
        soon,
        {key: _said(key, value) for key, value in first.facts.items()},
    )


def _is_over(problem: Problem, now: datetime) -> bool:
    until = moment_of(problem.facts, kind_of(problem).until)
    return until is not None and until - now < timedelta()


def _said(key: str, value: Fact) -> Fact:
    """Return a fact as a phrase may have it: texts as a person would say them."""
    if not isinstance(value, str):
        return value
    return spoken_name(value, _MAX_UNIT) if key == "unit" else spoken_name(value)


def _spoken(problem: Problem, words: Language) -> str:
    if kind_of(problem).naming is not Naming.ALERT:
        return spoken_name(name_of(problem))
    name, place = spoken_alert(problem.name), spoken_name(where(problem))
    return words.located(name, place) if name and place else name


def _written(problem: Problem, words: Language) -> str:
    name = written(problem.name)
    if kind_of(problem).naming is Naming.ALERT and (place := written(where(problem))):
        return words.located(name, place)
    return name


def muted_span(problem: Problem, situation: Situation) -> Span | None:
    """Return for how much longer a problem is muted, None where that has no end."""
    return ahead(situation.muted_until.get(problem.id), situation.now)
