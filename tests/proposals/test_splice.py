"""One place of a file changes, and nothing else: on thousands of edits, and where that cannot be promised."""

from collections.abc import Iterator
import random

import pytest

from custom_components.homelab_ai.proposals.fields import settable
from custom_components.homelab_ai.proposals.refusal import Reason, RefusedError
from custom_components.homelab_ai.proposals.splice import add_item, set_scalar
from custom_components.homelab_ai.proposals.yaml_text import MAX_DEPTH, Node, documents, leaves, tag_of

from .corpus import corpus

EDITS = 3000
VALUES = {
    "str": (
        "main",
        "1.2.3",
        "yes",
        "1.20",
        "0x1f",
        "null",
        "*star",
        "&and",
        "a: b",
        "it's",
        "a #b",
        '"q"',
        "ü😀",
    ),
    "int": ("3", "0", "12"),
    "float": ("0.75", "2"),
    "bool": ("true", "false"),
}


def _all_files() -> list[tuple[str, str]]:
    return [(f"{name}/{path}", text) for name, files in corpus().items() for path, text in files.items()]


def test_corpus_is_large_and_read_throughout() -> None:
    files = _all_files()
    assert len(files) >= 300
    assert all(documents(text, path) for path, text in files)


def test_thousands_of_random_edits_change_nothing_else() -> None:
    dice = random.Random(13)
    files = _all_files()
    places = [
        (path, text, number, node)
        for path, text in files
        for number, root in enumerate(documents(text, path))
        for _, node in settable(root)
        if node.tag in VALUES
    ]
    done = 0
    for path, text, number, node in dice.choices(places, k=EDITS):
        value = dice.choice(VALUES[node.tag])
        changed = set_scalar(text, number, node, value, name=path)
        tail = len(text) - node.end
        assert changed[: node.start] == text[: node.start]
        assert changed[len(changed) - tail :] == text[node.end :]
        written = changed[node.start : len(changed) - tail]
        assert _read(written) == value
        done += 1
    assert done == EDITS


def _read(written: str) -> str:
    (root,) = documents(f"a: {written}\n")
    return root.text("a") or root.children[0].value


@pytest.mark.parametrize(
    ("text", "value", "expected"),
    [
        ("tag: v1.2.3 # pinned\n", "v1.2.4", "tag: v1.2.4 # pinned\n"),
        ("tag: 1.2.3\n", "1.20", 'tag: "1.20"\n'),
        ("tag: 12.1\n", "12.2", "tag: 12.2\n"),
        ("tag: 12.1\n", "12.1.2", "tag: 12.1.2\n"),
        ("tag: '1'\n", "2", "tag: '2'\n"),
        ("name: a\n", "1e3", 'name: "1e3"\n'),
        ("name: a\n", "0o17", 'name: "0o17"\n'),
        ("name: a\n", "y", 'name: "y"\n'),
        ("name: a\n", "1234567e8", 'name: "1234567e8"\n'),
        ("name: a\n", "2026-11-28", 'name: "2026-11-28"\n'),
        ("name: a\n", "12:30", 'name: "12:30"\n'),
        ("cpu: 1\n", "500m", "cpu: 500m\n"),
        ("a: b\r\nc: d\r\n", "e", "a: e\r\nc: d\r\n"),
        ("a: b", "c", "a: c"),
        ("a: {b: c, d: e}\n", "x, y: z", None),
        ("schedule: '0 3 * * *'\n", "0 4 * * 1", "schedule: '0 4 * * 1'\n"),
        ("n: 'a'\n", "it's", "n: 'it''s'\n"),
        ('n: "a"\n', 'say "x" \\', 'n: "say \\"x\\" \\\\"\n'),
    ],
)
def test_value_is_written_as_every_reader_takes_it(text: str, value: str, expected: str | None) -> None:
    (root,) = documents(text)
    node = next(node for _, node in settable(root))
    changed = set_scalar(text, 0, node, value, key=text.partition(":")[0])
    if expected is not None:
        assert changed == expected
    else:
        assert changed == 'a: {b: "x, y: z", d: e}\n'


