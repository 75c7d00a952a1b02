"""Words of questions in German that fit no sentence, and what they ask."""

from ..questions.cue import Cue, Cues
from ..questions.question import Ask, Attribute, Condition, Group, Period

_BACKUP = "backup|backups|gesichert|sicherung|sicherungen|datensicherung|gebackupt"
_FAIL = "fehlgeschlagen|gescheitert|schiefgegangen|missglückt"
_WHEN = "wann|seit|her|alt|zuletzt|letztes|letzte|letzten|uhr|aktuell|lange"
_BAD = (
    "kaputt|kaputten|kaputte|aus|tot|offline|abgestürzt|ausgefallen|weg|down|gestört|defekt|hin|unerreichbar|fehlgeschlagen|hängt|spinnt"
    "|problem|probleme|problemen|fehler|störung|störungen|schwierigkeiten|ärger|los|falsch|schlecht|vorfall|vorfälle|ausfall"
    "|krank|nicht|kaputtgegangen"
)
_WELL = (
    "läuft|laufen|geht|passt|überlebt|überstanden|klappt|funktioniert|funktionieren|lebt|ok|okay|gut|in|online|erreichbar|verfügbar|bereit|gesund|an|oben|da"
    "|antwortet|reagiert|nutzen|benutzen|erreichen|stabil|klar|tut|rund|am|aktiv|fit|einloggen|anmelden|ordnung|schuss"
)
_HOW = "wie|status|zustand|stand|steht|sieht|lage|macht|aussieht|aus"
_UNWELL = "warum|wieso|weshalb|weswegen|grund|ursache|woran|dass"
_HAPPENED = (
    "passiert|geschehen|geändert|verändert|neues|neuigkeiten|neu|los|geschichte|getan|ereignisse|änderungen"
)
_DELIVERED = "ausgerollt|aktualisiert|deployt|geupdatet|installiert|update|rollout|deployment|aktualisierung"

