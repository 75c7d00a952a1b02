"""Alerts that fire for ever to prove that alerting works: one that fires is nothing, one that stops is all.

Sources of the names: kube-prometheus' Watchdog (severity none), PrometheusAlertmanagerE2eDeadManSwitch of the
Awesome Prometheus Alerts; and the services that wait for them, whose names people give to a label.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from fnmatch import fnmatchcase
from functools import lru_cache

from ..health.kinds import ALERTS_SILENT, HEARTBEAT
from ..health.problem import Problem

CONF_HEARTBEATS = "heartbeats"
PATIENCE = timedelta(minutes=5)
"""How long one may be missing: an Alertmanager that starts anew is told of its alerts within minutes."""
_MOST = 100
_MAX_WORD = 200

_NAMES = frozenset(
    {
        "watchdog",
        "prometheuswatchdog",
        "alertmanagerwatchdog",
        "heartbeat",
        "prometheusheartbeat",
        "alertmanagerheartbeat",
        "deadmansswitch",
        "deadmanswitch",
        "deadmanssnitch",
        "deadmansnitch",
        "alwaysfiring",
        "alwaysfiringalert",
        "prometheusalertmanagere2edeadmanswitch",
    }
)
_MARKS = frozenset(("heartbeat", "watchdog", "deadman", "deadmansswitch", "deadmanswitch", "deadmansnitch"))
_NO = frozenset(("", "false", "no", "0"))
_MARKED = ("severity", "type", "kind", "category", "receiver", "alerttype", "purpose")
"""Labels whose value may say it; any label may be named so."""


class Heartbeats:
    """Those of one system. `names` are those that a person chose; they may have `*` for anything.

    What a person chose is waited for though it never came; all others are missed once they have come.
    """

    def __init__(self, names: Iterable[str]) -> None:
        """Know of none yet."""
        chosen = tuple(names)
        self._names = tuple(_plain(name, keep="*?") for name in chosen)
        self._awaited = {_plain(name): name for name in chosen if not set("*?[") & set(name)}
        self._since: datetime | None = None
        self._seen: dict[str, datetime] = {}

    def is_one(self, name: str, labels: Mapping[str, str]) -> bool:
        """Return whether an alert is a heartbeat, by its name or by a label."""
        plain = _plain(name[:_MAX_WORD])
        if plain in _NAMES or any(fnmatchcase(plain, name) for name in self._names):
            return True
        return any(_is_mark(key, value) for key, value in labels.items())

    def remember(self, problems: Iterable[Problem], now: datetime) -> None:
        """Take those that were there before a restart."""
        kinds = {(problem.kind, problem.name) for problem in problems}
        for _, name in {kind for kind in kinds if kind[0] == HEARTBEAT}:
            # One that was silent is silent still, until it fires.
            silent = 2 * PATIENCE if (ALERTS_SILENT, name) in kinds else timedelta()
            self._seen.setdefault(name, now - silent)
        never = {_plain(name) for kind, name in kinds if kind == ALERTS_SILENT} - set(map(_plain, self._seen))
        if not never.isdisjoint(self._awaited):
            self._since = now - 2 * PATIENCE

    def note(self, names: Iterable[str], now: datetime) -> None:
        """Take those that fire now; nobody has very many."""
        for name in names:
            if name in self._seen or len(self._seen) < _MOST:
                self._seen[name] = now

    def beating(self, problem: Callable[..., Problem]) -> Iterator[Problem]:
        """Yield those that were seen, for after a restart; nobody is told of them."""
        for name in self._seen:
            yield problem(HEARTBEAT, name, name, f"{name} fires, as it should", suppressed=True)

    def problems(self, now: datetime, problem: Callable[..., Problem]) -> Iterator[Problem]:
        """Yield those that have stopped."""
        # One of the future was seen by a clock that has been set back since.
        self._seen = {name: min(seen, now) for name, seen in self._seen.items()}
        self._since = min(self._since or now, now)
        came = {_plain(name) for name in self._seen}
        never = {name: self._since for plain, name in self._awaited.items() if plain not in came}
        for name, seen in (self._seen | never).items():
            if now - seen > PATIENCE:
                yield problem(
                    ALERTS_SILENT,
                    name,
                    name,
                    f"alerts do not arrive any more: {name} has stopped",
                    since=seen,
                )


def _is_mark(key: str, value: str) -> bool:
    plain = _plain(key[:_MAX_WORD])
    if plain in _MARKS:
        return value.strip().lower() not in _NO
    return plain in _MARKED and _plain(value[:_MAX_WORD]) in _MARKS


@lru_cache(maxsize=2048)
def _plain(text: str, keep: str = "") -> str:
    """Return a name without separators and in small letters."""
    return "".join(sign for sign in text.lower() if sign.isalnum() or sign in keep)
