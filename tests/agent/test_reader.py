"""What is said of a message, what is thought, and where it is over: every form of it, however it is cut."""

import pytest

from custom_components.homelab_ai.agent.marks import LONGEST_TOKEN, compiled
from custom_components.homelab_ai.agent.reader import Reader

from .messages import CALL, NAMES, cuttings, read

# The message, what is said, what is thought, and whether the stream need not be waited for.
NOT_HEARD = [
    ("<Think>hm</Think>Good evening.", "Good evening.", "hm", False),
    ("<thought_process>hm</thought_process>Good evening.", "Good evening.", "hm", False),
    ("Good evening.<|im_en", "Good evening.", "", False),
    ("Good evening.<|eot_id", "Good evening.", "", False),
    ("Good evening.<|im_end|>\n<|im_start|>user\nThanks!<|im_end|>", "Good evening.", "", True),
    ("Good evening.<|eot_id|><|start_header_id|>user<|end_header_id|>\n\nThanks", "Good evening.", "", True),
    ("Good evening.<end_of_turn>\n<start_of_turn>user\nThanks", "Good evening.", "", True),
    ("Good evening.\n<|user|>\nThanks", "Good evening.\n", "", True),
    ("Good evening.</s>[INST] Thanks [/INST]", "Good evening.", "", True),
    ("Good evening.\n### Human: Thanks\n### Assistant: Welcome", "Good evening.\n", "", True),
    ("Good evening.\nUser: Thanks!\nAssistant: Welcome", "Good evening.\n", "", True),
    ("Good evening.\n\nHuman: turn it off please", "Good evening.\n\n", "", True),
    ("Good evening.<｜end▁of▁sentence｜><｜User｜>Thanks", "Good evening.", "", True),
    ("Good evening.<|end|><|user|>hi", "Good evening.", "", True),
    ("Good evening.<|endoftext|>The quick", "Good evening.", "", True),
    ("Good evening.<|im_end|>", "Good evening.", "", False),
    ("Good evening.<turn|>\n<|turn>user\nhi", "Good evening.", "", True),
    ("<|im_start|>assistant\nGood evening.<|im_end|>", "Good evening.", "", False),
    ("<|start_header_id|>assistant<|end_header_id|>\n\nGood evening.", "Good evening.", "", False),
    ("<start_of_turn>model\nGood evening.", "Good evening.", "", False),
    ("Assistant: Good evening.", "Good evening.", "", False),
    ("### Response:\nGood evening.", "Good evening.", "", False),
    ("<s> Good evening.</s>", "Good evening.", "", False),
    ("<|assistant|>\nGood evening.", "Good evening.", "", False),
    ("<｜Assistant｜>Good evening.", "Good evening.", "", False),
    ("<think>hm</think>Good evening.", "Good evening.", "hm", False),
    ("<thinking>hm</thinking>\nGood evening.", "Good evening.", "hm", False),
    ("<thought>hm</thought>Good evening.", "Good evening.", "hm", False),
    ("<reasoning>hm</reasoning>Good evening.", "Good evening.", "hm", False),
    ("<seed:think>hm</seed:think>Good evening.", "Good evening.", "hm", False),
    ("[THINK]hm[/THINK]Good evening.", "Good evening.", "hm", False),
    ("◁think▷hm◁/think▷Good evening.", "Good evening.", "hm", False),
    (
        "<|START_THINKING|>hm<|END_THINKING|><|START_RESPONSE|>Good evening.<|END_RESPONSE|>",
        "Good evening.",
        "hm",
        False,
    ),
    ("<|channel>thought\nhm<channel|>Good evening.", "Good evening.", "\nhm", False),
    ("<unused94>thought\nhm<unused95>Good evening.", "Good evening.", "thought\nhm", False),
    ("<think>hm</think><response>Good evening.</response>", "Good evening.", "hm", False),
    ("<think>hm</think><answer>Good evening.</answer>", "Good evening.", "hm", False),
    (
        "<|begin_of_thought|>hm<|end_of_thought|><|begin_of_solution|>Good evening.<|end_of_solution|>",
        "Good evening.",
        "hm",
        False,
    ),
    (
        "<|channel|>analysis<|message|>hm<|end|><|start|>assistant<|channel|>final<|message|>Good evening."
        "<|return|>",
        "Good evening.",
        "hm",
        False,
    ),
    ("<|start|>assistant<|channel|>final<|message|>Good evening.", "Good evening.", "", False),
    ("analysisThe user greets.assistantfinalGood evening.", "Good evening.", "The user greets.", False),
    ("Okay, a greeting.\n</think>\n\nGood evening.", "Good evening.", "Okay, a greeting.\n", False),
    ("Okay.</think>Good evening.", "Good evening.", "Okay.", False),
    ("Okay[/THINK]Good evening.", "Good evening.", "Okay", False),
    ("</think>\n\nGood evening.", "Good evening.", "", False),
    ("<think>hm\n<|im_end|>\n<|im_start|>user\nhi", "", "hm\n", True),
    ("Hm. <think>what</think> Good evening.", "Hm.  Good evening.", "what", False),
    ('<tool_response>\n{"a":1}\n</tool_response>\nGood evening.', "Good evening.", "", False),
    ('{"data": {"success": []}, "error": false}', "", "", False),
    ("{object <nil> [name] map[a:{string}]} Good evening.", "Good evening.", "", False),
    ("{function <nil> {HassTurnOn Turns on {object <nil> map[]}}} Good evening.", "Good evening.", "", False),
    ("Look: function <nil> {intent__HassTurnOn {object map[name:{}]}}", "Look: function ", "", False),
    ("{object <nil> <nil> [] map[name:{[string] <nil> The name []}]}", "", "", False),
    ("{{ .System }}Good evening.", "Good evening.", "", False),
    ("Good evening.<|reserved_special_token_3|>", "Good evening.", "", False),
    ("Good evening.<pad><pad>", "Good evening.", "", False),
    ("Good evening.<unused7>", "Good evening.", "", False),
    ('[AVAILABLE_TOOLS][{"type":"function"}][/AVAILABLE_TOOLS]Good evening.', "Good evening.", "", False),
    ('<tools>{"x":1}</tools>Good evening.', "Good evening.", "", False),
    ("Good evening.<|start|>user<|message|>hi", "Good evening.", "", True),
    ("Good evening.<|END_OF_TURN_TOKEN|><|START_OF_TURN_TOKEN|><|USER_TOKEN|>x", "Good evening.", "", True),
    ("Good evening.</s><s>[INST] x", "Good evening.", "", True),
    ("Good evening.<eos><bos>", "Good evening.", "", False),
    ("<|im_end|>\nGood evening.", "Good evening.", "", False),
]

