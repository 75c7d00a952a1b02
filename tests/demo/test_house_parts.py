"""The smaller parts of scripts/demo that decide something."""

import io
from pathlib import Path
import socket
import stat

import pytest

from demo.house import check, flow, memory, process
from demo.house.assist import Turn, shortened
from demo.house.client import Json
from demo.house.console import Console
from demo.house.errors import DemoError
from demo.house.homelab import Entity, Homelab
from demo.house.memory import Memory
from demo.house.onboarding import Login, new_login
from demo.house.photographer import shot
from demo.house.phrases import PHRASES
from demo.house.tour import questions
from demo.servers.certificates import Certificates


def test_a_form_tells_its_choices() -> None:
    selector = {
        "name": "model",
        "selector": {"select": {"options": [{"value": "a", "label": "A"}, "b"], "custom_value": True}},
    }
    plain = {"name": "kind", "type": "select", "options": [["c", "C"]]}
    assert flow.choices([plain, selector], "model") == ["a", "b"]
    assert flow.choices([plain, selector], "kind") == ["c"]
    assert flow.choices([plain, selector], "missing") == []


def test_a_form_tells_what_it_suggests() -> None:
    fields: list[Json] = [
        {"name": "a", "default": "x"},
        {"name": "b", "description": {"suggested_value": "y"}},
        {"name": "c"},
    ]
    assert [flow.suggested(fields, name) for name in "abcd"] == ["x", "y", None, None]


def test_pictures_are_named_after_their_page() -> None:
    assert shot("/config/integrations?domain=x > Add entry > OK") == {
        "name": "config-integrations-domain-x-add-entry-ok",
        "path": "/config/integrations?domain=x",
        "clicks": ["Add entry", "OK"],
        "questions": [],
        "element": "",
    }
    assert shot("/", questions=["Why?"])["name"] == "page"
    assert shot("/home", name="assist")["name"] == "assist"


def test_every_language_has_its_own_words() -> None:
    english = PHRASES["en"]
    for language, phrases in PHRASES.items():
        assert set(phrases.task.structure) == {name for name, _, _ in phrases.task.fields}
        if language != "en":
            assert phrases.command != english.command
            assert phrases.question != english.question
            assert phrases.questions.keys() == english.questions.keys()
            assert not set(phrases.questions.values()) & set(english.questions.values())
            assert phrases.automations.keys() == english.automations.keys()
            assert not {one.alias for one in phrases.automations.values()} & {
                one.alias for one in english.automations.values()
            }


def test_the_password_is_simple_only_where_nobody_else_gets_in() -> None:
    assert new_login("127.0.0.1") == Login("demo", "demo")
    assert new_login("0.0.0.0").password != "demo"


def test_a_house_without_a_homelab_is_remembered(tmp_path: Path) -> None:
    kept = Memory(8123, "de", Login("demo", "secret"))
    kept.save(tmp_path / "house.json")
    assert memory.recalled(tmp_path / "house.json") == kept


def test_a_house_is_remembered(tmp_path: Path) -> None:
    file = tmp_path / "house.json"
    certificates = Certificates("authority", "certificate", "key")
    kept = Memory(8123, "de", Login("demo", "secret"), {"hub": 40123}, certificates)
    kept.save(file)
    assert memory.recalled(file) == kept
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


@pytest.mark.parametrize("content", [None, "", "{}", '{"port": 1, "login": {}}'])
def test_without_a_house_there_is_none_to_keep(tmp_path: Path, content: str | None) -> None:
    file = tmp_path / "house.json"
    if content is not None:
        file.write_text(content)
    with pytest.raises(DemoError, match="no house to keep"):
        memory.recalled(file)


def test_one_demonstration_per_directory(tmp_path: Path) -> None:
    directory = tmp_path / "new"
    for _ in range(2):  # the first has to let go
        with (
            process.claimed(directory),
            pytest.raises(DemoError, match="already uses"),
            process.claimed(directory),
        ):
            pass


@pytest.mark.usefixtures("socket_enabled")
def test_a_taken_port_is_passed_over() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert port < process.free_port("127.0.0.1", port) <= port + 100


def test_streamed_means_in_pieces() -> None:
    assert Turn(pieces=["It", " is"], speech="It is").was_streamed
    assert not Turn(pieces=["It is"], speech="It is").was_streamed
    assert not Turn(pieces=["It", " is"], speech="It is", error="lost").was_streamed
    assert not Turn().was_streamed


def turn(*, tools: bool = True, **instead: str) -> dict[str, Turn]:
    """Answers to all questions that name what they should, but for some."""
    return {
        key: Turn(
            tools=[f"homelab_ai__{question.tool}"] if tools else [],
            speech=instead.get(key, f"It is {' and '.join(_named(question))} that does not work."),
        )
        for key, question in questions.QUESTIONS.items()
    }


