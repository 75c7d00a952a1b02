"""Guards the rooms of the house: what each part of the integration may know (docs/architecture.md).

Each rule is a function from a package folder to the sentences that say what is wrong there, so that it can be
shown on a small made-up package that the rule is able to fail.
"""

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
import re

import pytest

from homeassistant.const import Platform

PACKAGE = Path(__file__).parent.parent / "custom_components" / "homelab_ai"

type Rule = Callable[[Path], Iterator[str]]

PLATFORMS = frozenset(Platform)

# From the bottom up: a part may import from earlier lines, never from its own or a later one.
LAYERS = (
    {"const"},
    {"values"},
    {"api", "topology"},
    {"health", "habits", "network", "proposals"},
    {"timeline"},
    {"language"},
    {"connection"},
    {"hub", "monitors"},
    {"agent"},
    {"errors", "events"},
    {"coordinator"},
    {"assistant"},
    {"frontend"},
    {"entity"},
    PLATFORMS,
    {"flows"},
)
# What Home Assistant looks for beside platforms; these may look things up anywhere below, and in one another.
INTERFACES = {
    "condition",
    "config_flow",
    "diagnostics",
    "logbook",
    "llm",
    "migration",
    "repairs",
    "services",
    "system_health",
    "trigger",
}
# Rooms that know no Home Assistant, and which of our other rooms each may know.
PURE: dict[str, frozenset[str]] = {
    "values": frozenset(),
    "api": frozenset({"values"}),
    "topology": frozenset({"values"}),
    "health": frozenset({"topology", "values"}),
    "timeline": frozenset({"health", "topology", "values"}),
    "language": frozenset({"health", "timeline", "topology", "values"}),
    "habits": frozenset({"topology", "values"}),
    "network": frozenset({"topology", "values"}),
    "proposals": frozenset({"topology", "values"}),
}
MOST_CONSTANTS = 80  # lines
MOST_LINES, MOST_OF_SETTING_UP = 400, 120
SIDEWAYS = {("homeassistant", "helpers", "dispatcher"), ("homeassistant", "util", "hass_dict")}
PURE_BUT_FOR = {
    ("habits", "editor"),  # writes an automation
    ("habits", "history"),  # reads the recorder
    ("network", "hearing"),  # reads what Home Assistant hears of the network
    ("proposals", "desk"),  # talks to a forge
}


@dataclass(frozen=True)
class Import:
    """One imported module, or a name that may be one, as seen from the package."""

    module: tuple[str, ...]
    """Of the importing module, relative to the package: ``("api", "http")``."""
    target: tuple[str, ...]
    """Absolute (``("httpx",)``), or relative to the package if ``ours``."""
    ours: bool
    line: int

    @property
    def part(self) -> str:
        """The part of the package that imports: a package or a top-level module."""
        return self.module[0] if self.module else "__init__"

    def __str__(self) -> str:
        """Say where the import is and what it imports."""
        dot = "." if self.ours else ""
        return f"{'/'.join(self.module) or '__init__'}:{self.line} imports {dot}{'.'.join(self.target)}"


def _modules(package: Path) -> Iterator[tuple[tuple[str, ...], bool, ast.Module]]:
    """Yield the name of each module relative to the package, whether it is a package, and its syntax tree."""
    for path in sorted(package.rglob("*.py")):
        parts = path.relative_to(package).with_suffix("").parts
        is_package = parts[-1] == "__init__"
        yield parts[:-1] if is_package else parts, is_package, ast.parse(path.read_text(), str(path))