FURTHER = [
    ("<think>hm</think><response>Good evening.</response>", "Good evening."),
    ("<think>\nhm\n</think>\n\nGood evening.", "Good evening."),
    ("Okay hm\n</THINK>\nGood evening.", "Good evening."),
    ("hm</thinking>Good evening.", "Good evening."),
    ("<think>a <think>b</think> c</think>Good evening.", "Good evening."),
    ("<think>a</think>\n<think>b</think>\nGood evening.", "Good evening."),
    ('<think type="deep">hm</think>Good evening.', "Good evening."),
    ("&lt;think&gt;hm&lt;/think&gt;Good evening.", "Good evening."),
    ("**Thinking:** hm\n**Answer:** Good evening.", "Good evening."),
    ("Thinking Process:\n1. hm\n</think>\nGood evening.", "Good evening."),
    ("<plan>hm</plan>Good evening.", "Good evening."),
    ("<planning>hm</planning>Good evening.", "Good evening."),
    ("<reflect>hm</reflect>Good evening.", "Good evening."),
    ("<internal>hm</internal>Good evening.", "Good evening."),
    ("<deliberation>hm</deliberation>Good evening.", "Good evening."),
    ("<|thought|>hm<|/thought|>Good evening.", "Good evening."),
    ("<|reasoning|>hm<|/reasoning|>Good evening.", "Good evening."),
    ("<|start_think|>hm<|end_think|>Good evening.", "Good evening."),
    ("<|begin_think|>hm<|end_think|>Good evening.", "Good evening."),
    ("<|think_start|>hm<|think_end|>Good evening.", "Good evening."),
    ("<｜begin▁of▁thinking｜>hm<｜end▁of▁thinking｜>Good evening.", "Good evening."),
    ("<｜think｜>hm<｜/think｜>Good evening.", "Good evening."),
    ("<think></think>Good evening.", "Good evening."),
    ("◁think▷◁/think▷Good evening.", "Good evening."),
    ("<thinking>hm</thinking><final>Good evening.</final>", "Good evening."),
    ("<thought>\nhm\n</thought>\n\nGood evening.", "Good evening."),
    ("<think>\n\n</think>\n\nGood evening.", "Good evening."),
    (
        "<seed:think>hm<seed:cot_budget_reflect>I have used"
        " 1</seed:cot_budget_reflect></seed:think>Good evening.",
        "Good evening.",
    ),
    ("<|channel>thought\nhm\n<channel|>Good evening.", "Good evening."),
    ("<|channel>thought\n<channel|>Good evening.", "Good evening."),
    ("<|START_THINKING|>hm<|END_THINKING|><|START_TEXT|>Good evening.<|END_TEXT|>", "Good evening."),
    ("</think>Good evening.", "Good evening."),
    (
        "<|start|>assistant to=self<|message|>hm<|eom|><|start|>assistant to=user<|message|>Good"
        " evening.<|eot|>",
        "Good evening.",
    ),
    ("analysisThe user says hi. Need greet.assistantfinalGood evening.", "Good evening."),
    ("<|channel|>final<|message|>Good evening.", "Good evening."),
    ("<|message|>Good evening.", "Good evening."),
    (
        "<|channel|>commentary<|message|>I"
        " look.<|end|><|start|>assistant<|channel|>final<|message|>Good evening.",
        "Good evening.",
    ),
    ("\nhm\n</think>\n\nGood evening.", "Good evening."),
    ("<Thought>hm</Thought>\n<Output>Good evening.</Output>", "Good evening."),
    (
        "<|begin_of_thought|>\nhm\n<|end_of_thought|>\n<|begin_of_solution|>\nGood"
        " evening.\n<|end_of_solution|>",
        "Good evening.",
    ),
    ("<Thought>\nhm\n</Thought>\n\n<Output>\nGood evening.\n</Output>", "Good evening."),
    ("<answer>Good evening.</answer>", "Good evening."),
    ("<Answer>Good evening.</Answer>", "Good evening."),
    (
        '<details type="reasoning" done="true">\n<summary>Thought for 2 seconds</summary>\n> hm\n'
        "</details>\nGood evening.",
        "Good evening.",
    ),
    ("Good evening.<|im_end|>\n", "Good evening."),
    ("Good evening.<|im_end|>\n<|im_start|>assistant\nWelcome.", "Good evening."),
    ("Good evening.<|eot_id|>user: thanks", "Good evening."),
    ("Good evening. [EOS]", "Good evening."),
    ("Good evening.\n\nUser: Turn off the light.\nAssistant: Done.", "Good evening."),
    ("Good evening.\n\n### Human\nThanks", "Good evening."),
    ("Good evening.\n\n**User**: Thanks!\n\n**Assistant**: You are welcome!", "Good evening."),
    ("Good evening.<user>\nThanks", "Good evening."),
    ("Good evening.\n<|start_header_id|>user", "Good evening."),
    ("Good evening.[e~[\n]~b]user\nthanks", "Good evening."),
    ("Good evening.<|user|>\nThanks", "Good evening."),
    ("Good evening.<|observation|>\nx", "Good evening."),
    ("Good evening.[INST]Thanks[/INST]You are", "Good evening."),
    ("Good evening.</s><s>[INST] Thanks [/INST]", "Good evening."),
    ("Good evening.<end_of_turn>\n<start_of_turn>user", "Good evening."),
    ("Good evening.<|end|>\n<|user|>\nhi", "Good evening."),
    ("Good evening.[|endofturn|]\n[|user|]hi", "Good evening."),
    ("Good evening.[|user|]hi", "Good evening."),
    ("Good evening.<|end|><|user|>", "Good evening."),
    ("Good evening.</s>USER: thanks ASSISTANT: ok", "Good evening."),
    ("Good evening.</s>\n<|user|>\nhi", "Good evening."),
    ("Good evening.<|im_end|>", "Good evening."),
    ("Good evening.\n\n### Instruction:\nTell", "Good evening."),
    ('Good evening.\n<tool_response>{"a":1}</tool_response>', "Good evening."),
    ("Guten Abend.\n\nBenutzer: Danke dir sehr!\nAssistent: Gerne.", "Guten Abend."),
    ("Guten Abend.\n\nNutzer: Mach das Licht aus.\n", "Guten Abend."),
    ("Good evening.<|reserved_special_token_12|>", "Good evening."),
    ("Good evening.<|fim_pad|><|fim_pad|>", "Good evening."),
    ("Good evening.<unk><unk>", "Good evening."),
    ("Good evening.<0x0A>", "Good evening."),
    ("Good evening.<|END_TEXT|>", "Good evening."),
    ("Good evening.<|eom|>", "Good evening."),
    ("Good evening.<end_of_utterance>", "Good evening."),
    ("Assistant: Good evening.\nUser: Thanks a lot!\n", "Good evening."),
    ("model\nGood evening.", "Good evening."),
    ("assistant\n\nGood evening.", "Good evening."),
    ("assistant: Good evening.", "Good evening."),
    ("AI: Good evening.", "Good evening."),
    ("Good evening.<|im_", "Good evening."),
    ("Good evening.</s", "Good evening."),
    ("Good evening.<end_of_", "Good evening."),
    ("{{ .Response }}Good evening.", "Good evening."),
    ("<no value>Good evening.", "Good evening."),
]
"""Thinking, turns and ends as other models write them; what is said."""

