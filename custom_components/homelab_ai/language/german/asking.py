"""How people ask about the homelab in German: templates of sentences, see `QuestionWords.sentences`."""

from collections.abc import Mapping, Sequence

from ..questions.question import Ask

_X = "<x>"
_OF = "<of>"
_NOW = "<now>"
_LAB = "<lab>"
_LABOR = "<labor>"
_IF = "<if>"
_TELL = "<tell>"
_WELL = "<well>"
_RUNS = "<runs>"
_PROPERLY = "<properly>"
_BAD = "<bad>"
_TROUBLE = "<trouble>"
_WRONG = "<wrong>"
_ARE = "<are>"
_ANY = "<any>"
_WHICH = "<which>"
_WHY = "<why>"

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

SENTENCES: Mapping[Ask, Sequence[str]] = {
    Ask.STATE: (
        f"{_TELL} wie (geht es|geht's|gehts|steht es um|steht's um|läuft|geht|läuft es (mit|bei)) {_NOW} {_X} {_NOW}",
        f"{_TELL} wie es {_NOW} {_X} geht",
        f"{_TELL} (wie ist|was ist|wie lautet) (der|die) (status|zustand|stand|lage) {_OF} {_X} {_NOW}",
        f"was macht {_X} {_NOW}",
        f"[(der|den)] (status|zustand|stand) {_OF} {_X}",
        f"{_X}(-| )(status|zustand)",
        f"wie sieht es {_NOW} (mit|bei) {_X} {_NOW} aus",
        f"wie sieht's {_NOW} (mit|bei) {_X} {_NOW} aus",
        f"(schau|guck|sieh|check|prüf|prüfe|überprüfe) {_NOW} [(nach|mal nach)] {_X} [nach]",
        f"[und] was ist {_NOW} mit {_X}",
        f"in welchem zustand ist {_X} {_NOW}",
        f"[und] wie ist es mit {_X}",
    ),
    Ask.IS_WELL: (
        f"{_RUNS} {_X} {_NOW} {_PROPERLY}",
        f"{_X} {_RUNS} {_NOW} {_PROPERLY}",
        f"(ist|sind|war|bist) {_X} {_NOW} {_WELL}",
        f"{_X} {_NOW} {_WELL}",
        f"ist {_NOW} (mit|bei) {_X} {_NOW} alles {_NOW} {_WELL}",
        f"ist {_NOW} alles {_NOW} {_WELL} (mit|bei) {_X}",
        f"{_IF} {_X} {_NOW} ({_RUNS}|{_WELL} (ist|sind)) ".strip(),
        f"kann (ich|man) {_NOW} [auf] {_X} {_NOW} (gucken|schauen|anschauen|hören|nutzen|benutzen|erreichen|verwenden|zugreifen|öffnen)",
        f"(ist|hat) {_X} {_NOW} (hochgefahren|gestartet|hochgekommen|wieder da)",
        f"tut {_X} {_NOW} [was es soll]",
    ),
    Ask.IS_TROUBLED: (
        f"(ist|sind|war) {_X} {_NOW} {_BAD}",
        f"{_X} {_NOW} {_BAD}",
        f"{_IF} {_X} {_NOW} {_BAD} (ist|sind)",
        f"(gibt es|gibt's|gab es) {_NOW} [(ein|irgendein|irgendwelche|eine)] {_TROUBLE} (mit|bei) {_X}",
        f"(hat|haben|macht|machen) {_X} {_NOW} [(ein|irgendein|irgendwelche|eine)] {_TROUBLE}",
        f"(hat|ist) {_X} {_NOW} (was|etwas|abgestürzt|ausgefallen|gecrasht|gestorben)",
        f"(ist|läuft) {_NOW} (etwas|irgendetwas|was|irgendwas) {_NOW} (mit|bei) {_X} {_NOW} (kaputt|nicht in ordnung|falsch|schief|los|nicht ok)",
        f"stimmt {_NOW} [(etwas|irgendetwas|was|irgendwas)] {_NOW} (mit|bei) {_X} [(etwas|was)] nicht",
        f"[irgendwelche] {_TROUBLE} (mit|bei) {_X}",
    ),
    Ask.IS: (
        f"(ist|sind|hat|haben|wurde|wurden|läuft|startet|stürzt) {_X} {_NOW} {{condition}} [worden]",
        f"{_IF} {_X} {_NOW} {{condition}} (ist|sind|hat)",
        f"wird {_X} {_NOW} {{condition}}",
    ),
    Ask.REASON: (
        f"{_TELL} {_WHY} (geht|läuft|funktioniert|antwortet|startet|reagiert|tut|gehen|laufen|funktionieren|lädt|klappt) {_X} {_NOW} nicht [mehr] {_PROPERLY}",
        f"{_TELL} {_WHY} {_X} {_NOW} nicht [mehr] (geht|läuft|funktioniert|antwortet|startet|reagiert|tut|erreichbar ist|online ist|da ist)",
        f"{_TELL} {_WHY} (ist|sind|war) {_X} {_NOW} ({_BAD}|nicht [mehr] {_WELL}|{{condition}})",
        f"{_TELL} {_WHY} {_X} {_NOW} ({_BAD}|{{condition}}) (ist|sind|war)",
        f"{_TELL} {_WHY} (startet|startete) {_X} {_NOW} [(ständig|dauernd|immer wieder)] neu",
        f"{_TELL} {_WHY} (kann|komme|erreiche) (ich|man) [auf] {_X} {_NOW} nicht [mehr] [(erreichen|nutzen|öffnen|drauf|rauf)]",
        f"{_TELL} {_WHY} (komme|komm) (ich|man|wir) {_NOW} nicht [mehr] (auf|an|in) {_X} {_NOW} [(drauf|rein|ran)]",
        f"{_WHY} (hat|macht) {_X} {_NOW} [ein] {_TROUBLE}",
        f"{_WHY} (stürzt|fällt) {_X} {_NOW} [(ständig|dauernd)] (ab|aus)",
        f"{_TELL} was ist {_NOW} (mit|bei) {_X} {_NOW} {_WRONG}",
        f"{_TELL} was {_NOW} (mit|bei) {_X} {_WRONG} ist",
        f"was hat {_X} {_NOW}",
        f"was fehlt {_X} {_NOW}",
        f"(was ist|was war|wo liegt) (das problem|der fehler|die ursache|der grund|die störung) (mit|bei|von|vom|für|an) {_X}",
        f"(woran|an was) (liegt es|liegt's|lag es) [(dass|das)] {_X} [nicht] ({_RUNS}|{_BAD} ist)",
        f"(wie kommt es|wie kommt's) [(dass|das)] {_X} [nicht] ({_RUNS}|{_BAD} ist)",
        f"(erklär|erkläre) [(mir|mal|uns)] (das|die) [problem|störung|fehler] (problem|probleme|störung|fehler) (mit|von|vom|bei) {_X}",
        f"(erklär|erkläre) [(mir|mal|uns)] {_WHY} {_X} {_NOW} ({_BAD} ist|nicht ({_RUNS}))",
    ),
    Ask.UP_TO_DATE: (
        f"(ist|sind) {_X} {_NOW} (aktuell|auf dem [(neuesten|neusten|aktuellen|letzten)] stand|up to date|synchron|synchronisiert|im sync|veraltet|die neueste version"
        "|so wie in git)",
        f"(gibt es|gibt's) {_NOW} (ein update|eine aktualisierung|eine neue version|eine neuere version|updates|aktualisierungen|neue versionen) (für|von) {_X}",
        f"(braucht|hat) {_X} {_NOW} (ein update|eine aktualisierung|updates)",
        f"{_IF} {_X} {_NOW} (aktuell|auf dem neuesten stand|synchron) ist",
        f"läuft {_X} {_NOW} (auf der|mit der|in der) (neuesten|neusten|aktuellen|letzten) version",
    ),
    Ask.WHICH: (
        f"{_TELL} {_WHICH} [(der|meiner|von den)] {{group}} {_ARE} {_NOW} {_LAB} {_NOW} {{condition}} {_LAB}",
        f"{_TELL} {_WHICH} [(der|meiner|von den)] {{group}} {_NOW} {{condition}} {_NOW} [{_ARE}] {_LAB}",
        f"(gibt es|gibt's|gab es) {_NOW} {_ANY} {{group}} {_LAB} [(die|der|das)] {_NOW} {{condition}} [{_ARE}] {_LAB}",
        f"(gibt es|gibt's|gab es) {_NOW} {_ANY} {{condition}} {{group}} {_LAB}",
        f"{_ARE} {_NOW} [(bald|demnächst|in kürze|diese woche|diesen monat|nächste woche|nächsten monat)] {_ANY} {{group}} {_NOW} {{condition}} {_LAB}",
        f"(muss|müssen|sollte) (ich|wir) {_NOW} [(bald|demnächst|in kürze)] {_ANY} {{group}} {_NOW} {{condition}} {_LAB}",
        f"(hat|haben) {_ANY} {{group}} {_NOW} {{condition}} {_LAB}",
        f"{_TELL} {_WHICH} {{group}} (kann|können) (ich|wir) (benutzen|nutzen|verwenden)",
        f"{_TELL} {_WHICH} {{group}} (gibt es|gibt's|habe ich|haben wir|hab ich|sind da|sind installiert|kennst du|überwachst du|hat [(der|das|die|mein)]"
        " (homelab|cluster|hub)) {_NOW} {_LAB}".replace("{_NOW} {_LAB}", f"{_NOW} {_LAB}"),
        f"{_TELL} (zeig|nenn|zeige|nenne|liste) [mir] {_NOW} [(alle|die|meine)] {{group}} [(auf|die {{condition}} [{_ARE}])] {_LAB}",
        f"{_TELL} [(alle|die|meine)] {{group}} (die|mit) {{condition}} [{_ARE}]",
        "was sind meine {group}",
        "[(irgendwelche|irgendein)] {group} {condition}",
    ),
    Ask.ANYTHING: (
        f"(ist|sind|läuft|gibt es) {_NOW} (etwas|irgendetwas|irgendwas|was) {_NOW} {_LAB} {{state}} {_LAB} [in flux]",
        f"(ist|sind) in (flux|argo) {_NOW} (etwas|irgendetwas|irgendwas|was) {_NOW} {{state}}",
        f"{_TELL} was (ist|ist alles|läuft|alles) {_NOW} {_LAB} {{state}} {_LAB}",
        f"{_TELL} was {_NOW} {{state}} (ist|läuft)",
        f"{_TELL} alles was {{state}} ist",
        "(irgendetwas|irgendwas|etwas) {state}",
        "wird [es] [irgendwo] [der] (platz|speicherplatz|speicher) [irgendwo] {state}",
    ),
    Ask.ALL: (
        f"(sind|haben|laufen|ist|wurden|funktionieren|gehen) (alle|alle meine|alle unsere|sämtliche|die|meine|unsere|jeder|jede|jedes) [(der|die|meine)] {{group}} {_NOW} {_LAB}"
        f" {{condition}} {_LAB}",
        f"(laufen|funktionieren|gehen) (alle|alle meine|sämtliche|die|meine|unsere) {{group}} {_NOW} {_LAB}",
        f"{_IF} (alle|die|meine) {{group}} {_NOW} ({{condition}} sind|laufen)",
        f"(wie geht es|wie geht's|wie steht es um|wie sieht es mit|wie sieht's mit) {_NOW} [(den|die|meinen|meine|allen)] {{group}} [aus] {_NOW} {_LAB}",
        "alle {group} {condition}",
        "[der] (status|zustand) (der|von|meiner|aller) {group}",
    ),
    Ask.HOW_MANY: (
        f"{_TELL} wie viele [(der|meiner|von den)] {{group}} {_ARE} {_NOW} {_LAB} {{condition}} {_LAB}",
        f"{_TELL} wie viele {{group}} (gibt es|gibt's|habe ich|haben wir|hab ich|sind da|sind es|sind installiert|hat [(der|das|mein|die)] (homelab|cluster|hub)"
        f"|laufen) {_NOW} {_LAB}",
        f"{_TELL} wie viele {{group}} (haben|sind) {{condition}}",
        f"{_TELL} wie viele {{condition}} {{group}} (gibt es|habe ich|haben wir) {_LAB}",
        f"{_TELL} wie viele {{group}} (es gibt|ich habe|wir haben) {_LAB}",
        f"[die] (anzahl|zahl) der {{group}} {_LAB}",
        f"wie viele {{group}} {_LAB}",
    ),
    Ask.MEASURE: (
        f"{_TELL} wie viele {_X}(-| ){{attribute}} {_NOW} (sind|laufen) {_NOW} [(bereit|da|gesund|am laufen)]",
        f"{_TELL} wie {{attribute}} (ist|sind|wird) {_X} {_NOW}",
        f"{_TELL} wie {{attribute}} {_X} {_NOW} ist",
        f"{_TELL} (was ist|wie ist|wie hoch ist|wie lautet|wie sind|wie groß ist) (der|die|das|den) [aktuelle] {{attribute}} {_OF} {_X} {_NOW}",
        f"{_TELL} [(der|die|das)] [aktuelle] {{attribute}} {_OF} {_X} {_NOW}",
        f"{_X}(-| ){{attribute}}",
        f"{_TELL} (welche|welches|welchen|welcher|auf welcher|auf welchem|mit welcher|mit welchem|in welcher) {{attribute}} (hat|läuft|verwendet|nutzt|ist|steht|haben|benutzt) [(auf|bei|in)] {_X}"
        f" {_NOW} [(installiert|im einsatz|drauf)]",
        f"{_TELL} (welche|welches|welchen) {{attribute}} von {_X} (läuft|ist installiert|ist im einsatz|habe ich|haben wir|nutze ich|ist) {_NOW}",
        f"{_TELL} (welche|welches) {_X}(-| ){{attribute}} (läuft|ist installiert|habe ich|haben wir|ist)",
        f"{_TELL} wie viel[e] [freien|freier] {{attribute}} (hat|braucht|belegt|nutzt|verwendet|verbraucht|benutzt|haben|ist|frisst|zieht) [(auf|von|bei|in)] {_X} {_NOW}"
        " [(übrig|frei|belegt|noch frei|benutzt|genutzt|voll)]",
        f"{_TELL} wie viel[e] {{attribute}} (ist|sind) {_NOW} (auf|bei|in|von|vom) {_X} {_NOW} [(übrig|frei|belegt|noch frei|benutzt)]",
        f"{_TELL} wie viel[e] {{attribute}} {_X} {_NOW} (hat|braucht|belegt|nutzt|verwendet|verbraucht)",
        f"{_TELL} wie viel[e] {{attribute}} (von|vom|der|des|auf) {_X} (läuft|laufen|gibt es|sind bereit)",
        f"{_TELL} (wie oft|wie viele male) (ist|hat|wurde) {_X} {_NOW} {{attribute}} [worden]",
        f"{_TELL} wie {{attribute}} (antwortet|schreibt|läuft|reagiert|generiert) {_X} {_NOW}",
        f"(hat|gibt es auf|ist auf) {_X} {_NOW} [(genug|genügend|ausreichend)] [(freien|freier)] {{attribute}} [(frei|übrig)]",
        f"(reicht|ist) (der|das) {{attribute}} (auf|von|vom) {_X} [(knapp|noch)]",
        f"zu wie viel prozent ist {_X} {{attribute}}",
        f"wird {_X} {_NOW} {{attribute}}",
    ),
    Ask.VALUE: (
        f"{_TELL} wie viel [(freier|freien|freies)] {{resource}} (ist [da]|habe ich|haben wir|gibt es|hab ich|hat [(der|die|das|mein)] (hub|gpu|grafikkarte|ki-server))"
        f" {_NOW} {_NOW} [(frei|übrig|belegt|benutzt|verfügbar|voll|in benutzung)]",
        f"{_TELL} wie viel {{resource}} {_NOW} [(frei|übrig|belegt)] ist",
        f"(ist|habe ich|haben wir|gibt es) {_NOW} [(genug|genügend|noch)] [(freier|freien)] {{resource}} {_NOW} [(frei|übrig|verfügbar)]",
        f"{_TELL} wie (voll|belegt) ist [(der|die|das|mein)] {{resource}} {_NOW}",
        f"{_TELL} wie (voll|belegt) [(der|die|das|mein)] {{resource}} {_NOW} ist",
        "[(der|die)] [freier] {resource} [(frei|belegung|auslastung)]",
        f"{_TELL} (welcher|welche|welches) {{attribute}} (ist|wurde) {_NOW} (ausgerollt|live|deployt) {_LAB}",
    ),
    Ask.WHEN: (
        f"{_TELL} wann wird {_X} {_NOW} {{ahead}} [werden]",
        f"{_TELL} (wann|um wie viel uhr) (war|ist|kommt|läuft|lief|wird|kam) (das|die|der|ein) [{{kind}}] {{moment}} {_OF} {_X} [(gemacht|erstellt|gelaufen|fällig|geplant)]",
        f"{_TELL} wann (das|die|der) {{moment}} {_OF} {_X} (war|ist|läuft|kommt)",
        f"{_TELL} wann (wurde|ist|war|wird|hat|wurden|sind|hatte|bekam) {_X} {_NOW} [(das|ein|sein|seine|ihr|die)] {{moment}} [(worden|gehabt|bekommen|gemacht)]",
        f"{_TELL} wann {_X} {_NOW} {{moment}} [worden] (wurde|ist|war|wird|hat|läuft)",
        f"{_TELL} wann (läuft|wird|geht|fliegt) {_X} {_NOW} {{moment}}",
        f"{_TELL} wann läuft (das|mein) zertifikat {_OF} {_X} {{moment}}",
        f"{_TELL} wann (das|mein) zertifikat {_OF} {_X} {{moment}}",
        f"{_TELL} wann (hast du|habe ich|haben wir|hat flux|hat argo|hat jemand) [(zuletzt|das letzte mal)] {_X} {_NOW} {{act}}",
        f"{_TELL} wann läuft (das|mein|der) {_X} {{moment}}",
        f"{_TELL} wie alt (ist|sind) (das|die|der) {{moment}} {_OF} {_X}",
        f"{_TELL} wie alt ist (das|die) {_X}(-| ){{moment}}",
        f"{_TELL} wann (war|ist|kommt|läuft) (das|die|der) (letzte|neueste) {_X}(-| ){{moment}}",
        f"{_TELL} wann (ist|kommt|läuft|war) (das|die) {{ahead}} {_X}(-| )(backup|sicherung)",
        f"{_TELL} wie lange (ist es her dass|her ist es dass) {_X} {_NOW} {{moment}} [(wurde|ist)]",
        f"{_TELL} (seit wann|wie lange) (ist|sind) {_X} {_NOW} {{moment}}",
        f"{_TELL} (bis wann|wie lange) (ist|gilt|hält|sind|läuft) (das|die|der|mein) [{{kind}}] [zertifikat] {_OF} {_X} {_NOW} [{{moment}}]",
        f"{_TELL} (bis wann|wie lange) (ist|gilt|hält) {_X} {_NOW} {{moment}}",
        f"{_TELL} vor wie (langer zeit|vielen stunden|vielen tagen) (wurde|ist) {_X} {{moment}}",
        f"[(das|die|der)] {{moment}} {_OF} {_X}",
        f"{_X}(-| ){{moment}}",
    ),
    Ask.WHEN_ANY: (
        f"{_TELL} wann (war|ist|lief|läuft|kommt|wurde|wird) [(das|die|ein|eine|mein|meine|unser)] {{backup_moment}} {_NOW} {_LAB} [(gelaufen|gemacht|erstellt|fällig|geplant)]",
        f"{_TELL} wann (wurde|habe ich|hast du|haben wir) {_NOW} [(das letzte mal|zuletzt)] {{backup_moment}}",
        f"{_TELL} wie alt (ist|sind) [(das|die|mein|meine)] {{backup_moment}}",
        f"{_TELL} wann [(das|die)] {{backup_moment}} (war|lief|ist|läuft)",
        "[(das|die)] {backup_moment}",
    ),
    Ask.NEXT_TO: (
        f"{_TELL} (welches|welche|welcher) {{group}} (läuft|laufen|ist) (als nächstes|als erstes|zuerst|als nächste) {{condition}}",
        f"{_TELL} (welches|welche|welcher) {{group}} {{condition}} (als nächstes|zuerst|als erstes)",
    ),
    Ask.HAS_BACKUP: (
        f"(ist|wurde|wird|sind|war) {_X} {_NOW} [{{period}}] (gesichert|gebackupt|gebackuppt) [worden] [{{period}}]",
        f"(habe ich|haben wir|hast du|gibt es|gibt's|existiert|gab es) {_NOW} [{{period}}] [(ein|eine)] [(aktuelles|gutes|aktuelle|brauchbares)] (backup|sicherung|backups) {_OF} {_X} [{{period}}]",
        f"(hat|ist|war|lief|wurde|klappte) {_NOW} [(das|die)] [letzte] (backup|sicherung|datensicherung) {_OF} {_X} {_NOW} [{{period}}] [(geklappt|funktioniert|gelaufen|gelungen|durchgelaufen|erfolgreich"
        "|ok|okay|in ordnung|gemacht|fertig|gut|aktuell|fehlgeschlagen|geglückt)] [worden]",
        f"(hat|ist|war|lief) {_NOW} das [letzte] {_X}(-| )(backup|sicherung) {_NOW} [{{period}}] [(geklappt|funktioniert|gelaufen|durchgelaufen|erfolgreich|ok|okay|in ordnung|fertig|gut|aktuell)]",
        f"hat {_X} {_NOW} [(ein|eine)] [(aktuelles|gutes|aktuelle)] (backup|sicherung)",
    ),
    Ask.BACKUP_STATE: (
        f"[{_WHY}] (ist|sind) (das|die) (backup|backups|sicherung|sicherungen) {_OF} {_X} {_NOW} (überfällig|zu alt|veraltet|verspätet)",
        f"[{_WHY}] (ist|sind) (das|die) {_X}(-| )(backup|backups|sicherung|sicherungen) {_NOW} (überfällig|zu alt|veraltet|verspätet)",
        f"{_TELL} {_WHY} (ist|hat|lief|wurde) (das|die) [letzte] (backup|sicherung) {_OF} {_X} {_NOW} (fehlgeschlagen|gescheitert|schiefgegangen|nicht (geklappt|gelaufen|funktioniert|durchgelaufen|gemacht))",
        f"{_TELL} {_WHY} (ist|hat|lief) (das|die) [letzte] {_X}(-| )(backup|sicherung) {_NOW} (fehlgeschlagen|gescheitert|schiefgegangen|nicht (geklappt|gelaufen|funktioniert|durchgelaufen))",
        f"(wie geht es|wie steht es um|wie sieht es mit|was ist mit) (dem|das|der|die) (backup|sicherung) {_OF} {_X} [aus]",
        f"(wie geht es|wie steht es um|wie sieht es mit|was ist mit) (dem|das|der|die) {_X}(-| )(backup|sicherung) [aus]",
    ),
    Ask.CHANGED: (
        f"{_TELL} was (ist|war|hat sich|gab es|gab's) {_LAB} [alles] {{period}} {_LAB} [(alles|so|neues)] [(passiert|geschehen|los|vorgefallen|geändert|verändert|getan|gewesen|kaputt gegangen|kaputtgegangen|ausgefallen|neu"
        "|schiefgelaufen|schiefgegangen)]",
        f"{_TELL} was {_LAB} {{period}} {_LAB} (passiert ist|passiert|los war|geschehen ist|war|sich geändert hat)",
        f"{_TELL} was (ist|war|hat sich) {_LAB} [alles] (passiert|geschehen|los|geändert|getan) {{period}}",
        f"(hat sich|ist|war|gab es) {_LAB} {{period}} {_LAB} [(irgend|irgend )](etwas|was|wieder was) [(neues|besonderes)] {_LAB} [(geändert|verändert|passiert|geschehen|los|vorgefallen|getan|kaputtgegangen|ausgefallen)]",
        f"(hat sich|ist|war|gab es) {_LAB} (irgendetwas|irgendwas|etwas|was) {{period}} {_LAB} [(geändert|verändert|passiert|geschehen|los|vorgefallen)]",
        f"{_TELL} was hat sich (bei|an|mit|in) {_X} {_NOW} [{{period}}] (geändert|verändert|getan)",
        f"{_TELL} was hat sich [{{period}}] (bei|an|mit|in) {_X} (geändert|verändert|getan)",
        f"{_TELL} was (ist|war) {_NOW} [{{period}}] (mit|bei) {_X} [{{period}}] (passiert|geschehen)",
        f"hat sich [{{period}}] (bei|an|mit) {_X} [{{period}}] (etwas|irgendetwas|was) (geändert|verändert|getan)",
        f"{_TELL} (was gibt es|was gibt's|gibt es|gibt's|was ist) {_NOW} [(was|etwas|irgendetwas|irgendwas)] (neues|neu) (bei|von|mit|an|zu) {_X} [{{period}}]",
        f"(was gibt es|was gibt's|gibt es|gibt's) {_NOW} [(was|etwas|irgendetwas|irgendwas)] neues {_LAB} [{{period}}]",
        f"[(gibt es|gibt's)] [irgendwelche] (neuigkeiten|änderungen|veränderungen|neues) {_LAB} [{{period}}]",
        "was (habe|hab) ich [{period}] verpasst [{period}]",
        f"(habe|hab) ich {_NOW} [{{period}}] (etwas|was|irgendetwas) verpasst",
        f"[(zeig mir|nenn mir)] [die] (letzten|jüngsten) (änderungen|ereignisse|neuigkeiten) [{_OF} {_X}] {_LAB}",
        f"[die] (geschichte|chronik|historie|zeitleiste) {_OF} {_X} [{{period}}]",
        f"(wurde|wurden|ist|sind) {_X} {_NOW} {{period}} {_NOW} (aktualisiert|geändert|verändert|neu ausgerollt|ausgerollt|upgedatet|geupdatet|geupdated|deployt) [worden]",
        f"(gab es|gab's) {_LAB} {{period}} {_LAB} (einen|eine|ein|irgendeinen|irgendwelche) (ausfall|ausfälle|störung|störungen|problem|probleme)",
        f"wie war [(die|der)] {{period}} {_LAB}",
    ),
    Ask.NEEDS: (
        f"{_TELL} was (braucht|benötigt|brauchen|benutzt|nutzt) {_X} {_NOW} [(zum laufen|alles)]",
        f"{_TELL} was {_X} {_NOW} (braucht|benötigt)",
        f"{_TELL} (wovon|von was) (hängt|ist) {_X} {_NOW} (ab|abhängig)",
        f"{_TELL} (wovon|von was) {_X} {_NOW} (abhängt|abhängig ist)",
        f"{_TELL} worauf (ist|basiert) {_X} {_NOW} [angewiesen]",
        f"{_TELL} (was sind|welche sind|welche) [die] (abhängigkeiten|voraussetzungen) {_OF} {_X}",
        f"{_TELL} welche (abhängigkeiten|voraussetzungen) hat {_X}",
        f"[die] abhängigkeiten {_OF} {_X}",
    ),
    Ask.NEEDED_BY: (
        f"{_TELL} (was|wer|welche apps|welche dienste|welche {{group}}) (hängt|hängen) {_NOW} [alles] [(von|vom|an|am)] {_X} {_NOW} [alles] [ab]",
        f"{_TELL} (was|wer|welche apps|welche {{group}}) [alles] (von|vom|an|am) {_X} (abhängt|abhängen|hängt)",
        f"{_TELL} (wer|welche apps|welche dienste|welche {{group}}) (braucht|brauchen|nutzt|nutzen|verwendet|verwenden|benutzt|benötigt|benötigen) {_NOW} [alles] {_X}",
        f"{_TELL} was (braucht|nutzt|verwendet|benutzt|benötigt) {_NOW} alles {_X}",
        f"{_TELL} (was|wer|welche apps|welche {{group}}) (ist|sind) [alles] (von|vom|auf) {_X} (abhängig|angewiesen|betroffen)",
        f"{_TELL} was (passiert|geht kaputt|fällt aus|geht nicht mehr|geht dann nicht mehr|läuft nicht mehr|funktioniert nicht mehr|fällt alles aus|bricht zusammen|wäre|ist betroffen|geht|fällt weg|stirbt)"
        f" [alles] [dann] wenn {_X} (ausfällt|aus ist|weg ist|nicht läuft|kaputt ist|kaputtgeht|kaputt geht|offline ist|stirbt|abstürzt|down ist|ausfallen würde|nicht mehr geht|weg wäre|ausgeht|nicht da ist)",
        f"was (würde|wird) [alles] (ausfallen|kaputtgehen|kaputt gehen|nicht mehr gehen|nicht mehr laufen|passieren) wenn {_X} (ausfällt|weg ist|aus ist|weg wäre|ausfallen würde|kaputt wäre|kaputt ist|stirbt)",
        f"was wäre wenn {_X} (ausfällt|ausfallen würde|weg wäre|kaputt wäre|kaputtgeht)",
        f"was (geht|läuft|funktioniert) [alles] (ohne|nicht ohne) {_X} [(nicht|nicht mehr)]",
        f"(wen|was) (betrifft es|trifft es|betrifft das) wenn {_X} (ausfällt|aus ist)",
        f"wie wichtig ist {_X}",
    ),
    Ask.RUNS_HERE: (
        f"{_TELL} (was|welche {{group}}|wer) (läuft|laufen|ist|sind|liegt|liegen|wohnt) {_NOW} [(alles|so)] (auf|in|bei) {_X} {_NOW} [alles]",
        f"{_TELL} was {_NOW} [alles] auf {_X} (läuft|liegt|ist)",
        f"wie viele {{group}} (laufen|sind) {_NOW} auf {_X}",
        f"was ist auf {_X} gespeichert",
    ),
    Ask.ORIGIN: (
        f"{_TELL} (woher|wo) (kommt|stammt|kommen) {_X} {_NOW} [her]",
        f"{_TELL} woher {_X} (kommt|stammt)",
        f"{_TELL} wo (ist|wird|sind) {_X} {_NOW} (definiert|konfiguriert|ausgerollt|beschrieben|verwaltet|gepflegt|in git)",
        f"{_TELL} (von wo|von wem|wodurch|aus was|womit|wie) (wird|wurde|ist) {_X} {_NOW} (ausgerollt|installiert|deployt|verwaltet|geliefert|verteilt)",
        f"{_TELL} (wer|was) (liefert|rollt|installiert|deployt|verwaltet|bringt) {_X} [aus]",
        f"{_TELL} (aus welchem|in welchem|von welchem|aus welcher) (repository|repo|git-repository|quelle|git repository) (kommt|stammt|ist|liegt|steht|wird) {_X} [ausgerollt]",
        f"{_TELL} (welches|welche) (repository|repo|quelle|kustomization|release) (liefert|enthält|rollt|verwaltet|gehört zu) {_X} [aus]",
        f"[die] herkunft {_OF} {_X}",
    ),
    Ask.PLACE: (
        f"{_TELL} wo (läuft|laufen|liegt|lebt|steckt) {_X} {_NOW}",
        f"{_TELL} wo {_X} {_NOW} (läuft|liegt)",
        f"{_TELL} wo (ist|wird|sind) {_X} {_NOW} (gehostet|untergebracht|eingeplant)",
        f"{_TELL} auf (welchem|welcher) (knoten|node|server|rechner|maschine|worker|host) (läuft|ist|liegt|sitzt|laufen) {_X} {_NOW}",
        f"{_TELL} auf (welchem|welcher) (knoten|node|server|rechner|maschine|worker) {_X} {_NOW} (läuft|ist)",
        f"{_TELL} (welcher|welche) (knoten|node|server|rechner|maschine|worker) (führt|hostet|hat) {_X} [aus]",
    ),
    Ask.ABOUT: (
        f"(erzähl|sag|erzähle) (mir|uns) [mal] [(etwas|was|alles|mehr)] (über|zu|von) {_X}",
        f"was (weißt|weisst|kannst|sagst) du [(mir|uns)] [alles] (über|zu|von) {_X} [(sagen|erzählen)]",
        f"(erkläre|erklär|beschreibe|beschreib) [(mir|uns)] [mal] {_X}",
        f"was ist {_X} (im|in meinem|in unserem) (homelab|cluster)",
        f"{_TELL} [(die|alle)] (details|einzelheiten|infos|informationen|fakten) {_OF} {_X}",
        f"(infos|details|alles) (zu|über|von) {_X}",
        f"(zeig|zeige) [(mir|uns)] {_X}",
        f"schlag {_X} nach",
    ),
    Ask.NOTES: (
        "[und] was [(gibt es|gibt's|ist|war)] [denn] (sonst noch|noch|sonst|außerdem) [alles] [los]",
        "[(gibt es|gibt's)] [sonst] noch (etwas|was|irgendetwas|irgendwas|mehr)",
        "sonst noch (etwas|was|irgendwas)",
        f"(muss|sollte) ich {_NOW} [(noch|sonst)] (etwas|was|irgendetwas|irgendwas) {_LABOR} wissen",
        "(was|welche|welcher) (ist|sind|lautet|lauten) [denn] (der|die) [(andere|anderen|übrigen)] (hinweis|hinweise|notiz|notizen)",
        f"(welche|was für) hinweise (gibt es|hast du|gibt's) {_LAB}",
        "[(zeig|sag|nenn) mir] (die hinweise|den hinweis|den rest|die anderen|alle hinweise)",
        "[und] [(was ist mit|sag mir|nenn mir)] (der rest|dem rest|den rest|die anderen|den anderen|weiter|weitere)",
        f"(gibt es|gibt's) {_NOW} [(irgendwelche|weitere)] hinweise {_LAB}",
    ),
    Ask.MUTED: (
        f"{_TELL} (was|welche probleme|welche alarme|welche meldungen) (ist|sind) {_NOW} {_LAB} [alles] (stummgeschaltet|stumm|stumm geschaltet|ausgeblendet)",
        f"(ist|sind) {_NOW} (etwas|irgendetwas|irgendwas|was|probleme|alarme|meldungen) {_NOW} (stummgeschaltet|stumm|stumm geschaltet) {_LAB}",
        f"{_TELL} [(die|alle)] stummgeschalteten (probleme|alarme|meldungen)",
        "(gibt es|habe ich) [irgendwelche] stummgeschaltete[n] (probleme|alarme|meldungen)",
    ),
    Ask.MUTE: (
        f"(schalte|schalt|stell|stelle|mach) [(das|die|den)] [{_TROUBLE} (mit|von|bei)] {_X} [(für|bis)] [{{span}}] (stumm|leise|auf stumm)",
        f"(schalte|schalt|stell|stelle) [(das|die|den)] [{_TROUBLE} (mit|von|bei)] {_X} (stumm|leise) [(für|bis)] [{{span}}]",
        f"{_X} [(für|bis)] {{span}} (stummschalten|stumm schalten|stumm)",
        f"{_X} (stummschalten|stumm schalten) [[(für|bis)] {{span}}]",
        f"(sag|erzähl|melde|erinnere|nerv|nerve) mich [(für|bis)] [{{span}}] nicht [mehr] (über|wegen|an|mit) {_X} [(für|bis)] [{{span}}]",
        f"(sag|erzähl|melde) mir [(für|bis)] [{{span}}] nichts [mehr] (über|von|zu|wegen) {_X} [(für|bis)] [{{span}}]",
        f"lass mich [(mit|wegen)] {_X} [(für|bis)] [{{span}}] in ruhe",
        f"ignoriere [(das|die|den)] [{_TROUBLE} (mit|von|bei)] {_X} [(für|bis)] [{{span}}]",
        f"(ruhe|stille) (für|bei|mit) {_X} [(für|bis)] {{span}}",
    ),
    Ask.UNMUTE: (
        f"(schalte|schalt|stell|stelle) {_X} (wieder laut|wieder an|nicht mehr stumm|laut)",
        f"(hebe|heb) die stummschaltung (von|für) {_X} (auf|wieder auf)",
        f"(sag|melde) mir wieder (etwas|was) (über|von|zu) {_X}",
        f"ignoriere {_X} nicht [mehr|länger]",
    ),
    Ask.BRIEFING: (
        f"[(gib mir|ich will|ich möchte|ich hätte gern|lies mir|mach mir)] [(ein|das|den|einen|mein|meinen|dein|deinen|die|eine)] [(kurzes|kurzen|kurze|aktuelle|aktuellen)] (briefing|lagebericht|morgenbriefing|statusbericht|zustandsbericht|lageübersicht|homelab-briefing"
        f"|homelab-bericht|homelab-lagebericht|tagesbriefing|überblick über das homelab) [(zum|vom|für das|über das) (homelab|cluster)] {_LAB} [vor]",
        "[(gib mir|ich will|ich möchte|mach mir)] [(ein|das|den|einen|mein|meinen)] [(kurzes|kurzen)] (briefing|lagebericht|morgenbriefing|statusbericht) [(zu|von|über|mit)] [(die|der|dem|was)] [dem was] {period} [passiert ist]",
        f"wie ist (die|unsere) lage [{_LABOR}]",
        "lage",
        f"(gibt es|gibt's|gab es|habe ich|haben wir) {_NOW} [(irgendwelche|ein|neue|offene)] {_TROUBLE} {_LABOR}",
        f"(gibt es|gibt's) {_NOW} (irgendwelche|offene) (probleme|störungen)",
        f"(was|welche) [(für)] (probleme|störungen) (gibt es|gibt's|habe ich|haben wir|sind offen|hat (das|mein) homelab) {_NOW} {_LAB}",
        f"[(zeig mir|nenn mir|liste)] [(die|alle|alle offenen|meine)] (probleme|störungen) [auf] {_LABOR}",
        "(zeig|zeige|nenn|nenne|liste) [mir] [mal] (alle|die|die offenen|alle offenen|die aktuellen) (probleme|störungen) [auf]",
        f"wie viele (probleme|störungen) (gibt es|habe ich|haben wir|hat (das|mein) homelab) {_NOW} {_LAB}",
        f"(wie ist|was ist) der [aktuelle] (status|zustand|stand) {_LABOR}",
        f"was ist {_NOW} {_LABOR} {_NOW} (los|kaputt|nicht in ordnung|passiert)",
        f"was {_NOW} {_LABOR} (läuft|geht|funktioniert) {_NOW} nicht",
        f"was (läuft|geht|funktioniert) {_NOW} {_LABOR} {_NOW} nicht",
        f"(ist|läuft|geht|funktioniert) {_NOW} {_LABOR} {_NOW} alles [(ok|okay|gut|in ordnung|gesund|rund|glatt|normal)]",
        f"(ist|läuft|geht|funktioniert) {_NOW} alles {_NOW} [(ok|okay|gut|in ordnung|gesund|rund|glatt|normal)] {_LABOR}",
        f"(ist|läuft) {_NOW} [(das|mein|unser)] (homelab|cluster) {_NOW} [(gesund|stabil|online|an|rund|gut|in ordnung|fehlerfrei)]",
        f"(ist|gibt es) {_NOW} {_LABOR} {_NOW} (etwas|irgendetwas|irgendwas|was) {_NOW} (kaputt|los|nicht in ordnung|ausgefallen|auffällig)",
        f"wie sieht es {_NOW} {_LABOR} {_NOW} aus",
        f"wie (steht es|steht's|geht es) {_NOW} um (das|mein|unser) (homelab|cluster)",
        f"(hat|haben) (das|mein|unser) (homelab|cluster) {_NOW} {_TROUBLE}",
    ),
    Ask.BACKUPS: (
        f"(hat|haben|ist|sind|lief|liefen|war|waren|klappte|wurde|wurden) {_NOW} [(das|die|alle|meine|unser|mein|sämtliche|unsere)] [letzte] (backup|backups|sicherung|sicherungen|datensicherung|datensicherungen) {_NOW} [(letzte|heute)] [{{period}}] {_NOW} [alle]"
        " [(geklappt|funktioniert|gelaufen|gelungen|durchgelaufen|erfolgreich|ok|okay|in ordnung|gemacht|fertig|gut|aktuell|geglückt|durch|da|gegangen|hingehauen|sauber|erstellt|am laufen)] [{period}] [worden]",
        f"(gab es|gibt es) {_NOW} [{{period}}] (ein backup|eine sicherung|backups|sicherungen) [{{period}}]",
        f"(ist|wurde|wird) {_NOW} [{{period}}] alles {_NOW} [{{period}}] gesichert [worden]",
        f"(wie geht es|wie steht es um|wie sieht es mit|was ist mit|wie steht's um) {_NOW} [(den|die|meine|meinen|der|dem|das|unsere)] (backup|backups|sicherung|sicherungen) [aus] {_NOW}",
        "(backup|backups)[-| ]status",
        "[der] (status|stand|zustand) (der|meiner|von den) (backups|sicherungen)",
        f"(gibt es|habe ich) {_NOW} [irgendwelche] {_TROUBLE} mit (den|meinen) (backups|sicherungen)",
    ),
}
