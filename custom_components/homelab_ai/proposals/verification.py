"""What can be checked of a plan without a cluster: files, objects, and the repository as it would be."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
import re

from .graph import Graph, build
from .plan import Change, Consequence, Effect, Plan
from .policy import Finding, Level, Neighbours, exposed_by, images, judge, registry_of
from .refusal import RefusedError
from .repository import Repository
from .terraform import judge_terraform
from .yaml_text import Node, NodeKind, documents

_NAME = re.compile(r"[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?")
_ELISION = re.compile(r"\.\.\.|…|rest (?:of|is)|unchanged|existing|as before", re.IGNORECASE)


class Result(StrEnum):
    """How a check ended."""

    OK = "ok"
    WARN = "warn"
    FAILED = "failed"
    NOT_DONE = "not_done"


class CheckKind(StrEnum):
    """What is checked, from the file to the cluster."""

    STRUCTURE = "structure"
    POLICY = "policy"
    REPOSITORY = "repository"
    SCHEMA = "schema"
    DRY_RUN = "dry_run"
    CI = "ci"


@dataclass(frozen=True, slots=True)
class Check:
    """A check and how it ended; `details` say what was found."""

    kind: CheckKind
    result: Result
    details: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Verified:
    """A plan with what was found. Where `may_open` is False no proposal is made."""

    plan: Plan
    checks: tuple[Check, ...]
    findings: tuple[Finding, ...]
    effects: tuple[Effect, ...]

    @property
    def may_open(self) -> bool:
        """Return whether nothing failed."""
        return all(check.result is not Result.FAILED for check in self.checks)

    @property
    def failures(self) -> tuple[str, ...]:
        """Return what keeps it from being proposed."""
        failed = (check for check in self.checks if check.result is Result.FAILED)
        return tuple(detail for check in failed for detail in check.details)

    def with_checks(self, checks: Iterable[Check]) -> Verified:
        """Return the plan with what else was checked, before what the forge will check."""
        return replace(self, checks=(*self.checks[:-1], *checks, self.checks[-1]))


def verify(graph: Graph, plan: Plan) -> Verified:
    """Return what is found in a plan. Takes some tens of milliseconds for a large repository."""
    structure = _structure(plan)
    findings: list[Finding] = []
    if structure.result is Result.OK:
        findings = judge(plan.edits, neighbours_of(graph.repository)) + judge_terraform(plan.edits)
        findings += _coming(graph, plan)
        findings = list(dict.fromkeys(findings))
    exposed = [
        Effect(Consequence.EXPOSED, finding.detail, finding.path) for finding in findings if _exposes(finding)
    ]
    checks = (
        structure,
        _policy(findings),
        _repository(graph, plan),
        Check(CheckKind.CI, Result.NOT_DONE),
    )
    return Verified(plan, checks, tuple(findings), (*exposed, *plan.effects))


def neighbours_of(repository: Repository) -> Neighbours:
    """Return what a repository has already."""
    registries = {
        registry_of(image)
        for path, text in repository.files.items()
        if text and "image" in text and path.endswith((".yaml", ".yml"))
        for root in repository.documents(path)
        for image in images(root)
    }
    return Neighbours(frozenset(registries))


def _exposes(finding: Finding) -> bool:
    return finding.level is Level.EXPOSURE


def _structure(plan: Plan) -> Check:
    """Check that files are read, and that each object of a new one says what it is."""
    faults: list[str] = []
    for edit in plan.edits:
        if edit.after is None or edit.path.endswith((".tf", ".tofu")):
            continue
        try:
            roots = documents(edit.after, edit.path)
        except RefusedError as err:
            faults.append(str(err))
            continue
        if edit.before is None and plan.change in (Change.ADD, Change.MANIFEST):
            faults += [fault for root in roots for fault in _faults(root)] or ([] if roots else ["empty"])
            if _leaves_out(edit.after):
                faults.append("left out")
        if not edit.after.endswith("\n") and (edit.before is None or edit.before.endswith("\n")):
            faults.append("no end of line")
    return Check(CheckKind.STRUCTURE, Result.FAILED if faults else Result.OK, tuple(faults[:5]))


def _faults(root: Node) -> list[str]:
    if root.kind is not NodeKind.MAPPING:
        return ["no object"]
    faults = [key for key in ("apiVersion", "kind") if not root.text(key)]
    if not _NAME.fullmatch(root.text("metadata", "name")):
        faults.append("metadata.name")
    return faults


def _policy(findings: list[Finding]) -> Check:
    blocks = tuple(finding.rule for finding in findings if finding.level is Level.BLOCK)
    result = Result.FAILED if blocks else Result.WARN if findings else Result.OK
    return Check(
        CheckKind.POLICY, result, tuple(dict.fromkeys(blocks or [finding.rule for finding in findings]))
    )


def _coming(graph: Graph, plan: Plan) -> list[Finding]:
    """Return what apps that are enabled open to the outside: their files themselves do not change."""
    if plan.change is not Change.ENABLE:
        return []
    apps = [app for app in graph.can_be_enabled() if app.name in plan.apps]
    paths = {path for app in apps for path in graph.files_of(app).files}
    known = graph.repository
    return exposed_by((path, known.text(path)) for path in sorted(paths) if known.documents(path))


def _repository(graph: Graph, plan: Plan) -> Check:
    """Check the repository as it would be: nothing more is broken, and what was active still is."""
    try:
        after = build(graph.repository.with_edits(list(plan.edits)), graph.roots)
    except RefusedError as err:
        return Check(CheckKind.REPOSITORY, Result.FAILED, (str(err),))
    faults = [f"{path}: {entry}" for path, entry in after.broken if (path, entry) not in graph.broken]
    before, now = _active(graph), _active(after)
    named = set(plan.apps)
    if plan.change is Change.ENABLE:
        faults += sorted(named - {name for _, name in now})
    elif plan.change is Change.DISABLE:
        faults += sorted(named & {name for _, name in now})
    faults += sorted(name for _, name in (before ^ now) if name not in named)
    keys = [app.key for app in after.apps if app.active]
    faults += sorted({key[1] for key in keys if keys.count(key) > 1})
    return Check(CheckKind.REPOSITORY, Result.FAILED if faults else Result.OK, tuple(faults[:5]))


def _active(graph: Graph) -> set[tuple[str, str]]:
    return {app.key for app in graph.apps if app.active}


def _leaves_out(text: str) -> bool:
    """Return whether a comment stands where something was left out."""
    return any(_ELISION.search(line.partition("#")[2]) for line in text.splitlines())