@pytest.mark.parametrize(
    ("text", "value", "reason"),
    [
        ("a: &x b\n", "c", Reason.ANCHOR),
        ("a: !secret b\n", "c", Reason.ANCHOR),
        ("a: |\n  b\n", "c", Reason.BLOCK),
        ("a: >-\n  b\n", "c", Reason.BLOCK),
        ("a:\nb: c\n", "c", Reason.EMPTY),
        ("a: ~\n", "c", Reason.EMPTY),
        ("a: 1\n", "two", Reason.TYPE),
        ("a: true\n", "yes", Reason.TYPE),
        ("a: true\n", "1", Reason.TYPE),
        ("a: 1\n", "010", Reason.TYPE),
        ("a: b\n", "c\nd: e", Reason.VALUE),
        ("a: b\n", "c\u202e", Reason.VALUE),
        ("a: b\n", " c", Reason.VALUE),
        ("a: b\n", "", Reason.VALUE),
        ("a: b\n", "x" * 501, Reason.VALUE),
        ("a: b\n", "${SECRET}", Reason.SUBSTITUTION),
        ("a: b\n", "{{ .Values.x }}", Reason.SUBSTITUTION),
    ],
)
def test_what_cannot_be_promised_is_refused(text: str, value: str, reason: Reason) -> None:
    (root,) = documents(text)
    with pytest.raises(RefusedError) as refused:
        set_scalar(text, 0, root.children[0], value)
    assert refused.value.reason is reason


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("a: 1\na: 2\n", Reason.DUPLICATE_KEY),
        ("a: {b: 1, b: 2}\n", Reason.DUPLICATE_KEY),
        ("[a]: b\n", Reason.NOT_YAML),
        ("a: b: c\n", Reason.NOT_YAML),
        ("a: 'b\n", Reason.NOT_YAML),
        ("a: \x00\n", Reason.NOT_YAML),
        ("[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1), Reason.TOO_LARGE),
        ("[" * 100_000, Reason.TOO_LARGE),
        ("a: &a [x]\nb: [" + ", ".join(["*a"] * 300) + "]\n", Reason.TOO_LARGE),
        ("a: b\n" * 60_000, Reason.TOO_LARGE),
        ("- a\n" * 30_000, Reason.TOO_LARGE),
    ],
    ids=range(11),
)
def test_hostile_yaml_is_refused_in_bounded_time(text: str, reason: Reason) -> None:
    with pytest.raises(RefusedError) as refused:
        documents(text, "a.yaml")
    assert refused.value.reason is reason


def test_what_others_refer_to_is_not_offered() -> None:
    (root,) = documents("a: &x {b: c}\nd: *x\ne: [1, 1]\nf: [{name: g, h: i}, {j: k}]\n")
    assert [path for path, _ in settable(root)] == [("f", "g", "name"), ("f", "g", "h")]


def test_nothing_is_constructed() -> None:
    (root,) = documents("a: !!python/object/apply:os.system ['x']\nb: !secret password\n")
    assert list(_tags(root)) == ["a", "b"]


def _tags(root: Node) -> Iterator[str]:
    yield from (key for key, child in root.items() if child.has_tag)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("resources: []\nother: 1\n", "resources:\n  - ./a.yaml\nother: 1\n"),
        ("resources:\n  []\n", "resources:\n  - ./a.yaml\n"),
        ("resources:\n- b.yaml\n# end\n", "resources:\n- b.yaml\n- ./a.yaml\n# end\n"),
        (
            "resources:\n  - b.yaml # first\n\nother: 1",
            "resources:\n  - b.yaml # first\n  - ./a.yaml\n\nother: 1",
        ),
        ("resources:\n  - b.yaml", "resources:\n  - b.yaml\n  - ./a.yaml\n"),
    ],
)
def test_item_is_added_to_a_list(text: str, expected: str) -> None:
    (root,) = documents(text)
    assert add_item(text, root.children[0], "./a.yaml") == expected


@pytest.mark.parametrize(
    "text", ["resources: [b.yaml]\n", "resources: &x\n  - b.yaml\n", "resources: b.yaml\n"]
)
def test_list_in_another_form_is_refused(text: str) -> None:
    (root,) = documents(text)
    with pytest.raises(RefusedError):
        add_item(text, root.children[0], "./a.yaml")


def test_leaves_tell_documents_apart() -> None:
    texts = ("a: 1", "a: '1'", "a: [1]", "a: {b: 1}", "b: 1", "a: &x 1", "a: []", "a: {}")
    told = [repr(leaves(documents(text)[0])) for text in texts]
    assert len(set(told)) == len(texts)
    assert tag_of("yes") == "bool"
