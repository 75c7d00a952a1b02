"""New files: from templates that code fills in, or as a model wrote them; and their line in the list."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
import posixpath
import re

from .graph import App, Graph
from .plan import Change, Consequence, Effect, Plan, Step, merged
from .refusal import Reason, RefusedError
from .repository import FileEdit, commented_at, join, listed_at, resources_of
from .splice import add_item
from .terraform import ENDINGS
from .yaml_text import NodeKind

MAX_WRITTEN = 32 * 1024
"""Characters that a model may write."""
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_HOST = rf"{_LABEL}(?:\.{_LABEL})*"
_CRON = r"(?:[\d*/,-]+ ){4}[\d*/,-]+|@(?:hourly|daily|weekly|monthly)(?:-random)?"


@dataclass(frozen=True, slots=True)
class Slot:
    """A scalar of a template: what it has to look like, and what it is if nobody says."""

    name: str
    pattern: str
    default: str | None = None


@dataclass(frozen=True, slots=True)
class Template:
    """A resource of a known kind. `{app}` and `{namespace}` are those of the app."""

    id: str
    slots: tuple[Slot, ...]
    text: str

    def filled(self, app: App, values: Mapping[str, str]) -> str:
        """Return the file. Raises RefusedError for what does not fit."""
        if unknown := sorted(values.keys() - {slot.name for slot in self.slots}):
            raise RefusedError(Reason.TEMPLATE, template=self.id, field=unknown[0][:60])
        known = {"app": app.name, "namespace": app.namespace}
        for slot in self.slots:
            default = slot.default.format_map(known) if slot.default is not None else None
            value = values.get(slot.name, default)
            if value is None or not re.fullmatch(slot.pattern, value):
                raise RefusedError(Reason.TEMPLATE, template=self.id, field=slot.name)
            known[slot.name] = value
        return self.text.format_map(known)


_NAME = Slot("name", _LABEL, "{app}")
_PORT = Slot("port", r"[1-9]\d{0,4}")
_INTERVAL = Slot("interval", r"\d{1,4}[smh]", "1m")

TEMPLATES: Mapping[str, Template] = {
    template.id: template
    for template in (
        Template(
            "scrape_config",
            (
                _NAME,
                Slot("host", _HOST, "{app}"),
                _PORT,
                Slot("metrics_path", r"/[\w./-]{0,100}", "/metrics"),
                _INTERVAL,
            ),
            """---
apiVersion: monitoring.coreos.com/v1alpha1
kind: ScrapeConfig
metadata:
  name: {name}
spec:
  staticConfigs:
    - targets:
        - {host}:{port}
  metricsPath: {metrics_path}
  scrapeInterval: {interval}
""",
        ),
        Template(
            "service_monitor",
            (
                _NAME,
                Slot("port", _LABEL, "metrics"),
                Slot("metrics_path", r"/[\w./-]{0,100}", "/metrics"),
                _INTERVAL,
            ),
            """---
apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitor
metadata:
  name: {name}
spec:
  selector:
    matchLabels:
      app.kubernetes.io/name: {app}
  endpoints:
    - port: {port}
      path: {metrics_path}
      interval: {interval}
""",
        ),
        Template(
            "prometheus_rule",
            (
                Slot("name", _LABEL, "{app}-overdue"),
                Slot("cronjob", _LABEL, "{app}"),
                Slot("hours", r"[1-9]\d{0,2}", "25"),
                Slot("severity", "critical|warning|info", "warning"),
            ),
            """---
apiVersion: monitoring.coreos.com/v1
kind: PrometheusRule
metadata:
  name: {name}
spec:
  groups:
    - name: {name}
      rules:
        - alert: CronJobOverdue
          expr: >-
            time() - max by (namespace, cronjob)
            (kube_cronjob_status_last_successful_time{{namespace="{namespace}", cronjob="{cronjob}"}})
            > {hours} * 3600
          for: 10m
          labels:
            severity: {severity}
          annotations:
            summary: {cronjob} has not succeeded for more than {hours} hours
""",
        ),
        Template(
            "k8up_schedule",
            (
                Slot("name", _LABEL, "{app}-backup"),
                Slot("schedule", _CRON, "@daily-random"),
                Slot("secret", _LABEL),
                Slot("bucket", r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]"),
                Slot("endpoint", r"https?://[a-z0-9.-]+(?::\d{2,5})?"),
            ),
            """---
apiVersion: k8up.io/v1
kind: Schedule
metadata:
  name: {name}
spec:
  backend:
    repoPasswordSecretRef:
      name: {secret}
      key: password
    s3:
      endpoint: {endpoint}
      bucket: {bucket}
      accessKeyIDSecretRef:
        name: {secret}
        key: username
      secretAccessKeySecretRef:
        name: {secret}
        key: secret
  backup:
    schedule: "{schedule}"
    failedJobsHistoryLimit: 2
    successfulJobsHistoryLimit: 2
  check:
    schedule: "@weekly-random"
  prune:
    schedule: "@weekly-random"
    retention:
      keepDaily: 7
      keepWeekly: 4
