"""The text of a pull request, composed by code: foreign words are quoted, and the draft says what it is."""

from collections.abc import Iterable, Iterator, Mapping
import difflib
import hashlib
import re

from .plan import Change, Consequence, Effect, Plan
from .verification import Check, Result, Verified

MAX_DIFF = 64 * 1024
"""Characters of a diff."""
MAX_TITLE = 120
_MARKS = {Result.OK: "✓", Result.WARN: "⚠", Result.FAILED: "✗", Result.NOT_DONE: "–"}
_ACTIVE = re.compile(r"[\\`*_{}\[\]()<>#@!~|&$%^:+-]")
_UNPRINTABLE = re.compile(r"\s+")

type Words = Mapping[str, str]


def quoted(foreign: str, limit: int = 200) -> str:
    """Return foreign text as one line in which no character means anything to Markdown or a forge."""
    shown = _UNPRINTABLE.sub(" ", foreign).strip()
    shown = "".join(character for character in shown if character.isprintable())
    shown = shown if len(shown) <= limit else f"{shown[: limit - 1]}…"
    return _ACTIVE.sub(lambda match: f"&#{ord(match[0])};", shown.replace("://", ":\u200b//"))


def title_of(plan: Plan, words: Words) -> str:
    """Return what a change is called, in the words of a language."""
    step = plan.steps[0]
    what = _short(step.what) if plan.change is Change.SET else step.file.rpartition("/")[2]
    apps = plan.apps[0] if plan.change in (Change.ADD, Change.SET) else ", ".join(plan.apps[:4])
    title = words[plan.change.value].format(apps=apps, what=what, after=step.after)
    title = "".join(character for character in title if character.isprintable())
    return title if len(title) <= MAX_TITLE else f"{title[: MAX_TITLE - 1]}…"


def _short(what: str) -> str:
    """Return the end of a path that says what it is: "image.tag", "chart.version", "replicas"."""
    parts = [part for part in what.rpartition(" ")[2].split(".") if part not in ("spec", "values")]
    return ".".join(parts[-2:])


def body_of(verified: Verified, words: Words, request: str, person: str, model: str = "") -> str:
    """Return the body: why, what, checks, consequences, how to undo it, and where it comes from.

    `request` is what somebody said, empty for a form; `person` is one of "person", "automation", "voice".
    """
    plan = verified.plan
    who = words.get(person, words["automation"])
    key = "asked" if request else "asked_form"
    exposed = [_effect(effect, words) for effect in verified.effects if effect.kind is Consequence.EXPOSED]
    others = [_effect(effect, words) for effect in verified.effects if effect.kind is not Consequence.EXPOSED]
    origin = words["by_model"].format(name=quoted(model)) if model else words["no_model"]
    parts = [
        *exposed,
        *([words["unverified_file"]] if plan.written_by_model else []),
        f"## {words['why']}",
        words[key].format(person=who, request=quoted(request, 500)),
        f"## {words['changes']}",
        _table(plan, words),
        *([words["order"].format(apps=" → ".join(map(quoted, plan.order)))] if len(plan.order) > 1 else []),
        f"## {words['checks']}",
        "\n".join(f"- {_check(check, words)}" for check in verified.checks),
        f"## {words['consequences']}",
        "\n".join(f"- {line}" for line in others) or words["none"],
        f"## {words['undo']}",
        words["undo_how"],
        words["origin"].format(model=origin),
    ]
    return "\n\n".join(parts) + "\n"


def _table(plan: Plan, words: Words) -> str:
    rows = [
        " | ".join(
            ("", str(number), *map(quoted, (step.app, step.what, step.before, step.after, step.file)), "")
        ).strip()
        for number, step in enumerate(plan.steps, 1)
    ]
    return "\n".join([words["columns"], "|---|---|---|---|---|---|", *rows])


def _check(check: Check, words: Words) -> str:
    told = [quoted(detail, 120) for detail in check.details]
    details = ", ".join([words["not_done"], *told] if check.result is Result.NOT_DONE else told)
    shown = f"{_MARKS[check.result]} {words[check.kind.value]}"
    return f"{shown}: {details}" if details else shown


def _effect(effect: Effect, words: Words) -> str:
    return words[effect.kind.value].format(name=quoted(effect.name), detail=quoted(effect.detail))


def effects_told(effects: Iterable[Effect], words: Words) -> Iterator[str]:
    """Yield consequences as sentences without Markdown; names are as they are."""
    for effect in effects:
        yield words[effect.kind.value].format(name=effect.name, detail=effect.detail).replace("**", "")


def diff_of(plan: Plan) -> str:
    """Return the unified diff; of a file that is only renamed, that it is."""
    gone = {edit.before: edit.path for edit in plan.edits if edit.after is None}
    parts: list[str] = []
    for edit in plan.edits:
        if edit.before is None and edit.after in gone:
            parts.append(f"rename from {gone[edit.after]}\nrename to {edit.path}\n")
        elif edit.after is not None:
            old = "/dev/null" if edit.before is None else f"a/{edit.path}"
            rows = difflib.unified_diff(
                (edit.before or "").splitlines(keepends=True),
                edit.after.splitlines(keepends=True),
                old,
                f"b/{edit.path}",
            )
            parts.append("".join(row if row.endswith("\n") else f"{row}\n" for row in rows))
    return "".join(parts)[:MAX_DIFF]


def id_of(plan: Plan) -> str:
    """Return the id of a proposal, 16 hexadecimal digits: the same for the same wish on the same files."""
    told = repr((plan.change.value, sorted(map(repr, plan.edits))))
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def branch_of(plan: Plan, proposal: str) -> str:
    """Return the name of the branch of a proposal, without the prefix of ours."""
    slug = re.sub(r"[^a-z0-9]+", "-", f"{plan.change.value}-{plan.apps[0]}".casefold()).strip("-")[:40]
    return f"{slug.strip('-') or 'change'}-{proposal[:8]}"
