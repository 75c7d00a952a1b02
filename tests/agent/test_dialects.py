"""The dialects of calls: every row has a fixture, every fixture is one call, and a new row is enough."""

from typing import Any

import pytest

from custom_components.homelab_ai.agent.dialects import CALLS, LINE_CALLS, Dialect
from custom_components.homelab_ai.agent.marks import compiled

from .messages import CALL, FIXTURES, cuttings, fixtures, read

KITCHEN = ("intent__HassTurnOn", {"name": "Kitchen"})
MESSAGES = fixtures()
SAID = {
    "places-sentence": "Sure, I will turn on the light.\n\n",
    "places-sentence-inline": "Sure. ",
    "places-sentence-fence": "Sure.\n",
    "places-imitation-mid": "Sure.\n",
    "places-tag-after-text": "Ok ",
    "places-confirmed": "Sure!\n",
    "places-confirmed-fence": "Sure!\n",
    "places-confirmed-python": "Gerne!\n",
    "places-confirmed-result": "Sure!\n",
    "places-confirmed-sentence": "Okay.\n",
    "names-fn32-all": "I turn it on.\n",
    "names-fn32-inline": "I turn it on.",
    "names-mcp-intro": "I do it.\n",
    "places-code": "I will do it.\n",
    "places-python-multi": "I will do it now:\n",
    "names-react-thought": "I need the light.\n",
    "said-before-ds-sentence": "I turn it on.\n",
    "said-before-all": "I turn it on.",
    "said-before-all-line": "I turn it on.\n",
    "said-before-bullet": "- ",
    "said-before-number": "1. ",
    "said-before-quote": "> ",
}
"""What stands before a call, and is said."""


@pytest.mark.parametrize("name", MESSAGES)
def test_call_is_read_however_it_is_cut(name: str) -> None:
    text = MESSAGES[name]
    for number, pieces in enumerate(cuttings(text, seed=len(text), count=12)):
        result = read(pieces)
        assert result.calls == (KITCHEN,), (number, pieces)
        assert result.said == SAID.get(name, "")


def test_every_row_has_a_fixture() -> None:
    texts = "\n".join(path.read_text() for path in FIXTURES.glob("*.yaml"))
    assert [row.name for row in (*CALLS, *LINE_CALLS) if row.opening not in texts] == []


def test_a_further_dialect_is_a_row() -> None:
    text = f"Sure.\n⟦call⟧{CALL}⟦/call⟧"
    assert read([text]).said.startswith("Sure.\n⟦call⟧")
    marks = compiled((*CALLS, Dialect("made-up", "⟦call⟧", ("⟦/call⟧",))))
    for pieces in cuttings(text, seed=1, count=20):
        result = read(pieces, marks=marks)
        assert (result.said, result.calls) == ("Sure.\n", (KITCHEN,))


@pytest.mark.parametrize("name", MESSAGES)
def test_call_of_a_tool_that_was_not_offered_is_not_run(name: str) -> None:
    known = {call for call, _ in read([MESSAGES[name]], ("homelab_ai__get_health",)).calls}
    assert known <= {
        "HassTurnOn",
        "functions.HassTurnOn",
        "functions.HassTurnOn:0",
        "default_api.HassTurnOn",
    } | {
        "HassTurnOn.call",
        "hass_turn_on",
        "HassTurnOn<|channel|>commentary",
        "call_1",
        "functions.call_1:0",
        "tools/call",
        "Kitchen",
    }


@pytest.mark.parametrize(
    "text",
    [
        '<tool_call>{"name": "HassTurnOn", "arguments": {"domain": ["light"], "area": "Kit',
        '{"name": "HassTurnOn", "arguments": {"domain": ["light"]',
        '{"name": "HassTurnOn", "arguments": {"domain": ["light"], "ar',
        "<function=HassTurnOn><parameter=domain>light</parameter><parameter=ar",
        "[TOOL_CALLS]HassTurnOn[ARGS]{" + '"domain": ["light"]',
        'HassTurnOn(domain=["light"], area="Kit',
    ],
)
def test_call_that_was_cut_off_is_not_run(text: str) -> None:
    """What is missing may be what was to narrow it."""
    result = read([text], cut=True)
    assert result.calls == ()
    assert result.said == ""


@pytest.mark.parametrize(
    "text",
    [
        '{"name": "HassTurnOn", "arguments": {"domain": ["light"], "area": "Kit',
        '{"name": "HassTurnOn", "arguments": {"domain": ["light"], "ar',
        'HassTurnOn(domain=["light"], area="Kit',
    ],
)
def test_call_that_ends_within_an_argument_is_not_run(text: str) -> None:
    assert read([text]).calls == ()


