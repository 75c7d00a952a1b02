"""Chapters: what the actions of the integration return."""

from datetime import datetime

from ..check import Finding
from ..client import Json
from ..systems import KUBERNETES
from .guide import Guide
from .questions import BROKEN

_HOUR = "01:00:00"


async def act(guide: Guide) -> list[Finding]:
    """A briefing, an explanation, the models, and a problem that is quiet for a while."""
    guide.console.step("What the actions return")
    plain = await _asked(guide, "briefing")
    _say(guide, plain["text"])
    phrased = await _asked(guide, "briefing", phrased=True)
    _say(guide, phrased["text"])
    problem = _of_broken(plain["problems"])
    return [
        Finding(BROKEN.name in plain["text"], "a briefing tells what is broken"),
        Finding(
            # One of your own may well phrase it so that it is not believed.
            guide.lab.hub is None or phrased["text"] != plain["text"],
            "a model phrased the briefing, and was believed",
        ),
        await _explain(guide, problem),
        await _list_models(guide),
        await _mute(guide, problem),
    ]


async def explain_without_hub(guide: Guide) -> Finding:
    """Ask for an explanation that nobody has given before, while nobody can."""
    problems = (await guide.client.asked("homelab_ai.list_problems"))["problems"]
    backup = next(one for one in problems if one["kind"] == "backup_failed")
    found = await _asked(guide, "explain_problem", backup)
    guide.console.line(f"        no explanation: {found['reason']}")
    _show_evidence(guide, found)
    return Finding(
        found["explanation"] is None and bool(found["reason"]) and bool(found["evidence"]),
        "without any hub there is the evidence, and why there is no explanation",
    )


async def _explain(guide: Guide, problem: Json) -> Finding:
    found = await _asked(guide, "explain_problem", problem)
    _say(guide, found["explanation"] or found["reason"])
    _say(guide, found["next_step"])
    _show_evidence(guide, found)
    told = found["explanation"] or ""
    return Finding(
        BROKEN.name in told and bool(found["next_step"]) and bool(found["evidence"]),
        "a model explained a problem from its evidence" + ("" if told else f" – {found['reason']}"),
    )


async def _list_models(guide: Guide) -> Finding:
    found = await _asked(guide, "list_models")
    models = found["models"]
    used = ", ".join(f"{one['name']} for {' and '.join(one['used_by'])}" for one in models if one["used_by"])
    guide.console.line(f"        {found['hub']} {found['version']}: {len(models)} models; {used}")
    return Finding(bool(used), "the list of models tells who uses them")


async def _mute(guide: Guide, problem: Json) -> Finding:
    muted = await _asked(guide, "mute_problem", problem, duration=_HOUR)
    until = datetime.fromisoformat(muted["muted_until"])
    guide.console.line(f"        muted until {until:%H:%M}")
    sensor = (await guide.homelab()).of_hub("muted_problems")
    counted = sensor and await guide.until_state(sensor.entity_id, "1", 5)
    unmuted = await _asked(guide, "unmute_problem", problem)
    guide.console.line("        heard again")
    left = sensor and await guide.until_state(sensor.entity_id, "0", 5)
    ok = counted is not None and left is not None and unmuted["was_muted"]
    return Finding(bool(ok), "a problem was muted, and was heard again")


async def _asked(guide: Guide, action: str, problem: Json | None = None, **data: object) -> Json:
    """Run one of our actions, about a problem where one is given, and tell with what."""
    told = [problem["name"]] if problem else []
    told += [f"{name}: {value}" for name, value in data.items()]
    guide.console.note(f"homelab_ai.{action}" + (f" ({', '.join(told)})" if told else ""))
    about = {"problem_id": problem["id"]} if problem else {}
    return await guide.client.asked(f"homelab_ai.{action}", **about, **data)


def _of_broken(problems: list[Json]) -> Json:
    """The problem of the app that is broken."""
    return next(one for one in problems if BROKEN.name in one["name"] and one["system"] == KUBERNETES)


def _say(guide: Guide, text: str | None) -> None:
    guide.console.line(f"        “{text}”")


def _show_evidence(guide: Guide, found: Json) -> None:
    guide.console.line(f"        evidence: {', '.join(one['title'] for one in found['evidence'])}")
