"""YAML of strangers as nodes that know where they stand in the text. Nothing is constructed or resolved.

Read from the events of PyYAML, so depth costs no stack, aliases are never expanded, and tags (`!secret`,
`!!python/object`) are only noted. May take some milliseconds: not for the event loop.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

import yaml

from .refusal import Reason, RefusedError

MAX_FILE = 256 * 1024
"""Characters of a file."""
MAX_DEPTH = 60
MAX_NODES = 20_000
MAX_ALIASES = 200

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_RESOLVER = yaml.resolver.Resolver()
STRING, NULL, BOOLEAN = "str", "null", "bool"
NUMBERS = frozenset(("int", "float"))


class NodeKind(StrEnum):
    """What a node is."""

    SCALAR = "scalar"
    MAPPING = "mapping"
    SEQUENCE = "sequence"
    ALIAS = "alias"


@dataclass(slots=True)
class Node:
    """A node. `text[start:end]` is all of it; `column` is that of its first character, `line` from 0.

    `style` of a scalar is "" (plain), "'", '"', "|" or ">". `keys` are those of a mapping, one for each of
    the `children`. `tag` is what YAML 1.1 takes a scalar for: "str", "int", "bool", "null" and so on.
    """

    kind: NodeKind
    start: int
    column: int
    line: int
    end: int = 0
    value: str = ""
    tag: str = ""
    style: str = ""
    anchor: str = ""
    has_tag: bool = False
    flow: bool = False
    keys: list[Node] = field(default_factory=list)
    children: list[Node] = field(default_factory=list)

    def get(self, *path: str) -> Node | None:
        """Return what is below these keys, None where it is not there."""
        node: Node | None = self
        for name in path:
            if node is None or node.kind is not NodeKind.MAPPING:
                return None
            node = next((child for key, child in node.items() if key == name), None)
        return node

    def items(self) -> Iterator[tuple[str, Node]]:
        """Yield the keys and values of a mapping."""
        yield from ((key.value, child) for key, child in zip(self.keys, self.children, strict=False))

    def text(self, *path: str) -> str:
        """Return the scalar below these keys as text, empty where there is none."""
        node = self.get(*path)
        return node.value if node is not None and node.kind is NodeKind.SCALAR and node.tag != NULL else ""

    def list(self, *path: str) -> list[Node]:
        """Return the items of the sequence below these keys."""
        node = self.get(*path)
        return node.children if node is not None and node.kind is NodeKind.SEQUENCE else []


type Leaf = tuple[tuple[str | int, ...], str, str, str, str]
"""Path, kind, tag, value and anchor of a node; of a collection its kind and size."""


def documents(text: str, name: str = "") -> list[Node]:
    """Return the roots of the documents of a file. Raises RefusedError for what is not read."""
    if len(text) > MAX_FILE:
        raise RefusedError(Reason.TOO_LARGE, path=name)
    reader = _Reader(name)
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            reader.take(event)
    except (yaml.YAMLError, ValueError, RecursionError) as err:
        if isinstance(err, RefusedError):
            raise
        mark = getattr(err, "problem_mark", None)
        line = str(mark.line + 1) if mark is not None else "?"
        raise RefusedError(Reason.NOT_YAML, path=name, line=line) from err
    return reader.roots


class _Reader:
    """Builds nodes from events, without recursion."""

    def __init__(self, name: str) -> None:
        self.roots: list[Node] = []
        self._name = name
        self._open: list[Node] = []
        self._seen: list[set[str]] = []
        self._nodes = self._aliases = 0

    def take(self, event: yaml.Event) -> None:
        """Take the next event."""
        if isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
            self._close(event)
            return
        node = _node(event)
        if node is None:
            return
        self._count(node)
        self._place(node)
        if node.kind in (NodeKind.MAPPING, NodeKind.SEQUENCE):
            self._open.append(node)
            self._seen.append(set())

    def _count(self, node: Node) -> None:
        self._nodes += 1
        self._aliases += node.kind is NodeKind.ALIAS
        too_deep = len(self._open) >= MAX_DEPTH
        if self._nodes > MAX_NODES or self._aliases > MAX_ALIASES or too_deep:
            raise RefusedError(Reason.TOO_LARGE, path=self._name)

    def _place(self, node: Node) -> None:
        if not self._open:
            self.roots.append(node)
            return
        parent = self._open[-1]
        if parent.kind is NodeKind.SEQUENCE or len(parent.keys) > len(parent.children):
            parent.children.append(node)
            return
        if node.kind is not NodeKind.SCALAR:
            raise RefusedError(Reason.NOT_YAML, path=self._name, line=str(node.line + 1))
        if node.value in self._seen[-1]:
            raise RefusedError(
                Reason.DUPLICATE_KEY, path=self._name, key=node.value[:60], line=str(node.line + 1)
            )
        self._seen[-1].add(node.value)
        parent.keys.append(node)

    def _close(self, event: yaml.Event) -> None:
        node = self._open.pop()
        self._seen.pop()
        # The end of a block is where the next token begins: after comments and blank lines. Its last child
        # ends where its text does.
        last = node.children[-1] if node.children else None
        node.end = event.end_mark.index if node.flow or last is None else last.end


_KINDS = {
    yaml.ScalarEvent: NodeKind.SCALAR,
    yaml.MappingStartEvent: NodeKind.MAPPING,
    yaml.SequenceStartEvent: NodeKind.SEQUENCE,
    yaml.AliasEvent: NodeKind.ALIAS,
}


def _node(event: yaml.Event) -> Node | None:
    kind = _KINDS.get(type(event))
    if kind is None:
        return None
    mark = event.start_mark
    node = Node(kind, mark.index, mark.column, mark.line, event.end_mark.index)
    node.anchor = event.anchor or ""
    if kind is NodeKind.ALIAS:
        return node
    node.has_tag = event.tag is not None
    if kind is NodeKind.SCALAR:
        node.value, style = event.value, event.style or ""
        node.style = "" if style == ":" else style
        node.tag = event.tag or tag_of(event.value, plain=event.implicit[0])
    else:
        node.flow = bool(event.flow_style)
    return node


def tag_of(value: str, *, plain: bool = True) -> str:
    """Return what YAML 1.1 takes a scalar for, as "str", "int", "float", "bool" or "null"."""
    tag: str = _RESOLVER.resolve(yaml.ScalarNode, value, (plain, not plain))
    return tag.rpartition(":")[2]


def leaves(root: Node) -> list[Leaf]:
    """Return all that a document says, as a flat list: two documents that say the same have equal ones."""
    flat: list[Leaf] = []
    waiting: list[tuple[tuple[str | int, ...], Node]] = [((), root)]
    while waiting:
        path, node = waiting.pop()
        size = str(len(node.children)) if node.children else ""
        flat.append((path, node.kind.value, node.tag, node.value or size, node.anchor))
        if node.kind is NodeKind.MAPPING:
            waiting += [((*path, key), child) for key, child in node.items()]
        else:
            waiting += [((*path, index), child) for index, child in enumerate(node.children)]
    return flat


def walk(root: Node) -> Iterator[tuple[Node, bool]]:
    """Yield each node below a root, and whether it or what it stands in may be used elsewhere, too."""
    waiting = [(root, False)]
    while waiting:
        node, shared = waiting.pop()
        shared = shared or bool(node.anchor)
        yield node, shared
        waiting += [(child, shared) for child in node.children]