_THINGS = (
    Cue(Ask.BACKUP_STATE, ("warum|wieso|weshalb|weswegen|grund", _BACKUP)),
    Cue(Ask.WHEN, ("nächste|nächstes|nächsten|wieder|wird", _BACKUP), Attribute.NEXT_BACKUP),
    Cue(Ask.BACKUP_FAILED, (_BACKUP, _FAIL)),
    Cue(Ask.WHEN, ("wann|seit|her|alt|uhr|aktuell|lange", _BACKUP), Attribute.LAST_BACKUP),
    Cue(Ask.BACKUP_STATE, ("wie|was|status|stand|zustand", _BACKUP)),
    Cue(Ask.HAS_BACKUP, (_BACKUP,)),
    Cue(Ask.WHEN, ("wann|lange|gültig", "zertifikat|gültig|abläuft|ablaufen"), Attribute.EXPIRY),
    Cue(Ask.MEASURE, ("version|versionen|image|tag",), Attribute.VERSION),
    Cue(Ask.MEASURE, ("revision|commit",), Attribute.REVISION),
    Cue(Ask.MEASURE, ("kontext|kontextfenster|kontextlänge",), Attribute.CONTEXT),
    Cue(Ask.MEASURE, ("vram|gpu|grafikspeicher|videospeicher",), Attribute.VRAM),
    Cue(Ask.IS, ("<ist|sind|wird|läuft", ">voll"), condition=Condition.FULL),
    Cue(
        Ask.MEASURE,
        ("prozent|voll|platz|speicherplatz|speicher|belegung|belegt|füllstand|plattenplatz|gigabyte",),
        Attribute.FULL,
    ),
    Cue(Ask.MEASURE, ("groß|größe",), Attribute.SIZE),
    Cue(Ask.MEASURE, ("arbeitsspeicher|ram|hauptspeicher",), Attribute.MEMORY),
    Cue(Ask.MEASURE, ("cpu|prozessor|last|auslastung|ausgelastet",), Attribute.CPU),
    Cue(Ask.MEASURE, ("heiß|warm|temperatur",), Attribute.TEMPERATURE),
    Cue(Ask.MEASURE, ("tokens|tempo|geschwindigkeit",), Attribute.SPEED),
    Cue(Ask.MEASURE, ("schnell|langsam|antwortzeit|latenz|reaktionszeit",), Attribute.RESPONSE_TIME),
    Cue(
        Ask.MEASURE,
        ("oft|viele|anzahl", "neustarts|neugestartet|neu|abgestürzt|abstürze"),
        Attribute.RESTARTS,
    ),
    Cue(Ask.MEASURE, ("replicas|replikas|instanzen|kopien",), Attribute.REPLICAS),
    Cue(Ask.MEASURE, ("dokumente",), Attribute.PROCESSED),
    Cue(Ask.WHEN, ("dokument", _WHEN), Attribute.LAST_PROCESSED),
    Cue(Ask.WHEN, ("entladen|rausgeworfen",), Attribute.UNLOADS),
    Cue(Ask.REASON, ("warum|wieso|weshalb|weswegen|grund|ursache|woran",)),
    Cue(
        Ask.WHEN,
        (
            "wann|seit|lange",
            "kaputt|aus|offline|abgestürzt|ausgefallen|weg|down|gestört|defekt|kaputtgegangen",
        ),
        Attribute.SINCE,
    ),
    Cue(Ask.WHEN, ("wann|her|zuletzt|lange", _DELIVERED), Attribute.DELIVERED),
    Cue(
        Ask.WHEN,
        (
            "wann|seit|lange|laufzeit|uptime",
            "gestartet|läuft|oben|online|hochgefahren|neugestartet|neu|an|da|laufzeit|uptime|start",
        ),
        Attribute.RESTARTED,
    ),
    Cue(
        Ask.STORED_IN,
        (
            "wo|wohin|worin|welches|welchem|welcher",
            "speichert|gespeichert|daten|dateien|ablegt|abgelegt|volume",
        ),
    ),
    Cue(Ask.ORIGIN, ("woher|woraus|herkunft|womit|zuständig",)),
    Cue(
        Ask.ORIGIN,
        (
            "wer|welches|welcher|welchem|wie|wo|was|von",
            "verwaltet|ausgerollt|rollt|deployt|liefert|verwalten|repository|repo|quelle|kommt|gepflegt",
        ),
    ),
    Cue(Ask.ORIGIN, ("verwaltet|ausgerollt|deployt|geliefert", "flux|argo|helm|gitops")),
    Cue(
        Ask.UP_TO_DATE,
        (
            "synchron|synchronisiert|weicht|abweicht|veraltet|aktuell|neuesten|neueste|update|updates|aktualisiert|git",
        ),
    ),
    Cue(Ask.IS, ("ausgesetzt|pausiert|angehalten|suspendiert",), condition=Condition.SUSPENDED),
    Cue(Ask.IS, ("geladen",), condition=Condition.LOADED),
    Cue(Ask.IS, ("stummgeschaltet|stumm",), condition=Condition.MUTED),
    Cue(Ask.NEEDS, ("<was", ">funktionieren|laufen")),
    Cue(Ask.NEEDS, ("<wovon|worauf", "hängt|abhängt|abhängig|angewiesen|basiert")),
    Cue(Ask.NEEDED_BY, ("<was|welche|wer", "<leiden|leidet|betroffen|ginge|vermisst")),
    Cue(
        Ask.NEEDED_BY,
        ("<wer|was|welche", "<hängt|hängen|abhängig|braucht|brauchen|nutzt|nutzen|ohne|wenn|passiert"),
    ),
    Cue(Ask.NEEDED_BY, ("<ohne|betroffen|vermisst",)),
    Cue(Ask.NEEDS, ("<wovon|worauf", "hängt|abhängt|abhängig|angewiesen|basiert")),
    Cue(
        Ask.NEEDS,
        ("braucht|benötigt|benutzt|nutzt|verwendet|abhängigkeiten|angewiesen|abhängig|voraussetzungen",),
    ),
    Cue(Ask.PLACE, ("worauf", "läuft|laufen|liegt")),
    Cue(Ask.PLACE, ("worauf", "läuft|laufen|liegt")),
    Cue(Ask.PLACE, ("wo", "läuft|laufen|ist|liegt|lebt|sitzt|gehostet|steckt")),
    Cue(
        Ask.PLACE,
        (
            "welchem|welcher|welche|welchen|wem",
            "knoten|host|maschine|rechner|kiste|server|hardware|node|computer",
            "läuft|laufen|ist|liegt|lebt|sitzt|gehostet|steckt|auf|hostet|führt",
        ),
    ),
    Cue(Ask.RUNS_HERE, ("<was|welche|alles", "<auf", "<läuft|laufen|ist|liegt")),
    Cue(Ask.CHANGED, ("hat|haben|wurde|ist", "geändert|verändert|getan")),
    Cue(
        Ask.CHANGED,
        (
            "was|etwas|irgendwas|irgendetwas|sag|letzten|letzte",
            "passiert|geschehen|geändert|verändert|neues|neuigkeiten|geschichte|getan|ereignisse|änderungen",
        ),
    ),
    Cue(Ask.REASON, ("was", "hält|hindert|abhält")),
    Cue(Ask.REASON, ("was", "hält|hindert|abhält")),
    Cue(Ask.REASON, ("was|erkläre|erklär|erklären", _BAD)),
    Cue(Ask.STATE, (_HOW,)),
    Cue(Ask.IS_TROUBLED, (_BAD,)),
    Cue(Ask.IS_WELL, (_WELL,)),
    Cue(Ask.IS_TROUBLED, ("<irgendwas|irgendetwas|etwas", "<mit|bei")),
    Cue(Ask.ABOUT, ("über|erkläre|erklär|beschreibe|details|alles|infos|weißt|was",)),
    Cue(Ask.IS_TROUBLED, ("<irgendwas|irgendetwas|etwas|was", "<mit|bei")),
    Cue(Ask.STATE, ("habe|haben|hab|installiert|gibt|vorhanden",)),
)
_GROUPS = (
    Cue(
        Ask.BACKUPS,
        (
            _BACKUP,
            "sind|ist|wie|status|stand|ok|okay|gut|ordnung|geklappt|gelaufen|alle|probleme|problem|fehler|funktioniert|läuft|laufen",
        ),
    ),
    Cue(Ask.HOW_MANY, ("viele|anzahl", "ausgesetzt|pausiert|angehalten"), condition=Condition.SUSPENDED),
    Cue(Ask.WHICH, ("ausgesetzt|pausiert|angehalten",), condition=Condition.SUSPENDED),
    Cue(Ask.WHICH, ("geladen|aktiv|speicher",), condition=Condition.LOADED),
    Cue(Ask.WHICH, ("neu|neustarten|abstürzen|stürzen|stürzt|crashloop",), condition=Condition.RESTARTING),
    Cue(Ask.WHICH, ("voll",), condition=Condition.FULL),
    Cue(Ask.WHICH, ("ab|ablaufen|abgelaufen|abläuft|erneuert|erneuern",), condition=Condition.EXPIRING),
    Cue(Ask.WHICH, ("überfällig|verspätet",), condition=Condition.OVERDUE),
    Cue(Ask.WHICH, ("synchron|synchronisiert|weichen|weicht",), condition=Condition.OUT_OF_SYNC),
    Cue(Ask.HOW_MANY, ("viele|anzahl", _BAD), condition=Condition.TROUBLED),
    Cue(Ask.WHICH, (_BAD,), condition=Condition.TROUBLED),
    Cue(Ask.ALL, ("alle|jeder|jede|sämtliche", _WELL), condition=Condition.WELL),
    Cue(
        Ask.HOW_MANY,
        ("viele|anzahl", "läuft|laufen|bereit|gesund|online|ok|okay|da"),
        condition=Condition.WELL,
    ),
    Cue(Ask.HOW_MANY, ("viele|anzahl",), condition=Condition.ANY),
    Cue(Ask.ALL, (_HOW,), condition=Condition.WELL),
    Cue(
        Ask.WHICH,
        ("welche|welcher|welches|was|liste|zeig|nenn|habe|haben|gibt|installiert",),
        condition=Condition.ANY,
    ),
)
_ALL = (
    Cue(Ask.CHANGED, ("verpasst|vorgefallen|vorfälle",)),
    Cue(Ask.CHANGED, ("war|gewesen", "los")),
    Cue(
        Ask.CHANGED,
        ("passiert|geschehen|geändert|verändert|neues|neuigkeiten|neu|getan|ereignisse|änderungen",),
    ),
    Cue(
        Ask.BRIEFING,
        (
            f"{_HOW}|{_BAD}|{_WELL}|alles|etwas|was|muss|wissen|kümmern|reparieren|bericht|überblick|zusammenfassung",
        ),
    ),
)