def _imports(package: Path) -> Iterator[Import]:
    """Yield each import, absolute spellings of our own package included."""
    own = ("custom_components", PACKAGE.name)
    for module, is_package, tree in _modules(package):
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                targets = [tuple(alias.name.split(".")) for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                base = tuple(node.module.split(".")) if node.module else ()
                if node.level:
                    anchor = own + (module if is_package else module[:-1])
                    base = anchor[: len(anchor) - node.level + 1] + base
                # "from . import api" names a module, "from .api import X" a class: both spellings are kept,
                # what matters is how the path begins.
                targets = [(*base, alias.name) for alias in node.names]
            else:
                continue
            for target in targets:
                ours = target[:2] == own
                yield Import(module, target[2:] if ours else target, ours, node.lineno)


def _rank(part: str) -> int | None:
    """Return how high a part stands, or None if it is not in the plan."""
    for rank, layer in enumerate(LAYERS):
        if part in layer:
            return rank
    return {"__init__": len(LAYERS) + 1}.get(part, len(LAYERS) if part in INTERFACES else None)


def every_part_has_its_place(package: Path) -> Iterator[str]:
    """A module that is not in the plan needs a decision where it belongs, not a home of its own."""
    for module, _, _ in _modules(package):
        if module and _rank(module[0]) is None:
            yield f"{'/'.join(module)}: name its layer in LAYERS or INTERFACES"


def imports_point_downwards(package: Path) -> Iterator[str]:
    """Clients ← hub, monitors ← coordinator ← entity ← platforms ← what Home Assistant looks for ← setup."""
    parts = {module[0] for module, _, _ in _modules(package) if module}
    for found in _imports(package):
        if not found.ours or not found.target or found.target[0] == found.part:
            continue
        target = found.target[0] if found.target[0] in parts else "__init__"
        above, below = _rank(found.part), _rank(target)
        if above is None or below is None:
            continue  # every_part_has_its_place says so
        if below > above or (below == above and found.part not in INTERFACES):
            yield str(found)


def clients_and_facts_know_no_home_assistant(package: Path) -> Iterator[str]:
    """Clients and the pure parts work, and are tested, without Home Assistant and without our other parts."""
    for found in _imports(package):
        if found.part not in PURE or found.module in PURE_BUT_FOR:
            continue
        if found.ours:
            foreign = found.target[:1] != (found.part,) and not PURE[found.part] & set(found.target[:1])
        else:
            foreign = found.target[0] in {"homeassistant", "voluptuous", "probatio"}
        if foreign:
            yield str(found)


def modules_form_no_circle(package: Path) -> Iterator[str]:
    """Of two modules one is the lower one, also for the reader: imports for types alone count, too."""
    names = {module for module, _, _ in _modules(package) if module}
    below: dict[tuple[str, ...], set[tuple[str, ...]]] = {module: set() for module in names}
    for found in _imports(package):
        target = found.target if found.target in names else found.target[:-1]
        # A package's own surface collects what its modules offer.
        if found.ours and found.module in below and target in names and target != found.module[: len(target)]:
            below[found.module].add(target)

    def reaches(module: tuple[str, ...], goal: tuple[str, ...], seen: set[tuple[str, ...]]) -> bool:
        fresh = below[module] - seen
        seen |= fresh
        return goal in fresh or any(reaches(one, goal, seen) for one in fresh)

    for module in sorted(names):
        if reaches(module, module, set()):
            yield f"{'/'.join(module)} imports itself by way of others"


def one_module_knows_the_ollama_package(package: Path) -> Iterator[str]:
    """The leaks of the ollama package are caught at one border; httpx stays with the clients."""
    for found in _imports(package):
        if found.ours:
            continue
        if found.target[0] == "ollama" and found.module != ("api", "ollama"):
            yield str(found)
        if found.target[0] in {"httpx", "httpx2", "httpcore"} and found.part != "api":
            yield str(found)


def platforms_never_import_clients(package: Path) -> Iterator[str]:
    """What an entity reads is some coordinator's data."""
    for found in _imports(package):
        if found.part in PLATFORMS | {"entity"} and found.ours and found.target[:1] == ("api",):
            yield str(found)


def packages_are_no_platforms(package: Path) -> Iterator[str]:
    """A folder named like what Home Assistant looks for would be imported as that, or hide the module."""
    for folder in package.iterdir():
        if not folder.is_dir() or not any(folder.glob("*.py")):
            continue
        if folder.name in PLATFORMS or folder.name in INTERFACES:
            yield f"{folder.name}/ would be imported by Home Assistant"
        if (package / f"{folder.name}.py").exists():
            yield f"{folder.name}/ hides {folder.name}.py"


def nothing_is_passed_sideways(package: Path) -> Iterator[str]:
    """Data goes down by constructor and up by return value: no shared dict, no dispatcher, no globals."""
    for module, _, tree in _modules(package):
        name, source = "/".join(module) or "__init__", ast.unparse(tree)
        if re.search(r"\bhass\.data(\[|\.\w+\()(DOMAIN\b|'homelab_ai')", source):
            yield f"{name} keeps its own in hass.data"
        if any(isinstance(node, ast.Global) for node in ast.walk(tree)):
            yield f"{name} writes module globals"
    for found in _imports(package):
        if found.target[:3] in SIDEWAYS:
            yield str(found)


def _bound_names(tree: ast.Module) -> Iterator[str]:
    """Yield the names that a module binds at its top level."""
    for node in tree.body:
        match node:
            case ast.Import(names=names) | ast.ImportFrom(names=names):
                yield from (alias.asname or alias.name.split(".")[0] for alias in names)
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                yield node.name
            case ast.Assign(targets=targets):
                yield from (target.id for target in targets if isinstance(target, ast.Name))
            case ast.AnnAssign(target=ast.Name(id=name)) | ast.TypeAlias(name=ast.Name(id=name)):
                yield name


def _all(tree: ast.Module) -> list[str] | None:
    """Return ``__all__`` of a module, None if it has none."""
    for node in tree.body:
        match node:
            case ast.Assign(targets=[ast.Name(id="__all__")], value=value):
                names: list[str] = ast.literal_eval(value)
                return names
    return None


def public_surfaces_are_declared(package: Path) -> Iterator[str]:
    """A package that offers names lists them in ``__all__``, and only names that it has."""
    for module, is_package, tree in _modules(package):
        if not is_package or not module:
            continue
        bound, public = set(_bound_names(tree)), _all(tree)
        if public is None:
            if bound:
                yield f"{'/'.join(module)} offers {', '.join(sorted(bound))} but has no __all__"
            continue
        yield from (f"{'/'.join(module)} has no {name}" for name in public if name not in bound)
        if public != sorted(public):
            yield f"{'/'.join(module)}: __all__ is not sorted"


def const_is_small(package: Path) -> Iterator[str]:
    """Constants live beside their only user; const.py holds plain values that several modules share."""
    source = (package / "const.py").read_text()
    if len(source.splitlines()) > MOST_CONSTANTS:
        yield f"const.py has more than {MOST_CONSTANTS} lines"
    imported = [
        (found.target[1], found.module)
        for found in _imports(package)
        if len(found.target) == 2 and found.target[0] == "const"
    ]
    for node in ast.parse(source).body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield f"const.py defines {node.name}"
        if isinstance(node, ast.Assign | ast.AnnAssign):
            target = node.targets[0] if isinstance(node, ast.Assign) else node.target
            users = {module for name, module in imported if name == ast.unparse(target)}
            if len(users) < 2:
                yield f"const.{ast.unparse(target)} is used by {len(users)} modules: keep it beside its user"


def modules_are_short(package: Path) -> Iterator[str]:
    """A module that grows wants a second noun; setting up says only what there is."""
    for path in package.rglob("*.py"):
        name = path.relative_to(package).as_posix()
        most = MOST_OF_SETTING_UP if name == "__init__.py" else MOST_LINES
        if (lines := len(path.read_text().splitlines())) > most:
            yield f"{name} has {lines} lines, more than {most}"


RULES: tuple[Rule, ...] = (
    modules_are_short,
    every_part_has_its_place,
    imports_point_downwards,
    modules_form_no_circle,
    clients_and_facts_know_no_home_assistant,
    one_module_knows_the_ollama_package,
    platforms_never_import_clients,
    packages_are_no_platforms,
    nothing_is_passed_sideways,
    public_surfaces_are_declared,
    const_is_small,
)

# A small package that keeps every rule, with what comes close to breaking one.
GOOD = {
    "__init__.py": "from .api.ollama import OllamaClient\nfrom .coordinator import HubCoordinator",
    "const.py": "DOMAIN = 'homelab_ai'",
    "api/__init__.py": "",
    "api/http.py": "import aiohttp\nfrom .errors import ApiError",
    "api/errors.py": "class ApiError(Exception): ...",
    "api/ollama.py": "import httpx\nimport ollama\nfrom . import http\nfrom ..api.errors import ApiError",
    "health/__init__.py": "from .problem import Problem\n__all__ = ['Problem']",
    "health/problem.py": "class Problem: ...",
    "hub/chat.py": "from homeassistant.helpers import llm\nfrom ..api.ollama import OllamaClient",
    "coordinator.py": "from .hub import chat\nfrom .health import Problem\nfrom .const import DOMAIN",
    "entity.py": "from .coordinator import HubCoordinator\nfrom .const import DOMAIN\nself.coordinator.data",
    "sensor.py": "from .entity import HubEntity\nfrom homeassistant.components.sensor import SensorEntity",
    "llm.py": "from .services import briefing\nfrom .health import Problem",
    "services.py": "from .coordinator import HubCoordinator",
}

BAD: dict[Rule, tuple[tuple[str, str], ...]] = {
    every_part_has_its_place: (("helpers.py", ""), ("utils/text.py", "")),
    imports_point_downwards: (
        ("hub/chat.py", "from ..coordinator import HubCoordinator"),
        ("hub/chat.py", "from ..monitors import MONITORS"),
        ("coordinator.py", "from . import entity"),
        ("coordinator.py", "from custom_components.homelab_ai.sensor import DESCRIPTIONS"),
        ("entity.py", "import custom_components.homelab_ai.llm"),
        ("sensor.py", "if TYPE_CHECKING:\n    from . import HomelabConfigEntry"),
        ("sensor.py", "def f():\n    from .todo import Todo"),
        ("const.py", "from .errors import translated"),
    ),
    modules_form_no_circle: (
        ("api/errors.py", "if TYPE_CHECKING:\n    from .http import fetch"),
        ("coordinator.py", "from .entity import HubEntity"),
    ),
    clients_and_facts_know_no_home_assistant: (
        ("api/http.py", "from homeassistant.core import HomeAssistant"),
        ("api/http.py", "import voluptuous as vol"),
        ("api/http.py", "from ..const import DOMAIN"),
        ("api/http.py", "from .. import const"),
        ("health/ledger.py", "import homeassistant.util.dt as dt_util"),
        ("health/ledger.py", "from ..monitors import MONITORS"),
        ("health/ledger.py", "from ..language import briefing"),
        ("language/words.py", "from ..hub import pool"),
    ),
    one_module_knows_the_ollama_package: (
        ("hub/chat.py", "from ollama import AsyncClient"),
        ("api/http.py", "import ollama"),
        ("coordinator.py", "import httpx"),
    ),
    platforms_never_import_clients: (
        ("sensor.py", "from .api.ollama import OllamaClient"),
        ("conversation.py", "from . import api"),
        ("entity.py", "from .api import errors"),
    ),
    packages_are_no_platforms: (
        ("todo/__init__.py", ""),
        ("services/ask.py", ""),
        ("coordinator/__init__.py", ""),
    ),
    nothing_is_passed_sideways: (
        ("sensor.py", "hass.data[DOMAIN]['x']"),
        ("sensor.py", "self.hass.data.setdefault('homelab_ai', {})"),
        ("entity.py", "from homeassistant.helpers.dispatcher import async_dispatcher_send"),
        ("coordinator.py", "from homeassistant.util.hass_dict import HassKey"),
        ("hub/pool.py", "def f():\n    global POOL\n    POOL = 1"),
    ),
    public_surfaces_are_declared: (
        ("monitors/__init__.py", "__all__ = ['MONITORS']"),
        ("monitors/__init__.py", "from .web import WEB"),
        ("monitors/__init__.py", "B = A = 1\n__all__ = ['B', 'A']"),
    ),
    modules_are_short: (
        ("__init__.py", "\n" * (MOST_OF_SETTING_UP + 1)),
        ("hub/pool.py", "\n" * (MOST_LINES + 1)),
    ),
    const_is_small: (
        ("const.py", "DOMAIN = 'homelab_ai'\nONLY_HERE: Final = 1"),
        ("const.py", "DOMAIN = 'homelab_ai'\ndef helper(): ..."),
        ("const.py", "DOMAIN = 'homelab_ai'\n" + "\n" * MOST_CONSTANTS),
    ),
}


def _write(folder: Path, files: dict[str, str]) -> Path:
    for name, source in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(source)
    return folder


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_house_is_in_order(rule: Rule) -> None:
    assert list(rule(PACKAGE)) == [], rule.__doc__


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_rule_accepts_what_is_right(rule: Rule, tmp_path: Path) -> None:
    assert list(rule(_write(tmp_path, GOOD))) == []


@pytest.mark.parametrize(
    ("rule", "name", "source"),
    [
        pytest.param(rule, name, source, id=f"{rule.__name__}-{name}-{number}")
        for rule in RULES
        for number, (name, source) in enumerate(BAD[rule])
    ],
)
def test_rule_can_fail(rule: Rule, name: str, source: str, tmp_path: Path) -> None:
    assert list(rule(_write(tmp_path, GOOD | {name: source})))
