"""Words: which language a text is in, and what its words mean across English and German."""

import re

_WORD = re.compile(r"[^\W_]+(?:'[a-z]+)?", re.UNICODE)
_CAMEL = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")

_GERMAN = frozenset(
    _WORD.findall(
        """aber alle am an auf aus bei bitte bist brauche danke das dem den der des die du ein eine einen
    einem einer es für geht gestern gib gibt guten habe haben hallo heute hier ich ihr im ist ja kann
    kannst kein keine läuft licht mach mache mein meine mich mir mit morgen nach nein nicht noch oder
    schalte sag schon sind spät tag uhr uhrzeit um und uns viel viele vom von wann war warum was welche
    welcher welches wem wen wer werden weshalb wetter wie wieso wird wo zeig zeige zu zum zur zwei über"""
    )
)
_ENGLISH = frozenset(
    _WORD.findall(
        """a about am an and any are at can could do does for from give have hello hey how i in is it list
    me my not of off on or please she show switch tell that the there this to today turn us was we what
    when where which who why will with you your"""
    )
)

# Words that carry no topic, in both languages.
STOP_WORDS = (_GERMAN | _ENGLISH | {"hi", "be", "s", "its", "everything", "alles", "up"}) - {
    "licht", "off", "on", "an", "aus", "ein", "turn", "switch", "uhr", "uhrzeit", "spät", "wetter",
    "läuft", "schalte", "mach", "mache", "list",
}  # fmt: skip

# Words that carry no topic either, but say what kind of answer is wanted.
_ASKING = frozenset({"why", "warum", "weshalb", "wieso"})

# What a word stands for; the value is what tool names and descriptions tend to say.
_MEANING = {
    "schalte": "turn", "schalt": "turn", "schalten": "turn", "switch": "turn", "mach": "turn",
    "mache": "turn", "an": "on", "ein": "on", "einschalten": "on", "anschalten": "on", "aus": "off",
    "ausschalten": "off", "licht": "light", "lichter": "light", "lampe": "light", "lampen": "light",
    "lamp": "light", "bulb": "light", "stelle": "set", "setze": "set", "dimme": "set", "dim": "set",
    "öffne": "open", "schließe": "close", "starte": "start", "stoppe": "stop", "stopp": "stop",
    "füge": "add", "hinzu": "add", "lösche": "delete", "zeit": "time", "uhr": "time",
    "uhrzeit": "time", "spät": "time", "clock": "time", "datum": "date", "wochentag": "date",
    "day": "date", "wetter": "weather", "forecast": "weather", "temperatur": "temperature",
    "warm": "temperature", "kalt": "temperature", "gesundheit": "health", "gesund": "health",
    "healthy": "health", "zustand": "health", "okay": "health", "ok": "health", "läuft": "state",
    "status": "state", "running": "state", "probleme": "problem", "wrong": "problem",
    "issue": "problem", "fehler": "error", "failure": "error", "failing": "error", "broken": "error",
    "kaputt": "error", "why": "explain", "warum": "explain", "weshalb": "explain", "wieso": "explain",
    "warnungen": "alert", "alarme": "alert", "warning": "alert", "sicherung": "backup",
    "sicherungen": "backup", "gesichert": "backup", "backed": "backup", "macht": "doing", "tut": "doing",
    "grafikkarte": "gpu", "speicher": "storage", "platte": "disk", "festplatte": "disk",
    "modelle": "model", "modell": "model", "dokument": "document", "dokumente": "document",
    "rechnung": "document", "rechnungen": "document", "invoice": "document",
    "ereignisse": "event", "ereignis": "event", "protokoll": "log", "protokolle": "log",
    "verlauf": "history", "gestern": "history", "yesterday": "history", "erinnere": "remember",
    "merke": "remember", "suche": "search", "finde": "search", "find": "search",
    "liste": "list", "einkaufsliste": "list", "knoten": "node", "dienste": "service",
    "dienst": "service", "server": "homelab", "hub": "homelab",
}  # fmt: skip


def words(text: str) -> list[str]:
    """The words of a text in lower case."""
    return [word.lower() for word in _WORD.findall(text)]


def is_german(text: str) -> bool:
    """Whether a text is rather German than English."""
    found = words(text)
    german = sum(word in _GERMAN or any(letter in word for letter in "äöüß") for word in found)
    return german > sum(word in _ENGLISH for word in found)


def meaning(word: str) -> str:
    """What a word stands for: translated, and without a plural s."""
    if word in _MEANING:
        return _MEANING[word]
    if word.endswith(("licht", "lampe")):
        return "light"
    stem = word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word
    return _MEANING.get(stem, stem)


def translated(text: str) -> str:
    """A text with the words that tools know in place of those that stand for them; all others as they are."""
    return " ".join(_MEANING.get(word.lower(), word) for word in text.split())


def meanings(text: str) -> list[str]:
    """What the telling words of a text stand for."""
    return [meaning(word) for word in words(text) if word not in STOP_WORDS or word in _ASKING]


def name_words(name: str) -> list[str]:
    """The words of an identifier in CamelCase or snake_case."""
    return [meaning(word.lower()) for word in _CAMEL.findall(name)]


def topic(text: str, most: int = 8) -> str:
    """The telling words of a text, in order, as a phrase."""
    telling = [word for word in _WORD.findall(text) if word.lower() not in STOP_WORDS]
    return " ".join(telling[:most])
