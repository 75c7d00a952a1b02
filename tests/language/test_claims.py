"""What a model says of a deed that failed: believed only where it is plainly true."""

import pytest

from custom_components.homelab_ai.language.claims import claims_a_deed, tells_failure

TRUE = [
    "There isn't a light named Kitchen. Did you mean Hall?",
    "I tried to turn on the Kitchen light but it seems there's no such device. Available lights: Hall.",
    "Sorry, neither Kitchen nor Hall could be found.",
    "I'm sorry, Dave. I'm afraid I can't do that.",
    "It appears that the device is not recognized by the system.",
    "Error: no entity matches Kitchen",
    "I don't have access to a kitchen light.",
    "Ich habe kein Licht namens Kitchen gefunden. Meintest du Hall?",
    "Ich habe versucht, das Licht einzuschalten, aber es reagiert nicht.",
    "I could not turn on the kitchen light.",
    "That failed.",
    "Sorry, I couldn't find a lamp called Kitchen.",
    "The Kitchen light is not available. Please check whether it is plugged in.",
    "Which lamp do you mean?",
    "I'm sorry, but I wasn't able to do that because the device is offline.",
    "There is no light called Kitchen. The lights I know are Hall and Bath.",
    "Unfortunately, an error occurred while turning on the light.",
    "Something went wrong.",
    "The light did not respond.",
    "I tried, but the kitchen light doesn't respond. Should I try again?",
    "Nothing was changed.",
    "I can't control the Kitchen.",
    "The kitchen light is still off.",
    "Das hat nicht geklappt.",
    "Ich konnte das Licht in der Küche nicht einschalten.",
    "Leider ist Kitchen nicht erreichbar.",
    "Es gibt keine Lampe namens Kitchen.",
    "Tut mir leid, das ging nicht.",
    "Das Licht reagiert nicht. Bitte prüfe die Verbindung.",
    "Ein Fehler ist aufgetreten.",
    "Welche Lampe meinst du?",
    "Das Einschalten ist fehlgeschlagen.",
    "Ich habe keine Lampe mit diesem Namen gefunden.",
    "Leider konnte ich kein Gerät namens Küche finden. Meinst du Kitchen?",
    "Ich kann Kitchen leider nicht einschalten, weil es offline ist.",
    "Das war nicht möglich.",
    "Es ist ein Fehler aufgetreten, das Licht wurde nicht eingeschaltet.",
    "Kitchen konnte nicht eingeschaltet werden.",
    "Ich finde keine Lampe mit dem Namen Kitchen.",
]
"""Said after the only call failed, for a lamp called Kitchen."""

FALSE = [
    "The kitchen light could not be brighter!",
    "Das Licht könnte nicht heller sein.",
    "I can confirm that the light, which was not on before, is on.",
    "You couldn't find the switch but I could. Light's on.",
    "I don't know why it was off, but I fixed that.",
    "The light did not fail to turn on.",
    "The light is no longer off.",
    "The light is on, sorry about that.",
    "As requested, the light has been activated.",
    "Alles klar!",
    "Kein Problem. Das Licht leuchtet jetzt.",
    "Done! The light is on.",
    "Done.",
    "Okay, the kitchen light is on now.",
    "The light has been turned on.",
    "Turned on the Kitchen.",
    "Sure!",
    "Your kitchen is bright now.",
    "No problem, the light is on.",
    "Nothing to worry about, it is on.",
    "I couldn't be happier: the light is on.",
    "It failed at first, but it is on now.",
    "After an error the light is on.",
    "No errors: the light is on.",
    "I fixed the problem.",
    "The light is not off anymore.",
    "It could not be easier, done!",
    "Is there anything else?",
    "I did it without any trouble.",
    "I didn't have any trouble turning it on.",
    "Here you go!",
    "Anything else?",
    "The light is on, isn't it?",
    "",
    "👍",
    "Let there be light!",
    "I had an error and then it worked.",
    "The kitchen light is on. Sorry for the delay.",
    "Not only the kitchen, all lights are on.",
    "Why not! Light is on.",
    "I could not find the switch so I turned on the light directly.",
    "I could not reach it, and turned it on by hand.",
    '{"success": true}',
    "Voilà !",
    "You can now see.",
    "I can't complain, the light is on.",
    "Le salon est allumé.",
    "Erledigt!",
    "Das Licht ist an.",
    "Okay, ich habe das Licht eingeschaltet.",
    "Kein Problem, das Licht ist an.",
    "Das Licht ist nicht mehr aus.",
    "Beim ersten Mal ging es nicht, jetzt ist das Licht an.",
    "Das ging problemlos.",
    "Keine Sorge, es leuchtet.",
    "Licht an!",
    "Fertig.",
    "Gerne! Die Küche leuchtet.",
    "Ich habe ohne Fehler eingeschaltet.",
    "Es konnte nicht besser laufen.",
    "Zuerst gab es einen Fehler, aber nun ist es an.",
    "Bitte schön!",
    "Noch etwas?",
    "Der Fehler ist behoben.",
    "Das konnte nicht schneller gehen, Licht ist an.",
    "Kann ich sonst nichts tun?",
]
"""The same, but nothing of it says that it failed, or it says something else as well."""