@pytest.mark.parametrize(
    ("text", "arguments"),
    [
        (
            '{"name": "HassTurnOn", "arguments": {"domain": ["light"]}, "area": "Kitchen"}',
            {"area": "Kitchen"},
        ),
        ('{"tool": "HassTurnOn", "name": "Hall", "arguments": {"domain": ["light"]}}', {"name": "Hall"}),
        (
            '{"tool_call": {"name": "HassTurnOn"}, "arguments": {"domain": ["light"]}, "entity_id": "x"}',
            {"entity_id": "x"},
        ),
        (
            '{"intent": {"name": "HassTurnOn"}, "slots": {"area": "Kitchen", "domain": ["light"]}}',
            {"area": "Kitchen"},
        ),
        ('HassTurnOn domain=["light"] area="Kitchen"', {"area": "Kitchen"}),
        ("HassTurnOn:\n  domain:\n    - light\n  area: Kitchen", {"area": "Kitchen"}),
        ("HassTurnOn:\n  domain:\n  - light\n  area: Kitchen\n\nDone!", {"area": "Kitchen"}),
        ('[HassTurnOn] {"domain": ["light"], "area": "Kitchen"}', {"area": "Kitchen"}),
        ('"name": "HassTurnOn", "arguments": {"domain": ["light"], "area": "Kitchen"}}', {"area": "Kitchen"}),
        ('HassTurnOn("Kitchen", domain=["light"])', {"name": "Kitchen"}),
        (
            '{"name": "HassTurnOn", // now\n "arguments": {"domain": ["light"], # all\n "area": "Kitchen"}}',
            {"area": "Kitchen"},
        ),
        ('<HassTurnOn area="Kitchen"><domain>light</domain></HassTurnOn>', {"area": "Kitchen"}),
    ],
)
def test_nothing_is_lost_that_narrows_a_call(text: str, arguments: dict[str, Any]) -> None:
    for pieces in cuttings(text, seed=len(text), count=12):
        ((name, given),) = read(pieces).calls
        assert name == "intent__HassTurnOn"
        assert arguments.items() <= given.items()
        assert given["domain"] in (["light"], "light")


@pytest.mark.parametrize(
    "text",
    [
        '{"name": "HassTurnOn, "arguments": {"name": "Kitchen"}}',
        '{"name": "HassTurnOn", "arguments: {"name": "Kitchen"}}',
        '{"name" "HassTurnOn", "arguments": {"name": "Kitchen"}}',
        '{"name": "HassTurnOn", // the tool "arguments": {"name": "Kitchen"}}',
        '{"name": "HassTurnOn", "arguments": {"name": "Kitchen}}',
        '<tool_call>{"name": "HassTurnOn", "arguments": {"domain": ["light"], area Kitchen}}</tool_call>',
        "<tool_call>HassTurnOn:\n  domain: light\n  area = Kitchen</tool_call>",
    ],
)
def test_call_of_which_a_part_cannot_be_read_is_not_made(text: str) -> None:
    for pieces in cuttings(text, seed=len(text), count=12):
        result = read(pieces)
        assert (result.calls, result.said, result.unreadable) == ((), "", True)


def test_several_values_without_keywords_are_for_the_tool_to_refuse() -> None:
    ((_, given),) = read(['HassTurnOn("Kitchen", 40)']).calls
    assert "unreadable" in given


def test_two_tools_of_one_name_are_not_told_apart() -> None:
    result = read([CALL], ("one__HassTurnOn", "two__HassTurnOn"))
    assert result.calls == (("one__HassTurnOn|two__HassTurnOn", {"name": "Kitchen"}),)


@pytest.mark.parametrize(
    "text",
    [
        f"<tool_call>{CALL}</tool_call>\n<tool_call>{CALL}</tool_call>",
        f"<tool_call>{CALL}\n{CALL}</tool_call>",
        f"<tool_call>{CALL}\n<tool_call>{CALL}</tool_call>",
        f"First:\n<tool_call>{CALL}</tool_call>\nand second:\n<tool_call>{CALL}</tool_call>",
        f"[TOOL_CALLS][{CALL}, {CALL}]",
        f"{CALL}\n{CALL}",
        f"Both now.\n{CALL}\n{CALL}",
        f"```json\n[{CALL}, {CALL}]\n```",
        'HassTurnOn(name="Kitchen")\nHassTurnOn(name="Kitchen")',
        '[TOOL_CALLS]HassTurnOn[ARGS]{"name": "Kitchen"}[TOOL_CALLS]HassTurnOn[ARGS]{"name": "Kitchen"}',
    ],
)
def test_several_calls(text: str) -> None:
    for pieces in cuttings(text, seed=3, count=12):
        assert read(pieces).calls == (KITCHEN, KITCHEN)


@pytest.mark.parametrize("arguments", ["null", '""', "{}", "[]", '"{}"', None])
def test_call_without_arguments(arguments: str | None) -> None:
    text = '{"name": "get_health"' + ("}" if arguments is None else f', "arguments": {arguments}}}')
    for pieces in cuttings(f"<tool_call>{text}</tool_call>", seed=5, count=8):
        assert read(pieces).calls == (("homelab_ai__get_health", {}),)
    assert read([text]).calls == (("homelab_ai__get_health", {}),)


