"""Arguments of a call, fitted to what its tool takes. A command never widens.

An argument that the tool does not take is given to the parameter that it surely means, or the call is stopped
with an error that the model can correct. One that limits the command, and is empty or means nothing in this
house, stops it too: most tools would leave it out and act on everything.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from homeassistant.helpers import llm, selector

from .argument_values import fit_value, is_nothing, is_number, misfit_of, parsed, types_of, unit_of
from .argument_words import CLASSED_DOMAINS, CONTAINERS, COVERED, ECHOES, NEEDED, SYNONYMS, VALUES
from .house import House, Kind
from .schemas import JsonSchema

ALL = "all"
"""Home Assistant's own word in `name` for everything that the other arguments name."""
_PLACES: tuple[Kind, ...] = ("name", "area", "floor")
_WORDS = ("domain", "device_class")
_TARGETS = (*_PLACES, *_WORDS)
# A new timer's name is a label; a script for a sentence gives its slots a meaning of its own.
_LABELLED = ("Timer", "Timers", "TimerStatus")
_MOST_UNWRAPPED = 3
_LONGEST_QUOTE = 60

type Arguments = Mapping[str, Any]


class MisfitError(Exception):
    """Arguments that do not say surely what to do; its text tells the model how to correct them.

    `kind` is what Home Assistant calls the same error of its own tools.
    """

    def __init__(self, text: str, kind: str = "InvalidArguments") -> None:
        """Keep the kind."""
        super().__init__(text)
        self.kind = kind


@dataclass(frozen=True, slots=True)
class Form:
    """What a tool takes: `schema` of its parameters, and how much is known of their meaning.

    `acts_on_house` where name, area, floor, domain and device_class select entities as Home Assistant does.
    `adds` where a call only adds something, so that nothing limits it. `unchecked` where the tool looks at
    nothing itself. One of the parameters in `needed` must be given.
    """

    tool: str
    schema: JsonSchema
    acts_on_house: bool = False
    read_only: bool = False
    adds: bool = False
    unchecked: bool = False
    title: str = ""
    needed: tuple[str, ...] = ()
    places: Mapping[str, Kind] = field(default_factory=dict)

    @property
    def properties(self) -> Mapping[str, JsonSchema]:
        """Return the schemas of the parameters."""
        return cast("Mapping[str, JsonSchema]", self.schema.get("properties", {}))

    @property
    def required(self) -> frozenset[str]:
        """Return the parameters that a call must have."""
        return frozenset(self.schema.get("required", ()))

    @property
    def domains(self) -> tuple[str, ...]:
        """Return the domains that the tool is for; empty where it is for all."""
        return tuple(self.properties.get("domain", {}).get("items", {}).get("enum", ()))


def form_of(tool: llm.Tool, schema: JsonSchema) -> Form:
    """Return what is known of a tool's parameters."""
    inner = tool
    while isinstance(inner, llm.NamespacedTool):
        inner = inner.tool
    intent_type = inner.intent_type if isinstance(inner, llm.IntentTool) else ""
    of_house = bool(intent_type) and inner.integration != "intent_script"
    return Form(
        tool=tool.name,
        schema=schema,
        acts_on_house=(of_house and not intent_type.endswith(_LABELLED))
        or inner.name == "homeassistant__GetLiveContext",
        read_only=tool.annotations.read_only,
        adds=intent_type in ("HassStartTimer", "HassBroadcast"),
        unchecked=isinstance(inner, llm.ActionTool),
        title=tool.title or "",
        needed=NEEDED.get(intent_type, ()),
        places=_places(tool) | ({"area": "area"} if intent_type.endswith(_LABELLED) else {}),
    )


def _places(tool: llm.Tool) -> dict[str, Kind]:
    """Return the parameters of a script that are an area or a floor: it takes the first that is called so."""
    kinds: Mapping[type, Kind] = {selector.AreaSelector: "area", selector.FloorSelector: "floor"}
    fields = tool.parameters.schema if isinstance(tool.parameters.schema, Mapping) else {}
    return {str(name): kinds[type(value)] for name, value in fields.items() if type(value) in kinds}