""",
        ),
        Template(
            "recurring_job",
            (
                Slot("name", r"[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?", "{app}"),
                Slot("schedule", r"(?:[\d*/,-]+ ){4}[\d*/,-]+", "0 3 * * *"),
                Slot("task", "snapshot|backup", "backup"),
                Slot("retain", r"[1-9]\d?", "7"),
                Slot("group", _LABEL, "default"),
            ),
            """---
apiVersion: longhorn.io/v1beta2
kind: RecurringJob
metadata:
  name: {name}
  namespace: longhorn-system
spec:
  cron: "{schedule}"
  task: {task}
  groups:
    - {group}
  retain: {retain}
  concurrency: 2
""",
        ),
        Template(
            "certificate",
            (
                _NAME,
                Slot("host", _HOST),
                Slot("issuer", _LABEL),
                Slot("issuer_kind", "ClusterIssuer|Issuer", "ClusterIssuer"),
            ),
            """---
apiVersion: cert-manager.io/v1
kind: Certificate
metadata:
  name: {name}
spec:
  secretName: {name}-tls
  dnsNames:
    - {host}
  issuerRef:
    kind: {issuer_kind}
    name: {issuer}
""",
        ),
    )
}


def add(graph: Graph, app: App, template: str, values: Mapping[str, str]) -> Plan:
    """Return what adds a resource of a known kind to an app. Raises RefusedError."""
    if (known := TEMPLATES.get(template)) is None:
        raise RefusedError(Reason.TEMPLATE, template=template[:60], field=", ".join(TEMPLATES))
    text = known.filled(app, values)
    return _with_file(graph, app, f"{template.replace('_', '-')}.yaml", text, Change.ADD)


def manifest(graph: Graph, app: App, name: str, text: str) -> Plan:
    """Return what adds a file that a model wrote to an app. Raises RefusedError."""
    _check_written(text)
    if not re.fullmatch(rf"{_LABEL}\.yaml", name):
        raise RefusedError(Reason.PATH, path=name[:80])
    return _with_file(graph, app, name, text, Change.MANIFEST)


def terraform(graph_files: Mapping[str, str | None], path: str, text: str) -> Plan:
    """Return what adds a Terraform file that a model wrote. Raises RefusedError."""
    _check_written(text)
    name = posixpath.basename(path)
    if join("", path) != path or not re.fullmatch(r"[a-z0-9][a-z0-9_-]{0,60}\.(?:tf|tofu)", name):
        raise RefusedError(Reason.PATH, path=path[:80])
    folder = posixpath.dirname(path)
    if not any(
        posixpath.dirname(graph_file) == folder and graph_file.endswith(ENDINGS) for graph_file in graph_files
    ):
        raise RefusedError(Reason.PATH, path=path[:80])
    if path in graph_files:
        raise RefusedError(Reason.NAME_TAKEN, path=path, app="terraform")
    effects = (Effect(Consequence.UNVERIFIED, path), Effect(Consequence.NOT_VALIDATED, path))
    step = Step("terraform", "file", "–", "new", path)
    edit = FileEdit(path, None, _ended(text))
    return Plan(Change.TERRAFORM, ("terraform",), (edit,), (step,), effects, written_by_model=True)


def _check_written(text: str) -> None:
    if not text.strip() or len(text) > MAX_WRITTEN:
        raise RefusedError(Reason.TOO_LARGE if text.strip() else Reason.EMPTY, path="")
    if any(not (character.isprintable() or character in "\n\t") for character in text):
        raise RefusedError(Reason.VALUE, value="")


def _ended(text: str) -> str:
    return text.strip("\n").rstrip() + "\n"


def _with_file(graph: Graph, app: App, name: str, text: str, change: Change) -> Plan:
    if app.unclear is not None:
        raise RefusedError(app.unclear, app=app.name, path=app.file)
    if app.path is None or not graph.repository.is_folder(app.path):
        raise RefusedError(Reason.PATH_MISSING, app=app.name, path=app.path or "")
    path = join(app.path, name)
    if path in graph.repository.files:
        raise RefusedError(Reason.NAME_TAKEN, app=app.name, path=path)
    edits = [FileEdit(path, None, _ended(text)), *_listed(graph, app.path, path)]
    by_model = change is Change.MANIFEST
    effects = (Effect(Consequence.UNVERIFIED, path),) if by_model else ()
    step = Step(app.name, "file", "–", "new", path)
    return Plan(change, (app.name,), merged(edits), (step,), effects, written_by_model=by_model)


def _listed(graph: Graph, folder: str, path: str) -> Iterator[FileEdit]:
    repository = graph.repository
    if (holder := repository.kustomization_in(folder)) is None:
        return
    text, resources = repository.text(holder), resources_of(repository, holder)
    if resources is None or resources.kind is not NodeKind.SEQUENCE:
        raise RefusedError(Reason.LIST_NOT_UNDERSTOOD, path=holder)
    if listed_at(folder, resources, path) is not None or commented_at(text, folder, path) is not None:
        raise RefusedError(Reason.NAME_TAKEN, app="", path=path)
    dotted = any(child.value.startswith("./") for child in resources.children)
    entry = ("./" if dotted else "") + posixpath.basename(path)
    yield FileEdit(holder, text, add_item(text, resources, entry, holder))
