"""English."""

from collections.abc import Mapping
from typing import ClassVar

from ..moments import Part, PartOfDay, Past, Span, Unit
from .clusters import ENGLISH, ENGLISH_NOUNS
from .endings import ENGLISH_ENDINGS
from .language import WORDS_PER_TOKEN, Language, Noun, Phrase

_NUMBERS = (
    "",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
)
_PARTS: Mapping[tuple[Part, bool], str] = {
    (Part.NIGHT, False): "last night",
    (Part.MORNING, False): "this morning",
    (Part.NOON, False): "around noon",
    (Part.AFTERNOON, False): "this afternoon",
    (Part.EVENING, False): "this evening",
    (Part.NIGHT, True): "the night before last",
    (Part.MORNING, True): "yesterday morning",
    (Part.NOON, True): "around noon yesterday",
    (Part.AFTERNOON, True): "yesterday afternoon",
    (Part.EVENING, True): "yesterday evening",
}


def _same(template: str) -> Phrase:
    """Return a phrase whose verbs make the difference between one and several."""
    return Phrase(template, template)


_PHRASES: Mapping[str, Phrase] = {
    "finding": _same("{subject} {has} a problem {time}"),
    "hub_offline": _same("{subject} {is} off {time}"),
    "standby_offline": _same("{subject} {is} off {time}"),
    "model_missing": _same("{subject} {has} no model to answer with {time}"),
    "offline": _same("{subject} {isnt} answering {time}"),
    "hub_unreachable": _same("{subject} {has} no model to offer {time}"),
    "app_unwell": _same("{subject} {is} reporting a problem {time}"),
    "paperless_offline": _same("{subject} {is} unable to reach Paperless-ngx {time}"),
    "scans_failed": _same("the last scans of {subject} failed"),
    "scans_counted": Phrase(
        "the last {failures:count} scans of {subject} failed", "the last scans of {subject} failed"
    ),
    "scan_failed": Phrase("the last scan of {subject} failed", "the last scans of {subject} failed"),
    "overdue_long": _same("{subject} {hasnt} processed anything for a long time"),
    "overdue": _same("{subject} {hasnt} processed anything {time}"),
    "web_unexpected": _same("{subject} {isnt} answering as expected {time}"),
    "web_status": Phrase(
        "{subject} {is} answering with status {status} {time}",
        "{subject} {isnt} answering as expected {time}",
    ),
    "certificate_expires": Phrase("{subject} expires {soon}", "{subject} expire soon"),
    "certificate_expired": Phrase("{subject} has expired", "{subject} have expired"),
    "alert": Phrase(
        "{subject} {is} firing {time}",
        "{subject} {is} firing {time}",
        begun=("{subject} has just started firing", "{subject} have just started firing"),
    ),
    "query": _same("{subject} {is} out of bounds {time}"),
    "query_above": Phrase(
        "{subject} {is} too high {time}: now {value} {unit}",
        "{subject} {is} too high {time}",
    ),
    "query_below": Phrase(
        "{subject} {is} too low {time}: now {value} {unit}",
        "{subject} {is} too low {time}",
    ),
    "hub_missing": _same("{subject} {isnt} reaching any model of the hub {time}"),
    "stuck": _same("{subject} {is} stuck on one document {time}"),
    "heartbeat": _same("{subject} {is} firing {time}, as it should"),
    "alerts_silent": Phrase(
        "alerts do not arrive any more: {subject} stopped {time}",
        "alerts do not arrive any more: {subject} stopped {time}",
        happened=True,
    ),
    "query_above_series": Phrase(
        "{subject} {is} too high {time}: now {value} {unit} for {series}",
        "{subject} {is} too high {time}",
    ),
    "query_below_series": Phrase(
        "{subject} {is} too low {time}: now {value} {unit} for {series}",
        "{subject} {is} too low {time}",
    ),
    "volume_shared": Phrase(
        "{subject} and {others:count} others on the same storage are {percent} percent full",
        "{subject} {is} almost full {time}",
    ),
    "volume_shared_one": Phrase(
        "{subject} and one other on the same storage are {percent} percent full",
        "{subject} {is} almost full {time}",
    ),
    "entity_bad": _same("{subject} {is} reporting a problem {time}"),
    "entity_state": Phrase(
        "{subject} {is} in the state {state} {time}", "{subject} {is} in a bad state {time}"
    ),
    "entity_unavailable": _same("{subject} {is} unavailable {time}"),
    "entity_gone": Phrase("{subject} does not exist any more", "{subject} do not exist any more"),
    "volume_full": _same("{subject} {is} almost full {time}"),
    "volume_percent": Phrase("{subject} is {percent} percent full", "{subject} {is} almost full {time}"),
    "volume_faulted": _same("{subject} {is} down {time}"),
    "volume_degraded": _same("{subject} {has} too few copies {time}"),
    "flux_not_ready": Phrase(
        "Flux {always_is} unable to deploy {subject} {time}",
        "Flux {always_is} unable to deploy {subject} {time}",
    ),
    "flux_waiting": _same("{subject} {is} waiting {time} for something else that Flux deploys"),
    "flux_suspended": _same("Flux {always_is} suspended for {subject} {time}"),
    "argocd_out_of_sync": _same("{subject} {is} out of sync with Git {time}"),
    "argocd_sync_unknown": _same("Argo CD {always_is} unable to compare {subject} with Git {time}"),
    "argocd_degraded": _same("Argo CD {always_has} reported {subject} as degraded {time}"),
    "argocd_operation_failed": Phrase(
        "Argo CD failed to sync {subject} {time}", "Argo CD failed to sync {subject} {time}", happened=True
    ),
    "node_not_ready": _same("{subject} {isnt} ready {time}"),
    "pod_restarting": _same("{subject} {is} restarting again and again {time}"),
    "backup_failed": Phrase("{subject} failed {time}", "{subject} failed {time}", happened=True),
    "backup_overdue": _same("{subject} {is} overdue {time}"),
    # Findings of k8sgpt
    "image": Phrase(
        "{subject} {is} unable to pull its image {time}", "{subject} {is} unable to pull their images {time}"
    ),
    "crash": _same("{subject} {is} crashing again and again {time}"),
    "memory": _same("{subject} {is} running out of memory {time}"),
    "configuration": Phrase(
        "{subject} {is} unable to start with its configuration {time}",
        "{subject} {is} unable to start with their configuration {time}",
    ),
    "mount": Phrase(
        "{subject} {is} unable to mount its volume {time}",
        "{subject} {is} unable to mount their volumes {time}",
    ),
    "evicted": Phrase("{subject} was evicted {time}", "{subject} were evicted {time}", happened=True),
    "unhealthy": Phrase(
        "{subject} {is} failing its health check {time}", "{subject} {is} failing their health checks {time}"
    ),
    "storage": _same("{subject} {is} waiting for storage {time}"),
    "unschedulable": _same("{subject} {is} waiting for a suitable node {time}"),
    "disk_pressure": _same("{subject} {is} running out of disk space {time}"),
    "memory_pressure": _same("{subject} {is} running out of memory {time}"),
    "endpoints": _same("{subject} {is} without a ready pod {time}"),
    "job_failed": Phrase("{subject} failed {time}", "{subject} failed {time}", happened=True),
    "replicas": _same("{subject} {has} too few running pods {time}"),
    "pending": _same("{subject} {is} waiting to start {time}"),
}