def fit_arguments(arguments: Arguments, form: Form, house: Callable[[], House]) -> dict[str, Any]:
    """Return the arguments as the tool takes them. Raises MisfitError."""
    return _Fitting(form, house).fit(arguments)


def check_arguments(arguments: Arguments, form: Form) -> None:
    """Raise MisfitError for what the tool does not take; not every tool refuses that itself."""
    if unknown := [key for key in arguments if key not in form.properties]:
        raise misfit(form, f"{_quoted(unknown)} is no parameter")
    for name, value in arguments.items():
        if types_of(form.properties[name]) == ["string"] and isinstance(value, (list, Mapping)):
            raise misfit(form, f"{name} must be one text")
        unit = unit_of(name, form.properties[name], form.properties)
        if problem := misfit_of(name, value, form.properties[name], unit):
            raise misfit(form, problem)
    if form.needed and not any(name in arguments for name in form.needed):
        raise misfit(form, f"{' or '.join(form.needed)} must say what is to be")
    if not form.unchecked:
        return
    if missing := sorted(form.required - arguments.keys()):
        raise misfit(form, f"{' and '.join(missing)} must be given")
    for name, value in arguments.items():
        enum = form.properties[name].get("enum")
        if enum and isinstance(value, str) and value not in enum:
            raise misfit(form, f"{name} must be one of {_quoted([str(word) for word in enum[:20]])}")