INTACT = [
    "In Go, <nil> is printed for nothing.",
    "It is 21 °C.",
    "Use the <b> tag for bold.",
    "a < b and b > c",
    "1 << 3 is 8, 8 >> 1 is 4.",
    "<3",
    '<div class="x">hi</div>',
    '```python\nprint("hi")\n```',
    '```json\n{"a": 1}\n```',
    "```html\n<b>x</b>\n```",
    "See [the manual](https://x.org) and [1].",
    "[Note] done.",
    "[ ] todo\n[x] done",
    '{"temperature": 21}',
    "{curly}",
    '{{ states("light.kitchen") }}',
    "A set {1, 2, 3} of numbers.",
    '```yaml\nautomation:\n  - alias: "x"\n```',
    "A call looks like " + CALL + " in JSON.",
    "Example:\n\n" + CALL + "\n\nThat turns it on.",
    "Example:\n```json\n" + CALL + "\n```\nThat is it.",
    "You write `<tool_call>` around it.",
    "The mark `<|im_end|>` ends a turn.",
    "The `<think>` tag and `</think>` enclose thoughts.",
    'In Python: HassTurnOn(name="Kitchen")',
    "HassTurnOn is a tool.",
    "The tool HassTurnOn(name) turns things on.",
    "def f(x):\n    return x",
    "for i in [1, 2]: print(i)",
    "User: admin\nPassword: x",
    "Login as follows.\nUser: admin\nPassword: secret",
    "Human: a species.",
    "The user: a person.",
    "Assistants: three.",
    "### Instructions\n1. Stir",
    "### User settings\nThey are here.",
    '"Human" is a word.',
    'She asked: "User?"',
    "Action: press the button.",
    "Action is needed.",
    ">>> print(1)\n1",
    ">>> x",
    "> quoted\n> text",
    "functools is a module.",
    "Use functools.partial.",
    "[INST is no mark",
    "[THINKING] about it",
    "<thin ice",
    "It costs <s>5</s> 4 €.",
    "x </ y",
    "if (a<b) {c}",
    "SELECT * FROM t WHERE a<5;",
    "std::vector<int> v;",
    "List<String> x = new List<>();",
    '`{"name": "x"}`',
    "C:\\name",
    "~~~\ncode\n~~~",
    "| a | b |\n|---|---|\n| 1 | 2 |",
    '{"name": "Kitchen", "area": "Ground"}',
    "[1, 2, 3]",
    '["milk", "eggs"]',
    '{"items": [{"name": "milk"}]}',
    "Name: Kitchen\nState: on",
    "analysis of the data",
    "analysis",
    "An analysisResult",
    "a",
    "an apple",
    "$x^2$ and {x}",
    "Press <Ctrl>+<C>.",
    "<https://example.org>",
    "mailto:<a@b.c>",
    "emoji 💡 stays",
    "- item\n- item two",
    "1. one\n2. two",
    "***bold***",
    "HassTurnOn()?",
    "{object oriented}",
    '{ "a" : [ {"b":1} ] }',
    'The JSON {"error": true} means failure.',
    '{"error": "none"}',
    "Ends with a `",
    "Ends with ``",
    "Ends with {",
    "Ends with [",
    "Ends with <",
    "Ends with <|",
    "A <|b",
    "\n\nHi\n",
    "   lead",
    "tab\there",
    '"<think" is cut',
    "<unused",
    "<extra",
    "{{",
    "{{ .Values.image }} in Helm",
    "{{ .Content | upper",
    "The answer is:\n\n42\n\n\n",
    "HassTurn",
    "Hass",
    "get_",
    "get_health is its name",
    "homelab",
    "functions of x",
    "tools are useful",
    "tool: hammer",
    "print this",
    "await it",
    "to be or not",
    "to=functions of x",
    "commentary to the text",
    "name: Kitchen\nstate: on",
    "tool: a hammer",
    "function: f(x)",
    "<code>x = 1</code>",
    "<json>{}</json>",
    "<tool>hammer</tool>",
    "<action>run</action>",
    "a >>> b",
    ">>>",
    "Ends with >>",
    "✿ flowers ✿",
    "<atem> and <steptml> are tags",
    "print(1)",
]
"""Answers that only look as if there was something in them."""