def _named(question: questions.Question) -> list[str]:
    return list(dict.fromkeys((*question.facts_without_hub, *question.facts)))


def test_questions_are_answered_truly() -> None:
    found = questions.answered("now", "en", turn(), with_hub=True)
    assert found == check.Finding(True, "10 questions about the homelab are answered now")
    one = {"backups": turn(tools=False)["backups"]}
    found = questions.answered("now", "en", one, with_hub=False)
    assert found == check.Finding(True, "the question about the homelab is answered now")


@pytest.mark.parametrize(
    ("turns", "with_hub", "objection"),
    [
        (turn(why="It is nothing that I know."), True, "why: paperless-ngx not mentioned"),
        (turn(hub="Ollama ist seit heute Morgen aus."), True, "hub: in another language"),
        (turn(health=""), True, "health: no answer"),
        (turn(tools=False) | {"hub": Turn(speech="Ollama", error="lost")}, False, "hub: lost"),
        (turn(tools=False), True, "backups: called no tool"),
        (turn(), False, "backups: called look_up"),
    ],
)
def test_questions_that_are_not(turns: dict[str, Turn], with_hub: bool, objection: str) -> None:
    found = questions.answered("now", "en", turns, with_hub=with_hub)
    assert not found.passed
    assert objection in found.text


def test_a_turn_tells_what_it_took() -> None:
    assert (
        Turn(["a", "b"], first_after=0.26, seconds=1).summary
        == "first word after 0.3 s, 2 pieces, 1.0 s in all"
    )
    assert Turn(speech="a", seconds=0.5).summary == "0.5 s in all"


def test_long_values_are_cut() -> None:
    assert shortened({"ö": 1}) == '{"ö": 1}'
    assert len(shortened("x" * 500)) == 120


def test_colours_are_for_terminals() -> None:
    plain = io.StringIO()
    Console(plain).verdict(True, "well")
    assert plain.getvalue() == "    ✓ well\n"


@pytest.mark.parametrize(("verbose", "details"), [(True, "    detail\n    ✓ well\n"), (False, "")])
def test_details_are_shown_where_they_are_wanted(verbose: bool, details: str) -> None:
    stream = io.StringIO()
    console = Console(stream, verbose=verbose)
    console.step("A step")
    console.note("detail")
    console.verdict(True, "well")
    console.verdict(False, "broken")
    console.warning("beware")
    console.failure("the end")
    assert stream.getvalue() == f"==> A step\n{details}    ✗ broken\n    beware\nthe end\n"


@pytest.fixture
def homelab() -> Homelab:
    return Homelab(
        "entry",
        {"device": "Homelab"},
        (
            Entity("binary_sensor.homelab_online", "entry_online", "device", True),
            Entity("sensor.homelab_version", "entry_version", "device", True),
            Entity("sensor.homelab_load_time", "entry_load_time", "device", False),
            Entity("binary_sensor.homelab_problem", "entry_problem", "device", True),
            Entity("event.homelab_problem", "entry_problem", "device", True),
            Entity("button.homelab_cancel_download", "entry_cancel_download", "device", True),
            Entity("binary_sensor.kubernetes_online", "01CLUSTER_online", "cluster", True),
        ),
        {"Kubernetes": "01CLUSTER"},
    )


def test_entities_of_the_hub_are_found_by_their_key(homelab: Homelab) -> None:
    assert homelab.hub_device_id == "device"
    assert homelab.first("sensor").entity_id == "sensor.homelab_version"
    assert homelab.of_hub("vram_used") is None
    with pytest.raises(DemoError, match="no update entity"):
        homelab.first("update")


def test_entities_of_systems_are_found_by_their_key(homelab: Homelab) -> None:
    online = homelab.of_system("Kubernetes", "online")
    assert online is not None
    assert online.entity_id == "binary_sensor.kubernetes_online"
    assert homelab.of_system("Prometheus", "online") is None
    event = homelab.of_hub("problem", "event")
    assert event is not None
    assert event.entity_id == "event.homelab_problem"


def test_the_self_check_says_what_it_found(homelab: Homelab) -> None:
    states = {
        "binary_sensor.homelab_online": {"state": "off"},
        "sensor.homelab_version": {"state": "unavailable"},
        "button.homelab_cancel_download": {"state": "unavailable"},
    }
    findings = check.hub_has_values(homelab, states)
    assert [finding.passed for finding in findings] == [False, False, False]
    online, values, available = (finding.text for finding in findings)
    assert online == "the hub is online – off"
    assert "version" in values
    assert available == "no entity is unavailable – sensor.homelab_version"
