"""Questions about the homelab in German, and the words of their answers."""

from ...topology import ThingKind
from ..questions.attributes import Form
from ..questions.question import Attribute, Condition, Group, Period
from ..questions.words import GroupNoun, Predicate, QuestionWords
from .asking import SENTENCES
from .rules import RULES
from .spans import SPANS

GERMAN = QuestionWords(
    sentences=SENTENCES,
    rules=RULES,
    fillers="[(hey|hallo|hi|also|äh|ähm|sag mal|ok|okay|bitte|und|kurze frage|du|na)] [(jarvis|du|also|äh|ähm|sag mal|mal)]",
    endings="[(bitte|danke|denn|eigentlich)]",
    kinds={
        "app": (
            "app",
            "datenbank",
            "dashboard",
            "anwendung",
            "dienst",
            "server",
            "system",
            "container",
            "instanz",
            "service",
        ),
        "pod": ("pod[s]",),
        "node": ("node", "knoten", "worker-knoten", "host"),
        "workload": ("workload", "deployment", "statefulset", "daemonset"),
        "volume": ("volume", "claim", "platte", "pvc", "laufwerk"),
        "model": ("modell", "sprachmodell", "ki-modell"),
        "certificate": ("zertifikat",),
        "kustomization": ("kustomization", "helm release", "helm-release", "release"),
        "repository": ("repository", "repo", "quelle"),
        "page": ("seite", "webseite", "website"),
        "namespace": ("namespace", "namensraum"),
    },
    groups={
        Group.APPS: ("app[s]", "anwendung[en]", "dienst[e]", "diensten", "service[s]"),
        Group.PODS: ("pod[s]", "container[n]"),
        Group.NODES: ("knoten", "node[s]", "server[n]", "worker"),
        Group.WORKLOADS: ("workload[s]", "deployment[s]"),
        Group.VOLUMES: (
            "volume[s]",
            "volumen",
            "volume-claim[s]",
            "laufwerk[e]",
            "platte[n]",
            "festplatte[n]",
        ),
        Group.MODELS: ("[(ki|ai|sprach)[-| ]]modell[e|en]", "llm[s]"),
        Group.HUBS: ("ki(-| )server", "hub[s]"),
        Group.SYSTEMS: ("[überwachten ]system[e|en]",),
        Group.BACKUPS: ("backup[s]", "sicherung[en]", "datensicherung[en]"),
        Group.CERTIFICATES: ("[(tls|ssl)[-| ]]zertifikat[e|en]",),
        Group.DEPLOYMENTS: (
            "kustomization[s]",
            "helm(-| )release[s]",
            "release[s]",
            "argo(-| )anwendung[en]",
        ),
        Group.SOURCES: ("quelle[n]", "[git-]repository", "[git-]repositories", "repo[s]"),
        Group.PAGES: ("[web]seite[n]", "website[s]"),
        Group.ALERTS: ("alert[s]", "warnmeldung[en]"),
        Group.PULL_REQUESTS: ("pull(-| )request[s]",),
    },
    conditions={
        Condition.TROUBLED: (
            "(nicht (ok|okay|in ordnung|gesund|bereit|am laufen|online|erreichbar|da|verfügbar)|kaputt|ungesund|gestört|rot|degradiert|abgestürzt|ausgefallen"
            "|ein problem|probleme|problemen|fehler|störungen|nicht|down|tot|defekt|offline|hängen|gecrasht|unten)",
        ),
        Condition.WELL: (
            "(ok|okay|in ordnung|gesund|bereit|am laufen|grün|online|da|verfügbar|erreichbar|gut|einsatzbereit|fit|oben|an|up|funktionsfähig)",
        ),
        Condition.OFF: ("(aus|ausgeschaltet|abgeschaltet)",),
        Condition.LOADED: ("(geladen|im speicher|im vram|(auf|in) der (gpu|grafikkarte)|im grafikspeicher)",),
        Condition.SUSPENDED: ("(ausgesetzt|angehalten|pausiert|suspendiert|gestoppt)",),
        Condition.RESTARTING: (
            "[(ständig|dauernd|immer wieder|andauernd|oft|häufig|permanent)] (neu|neugestartet|neu gestartet|starten neu|neu starten|startet neu|am neustarten|abstürzen|am abstürzen)",
            "(starten|startet|stürzen|stürzt) [(ständig|dauernd|immer wieder|andauernd|permanent)] (neu|ab)",
            "(ständig|dauernd|immer wieder|andauernd|oft|häufig|permanent) ab",
            "(im|in einem|in einer) (crashloop|crash loop|absturzschleife|neustartschleife)",
        ),
        Condition.FULL: (
            "[(fast|beinahe|bald|zu|ganz|nahezu|demnächst)] (voll|vollgelaufen)",
            "(laufen|läuft) [(bald|gleich)] voll",
            "(kein|keinen|wenig) [(platz|speicherplatz)] [mehr]",
        ),
        Condition.EXPIRING: (
            "[(bald|demnächst|in kürze|diese woche|diesen monat|nächste woche)] (ab|abgelaufen|aus|abläuft|ablaufen)",
            "(laufen|läuft) [(bald|demnächst|in kürze|diese woche|diesen monat|in den nächsten 30 tagen)] (ab|aus)",
            "(bald|demnächst|in kürze) ([am ]ablaufen|abläuft|fällig)",
            "[(bald|demnächst)] (erneuern|verlängern|erneuert werden|verlängert werden)",
        ),
        Condition.FAILED: (
            "(fehlgeschlagen|gescheitert|schiefgegangen|schief gegangen|nicht (geklappt|gelaufen|funktioniert|durchgelaufen|erfolgreich))",
        ),
        Condition.OVERDUE: ("(überfällig|zu alt|veraltet|verspätet)",),
        Condition.OUT_OF_SYNC: (
            "(nicht (synchron|synchronisiert|im sync)|abgewichen|out of sync|outofsync|weichen [von git] ab)",
        ),
        Condition.MUTED: ("(stummgeschaltet|stumm)",),
        Condition.ANY: ("(installiert|vorhanden|bekannt|offen)",),
    },
    states={
        Condition.TROUBLED: (
            "(kaputt|ausgefallen|abgestürzt|gestört|defekt|down|nicht (in ordnung|ok|okay|erreichbar|gesund|am laufen))",
        ),
        Condition.SUSPENDED: ("(ausgesetzt|suspendiert|[(in|bei|von) flux ](angehalten|pausiert))",),
        Condition.RESTARTING: ("((ständig|dauernd|immer wieder) (neu|am neustarten)|in einem crashloop)",),
        Condition.LOADED: (
            "(geladen|im vram|im grafikspeicher|auf der (gpu|grafikkarte) [geladen]|in ollama geladen)",
        ),
        Condition.FULL: ("([(fast|bald|beinahe)] voll|kurz vor voll|knapp)",),
        Condition.EXPIRING: ("(bald|demnächst) (ab|abgelaufen)",),
        Condition.OUT_OF_SYNC: ("(nicht synchron|out of sync|nicht synchronisiert)",),
        Condition.OVERDUE: ("(überfällig|nicht gesichert)",),
    },
    attributes={
        Attribute.FULL: (
            "[(schon|bald|fast)] voll",
            "(belegung|speicherbelegung|füllstand|speicherauslastung|plattenbelegung)",
            "[freier|freien] (platz|speicherplatz|plattenplatz|speicher)",
            "belegt",
        ),
        Attribute.SIZE: ("groß", "größe"),
        Attribute.VRAM: ("(vram|grafikspeicher|gpu-speicher|gpu speicher)",),
        Attribute.MEMORY: ("(arbeitsspeicher|ram|hauptspeicher|ram-auslastung|arbeitsspeicherauslastung)",),
        Attribute.CPU: (
            "(cpu|cpu-last|cpu last|cpu-auslastung|cpu auslastung|prozessorlast|prozessorauslastung|last|auslastung|prozessor)",
            "(ausgelastet|beschäftigt)",
        ),
        Attribute.TEMPERATURE: ("(heiß|warm)", "temperatur"),
        Attribute.SPEED: ("schnell", "(geschwindigkeit|tempo|schreibtempo|tokens pro sekunde)"),
        Attribute.RESPONSE_TIME: ("langsam", "(antwortzeit|reaktionszeit|latenz)"),
        Attribute.VERSION: ("(version|image|ausgabe|image-version|tag|versionsnummer)",),
        Attribute.REVISION: ("(revision|commit|stand|git-revision)",),
        Attribute.RESTARTS: ("(neustarts|neu gestartet|neugestartet|abgestürzt|abstürze|restarts)",),
        Attribute.REPLICAS: ("(replikas|replicas|pods|instanzen|kopien)",),
        Attribute.CONTEXT: ("(kontext|kontextlänge|kontextfenster|kontextgröße)",),
    },
    moments={
        Attribute.LAST_BACKUP: (
            "[(letzte|letzten|neueste|jüngste|letztes)] [(gute|erfolgreiche|gutes)] (backup|sicherung|datensicherung)",
            "[(zuletzt|das letzte mal|letztes mal)] (gesichert|gebackupt)",
        ),
        Attribute.NEXT_BACKUP: (
            "(nächste|nächstes) [geplante ](backup|sicherung|datensicherung)",
            "[(das nächste mal|als nächstes|wieder|nächstes mal)] gesichert",
        ),
        Attribute.EXPIRY: ("(ab|aus|abgelaufen|abläuft|ablaufen|gültig|ablaufdatum)",),
        Attribute.DELIVERED: (
            "[(zuletzt|das letzte mal|letztes mal)] (ausgerollt|aktualisiert|geändert|synchronisiert|deployt|verteilt|upgedatet|geupdatet|installiert|geupdated)",
            "(letzte|neueste|letztes) (ausrollung|aktualisierung|änderung|deployment|update|rollout|sync|synchronisierung)",
        ),
        Attribute.RESTARTED: (
            "[(zuletzt|das letzte mal|letztes mal)] (neu gestartet|neugestartet|gestartet)",
            "(letzte|letzter) (neustart|start)",
        ),
        Attribute.UNLOADS: ("(entladen|aus dem speicher entfernt)",),
        Attribute.SINCE: ("(aus|offline|weg|down|kaputt|ausgefallen|nicht (bereit|erreichbar|da))",),
    },
    acts={
        Attribute.LAST_BACKUP: ("[(zuletzt|das letzte mal)] (gesichert|gebackupt)",),
        Attribute.DELIVERED: (
            "[(zuletzt|das letzte mal)] (ausgerollt|aktualisiert|synchronisiert|deployt|geupdatet)",
        ),
        Attribute.RESTARTED: ("[(zuletzt|das letzte mal)] (neu gestartet|neugestartet)",),
    },
    ahead={
        Attribute.NEXT_BACKUP: (
            "(nächste|nächstes)",
            "[(das nächste mal|als nächstes|wieder|nächstes mal)] gesichert",
        )
    },
    resources={
        Attribute.VRAM_FREE: (
            "(vram|v-ram|grafikspeicher|gpu-speicher|gpu speicher|grafikkartenspeicher|speicher (auf|in|von) der (gpu|grafikkarte)|platz (auf|in) der (gpu|grafikkarte))",
        ),
    },
    backup_moments={
        Attribute.LAST_BACKUP: (
            "[(letzte|letzten|neueste|jüngste|letztes)] [(gute|erfolgreiche)] (backup|sicherung|datensicherung)",
            "[(zuletzt|das letzte mal)] gesichert",
            "[(zuletzt|das letzte mal)] (ein backup gemacht|eine sicherung gemacht)",
        ),
        Attribute.NEXT_BACKUP: (
            "(nächste|nächstes) [geplante ](backup|sicherung|datensicherung)",
            "(das nächste mal|als nächstes) gesichert",
        ),
    },
    spans=SPANS,
    periods={
        Period.NIGHT: (
            "(letzte nacht|heute nacht|über nacht|in der nacht|nachts|diese nacht|in der letzten nacht|vergangene nacht|nacht)",
        ),
        Period.TODAY: (
            "(heute|seit heute morgen|seit heute früh|heute morgen|heute früh|seit mitternacht|heute so|heute schon|im laufe des tages)",
        ),
        Period.YESTERDAY: ("(gestern|am gestrigen tag)",),
        Period.WEEK: (
            "(diese woche|letzte woche|in der letzten woche|in den letzten [(sieben|7|paar)] tagen|am wochenende|in dieser woche|die woche|seit letzter woche|die letzten tage)",
        ),
        Period.HOUR: (
            "(in der letzten stunde|gerade eben|eben|in den letzten (30|60|dreißig|sechzig) minuten|vorhin|in der letzten halben stunde)",
        ),
        Period.LATELY: (
            "(zuletzt|in letzter zeit|kürzlich|seit gestern [(abend|morgen|nacht|mittag|nachmittag)]|während ich weg war|während ich geschlafen habe|in der zwischenzeit|inzwischen|in den letzten (24|vierundzwanzig) stunden"
            "|als ich weg war|seit dem letzten mal)",
        ),
        Period.ASKED: (
            "(seit ich [(zuletzt|das letzte mal)] gefragt habe|seit meiner letzten frage|seitdem|seit ich [(zuletzt|das letzte mal)] nachgefragt habe)",
        ),
    },
    things={
        ThingKind.NODE: "{name}",
        ThingKind.POD: "der Pod {name}",
        ThingKind.CLAIM: "das Volume {name}",
        ThingKind.VOLUME: "das Volume {name}",
        ThingKind.SOURCE: "die Quelle {name}",
        ThingKind.BACKUP_PLAN: "das Backup von {name}",
        ThingKind.CERTIFICATE: "das Zertifikat von {name}",
        ThingKind.NAMESPACE: "der Namespace {name}",
    },
    well={
        ThingKind.APP: "{name} ist in Ordnung",
        ThingKind.SYSTEM: "{name} läuft",
        ThingKind.PAGE: "{name} ist erreichbar",
        ThingKind.HUB: "{name} ist an",
        ThingKind.CLUSTER: "{name} läuft",
        ThingKind.NODE: "{name} ist bereit",
        ThingKind.MODEL: "{name} ist geladen",
        ThingKind.WORKLOAD: "{name} läuft",
        ThingKind.POD: "{name} läuft",
        ThingKind.GITOPS: "{name} ist so ausgerollt, wie es in Git steht",
        ThingKind.SOURCE: "{name} ist lesbar",
        ThingKind.BACKUP_PLAN: "{name} ist in Ordnung, das letzte ist {when} entstanden",
        ThingKind.CERTIFICATE: "{name} ist gültig",
        ThingKind.CLAIM: "{name} ist in Ordnung",
        ThingKind.VOLUME: "{name} ist in Ordnung",
    },
    values={
        Attribute.FULL: "{name} ist zu {value} voll",
        Attribute.SIZE: "{name} ist {value} groß",
        Attribute.VRAM: "{name} belegt {value} Grafikspeicher",
        Attribute.VRAM_FREE: "{name} hat {value} Grafikspeicher frei",
        Attribute.MEMORY: "{name} belegt {value} des Arbeitsspeichers",
        Attribute.CPU: "{name} lastet den Prozessor zu {value} aus",
        Attribute.TEMPERATURE: "{name} hat {value}",
        Attribute.SPEED: "{name} schreibt {value}",
        Attribute.RESPONSE_TIME: "{name} antwortet nach {value}",
        Attribute.VERSION: "{name} läuft mit {value}",
        Attribute.REVISION: "{name} steht auf {value}",
        Attribute.RESTARTS: "{name} ist {value} Mal neu gestartet",
        Attribute.REPLICAS: "Von {name} sind {value} bereit",
        Attribute.LAST_BACKUP: "das letzte Backup von {plain} ist {value} entstanden",
        Attribute.NEXT_BACKUP: "das nächste Backup von {plain} kommt {value}",
        Attribute.EXPIRY: "das Zertifikat von {plain} läuft {value} ab",
        Attribute.DELIVERED: "{name} wurde zuletzt {value} ausgerollt",
        Attribute.RESTARTED: "{name} ist zuletzt {value} neu gestartet",
        Attribute.UNLOADS: "{name} verlässt den Speicher {value}",
        Attribute.SINCE: "{name} ist {value} ausgegangen",
        Attribute.CONTEXT: "{name} hat einen Kontext von {value} Tokens",
    },
    forms={
        Form.SHARE: "{value} Prozent",
        Form.SECONDS: "{value} Sekunden",
        Form.DEGREES: "{value} Grad",
        Form.RATE: "{value} Tokens pro Sekunde",
    },
    group_nouns={
        Group.APPS: GroupNoun("eine App", "Apps", "keine App"),
        Group.PODS: GroupNoun("ein Pod", "Pods", "kein Pod"),
        Group.NODES: GroupNoun("ein Knoten", "Knoten", "kein Knoten"),
        Group.WORKLOADS: GroupNoun("ein Workload", "Workloads", "kein Workload"),
        Group.VOLUMES: GroupNoun("ein Volume", "Volumes", "kein Volume"),
        Group.MODELS: GroupNoun("ein Modell", "Modelle", "kein Modell"),
        Group.HUBS: GroupNoun("ein KI-Server", "KI-Server", "kein KI-Server"),
        Group.SYSTEMS: GroupNoun("ein System", "Systeme", "kein System"),
        Group.BACKUPS: GroupNoun("ein Backup", "Backups", "kein Backup"),
        Group.CERTIFICATES: GroupNoun("ein Zertifikat", "Zertifikate", "kein Zertifikat"),
        Group.DEPLOYMENTS: GroupNoun("ein Release", "Releases", "kein Release"),
        Group.SOURCES: GroupNoun("eine Quelle", "Quellen", "keine Quelle"),
        Group.PAGES: GroupNoun("eine Seite", "Seiten", "keine Seite"),
        Group.ALERTS: GroupNoun("ein Alarm", "Alarme", "kein Alarm"),
        Group.ENTITIES: GroupNoun("ein Gerät", "Geräte", "kein Gerät"),
        Group.PULL_REQUESTS: GroupNoun("ein Pull Request", "Pull Requests", "kein Pull Request"),
    },
    predicates={
        Condition.ANY: Predicate("ist da", "sind da", "ist nicht da", "sind nicht da"),
        Condition.TROUBLED: Predicate(
            "hat ein Problem", "haben Probleme", "hat kein Problem", "haben keine Probleme"
        ),
        Condition.WELL: Predicate(
            "ist in Ordnung", "sind in Ordnung", "ist nicht in Ordnung", "sind nicht in Ordnung"
        ),
        Condition.OFF: Predicate("ist aus", "sind aus", "ist nicht aus", "sind nicht aus"),
        Condition.LOADED: Predicate("ist geladen", "sind geladen", "ist nicht geladen", "sind nicht geladen"),
        Condition.SUSPENDED: Predicate(
            "ist ausgesetzt", "sind ausgesetzt", "ist nicht ausgesetzt", "sind nicht ausgesetzt"
        ),
        Condition.RESTARTING: Predicate(
            "startet immer wieder neu",
            "starten immer wieder neu",
            "startet nicht ständig neu",
            "starten nicht ständig neu",
        ),
        Condition.FULL: Predicate("ist fast voll", "sind fast voll", "ist nicht voll", "sind nicht voll"),
        Condition.EXPIRING: Predicate(
            "läuft bald ab", "laufen bald ab", "läuft nicht bald ab", "laufen nicht bald ab"
        ),
        Condition.FAILED: Predicate(
            "ist fehlgeschlagen",
            "sind fehlgeschlagen",
            "ist nicht fehlgeschlagen",
            "sind nicht fehlgeschlagen",
        ),
        Condition.OVERDUE: Predicate(
            "ist überfällig", "sind überfällig", "ist nicht überfällig", "sind nicht überfällig"
        ),
        Condition.OUT_OF_SYNC: Predicate(
            "weicht von Git ab",
            "weichen von Git ab",
            "ist so, wie es in Git steht",
            "sind so, wie es in Git steht",
        ),
        Condition.MUTED: Predicate(
            "ist stummgeschaltet",
            "sind stummgeschaltet",
            "ist nicht stummgeschaltet",
            "sind nicht stummgeschaltet",
        ),
    },
    period_names={
        Period.NIGHT: "letzte Nacht",
        Period.TODAY: "heute",
        Period.YESTERDAY: "gestern",
        Period.WEEK: "in den letzten sieben Tagen",
        Period.HOUR: "in der letzten Stunde",
        Period.ASKED: "seit deiner letzten Frage",
        Period.LATELY: "in den letzten 24 Stunden",
    },
    yes="Ja:",
    no="Nein:",
    off="{name} ist {when} aus",
    not_loaded="{name} ist installiert, aber nicht geladen",
    state_unknown="Ich weiß nicht, wie es um {name} steht",
    off_now="{name} ist aus",
    at_time="{when} um {time} Uhr",
    unknown="Das weiß ich nicht",
    vram_total_unknown="Wie viel es insgesamt sind, weiß ich nicht",
    last_backup="Das letzte Backup ist {value} entstanden",
    backup_unknown="Ich weiß von keinem Backup von {plain}",
    nothing_is="Nichts {value}",
    caused_by="{name} selbst zeigt kein Problem, aber etwas, das es braucht",
    no_problem="Ich weiß von keinem Problem mit {plain}",
    runs_here="Auf {plain}: {names}",
    runs_nothing="Ich weiß von nichts, was auf {plain} läuft",
    muted="{name} ist {when} stummgeschaltet",
    unmuted="{name} zählt wieder",
    nothing_to_mute="Mit {plain} ist nichts, was man stummschalten könnte",
    not_muted="{name} ist nicht stummgeschaltet",
    some="{value}: {names}",
    happened="{when}: {value}",
    nothing_happened="{when} ist nichts passiert",
    since_then="seitdem",
    needs="{name} braucht {names}",
    needs_nothing="Ich weiß von nichts, was {name} braucht",
    needed_by="Von {plain} hängen ab: {names}",
    needed_by_nothing="Ich weiß von nichts, was von {plain} abhängt",
    origin="{name} wird ausgerollt von {names}",
    origin_unknown="Ich weiß nicht, woher {plain} kommt",
    place="{name} läuft auf {names}",
    place_unknown="Ich weiß nicht, wo {plain} läuft",
    value_unknown="Das weiß ich von {plain} nicht",
    all_of_them="alle {value}",
    no_notes="Sonst gibt es nichts",
    none_muted="Es ist nichts stummgeschaltet",
    up_to_date="{name} ist so, wie es in Git steht, zuletzt ausgerollt {when}",
    up_to_date_sometime="{name} ist so, wie es in Git steht",
    up_to_date_unknown="Ob es eine neuere Version gibt, weiß ich nicht",
)
