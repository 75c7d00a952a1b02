"""What groups of things and their conditions are called in English."""

from collections.abc import Mapping

from ..questions.question import Condition, Group
from ..questions.words import GroupNoun, Predicate

GROUP_NOUNS: Mapping[Group, GroupNoun] = {
    Group.APPS: GroupNoun("one app", "apps", "no app"),
    Group.PODS: GroupNoun("one pod", "pods", "no pod"),
    Group.NODES: GroupNoun("one node", "nodes", "no node"),
    Group.WORKLOADS: GroupNoun("one workload", "workloads", "no workload"),
    Group.VOLUMES: GroupNoun("one volume", "volumes", "no volume"),
    Group.MODELS: GroupNoun("one model", "models", "no model"),
    Group.HUBS: GroupNoun("one hub", "hubs", "no hub"),
    Group.SYSTEMS: GroupNoun("one system", "systems", "no system"),
    Group.BACKUPS: GroupNoun("one backup", "backups", "no backup"),
    Group.CERTIFICATES: GroupNoun("one certificate", "certificates", "no certificate"),
    Group.DEPLOYMENTS: GroupNoun("one deployment", "deployments", "no deployment"),
    Group.SOURCES: GroupNoun("one source", "sources", "no source"),
    Group.PAGES: GroupNoun("one page", "pages", "no page"),
    Group.ALERTS: GroupNoun("one alert", "alerts", "no alert"),
    Group.ENTITIES: GroupNoun("one device", "devices", "no device"),
    Group.PULL_REQUESTS: GroupNoun("one pull request", "pull requests", "no pull request"),
    Group.UPDATES: GroupNoun("one update", "updates", "no update"),
}
PREDICATES: Mapping[Condition, Predicate] = {
    Condition.ANY: Predicate("is there", "are there", "is not there", "are not there"),
    Condition.TROUBLED: Predicate("has a problem", "have problems", "has no problem", "have no problems"),
    Condition.WELL: Predicate("is fine", "are fine", "is not fine", "are not fine"),
    Condition.OFF: Predicate("is off", "are off", "is not off", "are not off"),
    Condition.LOADED: Predicate("is loaded", "are loaded", "is not loaded", "are not loaded"),
    Condition.SUSPENDED: Predicate("is suspended", "are suspended", "is not suspended", "are not suspended"),
    Condition.RESTARTING: Predicate(
        "is restarting again and again",
        "are restarting again and again",
        "is not restarting",
        "are not restarting",
    ),
    Condition.FULL: Predicate("is almost full", "are almost full", "is not full", "are not full"),
    Condition.EXPIRING: Predicate(
        "expires soon", "expire soon", "does not expire soon", "do not expire soon"
    ),
    Condition.FAILED: Predicate("has failed", "have failed", "has not failed", "have not failed"),
    Condition.OVERDUE: Predicate("is overdue", "are overdue", "is not overdue", "are not overdue"),
    Condition.OUT_OF_SYNC: Predicate(
        "is not as Git says", "are not as Git says", "is as Git says", "are as Git says"
    ),
    Condition.WAITING: Predicate("is waiting", "are waiting", "is not waiting", "are not waiting"),
    Condition.MUTED: Predicate("is muted", "are muted", "is not muted", "are not muted"),
}
