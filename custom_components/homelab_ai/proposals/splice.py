"""Changes of one place of a text: what stands outside of it stays byte for byte, and that is verified."""

import re

from .refusal import Reason, RefusedError
from .yaml_text import NULL, NUMBERS, STRING, Leaf, Node, NodeKind, documents, leaves, tag_of

MAX_VALUE = 500
# Plain for every reader of YAML: begins with a letter, is a version of three parts or more, or a quantity.
_PLAIN = re.compile(
    r"[A-Za-z/][\w./@+-]*(?::[\w./@+-]+)*|\d+(?:\.\d+){2,}(?:[-+][\w.+-]+)?|\d+(?:m|s|h|[KMGT]i)"
)
_DOUBLE = {"\\": "\\\\", '"': '\\"', "\t": "\\t"}
_FREE_TYPE = frozenset(("tag", "version", "cpu", "memory", "storage", "size", "ephemeral-storage"))
"""Keys whose value may be a number or a text: quantities of Kubernetes, and versions."""


def set_scalar(text: str, document: int, node: Node, value: str, *, key: str = "", name: str = "") -> str:
    """Return the text with another value in the place of a scalar. Raises RefusedError.

    `node` is of document number `document` of this text. The new value is quoted as the old one was, and
    where it would be taken for something else.
    """
    check_scalar(node, name)
    before = documents(text, name)
    written, tag = _written(node, value, key)
    changed = text[: node.start] + written + text[node.end :]
    _verify(before, documents(changed, name), document, node, (tag, value))
    return changed


def check_scalar(node: Node, name: str = "") -> None:
    """Raise RefusedError unless a scalar can be replaced where it stands."""
    if node.kind is not NodeKind.SCALAR or node.anchor or node.has_tag:
        raise RefusedError(Reason.ANCHOR, path=name)
    if node.style in ("|", ">"):
        raise RefusedError(Reason.BLOCK, path=name)
    if node.start == node.end or node.tag == NULL:
        raise RefusedError(Reason.EMPTY, path=name)


def _written(node: Node, value: str, key: str) -> tuple[str, str]:
    """Return how a value is written, and what it is then taken for."""
    if not value or len(value) > MAX_VALUE or not value.isprintable() or value != value.strip():
        raise RefusedError(Reason.VALUE, value=value[:60])
    if "${" in value or "{{" in value:
        raise RefusedError(Reason.SUBSTITUTION, value=value[:60])
    if node.style:
        return _quoted(value, node.style), STRING
    kind = tag_of(value)
    if node.tag == STRING or (kind == STRING and node.tag in NUMBERS and key in _FREE_TYPE):
        return (value if _is_plain(value) else _quoted(value, '"')), STRING
    if key in _FREE_TYPE and kind in NUMBERS:
        return value, kind
    if kind != node.tag and not (kind in NUMBERS and node.tag in NUMBERS):
        raise RefusedError(Reason.TYPE, value=value[:60], kind=node.tag)
    if kind in NUMBERS and not re.fullmatch(r"-?(?:0|[1-9]\d*)(?:\.\d+)?", value):
        raise RefusedError(Reason.TYPE, value=value[:60], kind=node.tag)
    if kind == "bool" and value not in ("true", "false"):
        raise RefusedError(Reason.TYPE, value=value[:60], kind=node.tag)
    return value, kind


def _is_plain(value: str) -> bool:
    """Return whether a text may stand without quotes in any place, and is a text to every reader."""
    if _PLAIN.fullmatch(value) is None or tag_of(value) != STRING:
        return False
    return value.casefold() not in ("y", "n", "nan", "inf")


def _quoted(value: str, style: str) -> str:
    if style == "'":
        return "'" + value.replace("'", "''") + "'"
    return '"' + "".join(_DOUBLE.get(character, character) for character in value) + '"'


def _verify(
    before: list[Node], after: list[Node], document: int, node: Node, wanted: tuple[str, str]
) -> None:
    """Raise RefusedError unless two texts say the same, but for what was wanted in one place."""
    expected = [leaves(root) for root in before]
    index = _index_of(before[document], node)
    path, kind, _, _, anchor = expected[document][index]
    expected[document][index] = (path, kind, *wanted, anchor)
    if [leaves(root) for root in after] != expected:
        raise RefusedError(Reason.NOT_VERIFIED)


def _index_of(root: Node, node: Node) -> int:
    """Return the place of a node among the leaves of its document."""
    waiting, index = [root], 0
    while waiting:
        here = waiting.pop()
        if (here.start, here.end, here.kind) == (node.start, node.end, node.kind):
            return index
        waiting += here.children
        index += 1
    raise RefusedError(Reason.NOT_VERIFIED)