SHOWS = (
    *(
        "That turns on the light.",
        "This will turn on the kitchen light.",
        "because it is dark.",
        "if you want.",
    ),
    *("That is an example.", "Is that right?", "Shall I do it?", "Let me know if you want that."),
    *("Das schaltet das Licht ein.", "weil es dunkel ist.", "wenn du willst.", "Zum Beispiel so."),
    *(
        "Soll ich das tun?",
        "So sieht der Aufruf aus.",
        "This call turns it on.",
        "You can use this to turn it on.",
    ),
    *("Damit wird das Licht eingeschaltet.", "It turns the light on when it is called.", "Replace the name."),
    *("The JSON above is a call.", "Once sent, the light is on.", "Then the light would be on."),
)
MADE = (
    *(
        "Done!",
        "The kitchen light is now on.",
        "Erledigt.",
        "Das Licht ist jetzt an.",
        "All done ✅",
        "Okay!",
    ),
    *(
        '{"success": true}',
        '{"status": "ok"}',
        "I've turned on the light.",
        "Ich habe das Licht eingeschaltet.",
    ),
    *("Is there anything else?", "Let me know if you need anything else.", "Done! Anything else?"),
    *("The light has been switched on. Is there anything else I can do for you?", "Erledigt! Noch etwas?"),
    *("Das Licht ist an. Kann ich sonst noch etwas tun?", "Done. Enjoy!"),
    *("Kitchen light turned on.", "Fertig!", "Das Licht in der Küche ist an."),
)
LEADS = ("Sure!\n", "Okay. ", "Ich mache das Licht an.\n")
WRITTEN = (CALL, f"```json\n{CALL}\n```", 'HassTurnOn(name="Kitchen")')


@pytest.mark.parametrize("written", WRITTEN, ids=["json", "fence", "python"])
@pytest.mark.parametrize("lead", LEADS)
def test_words_behind_a_call_decide_whether_it_is_made(lead: str, written: str) -> None:
    if written is WRITTEN[2] and not lead.endswith("\n"):
        return
    for tail in MADE:
        for pieces in cuttings(f"{lead}{written}\n{tail}", seed=len(tail), count=2):
            assert (read(pieces).calls, read(pieces).said) == ((KITCHEN,), lead), tail
    for tail in SHOWS:
        text = f"{lead}{written}\n{tail}"
        for pieces in cuttings(text, seed=len(tail), count=2):
            assert (read(pieces).calls, read(pieces).said) == ((), text), tail


@pytest.mark.parametrize(
    "text", [f"For example:\n{CALL}\nDone.", f"Du könntest das senden:\n{CALL}\nErledigt."]
)
def test_example_that_is_announced_is_not_made(text: str) -> None:
    for pieces in cuttings(text, seed=5, count=4):
        assert (read(pieces).calls, read(pieces).said) == ((), text)


@pytest.mark.parametrize("tail", ["Is that right?", "Only if you want.", "Soll ich?", "Zum Beispiel."])
def test_call_that_asks_first_is_not_made(tail: str) -> None:
    for pieces in cuttings(f"{CALL}\n{tail}", seed=5, count=4):
        assert read(pieces).calls == ()


def test_made_up_tool_that_is_taken_for_called_is_a_call() -> None:
    """Then the model is told that there is no such tool; to say "Done!" would not be true."""
    text = CALL.replace("HassTurnOn", "TurnOnLight")
    for pieces in cuttings(f"{text}\nDone!", seed=5, count=4):
        assert (read(pieces).calls, read(pieces).said) == ((("TurnOnLight", {"name": "Kitchen"}),), "")


def test_made_up_tool_behind_words_is_a_call() -> None:
    text = CALL.replace("HassTurnOn", "switch_light")
    for message in (f"Sure!\n{text}\nDone!", f"Sure!\n{text}", f"Sure!\n```json\n{text}\n```"):
        for pieces in cuttings(message, seed=5, count=4):
            assert read(pieces).calls == (("switch_light", {"name": "Kitchen"}),)
            assert read(pieces).said == "Sure!\n"
    person = CALL.replace("HassTurnOn", "Ann")
    for message in (f"Example:\n{text}\nThat is how others write it.", f"Ann:\n{person}"):
        assert (read([message]).calls, read([message]).said) == ((), message)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Plan: buy milk.", "Plan: buy milk."),
        ("Thought: I know it.\nFinal Answer: Paris.", "Paris."),
        ("Final Answer: Paris.", "Paris."),
        ("JSON: a format.", "JSON: a format."),
        ("Output: 3", "Output: 3"),
        ("Look\nJSON:<|channel|>an<|message|>hm<|end|>", "Look\nJSON:hm"),
        ("Tools: hammer", "Tools: hammer"),
        ("**{bold}**", "**{bold}**"),
        ("`{x}` and `\n{y}", "`{x}` and `\n{y}"),
    ],
)
def test_label_without_a_call(text: str, said: str) -> None:
    for pieces in cuttings(text, seed=5, count=8):
        assert read(pieces).said == said
