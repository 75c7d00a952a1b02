"""Files as nobody would write them: they are read, or refused with a reason, and never anything else."""

import random
import time

import pytest

from custom_components.homelab_ai.proposals.fields import fields_of, set_field
from custom_components.homelab_ai.proposals.graph import build
from custom_components.homelab_ai.proposals.policy import judge
from custom_components.homelab_ai.proposals.refusal import RefusedError
from custom_components.homelab_ai.proposals.repository import FileEdit, Repository
from custom_components.homelab_ai.proposals.splice import add_item, comment_item, set_scalar, uncomment_item
from custom_components.homelab_ai.proposals.switching import disable, enable, suspend
from custom_components.homelab_ai.proposals.verification import verify
from custom_components.homelab_ai.proposals.yaml_text import documents, walk

from .corpus import Layout, corpus, repository

PIECES = (
    *(
        "&a ",
        "*a",
        "!!python/object:os.system ",
        "<<: *a",
        "|",
        ">-",
        "---\n",
        "...\n",
        "\t",
        "\r",
        "\u2028",
        "\ufeff",
    ),
    *(
        "{",
        "}",
        "[",
        "]",
        ": ",
        "- ",
        "#",
        "'",
        '"',
        "\\",
        "\n",
        "  ",
        "?",
        "%YAML 9.9\n",
        "\ud800",
        "\x00",
        "😀",
        "~",
    ),
)


def _mangled(text: str, dice: random.Random) -> str:
    for _ in range(dice.randrange(1, 4)):
        at = dice.randrange(len(text) + 1)
        cut = dice.choice((0, 0, 1, 5))
        text = text[:at] + dice.choice(PIECES) + text[at + cut :]
    return text


def test_mangled_files_are_read_or_refused() -> None:
    dice = random.Random(14)
    texts = [text for files in corpus().values() for text in files.values()]
    refused = 0
    for _ in range(400):
        text = _mangled(dice.choice(texts), dice)
        try:
            roots = documents(text, "a.yaml")
            judge([FileEdit("a.yaml", None, text)])
        except RefusedError:
            refused += 1
            continue
        for root in roots:
            for node, _ in walk(root):
                assert 0 <= node.start <= node.end <= len(text)
    assert 0 < refused < 400


def _rows_touched(before: str, after: str) -> int:
    """Return how many lines of a text are not as they were."""
    was, now = before.splitlines(), after.splitlines()
    same = 0
    while same < min(len(was), len(now)) and was[same] == now[same]:
        same += 1
    end = 0
    while end < min(len(was), len(now)) - same and was[-1 - end] == now[-1 - end]:
        end += 1
    return len(was) - same - end


def test_edits_of_mangled_files_change_one_place_or_nothing() -> None:
    dice = random.Random(15)
    texts = [text for files in corpus().values() for text in files.values() if "resources:" in text]
    edited = 0
    for _ in range(300):
        text = _mangled(dice.choice(texts), dice)
        try:
            (root,) = documents(text)
            listed = root.get("resources")
            if listed is None:
                continue
            edits = (
                lambda t=text, n=listed: add_item(t, n, "./new.yaml"),
                lambda t=text, n=listed: comment_item(t, n, 0),
                lambda t=text, n=listed: uncomment_item(t, len(t.splitlines()) - 1, n),
                lambda t=text, n=listed: set_scalar(t, 0, n.children[0], "new"),
            )
            changed = dice.choice(edits)()
        except RefusedError, IndexError:
            continue  # the last line is often no comment
        edited += 1
        assert _rows_touched(text, changed) <= 1
    assert edited


@pytest.mark.parametrize("layout", list(Layout))
def test_mangled_repository_is_changed_as_planned_or_not_at_all(layout: Layout) -> None:
    dice = random.Random(f"{layout}16")
    files = repository(layout, ("ollama", "gatus"))
    for _ in range(12):
        mangled = dict(files)
        for path in dice.sample(sorted(files), 4):
            mangled[path] = _mangled(files[path], dice)
        for change in (enable, disable):
            try:
                graph = build(Repository(mangled))
                plan = change(graph, ["gatus"])
                verified = verify(graph, plan)
            except RefusedError:
                continue
            if verified.may_open:
                after = build(graph.repository.with_edits(list(plan.edits)), graph.roots)
                assert after.named("gatus").active is (change is enable)


def test_large_repository_is_read_in_time() -> None:
    files: dict[str, str] = {}
    for number in range(8):
        for path, text in repository(Layout.SEVERAL).items():
            files[path.replace("kubernetes/", f"cluster{number}/")] = text.replace(
                "kubernetes/", f"cluster{number}/"
            )
    began = time.monotonic()
    graph = build(Repository(files))
    assert len(files) > 700
    assert len(graph.apps) > 300
    assert time.monotonic() - began < 20


def test_same_app_in_two_clusters_has_to_be_told_apart() -> None:
    files = dict(repository(Layout.LISTED))
    files |= {
        path.replace("kubernetes/", "test/"): text.replace("kubernetes/", "test/")
        for path, text in files.items()
    }
    graph = build(Repository(files))
    with pytest.raises(RefusedError):
        suspend(graph, "grafana")
    app = next(app for app in graph.apps if app.name == "grafana" and app.file.startswith("test/"))
    field = next(field for field in fields_of(graph, app) if field.key == "tag")
    assert set_field(graph, app, field, "99.9.9").edits[0].path.startswith("test/")
