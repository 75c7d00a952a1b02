"""How German says that something failed or is done; see ClaimWords."""

from ..claim_words import ClaimWords

_DONE = (
    r"\w*(?:geschaltet|gestellt|geöffnet|geschlossen|gemacht|gedimmt|gesetzt|gesperrt|gestartet|gestoppt|"
    r"geändert|"
    r"gefügt|geführt|getan|geregelt|gedreht|gefahren|gespielt|gesendet|gelöscht|gelegt|abgeschlossen|"
    r"geklappt|"
    r"gesagt|verriegelt|entriegelt|aktiviert|deaktiviert|erledigt|pausiert|eingestellt|abgestellt|"
    r"angepasst|"
    r"umgesetzt|gegangen)"
)
_STATE = (
    r"an|aus|auf|zu|offen|geschlossen|verriegelt|entriegelt|hell|dunkel|fertig|bereit|aktiv|erledigt|läuft"
)
_NO_REVERSAL = r"(?:besser|schneller|einfacher|nur|mehr|lange|schwer|widerstehen|schlimm|klagen)"

GERMAN_CLAIMS = ClaimWords(
    failure=(
        rf"\b(?:konnte|konnten|kann|können|könnte|ließ|lässt|ließen)\b.*\b(?:nicht|kein\w*|"
        rf"nichts)\b(?! {_NO_REVERSAL})",
        rf"\b(?:nicht|nichts|kein\w*)\b(?: \w+){{0,5}} (?:{_DONE}|ein|aus|an|öffnen|schließen|\w*schalten|"
        rf"\w*stellen|"
        r"ändern|finden|erreichen|ausführen|steuern|setzen|starten|stoppen|dimmen) (?:kann|konnte|können|"
        r"konnten|ließ|lässt)\b",
        rf"\bnicht (?:richtig |korrekt |wie gewünscht |erfolgreich )?(?:{_DONE}|gefunden|möglich|"
        rf"verfügbar|erreichbar|"
        r"gelungen|funktioniert|bekannt|vorhanden|ausführbar|angesprochen|freigegeben|verbunden|"
        r"erkannt|reagiert|erlaubt|da|online|zu finden|geantwortet|unterstützt|gegangen)\b",
        r"\b(?:reagier\w*|antwort\w*|funktionier\w*|klappt\w*|geht|ging|existiert|finde|fand|kenne|weiß|"
        r"verstehe|sehe|"
        r"habe|hat|haben|gibt es|gab es|tut|tat|lässt|ließ|gelang|schaltet\w*|öffnet\w*|schließt|schloss|"
        r"startet\w*|"
        r"versteh\w*|erkenne|darf|schaffe|erreich\w*)\b(?: (?!nicht|kein)\w+){0,5} (?:nicht|kein\w*|"
        r"nichts)\b"
        rf"(?! {_NO_REVERSAL})",
        r"\bkein\w* (?:\w+ ){0,4}(?:gefunden|namens|mit (?:dem|diesem) namen|bekannt|vorhanden|verfügbar|"
        r"erreichbar|finden|gibt|heißt)\b",
        r"\bnichts (?:gefunden|geändert|passiert|getan|namens|geschehen|gemacht)\b|\bnirgends\b",
        r"\b(?:fehlgeschlagen|fehl|misslungen|gescheitert|schiefgegangen|schief gegangen|ging schief|"
        r"erfolglos|"
        r"vergeblich|missglückt|schlug fehl|schlägt fehl|unmöglich)\b",
        r"\b(?:ein|einen|einem) (?:\w+ )?(?:fehler|problem|zeitüberschreitung)\b|\bfehler (?:beim|"
        r"aufgetreten|passiert|bei)\b|^fehler\b",
        r"\bprobleme? (?:beim|mit|bei)\b|\bzeitüberschreitung\b",
        r"\b(?:weder|keins|keine|keines) (?:davon|von beiden|der beiden)\b",
        r"\b(?:unerreichbar|offline|unbekannt)\b",
        r"\b(?:ist|sind|bleibt|bleiben) (?:immer )?noch (?:an|aus|offen|zu|geschlossen)\b",
    ),
    reversal=(
        r"\bnicht (?:noch )?\w+er (?:sein|werden|laufen|gehen|leuchten)\b",
        r"(?<!nicht )\b(?:erledigt|fertig)$",
        r"\b(?:kein\w*|ohne|nicht ein\w*|trotz) (?:\w+ ){0,2}(?:fehler\w*|problem\w*|sorgen?|"
        r"schwierigkeit\w*|frage|zweifel|"
        r"thema|grund|ursache|störung\w*)\b",
        r"\b(?:fehler|problem\w*|störung)\b.*\b(?:behoben|gelöst|weg|beseitigt|vorbei|überwunden)\b",
        r"\b(?:problemlos|reibungslos|fehlerfrei|anstandslos|einwandfrei|"
        r"erfolgreich)\b(?<!nicht erfolgreich)",
        r"\bnicht(?: \w+)? (?:fehlgeschlagen|gescheitert|schiefgegangen|unmöglich|unerreichbar|offline|"
        r"misslungen)\b",
        r"\b(?:nicht|kein\w*|nichts)\b.*\bmehr\b|\bnicht (?:nur|bloß|lange)\b",
        r"\b(?:dann|schließlich|endlich|danach|trotzdem|dennoch|stattdessen|am ende|doch noch|zuerst|"
        r"anfangs|"
        r"beim zweiten|beim ersten|zunächst|nun|inzwischen|mittlerweile)\b",
        r"\b(?:ist|sind) (?:an|aus|offen|zu|fertig|geschlossen)$|\bnach (?:einem|dem|ein paar|"
        r"\d+) (?:\w+ )?(?:fehler|problem|versuch)",
        r"\bjetzt\b(?! (?:gerade |leider |noch )?nicht)",
    ),
    claim=(
        rf"\b(?:{_DONE})\b",
        r"\b(?:ist|sind|war|waren|wurde\w*|wird|werden|habe|hab|hat|haben|bin|sei)\b",
        r"\b(?:an|aus|auf|zu)$|\b(?:an|aus|auf|zu)geht\b",
        r"\b(?:jetzt|nun|bereits|schon|ok|okay|klar|gern\w*|alles|läuft|leuchtet|brennt|offen|fertig|"
        r"erfolg\w*|geht|"
        r"klappt|klappte|geschafft|sicher|natürlich|kein problem|ja|jawohl|bitte ?sch?ö?n?|bitte sehr|gut|"
        r"super|prima|perfekt|"
        r"viel spaß|beide\w*|alle\w*|strahlt|scheint|aktiv|bereit|an|selbstverständlich|wunschgemäß)\b",
    ),
    deed=(
        rf"\b(?:ist|sind|wurde\w*|habe|hab|hat|haben)\b(?: (?!nicht|kein)\w+){{0,6}} (?:{_DONE})\b",
        r"\b(?:ist|sind) (?:jetzt|nun|alle|beide|wieder) \w+",
        rf"^(?:(?:alles|und|ok|okay|ja|klar|gut|super|jetzt|es ist|alles ist|beide sind|so|"
        rf"schon) )*(?:{_STATE})$",
        rf"^(?:\w+ ){{0,6}}(?:{_DONE})$",
        r"^(?:ok|okay|klar|gern|gerne|erledigt|fertig|kein problem|natürlich|sicher|alles klar|geschafft|"
        r"ja|jawohl|prima|"
        r"bitte schön|bitteschön|bitte sehr|wird gemacht|mach ich|mache ich|geht klar|alles erledigt|"
        r"gemacht|super|perfekt|"
        r"selbstverständlich)$",
        r"\berfolgreich\b|\b(?:beide|alle|alles)(?: \w+)? (?:ist|sind|läuft|laufen|leuchten|brennen|"
        r"wurden?)\b",
    ),
    state=(
        rf"\b(?:ist|sind|war|waren)\b(?: \w+){{0,4}} (?:{_STATE})$|^(?:\w+ ){{1,3}}(?:an|aus|auf|zu)$",
        r"\b(?:leuchtet|brennt|läuft|leuchten|laufen|hat geklappt|klappt)\b",
    ),
    harmless=(
        r"ich (?:habe versucht|hatte versucht|wollte)\b",
        r"(?:es tut mir (?:sehr )?leid|tut mir leid|leider|entschuldig\w*|verzeih\w*|sorry|ich bedaure|"
        r"hm+|ich fürchte)\b",
        r"(?:bitte|prüf\w*|überprüf\w*|schau\w*|sieh|kontrollier\w*|versuch\w*|probier\w*|sag\w*|nenn\w*|"
        r"stell\w* sicher)\b"
        r"(?! schön| sehr)",
        r"(?:vielleicht|möglicherweise|eventuell|vermutlich|wahrscheinlich)\b",
        r"(?:du|sie) (?:kannst|könntest|können|könnten|solltest|sollten|musst|müssen)\b(?! jetzt| nun)",
        r"(?:die |das |der )?(?:bekannten?|verfügbaren?|anderen?|einzigen?|folgenden?|ähnlichen?|"
        r"vorhandenen?)\b",
        r"ich (?:kenne|sehe|finde|fand|habe) (?:nur|lediglich|bloß)\b|ich kenne\b",
        r"es gibt (?:nur|eine?n?|auch|zwei|drei|mehrere|\d+)\b",
        r"(?:das gerät|es|sie|er|die lampe|das licht) (?:könnte|kann|dürfte)\b|wenn du\b|falls\b",
    ),
    question=(
        r"(?:welche\w*|was meinst du|was meinen sie|meinst du|meinten sie|meinen sie|meintest du|"
        r"wie heißt|wie heißen)\b",
        r"(?:kannst|könntest|können|könnten) (?:du|sie) (?:\w+ ){0,3}(?:sagen|prüfen|nennen|wiederholen|"
        r"genauer)\b",
        r"soll ich (?:\w+ ){0,3}(?:versuchen|probieren)\b|ist (?:das|die|der) \w+ (?:eingesteckt|"
        r"verbunden|online|erreichbar)\b",
    ),
    joints=("aber", "jedoch", "doch", "allerdings", "sondern", "dafür", "obwohl", "also", "daher", "deshalb"),
    example=(
        r"\b(?:beispiel\w*|z\. ?b\.|sieht so aus|syntax|vorlage|muster)\b|\bbzw\b",
        r"\b(?:weil|denn|da|falls|wenn|sobald|sofern|würde\w*|könnte\w*|bedeutet|heißt|dabei|wobei|"
        r"ersetze)\b",
        r"\b(?:du|sie|man) (?:kannst|könntest|können|könnten|kann|musst|solltest|brauchst)\b|\bkannst du\b",
        r"(?:^|[\n.!:] ?)(?:das|dies|dieser|damit|so|hiermit|dadurch|es) (?:schaltet|macht|"
        r"stellt|öffnet|schließt|dimmt|setzt|startet|wird|kann|würde|sorgt|bewirkt|tut|aktiviert|fährt|"
        r"dreht|sieht|"
        r"steuert|ruft|regelt|lässt|stoppt|fügt)\b",
        r"\b(?:der|dieser|den|das|dieses|obige) (?:json|aufruf|befehl|funktion|werkzeug|code|objekt)\b",
        r"\b(?:soll ich|möchtest du|willst du|sag bescheid|bitte bestätige)\b|\bist (?:wie|was|die art)\b",
    ),
    offer=(
        r"(?:gibt es |brauchst du |möchtest du |willst du )?(?:sonst )?(?:noch )?(?:etwas|was|"
        r"irgendetwas)(?: anderes| sonst)?$",
        r"(?:kann|darf|soll) ich (?:dir |sonst |noch |ihnen |bei )*(?:etwas|was|weiter\w*|helfen|"
        r"anderem)\b",
        r"(?:sag|sage|gib)(?: mir)? (?:bitte )?bescheid\b.*\b(?:noch|etwas|weiter\w*|hilfe)\b|"
        r"wie kann ich (?:sonst )?(?:noch )?helfen\b|viel spaß\b",
    ),
    permission=(
        r"\b(?:wenn du (?:willst|möchtest|magst)|falls du|sag bescheid|bitte bestätige|soll ich|"
        r"möchtest du|willst du)\b",
        r"\b(?:zum beispiel|beispielsweise|ein beispiel)\b|z\. ?b\.",
    ),
    everything=(
        "beide",
        "beides",
        "beiden",
        "alle",
        "alles",
        "allen",
        "jede",
        "jedes",
        "rest",
        "lichter",
        "lampen",
        "sie",
    ),
    command=(
        r"^(?:(?:bitte|hey|ok|okay|jetzt|und|mal|kannst du|könntest du|würdest du|du sollst) )*"
        r"(?:(?:bitte|mal) )*(?:schalt\w*|mach\w*|stell\w*|dimm\w*|öffne\w*|schließ\w*|schliess\w*|sperr\w*|"
        r"verriegel\w*|entriegel\w*|start\w*|stopp?\w*|füg\w*|setz\w*|aktivier\w*|deaktivier\w*|fahr\w*|"
        r"dreh\w*|erhöh\w*|senk\w*|pausier\w*)\b",
        r"\b(?:\w*licht|\w*lichter|\w*lampen?|heizung|rollos?|rollladen|fernseher|ventilator|alles|"
        r"steckdose)\b.* (?:an|aus|auf|zu|hoch|runter|\w*schalten|\w*machen|öffnen|schließen)(?: bitte)?$",
    ),
    own_deed=(
        rf"\b(?:ich|wir) (?:habe|hab|haben) (?:\w+ ){{0,8}}(?:{_DONE})\b",
        rf"\b(?:habe|hab) ich (?:\w+ ){{0,8}}(?:{_DONE})\b",
        rf"\b(?:wurde|wurden) (?:\w+ ){{0,6}}(?:{_DONE})\b",
        rf"\b(?:ist|sind) (?:jetzt|nun) (?:{_STATE}|{_DONE})\b",
        rf"^(?:\w+ ){{1,4}}(?:{_DONE})$",
        r"^(?:(?:alles|ok|okay|so) )*(?:erledigt|fertig|gemacht)$",
    ),
    not_now=(
        r"\b(?:würde\w*|könnte\w*|sollte\w*|wenn|falls|sobald|kann|wird|werde|bereits|schon|nicht|kein\w*|"
        r"nie|vorhin|gestern|zuvor|eben|früher)\b",
    ),
)
