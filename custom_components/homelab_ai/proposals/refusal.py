"""Why a change is not proposed: a refusal has a reason of a closed list, and the names that belong to it."""

from enum import StrEnum


class Reason(StrEnum):
    """Why something is not done; each has its words in the translations."""

    NOT_YAML = "not_yaml"
    TOO_LARGE = "too_large"
    DUPLICATE_KEY = "duplicate_key"
    ANCHOR = "anchor"
    BLOCK = "block"
    EMPTY = "empty"
    TYPE = "type"
    VALUE = "value"
    NOT_VERIFIED = "not_verified"
    NO_ROOT = "no_root"
    APPLICATION_SET = "application_set"
    HELM_OF_APPS = "helm_of_apps"
    SUBSTITUTION = "substitution"
    PATH_MISSING = "path_missing"
    NAMESPACE_OFF = "namespace_off"
    LIST_NOT_UNDERSTOOD = "list_not_understood"
    LAST_ENTRY = "last_entry"
    NAME_TAKEN = "name_taken"
    APP_UNKNOWN = "app_unknown"
    APP_AMBIGUOUS = "app_ambiguous"
    ALREADY = "already"
    DEPENDENCY_MISSING = "dependency_missing"
    DEPENDENCY_CYCLE = "dependency_cycle"
    NEEDED = "needed"
    NO_SUSPEND = "no_suspend"
    ROOT = "root"
    FIELD_UNKNOWN = "field_unknown"
    FIELD_AMBIGUOUS = "field_ambiguous"
    NOTHING_CHANGES = "nothing_changes"
    POLICY = "policy"
    PATH = "path"
    TEMPLATE = "template"
    REQUEST = "request"
    TOO_MANY_OPEN = "too_many_open"
    TOO_SOON = "too_soon"
    NOT_OURS = "not_ours"


class RefusedError(ValueError):
    """A change that is not proposed. `facts` are names from the repository or the request: foreign text."""

    def __init__(self, reason: Reason, **facts: str) -> None:
        super().__init__(f"{reason}: {', '.join(f'{key}={value}' for key, value in facts.items())}")
        self.reason = reason
        self.facts = facts
