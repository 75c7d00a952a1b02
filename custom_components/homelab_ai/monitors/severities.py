"""The words that alerts say their severity with: the table of what people use."""

from collections.abc import Mapping
from types import MappingProxyType

from ..health.problem import Severity

_LABELS = ("severity", "priority")
_MAX_WORD = 40
_WORDS: Mapping[Severity, str] = {
    Severity.CRITICAL: (
        "critical crit fatal page pager paging error err emergency emerg alert disaster high highest severe"
        " major urgent blocker down p0 p1 s0 s1 sev0 sev1"
    ),
    Severity.WARNING: "warning warn medium moderate average minor ticket degraded p2 p3 s2 s3 sev2 sev3",
    Severity.INFO: (
        "info information informational notice note low lowest none ok normal clear cleared resolved debug"
        " trivial p4 p5 s4 s5 sev4 sev5"
    ),
}
SEVERITIES: Mapping[str, Severity] = MappingProxyType(
    {word: severity for severity, words in _WORDS.items() for word in words.split()}
)
"""By the word in small letters, without separators."""


def severity_of(labels: Mapping[str, str]) -> Severity:
    """Return how bad an alert is; one that does not say, or in a word that nobody knows, is a warning."""
    return SEVERITIES.get(_word(labels), Severity.WARNING)


def unknown_severity(labels: Mapping[str, str]) -> str:
    """Return the word of an alert for its severity that is not in the table, empty where there is none."""
    word = _word(labels)
    return "" if word in SEVERITIES else word


def _word(labels: Mapping[str, str]) -> str:
    value = next((labels[key] for key in _LABELS if labels.get(key)), "")
    return "".join(filter(str.isalnum, value.lower()[:_MAX_WORD]))
