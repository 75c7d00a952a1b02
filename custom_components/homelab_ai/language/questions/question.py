"""What can be asked: the kinds of questions, and what they may name."""

from dataclasses import dataclass
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
    WHICH = "which"
    HOW_MANY = "how_many"
    MEASURE = "measure"
    WHEN = "when"
    CHANGED = "changed"
    NEEDS = "needs"
    NEEDED_BY = "needed_by"
    ORIGIN = "origin"
    PLACE = "place"
    ABOUT = "about"
    NOTES = "notes"
    MUTED = "muted"


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


class Attribute(StrEnum):
    """What is measured or known of a thing."""

    FULL = "full"
    SIZE = "size"
    VRAM = "vram"
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


class Period(StrEnum):
    """Since when something may have changed."""

    NIGHT = "night"
    TODAY = "today"
    YESTERDAY = "yesterday"
    WEEK = "week"
    HOUR = "hour"
    LATELY = "lately"


@dataclass(frozen=True, slots=True)
class Question:
    """A question; `thing` is what a person calls it, in their words."""

    ask: Ask
    thing: str = ""
    group: Group | None = None
    condition: Condition | None = None
    attribute: Attribute | None = None
    period: Period | None = None
