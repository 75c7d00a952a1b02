"""Mutated messages: the reader raises nothing, speaks no mark, and does not depend on how they are cut.

`HOMELAB_AI_MESSAGES` sets how many, `HOMELAB_AI_SEED` which; the suite runs two thousand, each night
has a hundred thousand others.
"""

from dataclasses import replace
import os
import random
import re
import time

import pytest

from custom_components.homelab_ai.agent import dialects
from custom_components.homelab_ai.agent.marks import SPEAKABLE, compiled
from custom_components.homelab_ai.agent.reader import Reader

from .messages import CALL, NAMES, Read, cuttings, fixtures, read
from .test_reader import INTACT, NOT_HEARD

MESSAGES = int(os.environ.get("HOMELAB_AI_MESSAGES", "2000"))
MARKS = [mark for mark, kind in compiled().kinds.items() if kind not in SPEAKABLE]
# In a block of code there may be any XML.
NOT_EVEN_IN_CODE = re.compile(
    r"(?<!`)(?:<\|[a-z_]{2,30}\|>|</?think>|</?tool_call>|\[/?INST\]|\[TOOL_CALLS\])(?!`)"
)
CODE = re.compile(r"```.*?(?:```|$)", re.DOTALL)
# A mark in backticks is one that is spoken about. HTML has two that models use as well.
UNSPEAKABLE = re.compile(
    "|".join(f"(?<!`){re.escape(mark)}(?!`)" for mark in MARKS if mark not in ("<s>", "</s>"))
)
PARTS = [
    *(mark for mark in MARKS),
    *dialects.SPEAKERS,
    *dialects.OWN_LABELS,
    *(
        "\n",
        "\n\n",
        " ",
        "`",
        "```",
        "```json\n",
        "{",
        "}",
        "[",
        "]",
        '"',
        "'",
        ":",
        ",",
        "<",
        ">",
        "|",
        "\\",
    ),
    *("HassTurnOn", "intent__HassTurnOn(", "name", '{"name": "', '"arguments": {', CALL, "Good evening. "),
    *("User: Thanks!\n", "Observation:", "null", "💡", "\ufeff", "\x00", "\ud83d", "ä", "｜", "▁", "<|x|>"),
]


def mutated(rng: random.Random, seeds: list[str]) -> str:
    """Return a message with a few parts put in, taken out, doubled, swapped or cut off."""
    text = rng.choice(seeds)
    if rng.random() < 0.3:
        text += rng.choice(("\n", " ", "")) + rng.choice(seeds)
    for _ in range(rng.randint(1, 6)):
        at, end = sorted((rng.randint(0, len(text)), rng.randint(0, len(text))))
        match rng.randint(0, 5):
            case 0:
                text = text[:at] + rng.choice(PARTS) + text[at:]
            case 1:
                text = text[:at] + text[min(end, at + 12) :]
            case 2:
                text = text[:end] + text[at:end][:40] + text[end:]
            case 3:
                text = text[: max(at, 1)]
            case 4:
                text = text[:at] + rng.choice(PARTS) + text[at + 1 :]
            case 5:
                text = text[at:] + text[:at]
    return text


def ordered(result: Read) -> Read:
    """Return a result without the order of its thoughts: what turned out to be one later stands anywhere."""
    return replace(result, thought="".join(sorted(result.thought)))


def test_mutated_messages_are_read() -> None:
    seed = int(os.environ.get("HOMELAB_AI_SEED", "20261128"))
    rng = random.Random(seed)
    seeds = [*fixtures().values(), *(row[0] for row in NOT_HEARD), *INTACT]
    for number in range(MESSAGES):
        text = mutated(rng, seeds)
        cut = rng.random() < 0.2
        whole = read([text], cut=cut)
        found = UNSPEAKABLE.search(CODE.sub(" ", whole.said)) or NOT_EVEN_IN_CODE.search(whole.said)
        assert not found, (seed, number, text, whole.said, found)
        _, _, pieces = cuttings(text, number, 1)
        assert ordered(read(pieces, cut=cut)) == ordered(whole), (number, text, pieces)


@pytest.mark.parametrize(
    "text",
    [
        "Plan: I turn on the li<|</tool_use>START_THINKING|>ght.\n"
        + '{"TurnOn", "arguments": {"name": "Kitchen"}}',
        "```\na\n```<|im_start|>```\nb\n```",
        "c<inner_monologue>onst a = {object<｜end▁of▁think｜>map[t",
        "``````<|im_end|>``````",
        '[x]<|y|>[{"HassTurnOn": {"name": "K|>\nAction: <|to<|"|>ls_prefix|>[{"HassTurnOn": {"name": "K',
        "x ```<thought>aml\n`<|/thinking|>``<reasoning>",
        "**{object <nil> [name] map[a:{string}]} Good evening.",
        "*{object map[**<|tool_calls_end|>***bold*",
        'x `<function_calls>\n<invoke name="HassTurnOn">\n<parameter name="name">K</parameter>\n</invoke>\n'
        '</function_calls>`{"name": "x',
        "<tool_call>\nname: Has</s<TOOLCALL>ed\n</tool</tool_call>call> {",
    ],
)
def test_what_is_left_out_makes_no_mark_of_what_stands_around_it(text: str) -> None:
    for pieces in cuttings(text, seed=1, count=6):
        assert not UNSPEAKABLE.search(CODE.sub(" ", read(pieces).said))


def test_reading_takes_time_in_proportion_to_the_text() -> None:
    """Texts made to be slow: each of a hundred thousand characters."""
    for part in (
        "{",
        "[",
        "<",
        "`",
        "```",
        "<|",
        "\n",
        "User:",
        '{"name":',
        "}",
        '{"name": "x"} ',
        "<think>",
        "a<b ",
    ):
        text = part * (100_000 // len(part))
        started = time.process_time()
        reader = Reader(NAMES)
        for at in range(0, len(text), 4):
            reader.feed(text[at : at + 4])
        reader.finish()
        assert time.process_time() - started < 5, part
