"""The words that a report of the homelab may be told in, by what they claim.

What is in none of these lists may only be said where the facts say it. Verbs of the past, of guessing and of
mending are left out on purpose: "was not ready" is another fact than "is not ready".
"""

from collections.abc import Mapping
from dataclasses import dataclass

from .languages import ENGLISH, GERMAN


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """One language. All words are in lower case.

    `function` words claim nothing and name nothing, `ordinary` ones neither, but they can be counted;
    `generic` are words for any kind of trouble. `good`, `bad` and `negations` say how something is. `bound`
    are common words that are no names, but only true where the facts say them: times, units, devices.
    `rest` excepts what was said before; `joining` begins a claim about something else; `hedges` keep a claim
    from being more than it is. `endings` are taken off one after the other to compare words.
    """

    function: frozenset[str]
    ordinary: frozenset[str]
    generic: frozenset[str]
    good: frozenset[str]
    bad: frozenset[str]
    critical: frozenset[str]
    negations: frozenset[str]
    bound: frozenset[str]
    rest: frozenset[str]
    joining: frozenset[str]
    hedges: frozenset[str]
    numbers: Mapping[str, str]
    endings: tuple[str, ...]


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _counted(text: str) -> dict[str, str]:
    """Return the words for zero, one, two, and so on, with their figures."""
    return {word: str(value) for value, word in enumerate(text.split())}