@pytest.mark.parametrize(("text", "said", "thought", "over"), NOT_HEARD)
def test_what_is_not_meant_to_be_heard_is_not(text: str, said: str, thought: str, over: bool) -> None:
    for pieces in cuttings(text, seed=7, count=12):
        result = read(pieces)
        assert (result.said, result.thought, result.over) == (said, thought, over), pieces
        assert not result.calls


@pytest.mark.parametrize(("text", "said"), FURTHER)
def test_nothing_but_the_answer_is_said(text: str, said: str) -> None:
    for pieces in cuttings(text, seed=8, count=12):
        result = read(pieces)
        assert (result.said.strip(), result.calls) == (said, ()), pieces


@pytest.mark.parametrize("text", INTACT)
def test_text_that_only_looks_like_a_mark_stays(text: str) -> None:
    for pieces in cuttings(text, seed=9, count=12):
        result = read(pieces)
        assert result.said == text
        assert (result.calls, result.thought, result.over, result.unreadable) == ((), "", False, False)


def test_there_are_more_answers_that_stay_than_rows() -> None:
    assert len(INTACT) >= 100
    assert len(NOT_HEARD) >= 50


@pytest.mark.parametrize("opens", [True, False])
def test_thinking_that_the_template_opens_is_never_said(opens: bool) -> None:
    text = "Okay, the user greets me.\n</think>\n\nGood evening."
    for pieces in cuttings(text, seed=11, count=12):
        result = read(pieces, opens_thinking=opens)
        assert (result.said, result.thought) == ("Good evening.", "Okay, the user greets me.\n")


