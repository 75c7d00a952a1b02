"""Queries that a person chose of Prometheus, and what they give: a series, the worst of several."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
import re
from typing import Any

from homeassistant.util import slugify

from ..api.prometheus import Sample

CONF_QUERIES = "queries"
CONF_QUERY = "query"
CONF_ABOVE = "above"
CONF_BELOW = "below"
CONF_NAME = "name"
CONF_UNIT = "unit"
MAX_QUERIES = 20
_MAX_SERIES = 120
_TEXTS = re.compile(
    r"#[^\n]*+|\"(?:[^\"\\\n]|\\.)*+(?:\"|(?=\n)|\Z)|'(?:[^'\\\n]|\\.)*+(?:'|(?=\n)|\Z)|`[^`]*+(?:`|\Z)"
)
_LABELS = re.compile(r"\{[^{}]*\}")
_FILTERS = re.compile(
    r"(?:[<>]=?+|[=!]=)(?!\s*bool\b)|\b(?:unless|and|absent|absent_over_time|present_over_time|ALERTS\w*)\b"
)
"""What may give nothing although all is well; labels and texts are left out before."""


@dataclass(frozen=True, slots=True)
class Query:
    """A query that a person chose; above or below these limits it is a problem.

    `key` is the name as a part of a unique id.
    """

    key: str
    name: str
    expression: str
    unit: str | None
    above: float | None
    below: float | None

    @property
    def is_bounded(self) -> bool:
        """Return whether it can be a problem."""
        return self.above is not None or self.below is not None

    @property
    def needs_series(self) -> bool:
        """Return whether there is always a series while what it measures is there.

        A filter has none while all is well: a comparison, `unless`, `absent`, alerts.
        """
        return not _FILTERS.search(_LABELS.sub("", _TEXTS.sub("", self.expression)))

    @classmethod
    def from_settings(cls, data: Mapping[str, Any]) -> tuple[Query, ...]:
        """Return the queries of a subentry."""
        queries: dict[str, Query] = {}
        for item in (data.get(CONF_QUERIES) or ())[:MAX_QUERIES]:
            key = first = f"query_{slugify(item[CONF_NAME])}"
            # Different names may be the same without capitals and signs.
            number = 1
            while key in queries:
                number += 1
                key = f"{first}_{number}"
            queries[key] = cls(
                key,
                item[CONF_NAME],
                item[CONF_QUERY],
                item.get(CONF_UNIT),
                item.get(CONF_ABOVE),
                item.get(CONF_BELOW),
            )
        return tuple(queries.values())

    def side(self, value: float) -> str:
        """Return which bound a value is beyond, "above" or "below"; empty where it is within both."""
        if self.above is not None and value > self.above:
            return CONF_ABOVE
        return CONF_BELOW if self.below is not None and value < self.below else ""

    def _badness(self, sample: Sample) -> float:
        """Return how far beyond its bound a value is; the less negative, the closer to it."""
        distances = []
        if self.above is not None:
            distances.append(sample.value - self.above)
        if self.below is not None:
            distances.append(self.below - sample.value)
        return max(distances, default=0.0)

    def read(self, samples: Sequence[Sample]) -> Reading | None:
        """Return the worst of the series, the first by its labels where there is no bound; None of none."""
        if not samples:
            return None
        ordered = sorted(samples, key=lambda sample: sorted(sample.labels.items()))
        worst = max(ordered, key=self._badness)
        beyond = sum(1 for sample in ordered if self.side(sample.value))
        return Reading(worst.value, _series(worst, ordered), len(ordered), beyond)


@dataclass(frozen=True, slots=True)
class Reading:
    """What a query gives: the value of one series, its name among the others, and how many there are.

    `beyond` are those that are beyond a bound.
    """

    value: float
    series: str
    count: int
    beyond: int


def _series(sample: Sample, samples: Sequence[Sample]) -> str:
    """Return what tells a series from the others: the values of the labels in which they differ."""
    if len(samples) == 1:
        return ""
    names = sorted({name for sample in samples for name in sample.labels})
    telling = [name for name in names if len({sample.labels.get(name, "") for sample in samples}) > 1]
    values = ", ".join(sample.labels[name] for name in telling if sample.labels.get(name))
    return values[:_MAX_SERIES]