_ENGLISH = Vocabulary(
    function=_words(
        "a an the this that these those there here it its it's that's there's they they've their them"
        " which who whose what of in on at to for from by with within into onto as than then so also too"
        " is are be been being am has have having do does did i'm you're you you've your we we've our i my me"
        " us which's when where while because since due through per via both's itself themselves any some"
        " now right currently still at present moment up out over however though although plus along"
    ),
    ordinary=_words(
        "homelab home lab house system systems status report overview summary state situation look looks"
        " looking see shows show showing need needs needing require requires attention checking check take"
        " takes taking care note notice noted noteworthy aware know known happen happens happening going"
        " go goes get gets getting got give gives make makes come comes keep keeps remain remains"
        " remaining continue continues stay stays report reports reported reporting say says tell tells"
        " find finds found affect affects affecting affected concern concerns concerning concerned involve"
        " involves namely including include includes included specifically particular especially main"
        " mainly most mostly important importantly first firstly finally next another one's ongoing active"
        " present existing named called count counts counted total altogether together following follow"
        " follows listed list additionally addition besides meanwhile overall general generally way ways"
        " kind kinds part parts place places piece pieces name names meaning means mean regarding regards"
        " respect terms side"
    ),
    generic=_words("problem problems issue issues trouble thing things matter matters item items"),
    good=_words(
        "well good fine ok okay well-running healthy ready available online reachable smoothly smooth"
        " perfect perfectly great excellent normal normally order stable succeed succeeds succeeded"
        " successful successfully green clear alright up-to-date reachably complete completed safe calm"
        " quiet happy nominal"
    ),
    bad=_words(
        "unable off few too expire expires bad wrong down offline failed failing fail fails failure"
        " failures error errors critical critically severe warning warnings degraded faulted broken"
        " unhealthy unavailable unreachable missing lost overdue stalled stuck crashed crashing crash"
        " restarting restarted restarts outdated expired expiring full lacks lack lacking suspended out-"
        " of-sync differs alert alerts alarm firing dead refused rejected unready late"
    ),
    critical=_words("critical critically"),
    negations=_words(
        "not no never none nothing nobody neither nor without cannot can't isn't aren't doesn't don't"
        " hasn't haven't didn't wasn't weren't won't couldn't isn’t aren’t doesn’t don’t hasn’t haven’t"
        " can’t"
    ),
    bound=_words(
        "run runs running work works working image images copy copies since ago today yesterday tonight"
        " tomorrow morning noon afternoon evening night midnight week weeks month months year years day"
        " days hour hours minute minutes second seconds half quarter last monday tuesday wednesday"
        " thursday friday saturday sunday january february march april may june july august september"
        " october november december percent all every everything everyone only just less more fewer than"
        " before after until again anymore longer early earlier later recently soon node nodes pod pods"
        " deployment volume volumes namespace cluster backup backups server hub hubs model models"
        " certificate page app apps application applications service services alert info information muted"
        " silenced memory gpu vram"
    ),
    rest=_words("else other others otherwise rest remaining besides apart aside except"),
    joining=_words("and but while whereas plus yet or"),
    hedges=_words("almost nearly partly possibly probably perhaps about least"),
    numbers=_counted(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"
        " sixteen seventeen eighteen nineteen twenty"
    )
    | {
        "both": "2",
        "once": "1",
        "twice": "2",
        "thirty": "30",
        "forty": "40",
        "fifty": "50",
        "hundred": "100",
    },
    endings=("s", "ing", "ed", "e"),
)
_GERMAN = Vocabulary(
    function=_words(
        "der die das den dem des ein eine einen einem einer eines dieser diese dieses diesen diesem jener"
        " es er sie ihr ihre ihren ihrem ihrer sein seine seinen seinem seiner ist sind bin bist sei wird"
        " werden hat haben habe hast in im an am auf aus bei beim mit nach von vom vor zu zum zur für über"
        " unter durch um als wie da dass so auch dann denn hier dort dazu dabei davon daran damit darunter"
        " du dir dich dein deine deinem deinen deiner wir uns unser ich mir mich sich was wer wo wenn weil"
        " derzeit gerade momentan aktuell zurzeit nun jetzt noch immer weiterhin pro je gibt geben ab bis"
        " gegen seit etwas selbst schon bereits ja doch eben man kann dich jedoch allerdings außerdem"
        " zudem ebenfalls ebenso gleichzeitig"
    ),
    ordinary=_words(
        "homelab zuhause haus system systeme systemen status bericht überblick übersicht zusammenfassung"
        " zustand lage stand blick schau schauen ansehen sehen sieht zeigt zeigen braucht brauchen"
        " benötigt benötigen aufmerksamkeit beachten beachtung prüfen überprüfen kümmern achtung hinweis"
        " bekannt weiß wissen geht gehen kommt kommen macht machen bleibt bleiben meldet melden gemeldet"
        " sagt sagen findet finden gefunden betrifft betreffen betroffen nämlich darunter insbesondere vor"
        " allem besonders hauptsächlich wichtig wichtigste wichtigsten wichtiges zuerst zunächst zuletzt"
        " schließlich nächste nächstes weiter weitere weiterer weiteres weiteren aktiv aktive vorliegen"
        " liegt liegen vorhanden genannt heißt zählt insgesamt zusammen gesamt folgende folgendes"
        " folgenden folgt folgen liste überhaupt allgemein art teil teile stelle stellen name namen"
        " bedeutet betreffend was angeht steht stehen befindet befinden besteht bestehen handelt hinzu"
        " beispielsweise sowohl bereich"
    ),
    generic=_words("problem probleme problemen problems sache sachen punkt punkte thema themen ding dinge"),
    good=_words(
        "gut gute guten guter gutes ordnung ok okay gesund gesunde bereit verfügbar online erreichbar"
        " reibungslos problemlos einwandfrei perfekt bestens normal stabil erfolgreich gelungen grün"
        " funktioniert fehlerfrei intakt vollständig rund sicher ruhig störungsfrei planmäßig"
        " einsatzbereit wohlauf fein prima super"
    ),
    bad=_words(
        "wenige wenig schlecht falsch offline ausgefallen ausfall fehlgeschlagen fehlschlag scheitert"
        " gescheitert fehler fehlerhaft kritisch kritische kritischer kritisches kritischen kritischem"
        " schwerwiegend warnung warnungen beeinträchtigt defekt kaputt ungesund nichtverfügbar"
        " unerreichbar fehlt fehlen verloren überfällig hängt abgestürzt abstürze neustart neustarts"
        " startet neugestartet neu veraltet abgelaufen abläuft voll ausgesetzt angehalten weicht alarm"
        " alarme tot abgelehnt verweigert gestört störung störungen eingeschränkt herabgestuft"
        " unvollständig stumm schweigt"
    ),
    critical=_words("kritisch kritische kritischer kritisches kritischen kritischem"),
    negations=_words(
        "nicht nichts kein keine keinen keinem keiner keines nie niemals niemand weder noch-nicht ohne"
        " nirgends"
    ),
    bound=_words(
        "läuft laufen laufend arbeitet arbeiten image images kopie kopien heute gestern vorgestern morgen"
        " morgens mittag mittags vormittag nachmittag abend abends nacht nachts mitternacht woche wochen"
        " monat monate monaten jahr jahre jahren tag tage tagen stunde stunden minute minuten sekunde"
        " sekunden uhr halb viertel letzte letzten letzter montag dienstag mittwoch donnerstag freitag"
        " samstag sonntag januar februar märz april mai juni juli august september oktober november"
        " dezember prozent alle allen alles aller jeder jede jedes nur lediglich bloß weniger mehr vorher"
        " nachher wieder früh früher später kürzlich bald knoten node nodes pod pods deployment volume"
        " volumes namensraum namespace cluster sicherung sicherungen backup backups server ki-server hub"
        " hubs modell modelle zertifikat seite app apps anwendung anwendungen dienst dienste hinweis"
        " hinweise information informationen stummgeschaltet speicher grafikkarte gpu vram"
    ),
    rest=_words(
        "sonst ansonsten sonstige sonstiges übrige übrigen übriges rest restliche restlichen andere"
        " anderen anderes außer abgesehen"
    ),
    joining=_words("und aber während sowie oder wohingegen sondern"),
    hedges=_words(
        "fast beinahe knapp teilweise vielleicht vermutlich wahrscheinlich etwa ungefähr mindestens"
    ),
    numbers=_counted(
        "null eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn"
        " sechzehn siebzehn achtzehn neunzehn zwanzig"
    )
    | {"beide": "2", "beiden": "2", "einmal": "1", "zweimal": "2", "dreimal": "3", "dreißig": "30"}
    | {"vierzig": "40", "fünfzig": "50", "hundert": "100"},
    endings=("s", "n", "m", "r", "e"),
)
VOCABULARIES: Mapping[str, Vocabulary] = {ENGLISH: _ENGLISH, GERMAN: _GERMAN}