class English(Language):
    """English."""

    tag = "en"
    phrases: ClassVar[Mapping[str, Phrase]] = {**_PHRASES, **ENGLISH}
    endings: ClassVar[Mapping[str, str]] = ENGLISH_ENDINGS
    nouns: ClassVar[Mapping[str, Noun]] = {
        **ENGLISH_NOUNS,
        "Pod": Noun("the pod", "a pod", "pods"),
        "Deployment": Noun("the deployment", "a deployment", "deployments"),
        "ReplicaSet": Noun("the replica set", "a replica set", "replica sets"),
        "StatefulSet": Noun("the stateful set", "a stateful set", "stateful sets"),
        "DaemonSet": Noun("the daemon set", "a daemon set", "daemon sets"),
        "Service": Noun("the service", "a service", "services"),
        "Ingress": Noun("the ingress", "an ingress", "ingresses"),
        "PersistentVolumeClaim": Noun("the volume claim", "a volume claim", "volume claims"),
        "Job": Noun("the job", "a job", "jobs"),
        "CronJob": Noun("the cron job", "a cron job", "cron jobs"),
        "Node": Noun("the node", "a node", "nodes"),
        "Volume": Noun("the volume", "a volume", "volumes"),
        "Alert": Noun("the alert", "an alert", "alerts"),
        "Standby": Noun("the standby hub", "a standby hub", "standby hubs"),
        "Backup": Noun("the backup of", "a backup", "backups"),
        "LastBackup": Noun("the last backup of", "a backup", "backups"),
        "Certificate": Noun("the certificate of", "a certificate", "certificates"),
    }
    something = "something"
    conjunction = "and"
    parts = {
        "alerts": "alerts",
        "applications": "applications",
        "backups": "backups",
        "certificate": "the certificate",
        "certificates": "certificates",
        "documents": "the processing of documents",
        "entity": "the entity",
        "entities": "entities",
        "figures": "the figures",
        "findings": "the findings of k8sgpt",
        "gitops": "GitOps",
        "gpu": "the GPU memory",
        "models": "models",
        "nodes": "nodes",
        "pods": "pods",
        "query": "the query",
        "storage": "storage",
        "volumes": "volumes",
        "workloads": "workloads",
    }

    def verbs(self, *, several: bool, lasting: bool) -> Mapping[str, str]:
        have = "have" if several else "has"
        be = f"{have} been" if lasting else ("are" if several else "is")
        be_not = f"{have} not been" if lasting else f"{be} not"
        return {
            "is": be,
            "isnt": be_not,
            "has": f"{have} had" if lasting else have,
            "hasnt": f"{have} not",
            "always_is": "has been" if lasting else "is",
            "always_has": "has",
        }

    def count(self, number: int) -> str:
        return _NUMBERS[number] if 0 < number < len(_NUMBERS) else f"{number:,}"

    def figure(self, text: str) -> str:
        return text

    def _span(self, span: Span) -> str:
        unit = span.unit.value
        if span.unit is Unit.MOMENT:
            return "a moment"
        if span.count == 1:
            return f"{'an' if span.unit is Unit.HOUR else 'a'} {unit}"
        return f"{self.count(span.count)} {unit}s"

    def since(self, past: Past) -> str:
        if isinstance(past, PartOfDay):
            return f"since {_PARTS[past.part, past.yesterday]}"
        if past.unit is Unit.MOMENT:
            return "for less than a minute"
        over = "more than " if past.unit is Unit.YEAR else ""
        return f"for {over}{self._span(past)}"

    def ago(self, past: Past) -> str:
        if isinstance(past, PartOfDay):
            return _PARTS[past.part, past.yesterday]
        if past.unit is Unit.MOMENT:
            return "just now"
        over = "more than " if past.unit is Unit.YEAR else ""
        return f"{over}{self._span(past)} ago"

    def for_(self, span: Span) -> str:
        return f"for {self._span(span)}" if span.unit is Unit.MOMENT else f"for {self._another(span)}"

    def lasting(self, span: Span) -> str:
        return f"for {self._span(span)}"

    def _another(self, span: Span) -> str:
        return f"another {span.unit.value if span.count == 1 else self._span(span)}"

    def soon(self, span: Span | None) -> str:
        return "soon" if span is None else f"in {self._span(span)}"

    def more(self, number: int) -> str:
        return f"{self.count(number)} more"

    def unknown(self) -> str:
        return "I do not know yet how the homelab is doing."

    def well(self, not_seen: str = "", *, in_part: bool = False) -> str:
        limited = "As far as I can see all" if not_seen or in_part else "All"
        return f"{limited} is well in the homelab{f'; {not_seen}' if not_seen else ''}."

    def not_seen(self, forbidden: str, failed: str) -> str:
        clauses = (
            f"I may not look at {forbidden}" if forbidden else "",
            f"I cannot see {failed}" if failed else "",
        )
        return ", and ".join(clause for clause in clauses if clause)

    def part_of(self, part: str, system: str) -> str:
        return f"{part} of {system}"

    def note(self, sentences: str) -> str:
        return f"For your information: {sentences}"

    def header(self, problems: int, critical: int) -> str:
        named = "problem" if problems == 1 else "problems"
        return f"Homelab: {self.count(problems)} {named}{self._critical(problems, critical)}"

    def _critical(self, problems: int, critical: int) -> str:
        if not critical:
            return ""
        if critical == problems:
            return ", and it is critical" if problems == 1 else ", all of them critical"
        return f", {self.count(critical)} of them critical"

    def _notes(self, number: int) -> str:
        return f"{self.count(number)} {'note' if number == 1 else 'notes'}"

    def rest(self, problems: int, critical: int, notes: int) -> str:
        if not problems:
            is_or_are = "is" if notes == 1 else "are"
            return f"There {is_or_are} also {self._notes(notes)}." if notes else ""
        behind = f", and {self._notes(notes)}" if notes else ""
        if problems == 1:
            return f"There is one more {'critical ' if critical else ''}problem{behind}."
        return f"There are {self.more(problems)} problems{self._critical(problems, critical)}{behind}."

    def muted(self, number: int) -> str:
        return (
            "One problem is muted."
            if number == 1
            else f"{self.count(number).capitalize()} problems are muted."
        )

    def unheard(self, names: str) -> str:
        return f"I have not heard from {names} yet."

    def consequence(self, names: str, number: int) -> str:
        verb = "does" if number == 1 else "do"
        return f"That is why {names} {verb} not work either."

    def before(self, number: int, critical: int) -> str:
        if number == 1:
            return f"Before that there was one {'critical ' if critical else ''}problem there."
        return (
            f"Before that there were {self.count(number)} problems there{self._critical(number, critical)}."
        )

    def outdated(self) -> str:
        return "What I know is from before that:"

    def located(self, name: str, place: str) -> str:
        return f"{name} for {place}"

    def quoted(self, text: str) -> str:
        return f"“{text}”"

    def nothing_wrong(self, name: str) -> str:
        return f"As far as I know, nothing is wrong with {name}."

    def no_such_thing(self, name: str) -> str:
        return (
            f"I know nothing in the homelab that is called {name}."
            if name
            else "I do not know what you mean."
        )

    def muted_for(self, span: Span | None) -> str:
        return f"That is muted {self.for_(span)}." if span else "That is muted for good."

    def muted_of_these(self, number: int) -> str:
        return f"{self.count(number).capitalize()} of these {'is' if number == 1 else 'are'} muted."

    def no_backups(self) -> str:
        return "I cannot say: none of the systems I watch tells me about backups."

    def backups_unknown(self) -> str:
        return "I do not know whether everything is backed up."

    def all_backed_up(self, name: str, number: int, newest: Past | None, oldest: Past | None) -> str:
        if number == 1 and name:
            made = f" is from {self.ago(newest)}" if newest else " is up to date"
            return f"Yes. The backup of {name}{made}."
        begin = "Yes. No backup has failed, and none is overdue"
        if newest is None:
            return f"{begin}."
        if oldest is None or oldest == newest:
            return f"{begin}. The latest is from {self.ago(newest)}."
        return f"{begin}. The newest is from {self.ago(newest)}, the oldest from {self.ago(oldest)}."

    def not_all_backed_up(self) -> str:
        return "No."

    def last_good(self, past: Past | None, *, never: bool) -> str:
        if never:
            return "There has never been a good one."
        return f"The last good one is from {self.ago(past)}." if past else ""

    def never_backed_up(self, names: str, number: int) -> str:
        return f"There is no backup of {names} yet."

    def other_backups_fine(self, number: int) -> str:
        return "The other one is fine." if number == 1 else f"The other {self.count(number)} are fine."

    def hub_on(self, name: str, *, first: bool) -> str:
        return f"{name} is on." if first else f"{name} is on as well."

    def loaded(self, names: str, number: int) -> str:
        if not number:
            return "No model is loaded."
        return f"{names} {'is' if number == 1 else 'are'} loaded."

    def vram(self, used: float, total: float | None) -> str:
        if total is None:
            return f"Models take {_gigabytes(used)} gigabytes of graphics memory."
        return (
            f"Models take {_gigabytes(used)} of {_gigabytes(total)} gigabytes of graphics memory,"
            f" {round(100 * used / total)} percent."
        )

    def no_vram(self) -> str:
        return "The models run without the graphics card."

    def spilled(self, size: float) -> str:
        return f"{_gigabytes(size)} gigabytes did not fit and are in main memory, which slows answers down."

    def unloads(self, name: str, span: Span) -> str:
        return f"{name} will be unloaded {self.soon(span)}."

    def stays(self, names: str, number: int) -> str:
        return f"{names} {'is' if number == 1 else 'are'} to stay loaded for good."

    def speed(self, first_token: float | None, speed: float | None) -> str:
        words = round(speed * WORDS_PER_TOKEN) if speed else 0
        parts = [
            f"began after {_one_decimal(first_token)} seconds" if first_token is not None else "",
            f"came at about {self.count(words)} {'word' if words == 1 else 'words'} a second"
            if words
            else "",
        ]
        said = " and ".join(part for part in parts if part)
        return f"The last answer {said}." if said else ""


def _one_decimal(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")


def _gigabytes(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")
