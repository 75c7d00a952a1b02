"""Alertmanager, API v2 (`api/v2/openapi.yaml`)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import aiohttp

from .answers import Json, Moment, Text, object_in, objects, objects_in, text, texts, time, when_object
from .errors import ApiResponseError
from .http import Answer, Connection, fetch

MAX_ALERTS = 4 * 1024**2
"""Bytes of all alerts; a thousand are about one mebibyte."""
MAX_ID = 100
"""Characters of the id of a silence or an alert; a UUID has 36."""
_MAX_VERSION = 50
NOTHING = Text("")
REASONS = ("silenced", "inhibited", "muted")
"""What may keep an alert from people: a person, another alert, a time interval."""


@dataclass(frozen=True, slots=True)
class Alert:
    """One alert; `fingerprint` is the stable id of its labels.

    Suppressed are those that reach nobody: silenced by people, inhibited by other alerts, or muted: every
    route of theirs is, by a time interval. `generator` is
    the address of what raised it, empty where that is not known.
    """

    fingerprint: Text
    labels: Mapping[str, Text]
    annotations: Mapping[str, Text]
    starts_at: Moment | None
    suppressed: bool
    silenced: bool
    generator: Text = NOTHING
    inhibited: bool = field(default=False, compare=False)
    muted: bool = field(default=False, compare=False)
    """Whether its routes are muted by a time interval at the moment."""

    @property
    def kept_back_by(self) -> tuple[str, ...]:
        """Return what keeps it from people, in the words of `REASONS`."""
        return tuple(
            reason
            for reason, holds in zip(REASONS, (self.silenced, self.inhibited, self.muted), strict=True)
            if holds
        )

    @property
    def name(self) -> Text:
        """Return the alert's name."""
        return self.labels.get("alertname", NOTHING)


class AlertmanagerClient:
    """One Alertmanager."""

    def __init__(self, session: aiohttp.ClientSession, connection: Connection) -> None:
        """Open nothing yet."""
        self._session = session
        self._connection = connection

    async def version(self) -> Text | None:
        """Return the version, None where it does not say. Raises ApiError.

        The status also carries the whole configuration, receivers and all: nothing else of it is kept.
        """
        answer = await self._ask("GET", "/api/v2/status")
        return await answer.read(_version)

    async def alerts(self) -> tuple[Alert, ...]:
        """Return all alerts, suppressed ones too. Raises ApiError."""
        answer = await self._ask("GET", "/api/v2/alerts")
        return await answer.read(_alerts)

    async def labels(self, fingerprint: str) -> Mapping[str, str] | None:
        """Return the labels of an alert as they came, None where there is no such alert, or it has none.

        They are for `silence` and nobody else: as they are shown they may be those of another alert.
        Raises ApiError.
        """
        answer = await self._ask("GET", "/api/v2/alerts")
        return await answer.read(lambda said: _labels(said, fingerprint))

    async def muted(self) -> frozenset[Text]:
        """Return the fingerprints of the alerts that a time interval keeps from everybody. Raises ApiError.

        Only the groups say it (`mutedBy` since 0.28): the list of alerts never does. An alert that one group
        sends is not muted, whatever others do.
        """
        answer = await self._ask("GET", "/api/v2/alerts/groups")
        return await answer.read(_muted)

    async def silence(
        self, labels: Mapping[str, str], duration: timedelta, *, comment: str, created_by: str
    ) -> Text:
        """Silence every alert that has all these labels, from now on; return the silence's id.

        Alerts with further labels are among them, as with a silence that a person makes of an alert.
        Raises ApiError; the labels must not be empty, for that would silence everything.
        """
        if not labels or not all(labels.values()):
            raise ValueError("an alert without labels")
        now = datetime.now(UTC)
        answer = await self._ask(
            "POST",
            "/api/v2/silences",
            {
                "matchers": [
                    {"name": name, "value": value, "isRegex": False, "isEqual": True}
                    for name, value in labels.items()
                ],
                "startsAt": now.isoformat(),
                "endsAt": (now + duration).isoformat(),
                "createdBy": created_by,
                "comment": comment,
            },
        )
        if not (silence_id := text(when_object(answer.json()).get("silenceID"), MAX_ID)):
            raise ApiResponseError("the answer names no silence")
        return silence_id

    async def _ask(self, method: str, path: str, body: object = None) -> Answer:
        answer = await fetch(self._session, self._connection, method, path, body=body, max_body=MAX_ALERTS)
        answer.raise_for_status()
        return answer


def _version(answer: object) -> Text | None:
    return text(object_in(when_object(answer), "versionInfo").get("version"), _MAX_VERSION) or None


def _alerts(answer: object) -> tuple[Alert, ...]:
    return tuple(_alert(entry) for entry in objects(answer) if text(entry.get("fingerprint")))


def _labels(answer: object, fingerprint: str) -> Mapping[str, str] | None:
    for entry in objects(answer):
        if text(entry.get("fingerprint"), MAX_ID) == fingerprint:
            labels = object_in(entry, "labels")
            # A silence is for these to the letter: they are only sent back, and shown by `texts`.
            came = {
                name: value for name, value in labels.items() if name and isinstance(value, str) and value
            }
            is_whole = bool(came) and len(came) == len(labels) and _is_unicode(*came, *came.values())
            return came if is_whole else None
    return None


def _is_unicode(*values: str) -> bool:
    """Return whether texts can be sent: half a character cannot."""
    try:
        "".join(values).encode()
    except UnicodeEncodeError:
        return False
    return True


def _muted(answer: object) -> frozenset[Text]:
    muted: dict[Text, bool] = {}
    for group in objects(answer):
        for entry in objects_in(group.get("alerts")):
            fingerprint = text(entry.get("fingerprint"), MAX_ID)
            is_muted = bool(object_in(entry, "status").get("mutedBy"))
            muted[fingerprint] = is_muted and muted.get(fingerprint, True)
    return frozenset(fingerprint for fingerprint, is_muted in muted.items() if is_muted)


def _alert(one: Json) -> Alert:
    status = object_in(one, "status")
    return Alert(
        fingerprint=text(one.get("fingerprint"), MAX_ID),
        labels=texts(one.get("labels")),
        annotations=texts(one.get("annotations")),
        starts_at=time(one.get("startsAt")),
        suppressed=status.get("state") == "suppressed",
        silenced=bool(status.get("silencedBy")),
        inhibited=bool(status.get("inhibitedBy")),
        generator=text(one.get("generatorURL")),
    )
