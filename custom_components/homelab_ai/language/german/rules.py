"""What sentences have in common in German: templates of parts, see `QuestionWords.rules`."""

from collections.abc import Mapping

RULES: Mapping[str, str] = {
    "x": (
        "[(der|die|das|den|dem|des|mein|meine|meinen|meinem|meiner|unser|unsere|unserem|unseren|diese|dieses|diesen)]"
        " [<kind> [(von|vom|der|des|namens)]] {name}[s][(-| )<kind>] [(in|im|aus|von) [(dem|der)] [(namespace|namensraum)] <place>]"
    ),
    "of": "[(von|vom|der|des|bei|beim|für|auf|zu|zum|in|im|an|am)]",
    "now": (
        "[(gerade|jetzt|schon wieder|denn gerade|eigentlich noch|momentan|aktuell|heute|noch|wieder|derzeit|denn|eigentlich|schon|im moment|überhaupt|zurzeit|zur zeit|mal"
        "|immer noch|grad|wirklich|auch|im augenblick|zufällig|so|nun|bereits|bisher)]"
    ),
    "lab": "[(im|in meinem|in unserem|in der|am|vom|mit dem|bei) [(meinem|unserem|dem)] (homelab|cluster|labor|heimlabor|kubernetes|flux|ki-server|hub)]",
    "labor": "(im|in meinem|in unserem|mit dem|mit meinem|bei meinem|beim|vom) (homelab|cluster|labor|heimlabor|home lab)",
    "if": (
        "[(sag mir|sag|prüf|prüfe|schau|schau nach|sieh nach|guck|weißt du|ich wüsste gern|ich frage mich|ich möchte wissen|mich interessiert"
        "|ich habe vergessen|keine ahnung|(kannst|könntest|würdest) du [(mir|bitte|mal|kurz|eben|schnell)] [(mir|bitte|mal|kurz|eben|schnell)] (sagen|nachsehen|prüfen|schauen|nachschauen|gucken|nachgucken|überprüfen|checken))] [mal] ob"
    ),
    "tell": (
        "[(sag mir|sag|zeig mir|zeig|nenn mir|weißt du|ich wüsste gern|ich möchte wissen|mich interessiert"
        "|ich habe vergessen|(kannst|könntest|würdest) du [(mir|bitte|mal|kurz|eben|schnell)] [(mir|bitte|mal|kurz|eben|schnell)] (sagen|zeigen|verraten|nachsehen|nachschauen|gucken|schauen))] [mal]"
    ),
    "well": (
        "(ok|okay|in ordnung|gesund|online|bereit|an|da|erreichbar|verfügbar|am laufen|am leben|funktionsfähig|oben|up|fit|stabil"
        "|einsatzbereit|betriebsbereit|gut|aktiv|fein|gültig|wach|zu erreichen|funktionstüchtig|am start|munter|ansprechbar)"
    ),
    "runs": (
        "(läuft|laufen|funktioniert|funktionieren|geht|gehen|antwortet|antworten|lebt|tut|reagiert|klappt|rennt)"
    ),
    "properly": "[(richtig|einwandfrei|ordentlich|normal|sauber|problemlos|fehlerfrei|ohne probleme|gut|rund|stabil|wie es soll)]",
    "bad": (
        "(kaputt|offline|aus|down|abgestürzt|ausgefallen|tot|weg|gestört|defekt|gecrasht|gestorben|hin|unten|unerreichbar|überlastet|beschädigt|beeinträchtigt|degradiert|kaputtgegangen|nicht (erreichbar|gesund|oben|ansprechbar|funktionsfähig"
        "|verfügbar|bereit|online|in ordnung|ok|okay|da|an|am laufen))"
    ),
    "trouble": "(problem|probleme|problemen|schwierigkeiten|ärger|fehler|störung|störungen)",
    "wrong": "(los|kaputt|falsch|nicht in ordnung|nicht ok|im argen|schiefgelaufen|das problem)",
    "are": "(ist|sind|hat|haben|war|waren|läuft|laufen|startet|starten|wurde|wurden|werden|müssen|muss)",
    "any": "[(irgendein|irgendeine|irgendeiner|irgendwelche|ein|eine|einer|eines|einen|alle|mehr)] [(der|meiner|unserer|von den|von meinen|die|meine)]",
    "labname": (
        "[(das|dem|den|der|des|die|mein|meine|meinem|meinen|meiner|unser|unserem|unseren)] (homelab[s]|home lab|labor|heimlabor|[(kubernetes|k8s|k3s)(-| )]cluster|kubernetes|servern|server|server(-| )raum|infrastruktur)"
    ),
    "wann": "(wann|um wie viel uhr|zu welcher uhrzeit|an welchem tag|welchen tag)",
    "which": "(welche|welcher|welches|welchen|was für)",
    "why": "(warum|wieso|weshalb|weswegen)",
}
"""What several sentences have in common, by the name that they call it by."""