_NOTHING = (
    "jemand niemand irgendein irgendeine irgendwer existiert existieren erklären vom starten ab apps "
    "dienste namen meiner genau eigenen zum funktionieren sein gewesen dabei dafür daran darauf davon "
    "dazu doch einmal erst ganz gleich halt ihre irgendwie irgendwo ja nein jeder jedes kaum lass "
    "leider manchmal müssen nichts nie nun ohne ruhig sehen seinem seinen seiner sonst soweit trotzdem "
    "wenn weil wäre datenvolume daten ausrollen kam nacht tag abend haus familie kinder bekannt normal "
    "ginge woran worauf der die das den dem des ein eine einen einem einer mein meine meinem meinen "
    "unser unsere unserem unseren dieser diese dieses es seine ist sind war waren wird wurde wurden "
    "werden hat habe haben hab hatte kann können könnte könntest kannst würde würdest soll sollte muss "
    "ich wir man du mir mich uns sich ob oder und aber also so nicht kein keine bitte hey hallo hi "
    "jarvis äh ähm mal kurz eben schnell denn eigentlich sag sagen weißt weiß wissen zeig gib nenn "
    "schau guck wohl etwa vielleicht was welche welcher welches welchem welchen wer wie wann wo "
    "irgendwas etwas alle alles noch schon gerade jetzt momentan heute wieder wirklich immer je hier "
    "dort sachen dinge als dass von für zu zur im in auf an am bei beim mit aus um über unter nach seit "
    "vor bis durch app anwendung dienst server system container instanz pod deployment knoten node "
    "volume claim platte modell seite webseite namespace workload release service letzte letzten "
    "letztes erste viel viele mehr sehr richtig ordentlich gibt gab geht geht's gibt's läuft kommt "
    "kommen tut macht bekommen los danke art möglich sicher auch nur überhaupt zufällig bescheid klar "
    "medienserver passwortmanager git flux argo cd helm cluster homelab gerne gern übrig frei fast bald "
    "beinahe eigene genug gut gutes aktuelles aktuelle kurzes nachsehen nachschauen prüfen prüf schauen "
    "gucken gab's liegt nehmen braucht nutzt hin her rein raus drauf dran möchte will brauche frage "
    "eure euer ihr zeit bereits längst schonmal"
)