def test_thinking_known_from_the_template_is_not_even_streamed() -> None:
    reader = Reader(NAMES, opens_thinking=True)
    assert [
        reader.feed(piece)[0] for piece in ("Okay", ", the user", " greets me", "</think>", "\n\nGood")
    ] == [
        *[""] * 4,
        "Good",
    ]


@pytest.mark.parametrize(
    "text", ["It is warm.", "Der Ofen ist an, das Licht aus.", "21 °C.", "Yes!", "Ich denke schon."]
)
def test_first_word_is_not_delayed(text: str) -> None:
    reader = Reader(NAMES)
    for word in text.replace(" ", "| ").split("|"):
        assert reader.feed(word) == (word, "")


def test_later_words_wait_no_longer_than_the_longest_mark() -> None:
    marks = compiled()
    longest = max(3 * LONGEST_TOKEN, *(len(mark) for mark in marks.kinds))
    for text in INTACT:
        held = CALL in text or text.startswith(("{", "[", "User:", "Human:", "Login", "```", "HassTurnOn("))
        reader, said = Reader(NAMES), 0
        for end in range(1, len(text) + 1):
            said += len(reader.feed(text[end - 1])[0])
            assert held or end - said <= longest, text


def test_call_in_thinking_counts_where_the_answer_has_none() -> None:
    kitchen = ("intent__HassTurnOn", {"name": "Kitchen"})
    hall = CALL.replace("Kitchen", "Hall")
    assert read([f"<think>I call it: <tool_call>{CALL}</tool_call></think>Done."]).calls == (kitchen,)
    assert read([f"<think>I call it:\n{CALL}</think>"]).calls == (kitchen,)
    assert read([f"<think>I could call\n{CALL}</think>It is on already."]).calls == ()
    answer = read([f"<think>First {hall}\n<tool_call>{hall}</tool_call></think>{CALL}"])
    assert answer.calls == (kitchen,)


def test_quoted_example_is_no_call_and_stays() -> None:
    text = f"You write `<tool_call>{CALL}</tool_call>` for that."
    for pieces in cuttings(text, seed=13, count=12):
        result = read(pieces)
        assert (result.said, result.calls) == (text, ())
