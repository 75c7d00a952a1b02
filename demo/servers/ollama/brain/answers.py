"""Sentences: greetings, plain answers, and answers from what a tool returned."""

import json
import re
from typing import Any

from demo.servers.ollama.images import Picture

from .language import topic, words

_GREETINGS = frozenset({"hi", "hello", "hey", "hallo", "moin", "servus", "guten"})
_ABOUT_ITSELF = (("who", "are", "you"), ("what", "are", "you"), ("wer", "bist", "du"), ("was", "bist", "du"))
_MOST_FACTS = 8
_LONGEST_QUOTE = 240
# Marks around quoted text, which are not spoken.
_UNMARKED = str.maketrans("", "", "⟦⟧")
_QUOTED = re.compile(r"⟦([^⟦⟧]*)⟧")
_BETWEEN_SENTENCES = re.compile(r"(?<=[.!?])\s+")
# Words that are written small behind a comma; what is no such word may be a name.
_SMALL = frozenset({"the", "there", "that", "der", "die", "das", "ein", "eine", "im", "dazu", "deshalb"})


def thoughts(question: str, german: bool) -> str:
    """What a thinking model thinks first."""
    about = topic(question) or "…"
    if german:
        return f"Die Frage dreht sich um: {about}. Ich prüfe, ob ein Werkzeug hilft, und antworte kurz."
    return f"The user asks about: {about}. Let me see whether a tool helps, then answer briefly."


def plain_answer(question: str, model: str, german: bool) -> str:
    """Answer without any tool or data."""
    said = words(question)
    if any(all(word in said for word in asking) for asking in _ABOUT_ITSELF):
        if german:
            return f"Ich bin {model}, ein simuliertes Modell auf einem simulierten Ollama."
        return f"I am {model}, a simulated model on a simulated Ollama."
    about = topic(question)
    if said and (said[0] in _GREETINGS) and len(said) <= 4:
        return "Hallo! Wobei kann ich helfen?" if german else "Hello! How can I help you?"
    if not about:
        return "Ja?" if german else "Yes?"
    if german:
        return f"Du fragst nach: {about}. Dazu habe ich keine Daten, kann aber gern weiterhelfen."
    return f"You asked about: {about}. I have no data on that, but I am happy to help."


def describe_pictures(pictures: list[Picture], german: bool) -> str:
    """Say how many pictures there are, of which kind and size."""
    sizes = ", ".join(f"{picture.kind} {picture.width} x {picture.height}" for picture in pictures)
    if german:
        return f"Ich sehe {len(pictures)} {'Bild' if len(pictures) == 1 else 'Bilder'}: {sizes} Pixel."
    return f"I see {len(pictures)} {'image' if len(pictures) == 1 else 'images'}: {sizes} pixels."


def quoted_alone(question: str) -> str:
    """The text that a message consists of, where it is nothing but quoted text; that is to be rephrased."""
    match = _QUOTED.fullmatch(question.strip())
    return match[1] if match else ""


def rephrased(text: str, german: bool) -> str:
    """Say a report in other words: its first two sentences as one."""
    first, *others = _BETWEEN_SENTENCES.split(text.strip())
    if not others or not first.endswith("."):
        return text
    second, *rest = others
    begin, _, end = second.partition(" ")
    begin = begin.lower() if begin.lower() in _SMALL else begin
    joined = f"{first.removesuffix('.')}, {'und' if german else 'and'} {begin} {end}"
    return " ".join((joined, *rest))


def from_results(results: list[str], german: bool) -> str:
    """Answer from what the tools returned, quoting their data."""
    return " ".join(_from_result(result, german) for result in results)


def _from_result(result: str, german: bool) -> str:
    try:
        data = json.loads(result)
    except ValueError:
        return _shortened(result) or ("Das hat geklappt." if german else "Done.")
    if isinstance(data, dict) and data.keys() == {"data", "error"} and data["error"] is False:
        # Home Assistant's agents put the result of a tool beside whether it failed.
        data = data["data"]
    if speech := _speech(data):
        return speech
    if isinstance(data, dict) and data.get("error"):
        reason = data.get("error_text") or data["error"]
        return f"Das ging nicht: {reason}." if german else f"That did not work: {reason}."
    if done := _names_done(data):
        return f"Erledigt: {done}." if german else f"Done: {done}."
    facts = _facts(data)
    if not facts:
        return "Erledigt." if german else "Done."
    return _shortened(("Das weiß ich: " if german else "Here is what I found: ") + "; ".join(facts) + ".")


def _speech(data: Any) -> str:
    """The sentence that Home Assistant's intents answer with, or a tool that has the answer ready."""
    if isinstance(data, dict) and isinstance(answer := data.get("answer"), str):
        return answer.translate(_UNMARKED)
    speech = data.get("speech") if isinstance(data, dict) else None
    if isinstance(speech, dict):
        plain = speech.get("plain")
        speech = plain.get("speech") if isinstance(plain, dict) else None
    return speech if isinstance(speech, str) else ""


def _names_done(data: Any) -> str:
    if not isinstance(data, dict) or data.get("response_type") != "action_done":
        return ""
    done = (data.get("data") or {}).get("success") or []
    return ", ".join(str(each.get("name")) for each in done if isinstance(each, dict))


def _facts(data: Any, key: str = "") -> list[str]:
    """Flatten data to "key value" phrases, the first few of them."""
    if isinstance(data, dict):
        items = [(f"{key} {name}".strip(), value) for name, value in data.items()]
    elif isinstance(data, list):
        items = [("" if isinstance(value, dict) else key, value) for value in data]
    else:
        text = str(data).strip() if data is not None else ""
        return [f"{key.replace('_', ' ')} {text}".strip()] if text else []
    facts: list[str] = []
    for name, value in items:
        if name != "success" or isinstance(value, (dict, list)):
            facts += _facts(value, name)
        if len(facts) >= _MOST_FACTS:
            break
    return facts[:_MOST_FACTS]


def _shortened(text: str) -> str:
    text = " ".join(text.split())
    if len(text) <= _LONGEST_QUOTE:
        return text
    return text[: text.rfind(" ", 0, _LONGEST_QUOTE)] + " …"
