"""What can be asked: the kinds of questions, and what they may name."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class Ask(StrEnum):
    """A kind of question."""

    STATE = "state"
    """How is X?"""
    IS_WELL = "is_well"
    """Is X running? An answer begins with yes or no."""
    IS_TROUBLED = "is_troubled"
    """Is X down?"""
    IS = "is"
    """Is X suspended? With a condition."""
    UP_TO_DATE = "up_to_date"
    REASON = "reason"
    WHICH = "which"
    ANYTHING = "anything"
    """Is anything suspended? A condition without a group."""
    ALL = "all"
    """Are all nodes ready?"""
    HOW_MANY = "how_many"
    MEASURE = "measure"
    VALUE = "value"
    """How much VRAM is free? Of whatever has it, without a name."""
    WHEN = "when"
    WHEN_ANY = "when_any"
    """When was the last backup? Of whatever has one, without a name."""
    NEXT_TO = "next_to"
    """Which certificate expires next?"""
    HAS_BACKUP = "has_backup"
    BACKUP_FAILED = "backup_failed"
    """Has the backup of X failed?"""
    BACKUP_STATE = "backup_state"
    """How is the backup of X? No yes or no."""
    CHANGED = "changed"
    NEEDS = "needs"
    NEEDED_BY = "needed_by"
    RUNS_HERE = "runs_here"
    STORED_IN = "stored_in"
    ORIGIN = "origin"
    PLACE = "place"
    ABOUT = "about"
    NOTES = "notes"
    MUTED = "muted"
    MUTE = "mute"
    UNMUTE = "unmute"
    BRIEFING = "briefing"
    BACKUPS = "backups"
    NEW_DEVICES = "new_devices"
    """Is somebody new in the network?"""
    DEVICES = "devices"
    """How many devices are in the network?"""


class Group(StrEnum):
    """Things that are asked for together."""

    APPS = "apps"
    PODS = "pods"
    NODES = "nodes"
    WORKLOADS = "workloads"
    VOLUMES = "volumes"
    MODELS = "models"
    HUBS = "hubs"
    SYSTEMS = "systems"
    BACKUPS = "backups"
    CERTIFICATES = "certificates"
    DEPLOYMENTS = "deployments"
    """What Flux or Argo CD deploys."""
    SOURCES = "sources"
    PAGES = "pages"
    ALERTS = "alerts"
    ENTITIES = "entities"
    PULL_REQUESTS = "pull_requests"
    UPDATES = "updates"
    """The pull requests of bots that keep versions new."""


class Condition(StrEnum):
    """How the things of a group may be."""

    ANY = "any"
    TROUBLED = "troubled"
    WELL = "well"
    OFF = "off"
    LOADED = "loaded"
    SUSPENDED = "suspended"
    RESTARTING = "restarting"
    FULL = "full"
    EXPIRING = "expiring"
    FAILED = "failed"
    OVERDUE = "overdue"
    OUT_OF_SYNC = "out_of_sync"
    MUTED = "muted"
    WAITING = "waiting"


class Attribute(StrEnum):
    """What is measured or known of a thing."""

    FULL = "full"
    SIZE = "size"
    VRAM = "vram"
    VRAM_FREE = "vram_free"
    MEMORY = "memory"
    CPU = "cpu"
    TEMPERATURE = "temperature"
    SPEED = "speed"
    RESPONSE_TIME = "response_time"
    VERSION = "version"
    REVISION = "revision"
    RESTARTS = "restarts"
    REPLICAS = "replicas"
    LAST_BACKUP = "last_backup"
    NEXT_BACKUP = "next_backup"
    EXPIRY = "expiry"
    DELIVERED = "delivered"
    RESTARTED = "restarted"
    UNLOADS = "unloads"
    SINCE = "since"
    CONTEXT = "context"
    LAST_PROCESSED = "last_processed"
    PROCESSED = "processed"


class Period(StrEnum):
    """Since when something may have changed."""

    NIGHT = "night"
    TODAY = "today"
    YESTERDAY = "yesterday"
    WEEK = "week"
    HOUR = "hour"
    LATELY = "lately"
    ASKED = "asked"
    """Since the same person asked last."""


@dataclass(frozen=True, slots=True)
class Question:
    """A question; `thing` is what a person calls it, in their words."""

    ask: Ask
    thing: str = ""
    group: Group | None = None
    condition: Condition | None = None
    attribute: Attribute | None = None
    period: Period | None = None
    span: timedelta | None = None
    """For how long something is to be muted, or since how long ago something may have happened."""
    since: str = ""
    """Since when something may have happened: "hour 17", "clock 5" (of either half of the day), "day 0"."""