class _Fitting:
    """One call on its way to its tool."""

    def __init__(self, form: Form, house: Callable[[], House]) -> None:
        self._form = form
        self._house = house
        self._fitted: dict[str, Any] = {}
        self._empty: dict[str, str] = {}
        """Parameters that were given as nothing, each with the key it was given by."""
        self._unknown: dict[str, Any] = {}

    def fit(self, arguments: Arguments) -> dict[str, Any]:
        for key, value in self._unwrapped(arguments):
            self._take(key, value)
        self._refuse_emptied()
        if not self._unknown:
            self._refuse_targetless()
        named = self._fitted.get("name", ALL) != ALL
        return self._fitted | {
            key: value for key, value in self._unknown.items() if not (named and is_nothing(value))
        }

    def _unwrapped(self, arguments: Arguments) -> Iterator[tuple[str, Any]]:
        """Yield the arguments, those within a container among them."""
        levels = [arguments]
        for _ in range(_MOST_UNWRAPPED):
            inner: list[Arguments] = []
            for level in levels:
                for key, value in level.items():
                    content = parsed(value) if isinstance(value, str) else value
                    if self._contains(key, content):
                        inner.append(content)
                    else:
                        yield key, value
            levels = inner
        if levels:
            raise self._misfit("the arguments are nested too deeply")

    def _contains(self, key: str, content: Any) -> bool:
        return (
            key not in self._form.properties
            and _squashed(key) in CONTAINERS
            and isinstance(content, Mapping)
            and bool(content.keys() - {"value", "text"})
        )

    def _take(self, key: str, value: Any) -> None:
        name = self._parameter(key, value)
        if name is None:
            # A tool that only reads changes nothing: what it does not take may go.
            if not self._form.read_only and not self._echoes(key, value):
                self._unknown[key] = value
        elif is_nothing(value) and not self._is_known(name, value):
            self._empty.setdefault(name, key)
        else:
            for parameter, fitted in self._values(name, value):
                self._put(parameter, fitted)

    def _parameter(self, key: str, value: Any) -> str | None:
        """Return the parameter that a key means, None where it means none, or more than one."""
        properties = self._form.properties
        if key in properties:
            return key
        squashed = _squashed(key)
        matches = [name for name in properties if _squashed(name) == squashed]
        if not matches:
            matches = [name for name in properties if squashed in SYNONYMS.get(name, ())]
        if len(matches) > 1:
            # "level" is a floor in words, and a volume in figures.
            numeric = is_number(value)
            matches = [name for name in matches if _takes_numbers(properties[name]) is numeric]
        return matches[0] if len(matches) == 1 else None

    def _values(self, name: str, value: Any) -> Iterator[tuple[str, Any]]:
        """Yield the value as the parameter takes it; it may turn out to be another parameter's."""
        schema = self._form.properties[name]
        unit = unit_of(name, schema, self._form.properties)
        if name in _WORDS and self._form.acts_on_house:
            schema = {**schema, "items": {**schema.get("items", {}), "x-words": True}}
        if kind := self._kind(name):
            yield name, self._place(kind, name, value)
            return
        fitted = fit_value(value, schema, unit)
        if name in _WORDS and self._form.acts_on_house:
            yield from self._words(name, fitted)
            return
        yield name, fitted

    def _kind(self, name: str) -> Kind | None:
        if self._form.acts_on_house and name in _PLACES:
            return name
        return self._form.places.get(name) if types_of(self._form.properties[name]) == ["string"] else None

    def _place(self, kind: Kind, name: str, value: Any) -> str:
        """Return what in the house a value names. Raises MisfitError for nothing, or several things."""
        texts = list(dict.fromkeys(_texts(value)))
        house = self._house()
        if not texts:
            raise self._misfit(f"{name} must be one text")
        if len(texts) > 1:
            ids = frozenset.intersection(*(house.find(kind, text) for text in texts))
            if len(ids) == 1:
                return next(iter(ids))
            raise self._misfit(f"{name} takes one; call the tool once for each of {_quoted(texts)}")
        text = texts[0]
        if kind == "name" and text.strip().casefold() == ALL and not house.find("name", text):
            return ALL
        if (spelled := house.spelled(kind, text)) is not None:
            return spelled
        raise self._misfit(self._nowhere(kind, name, text), "MatchFailedError")

    def _nowhere(self, kind: Kind, name: str, text: str) -> str:
        house = self._house()
        problem = f"nothing is called {_quote(text)}"
        if house.find(kind, text):
            return f"{_quote(text)} is not one {name}"
        others = [other for other in _PLACES if other != kind and house.find(other, text)]
        if others and others[0] in self._form.properties:
            return f"{_quote(text)} is no {name} but the {others[0]} {_quote(text)}"
        near = house.nearest(kind, text, self._form.domains)
        return f"{problem}. {name} may be {_quoted(near)}" if near else problem

    def _words(self, name: str, fitted: Any) -> Iterator[tuple[str, Any]]:
        """Yield domains or device classes, each one that there is."""
        words = fitted if isinstance(fitted, list) else str(fitted).split(",")
        words = [word for word in words if not is_nothing(word)]
        if not words:
            self._empty.setdefault(name, name)
            return
        domains = self._house().domains
        schema = self._form.properties[name]
        enum = schema.get("items", schema).get("enum")
        choices = domains if name == "domain" and enum is None else frozenset(enum or ())
        plain = [_word(word, choices) for word in words]
        if name == "device_class" and "domain" in self._form.properties:
            swapped = [_word(word, domains) for word in words]
            if enum and not set(plain) <= choices and set(swapped) <= domains:
                yield "domain", swapped
                return
        if (unknown := [word for word in plain if word not in choices]) and choices:
            near = f"There are: {', '.join(sorted(choices))}"
            raise self._misfit(f"there is no {name} {_quoted(unknown)}. {near}")
        yield name, plain

    def _put(self, name: str, fitted: Any) -> None:
        if name in self._fitted and self._fitted[name] != fitted:
            fitted = self._same(name, self._fitted[name], fitted)
        self._fitted[name] = fitted

    def _same(self, name: str, first: Any, second: Any) -> str:
        """Return what two values name both. Raises MisfitError where that is not one thing."""
        if kind := self._kind(name):
            ids = self._house().find(kind, first) & self._house().find(kind, second)
            if len(ids) == 1:
                return next(iter(ids))
        raise self._misfit(f"{name} is given more than once: {_quoted([str(first), str(second)])}")

    def _refuse_emptied(self) -> None:
        """Raise MisfitError where an argument that limits the command was given as nothing."""
        for name, key in self._empty.items():
            if name in self._fitted or self._form.read_only or self._form.adds:
                continue
            if not self._is_covered(name):
                others = [f"{other} {self._fitted[other]}" for other in _TARGETS if other in self._fitted]
                leave = f" Leave it out to mean all of {', '.join(others)}." if others else ""
                raise self._misfit(f"{key} is empty.{leave}")

    def _is_covered(self, name: str) -> bool:
        """Return whether something else limits the command as much as this parameter would have."""
        given = {key for key, value in self._fitted.items() if not (key == "name" and value == ALL)}
        if not self._form.acts_on_house:
            limits = not types_of(self._form.properties[name]) or (
                {"string", "array", "object"} & set(types_of(self._form.properties[name]))
            )
            return not limits or name in VALUES or "name" in given
        if name not in COVERED:
            return True
        if name == "device_class" and "domain" in given:
            return "name" in given or not CLASSED_DOMAINS & set(self._fitted["domain"])
        return any(other in given for other in COVERED[name])

    def _refuse_targetless(self) -> None:
        """Raise MisfitError where nothing says on what to act, and it would be on more than one thing."""
        form = self._form
        if not form.acts_on_house or form.read_only or not set(_PLACES) <= form.properties.keys():
            return
        if any(name in self._fitted for name in _TARGETS):
            return
        domains = form.domains or tuple(word for word in (form.tool.partition("__")[0],) if word != "intent")
        entities = [key for key in self._house().entities if not domains or key.partition(".")[0] in domains]
        if len(entities) != 1:
            raise self._misfit("name, area or domain must say on what to act", "IntentHandleError")

    def _is_known(self, name: str | None, value: Any) -> bool:
        """Return whether something is really called "None"."""
        kind = self._kind(name) if name else None
        return (
            kind is not None
            and isinstance(value, str)
            and bool(value.strip())
            and bool(self._house().find(kind, value))
        )

    def _echoes(self, key: str, value: Any) -> bool:
        """Return whether an argument only says once more which tool is called."""
        if not isinstance(value, str) or _squashed(key) not in ECHOES:
            return False
        squashed = _squashed(value.rpartition(".")[2])
        own = _squashed(self._form.tool.rpartition("__")[2])
        if squashed in (own, _squashed(self._form.tool), _squashed(self._form.title)):
            return True
        return len(squashed) > 1 and own.startswith("hass") and own.endswith(squashed)

    def _misfit(self, problem: str, kind: str = "InvalidArguments") -> MisfitError:
        return misfit(self._form, problem, kind)


