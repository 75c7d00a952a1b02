"""A monitored system: polled, and hurried by its stream."""

import asyncio
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.helpers.debounce import Debouncer
from homeassistant.helpers.update_coordinator import DataUpdateCoordinator, UpdateFailed
from homeassistant.util import dt as dt_util

from ..api.errors import ApiAuthenticationError, ApiBusyError, ApiConnectionError, ApiError, ApiResponseError
from ..const import DOMAIN, LOGGER
from ..errors import translated
from ..health.kinds import OFFLINE
from ..health.problem import Problem
from ..health.unseen import SYSTEM, NotSeen, Unseen
from ..monitors import Monitor
from .device import note_version
from .monitor_issues import monitor_accepted, monitor_advises, monitor_expires, monitor_rejected

STREAM_COOLDOWN = 0.2
"""Seconds between two looks that a stream hurries; the first is at once."""
FETCH_TIMEOUT = 60.0
"""Seconds for all that one look at a system asks."""


class MonitorCoordinator(DataUpdateCoordinator[Any]):
    """One system of the homelab; its data is of the type that its monitor fetches.

    Polled, and hurried by the monitor's stream where it has one: a stream that falls over costs nothing
    but going back to polling.
    """

    config_entry: ConfigEntry[Any]

    def __init__(self, hass: HomeAssistant, entry: ConfigEntry[Any], monitor: Monitor[Any]) -> None:
        """Know nothing of the system yet."""
        super().__init__(
            hass,
            LOGGER,
            config_entry=entry,
            name=monitor.settings.name,
            update_interval=monitor.interval,
        )
        self.monitor = monitor
        self._has_remembered = False
        self._odd: str | None = None
        self._following: asyncio.Task[None] | None = None
        self._hurry: Debouncer[Any] = Debouncer(
            hass, LOGGER, cooldown=STREAM_COOLDOWN, immediate=True, function=self.async_refresh
        )

    @property
    def source(self) -> str:
        """Return what its problems name as their source: the id of its subentry."""
        return self.monitor.settings.source

    @property
    def device_identifier(self) -> tuple[str, str]:
        """Return the identifier of the system's device."""
        return (DOMAIN, self.source)

    def follow(self) -> None:
        """Begin to follow the system's stream, for as long as the entry is loaded."""
        if self.monitor.follows:
            self._following = self.config_entry.async_create_background_task(
                self.hass, self.monitor.follow(self._hurry.async_schedule_call), f"follow {self.name}"
            )

    @property
    def online(self) -> bool | None:
        """Return whether the system answers; None before it was looked at."""
        return None if self.last_update_success and self.data is None else self.last_update_success

    @property
    def failure(self) -> str | None:
        """Return why the system does not answer, None while it does."""
        if self.last_update_success:
            return None
        # Home Assistant's error is a sentence about the system; its cause is what was wrong.
        error = self.last_exception
        return str((error and error.__cause__) or error)

    def problems(self, known: Mapping[str, Problem]) -> Mapping[str, Problem] | None:
        """Return what is wrong, by id; None before anything is known.

        While the system does not answer, that is the problem, and what it said last still stands: if that
        was before a restart, it is what is `known`.
        """
        if self.online is None:
            return None
        if not self._has_remembered:
            self._has_remembered = True
            self.monitor.remember(known.values())
        problems = known if self.data is None else self._judged(known)
        if self.online:
            return problems
        offline = self.monitor.problem(OFFLINE, OFFLINE, self.name, f"does not answer: {self.failure}")
        return {**problems, offline.id: offline}

    def _judged(self, known: Mapping[str, Problem]) -> Mapping[str, Problem]:
        """Return what is wrong, with those that were known and that nobody can look at now."""
        problems = {**self.monitor.problems(self.data), **self.monitor.remembered(self.data)}
        if not self.monitor.not_seen(self.data):
            return problems
        unread = {
            key: problem
            for key, problem in known.items()
            if key not in problems and self.monitor.is_unread(self.data, problem)
        }
        return {**problems, **unread}

    def not_seen(self) -> tuple[NotSeen, ...]:
        """Return what of the system is not seen: all of it while it does not answer, or has not yet."""
        parts = self.monitor.not_seen(self.data) if self.online else (Unseen(SYSTEM),)
        return tuple(NotSeen(self.source, self.name, part) for part in parts)

    async def async_shutdown(self) -> None:
        """Stop polling and hurrying."""
        self._hurry.async_shutdown()
        await super().async_shutdown()

    def close(self) -> None:
        """Take back the repair: the next start raises it if it still holds.

        What was known is forgotten: a coordinator is part of reference cycles, and all that a large cluster
        has said would stay in memory beside what the next one learns.
        """
        if self._following is not None:
            self._following.cancel()
            self._following = None
        monitor_accepted(self.hass, self.source)
        self._look_ahead(None)
        monitor_advises(self.hass, self.config_entry.entry_id, self.source, self.name, ())
        self.monitor.forget()
        self.data = None

    async def _async_update_data(self) -> Any:
        try:
            data = await self._fetch()
        except ApiError as err:
            if isinstance(err, ApiAuthenticationError):
                monitor_rejected(self.hass, self.config_entry.entry_id, self.source, self.name)
            failed = translated(UpdateFailed, err, self.name)
            if isinstance(err, ApiBusyError) and err.retry_after is not None:
                # Never sooner than usual, whatever it says.
                failed.retry_after = max(err.retry_after, self.monitor.interval.total_seconds())
            raise failed from err
        monitor_accepted(self.hass, self.source)
        self._look_ahead(self.monitor.credential_expires())
        monitor_advises(
            self.hass, self.config_entry.entry_id, self.source, self.name, tuple(self.monitor.advice(data))
        )
        if self.update_interval is not None:
            self.update_interval = self.monitor.pace(data)
        return data

    def _look_ahead(self, expires: datetime | None) -> None:
        """Tell a person in time that the credential ends, or take that back."""
        entry_id = self.config_entry.entry_id
        monitor_expires(self.hass, entry_id, self.source, self.name, expires, dt_util.utcnow())

    async def _fetch(self) -> Any:
        """Return what the system says, after making sure that all that reads it can. Raises ApiError."""
        try:
            async with asyncio.timeout(FETCH_TIMEOUT):
                data = await self.monitor.fetch()
            self._read(data)
        except ApiError:
            raise
        except TimeoutError as err:
            raise ApiConnectionError("timed out") from err
        except Exception as err:
            # An odd system breaks itself, and neither the house nor the log.
            name = type(err).__name__
            if self._odd != name:
                LOGGER.exception("%s cannot be read", self.name)
            self._odd = name
            raise ApiResponseError(f"its answer cannot be read ({name})") from err
        self._odd = None
        return data

    def _read(self, data: Any) -> None:
        """Read all that entities read, so that what cannot be read is the system's trouble and not theirs."""
        for sensor in self.monitor.sensors():
            if sensor.exists_fn(data) and sensor.available_fn(data):
                sensor.value_fn(data)
        for binary_sensor in self.monitor.binary_sensors():
            if binary_sensor.exists_fn(data):
                binary_sensor.value_fn(data)
        self.monitor.problems(data)
        version = self.monitor.version(data)
        note_version(self.hass, self.config_entry.entry_id, self.device_identifier, version)
