"""What sentences have in common in German: templates of parts, see `QuestionWords.rules`."""

from collections.abc import Mapping

RULES: Mapping[str, str] = {
    "x": (
        "[(der|die|das|den|dem|des|mein|meine|meinen|meinem|meiner|unser|unsere|unserem|unseren|diese|dieses|diesen)]"
        " [<kind> [(von|vom|der|des|namens)]] {name}[s][(-| )<kind>] [(in|im|aus) [(dem|der)] [(namespace|namensraum)] <place>]"
    ),
    "of": "[(von|vom|der|des|bei|beim|für|auf|zu|zum|in|im|an|am)]",
    "now": (
        "[(gerade|jetzt|schon wieder|denn gerade|eigentlich noch|momentan|aktuell|heute|noch|wieder|derzeit|denn|eigentlich|schon|im moment|überhaupt|zurzeit|zur zeit|mal"
        "|immer noch|grad|wirklich|auch)]"
    ),
    "lab": "[(im|in meinem|in unserem|in der|am|vom|mit dem|bei) [(meinem|unserem|dem)] (homelab|cluster|labor|heimlabor|kubernetes|flux)]",
    "labor": "(im|in meinem|in unserem|mit dem|mit meinem|bei meinem|beim|vom) (homelab|cluster|labor|heimlabor|home lab)",
    "if": (
        "[(sag mir|sag|prüf|prüfe|schau|schau nach|sieh nach|guck|weißt du|ich wüsste gern|ich frage mich|ich möchte wissen|mich interessiert"
        "|(kannst|könntest) du [mir] [bitte] (sagen|nachsehen|prüfen|schauen|nachschauen|gucken))] [mal] ob"
    ),
    "tell": (
        "[(sag mir|sag|zeig mir|zeig|nenn mir|weißt du|ich wüsste gern|ich möchte wissen|mich interessiert"
        "|(kannst|könntest) du [mir] [bitte] (sagen|zeigen|verraten))] [mal]"
    ),
    "well": (
        "(ok|okay|in ordnung|gesund|online|bereit|an|da|erreichbar|verfügbar|am laufen|am leben|funktionsfähig|oben|up|fit|stabil"
        "|einsatzbereit|betriebsbereit|gut|aktiv|fein|gültig)"
    ),
    "runs": (
        "(läuft|laufen|funktioniert|funktionieren|geht|gehen|antwortet|antworten|lebt|tut|reagiert|klappt|rennt)"
    ),
    "properly": "[(richtig|einwandfrei|ordentlich|normal|sauber|problemlos|fehlerfrei|ohne probleme|gut|rund|stabil|wie es soll)]",
    "bad": (
        "(kaputt|offline|aus|down|abgestürzt|ausgefallen|tot|weg|gestört|defekt|gecrasht|gestorben|hin|unten|unerreichbar|nicht (erreichbar"
        "|verfügbar|bereit|online|in ordnung|ok|okay|da|an|am laufen))"
    ),
    "trouble": "(problem|probleme|problemen|schwierigkeiten|ärger|fehler|störung|störungen)",
    "wrong": "(los|kaputt|falsch|nicht in ordnung|nicht ok|im argen|schiefgelaufen|das problem)",
    "are": "(ist|sind|hat|haben|war|waren|läuft|laufen|startet|starten|wurde|wurden|werden|müssen|muss)",
    "any": "[(irgendein|irgendeine|irgendeiner|irgendwelche|ein|eine|einer|eines|einen|alle|mehr)] [(der|meiner|unserer|von den|von meinen|die|meine)]",
    "which": "(welche|welcher|welches|welchen|was für)",
    "why": "(warum|wieso|weshalb|weswegen)",
}
"""What several sentences have in common, by the name that they call it by."""