def misfit(form: Form, problem: str, kind: str = "InvalidArguments") -> MisfitError:
    """Return the error that tells the model what is wrong, and what the tool takes."""
    names = [f"{name} (required)" if name in form.required else name for name in form.properties]
    stop = "" if problem.endswith(".") else "."
    return MisfitError(f"Not done: {problem}{stop} {form.tool} takes: {', '.join(names) or 'nothing'}.", kind)


def _texts(value: Any) -> Iterator[str]:
    """Yield the texts that a value holds, whatever it is wrapped in."""
    if isinstance(value, str):
        inner = parsed(value)
        if isinstance(inner, str):
            yield value
            return
        value = inner
    if isinstance(value, Mapping):
        value = list(value.values()) if len(value) == 1 else []
    if isinstance(value, (list, tuple)):
        for item in value:
            yield from _texts(item)
    elif isinstance(value, int) and not isinstance(value, bool):
        yield str(value)


def _word(word: Any, choices: frozenset[str]) -> str:
    """Return a word as it is written among the known ones, where it is one of them."""
    plain = str(word).strip().lower().replace(" ", "_")
    return next(
        (form for form in (plain, plain.removesuffix("s"), plain.removesuffix("es")) if form in choices),
        plain,
    )


def _takes_numbers(schema: JsonSchema) -> bool:
    return bool({"integer", "number"} & set(types_of(schema)))


def _squashed(text: str) -> str:
    return "".join(char for char in text.lower() if char.isalnum())


def _quote(text: str) -> str:
    return f"“{text[:_LONGEST_QUOTE]}”"


def _quoted(texts: list[str]) -> str:
    return ", ".join(_quote(text) for text in texts)