GERMAN_CUES = Cues(
    about_things=_THINGS,
    about_groups=_GROUPS,
    about_all=_ALL,
    periods=(
        ("nacht|nachts|geschlafen", Period.NIGHT),
        ("gestern", Period.YESTERDAY),
        ("woche|wochenende", Period.WEEK),
        ("stunde", Period.HOUR),
        ("heute|morgen", Period.TODAY),
        ("zuletzt|kürzlich", Period.LATELY),
    ),
    groups={
        **dict.fromkeys(("pod", "pods", "container"), Group.PODS),
        **dict.fromkeys(("knoten", "nodes"), Group.NODES),
        **dict.fromkeys(("workload", "workloads", "deployments"), Group.WORKLOADS),
        **dict.fromkeys(("kustomization", "kustomizations", "release", "releases"), Group.DEPLOYMENTS),
        **dict.fromkeys(("modell", "modelle", "sprachmodelle"), Group.MODELS),
        **dict.fromkeys(("zertifikat", "zertifikate"), Group.CERTIFICATES),
        **dict.fromkeys(("backup", "backups", "sicherung", "sicherungen"), Group.BACKUPS),
    },
    homelab=frozenset(("homelab", "homelabs", "cluster", "clusters", "kubernetes", "infrastruktur")),
    nothing=frozenset(_NOTHING.split()),
)