def add_item(text: str, sequence: Node, item: str, name: str = "") -> str:
    """Return the text with one more item, a plain scalar, at the end of a block or in an empty list."""
    if sequence.kind is NodeKind.SEQUENCE and not sequence.children and not sequence.anchor:
        head = text[: sequence.start].rstrip()
        changed = f"{head}{_ending(text)}  - {item}{text[sequence.end :]}"
        if not head.endswith(":"):
            raise RefusedError(Reason.LIST_NOT_UNDERSTOOD, path=name)
        _verify_items(text, changed, [item], name)
        return changed
    if sequence.kind is not NodeKind.SEQUENCE or sequence.flow or not sequence.children or sequence.anchor:
        raise RefusedError(Reason.LIST_NOT_UNDERSTOOD, path=name)
    end = _line_end(text, sequence.children[-1].end)
    joint = "" if text[:end].endswith("\n") else _ending(text)
    changed = f"{text[:end]}{joint}{' ' * sequence.column}- {item}{_ending(text)}{text[end:]}"
    _verify_items(text, changed, [*_values(sequence), item], name)
    return changed


def uncomment_item(text: str, line: int, sequence: Node, name: str = "") -> str:
    """Return the text with a commented-out item of a block sequence in force, where it stands."""
    rows = text.splitlines(keepends=True)
    row = rows[line]
    item = row.split("#", 1)[1].strip()
    rows[line] = f"{' ' * sequence.column}{item}{row[len(row.rstrip()) :]}"
    changed = "".join(rows)
    value = item.removeprefix("-").strip().partition(" #")[0].strip().strip("'\"")
    before = sum(child.line < line for child in sequence.children)
    values = _values(sequence)
    _verify_items(text, changed, [*values[:before], value, *values[before:]], name)
    return changed


def comment_item(text: str, sequence: Node, index: int, name: str = "") -> str:
    """Return the text with an item of a block sequence commented out: so it can come back as it was."""
    node = sequence.children[index]
    rows = text.splitlines(keepends=True)
    row = rows[node.line]
    indent = len(row) - len(row.lstrip(" "))
    if sequence.flow or not row[indent:].startswith("- "):
        raise RefusedError(Reason.LIST_NOT_UNDERSTOOD, path=name)
    rows[node.line] = f"{row[:indent]}# {row[indent:]}"
    changed = "".join(rows)
    values = _values(sequence)
    _verify_items(text, changed, values[:index] + values[index + 1 :], name)
    return changed


def add_key(text: str, document: int, mapping: Node, key: str, value: str, *, name: str = "") -> str:
    """Return the text with one more key of a block mapping, before its first; `value` is a plain scalar."""
    if mapping.kind is not NodeKind.MAPPING or mapping.flow or not mapping.keys or mapping.anchor:
        raise RefusedError(Reason.ANCHOR, path=name)
    start = mapping.keys[0].start - mapping.keys[0].column
    row = f"{' ' * mapping.keys[0].column}{key}: {value}{_ending(text)}"
    if text[start : mapping.keys[0].start].strip():
        raise RefusedError(Reason.NOT_VERIFIED)
    changed = text[:start] + row + text[start:]
    before, after = documents(text, name), documents(changed, name)
    added = [leaf for leaf in leaves(after[document]) if leaf[0][-1:] == (key,)]
    _verify_added(before, after, document, mapping, added, (tag_of(value), value))
    return changed


def _verify_added(  # noqa: PLR0917
    before: list[Node],
    after: list[Node],
    document: int,
    mapping: Node,
    added: list[Leaf],
    wanted: tuple[str, str],
) -> None:
    was = [leaves(root) for root in before]
    path, kind, tag, size, anchor = was[document][_index_of(before[document], mapping)]
    leaf: Leaf = ((*path, added[-1][0][-1]) if added else path, "scalar", *wanted, "")
    expected = sorted(
        [wa for wa in was[document] if wa[0] != path] + [(path, kind, tag, str(int(size) + 1), anchor), leaf],
        key=repr,
    )
    now = [leaves(root) for root in after]
    others = all(now[number] == was[number] for number in range(len(was)) if number != document) and len(
        now
    ) == len(was)
    if not others or sorted(now[document], key=repr) != expected:
        raise RefusedError(Reason.NOT_VERIFIED)


def _verify_items(before: str, after: str, wanted: list[str], name: str) -> None:
    """Raise RefusedError unless only the items of the list of resources differ."""
    was, now = documents(before, name), documents(after, name)
    if len(was) != 1 or len(now) != 1 or _values(now[0].get("resources")) != wanted:
        raise RefusedError(Reason.NOT_VERIFIED)
    if _others(was[0]) != _others(now[0]):
        raise RefusedError(Reason.NOT_VERIFIED)


def _others(root: Node) -> list[Leaf]:
    return [leaf for leaf in leaves(root) if leaf[0][:1] != ("resources",)]


def _values(sequence: Node | None) -> list[str]:
    return [child.value for child in sequence.children] if sequence is not None else []


def _line_end(text: str, at: int) -> int:
    end = text.find("\n", at)
    return len(text) if end < 0 else end + 1


def _ending(text: str) -> str:
    return "\r\n" if "\r\n" in text else "\n"