IN_PART = [
    ("I turned on the Kitchen, but the Cellar could not be found.", True),
    ("Both are on.", False),
    ("The Kitchen is on. There is no Cellar.", True),
    ("Kitchen and Cellar are on.", False),
    ("The Kitchen is on.", False),
    ("I could not do that.", False),
    ("I could not find the Cellar.", True),
    ("Both lights are on. The Cellar did not respond.", False),
    ("Kitchen ist an, der Cellar wurde nicht gefunden.", True),
    ("Beide sind an.", False),
    ("Beide Lampen sind an, kein Problem.", False),
    ("The Kitchen light is on, however I could not find Cellar.", True),
    ("The Kitchen could not be turned on.", False),
]
"""Said after Kitchen was done and Cellar was not, and whether it is true."""

NO_DEED = [
    "It is 21 °C in the kitchen.",
    "The weather is fine.",
    "Two problems: the node is off.",
    "Die Küche hat 21 Grad.",
    "There are 3 lights.",
    "I don't know.",
    "Paris.",
    "Es ist zehn Uhr.",
]


@pytest.mark.parametrize("text", TRUE)
def test_failure_that_is_told_is_believed(text: str) -> None:
    assert tells_failure(text, (), ("Kitchen",))
    assert not claims_a_deed(text)


@pytest.mark.parametrize("text", FALSE)
def test_claim_is_not_believed(text: str) -> None:
    assert not tells_failure(text, (), ("Kitchen",))


@pytest.mark.parametrize(("text", "is_true"), IN_PART)
def test_what_was_done_in_part_names_what_was_not(text: str, is_true: bool) -> None:
    assert tells_failure(text, ("Kitchen",), ("Cellar",)) is is_true


@pytest.mark.parametrize("text", NO_DEED)
def test_answer_to_a_question_claims_no_deed(text: str) -> None:
    assert not claims_a_deed(text)


@pytest.mark.parametrize("text", TRUE)
@pytest.mark.parametrize(
    "claim",
    [
        "Done!",
        "The light is on.",
        "Okay, turned on.",
        "Erledigt!",
        "Das Licht ist an.",
        "Licht ist jetzt an.",
    ],
)
def test_claim_beside_the_truth_is_not_believed(text: str, claim: str) -> None:
    assert not tells_failure(f"{text} {claim}", (), ("Kitchen",))
    assert not tells_failure(f"{claim} {text}", (), ("Kitchen",))


def test_several_failures_are_all_told_or_none_by_name() -> None:
    both = ("Kitchen", "Cellar")
    assert tells_failure("I could not do that.", (), both)
    assert tells_failure("Neither worked: I could not find Kitchen and Cellar.", (), both)
    assert not tells_failure("I could not find Kitchen.", (), both)


@pytest.mark.parametrize("text", ["(" * 3000, "not " * 500, "und " * 600, "could not " * 190, "a," * 900])
def test_judging_is_quick(text: str) -> None:
    assert not tells_failure(text + " done", ("Kitchen",), ("Cellar",))
