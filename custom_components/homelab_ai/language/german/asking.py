"""How people ask in German how things are and hang together: templates, see `QuestionWords.sentences`."""

from collections.abc import Mapping, Sequence

from ..questions.question import Ask

_X = "<x>"
_OF = "<of>"
_NOW = "<now>"
_LAB = "<lab>"
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
_STORE = "(volume|claim|pvc|platte|laufwerk|speicher)"
_GITOPS = "(flux|argo|argo cd|gitops|git|helm)"
_DATA = "[(seine|ihre|die|alle)] (daten|dateien|dokumente|sachen)"

SENTENCES: Mapping[Ask, Sequence[str]] = {
    Ask.STATE: (
        f"[und] wie (gut|gesund) (läuft|ist) {_X} {_NOW}",
        f"(gib|sag) mir [mal] (den|einen) (status|stand|überblick) {_OF} {_X}",
        f"was treibt {_X} {_NOW}",
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
        f"(läuft|ist|geht|funktioniert) {_NOW} (bei|mit|auf) {_X} {_NOW} (alles|noch alles) {_NOW} [({_WELL}|rund|glatt|normal)]",
        f"(kann|könnte) (ich|man|wir) {_NOW} [(auf|an|in|mit)] {_X} {_NOW} (nutzen|benutzen|erreichen|verwenden|zugreifen|öffnen|arbeiten|ran|drauf|dran|rein|rankommen)",
        f"(komme|komm|kommt) (ich|man|wir) {_NOW} (auf|an|in|zu) {_X} {_NOW} [(drauf|ran|rein|dran|heran)]",
        f"(ist|läuft) {_X} {_NOW} (an|online|oben|da|up) oder (aus|offline|unten|nicht|weg|down|kaputt)",
        f"hat {_X} {{period}} (überlebt|überstanden)",
        f"(ist|läuft) {_X} {_NOW} (so)? wie es soll".replace("(so)?", "[so]"),
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
        f"(spinnt|zickt|hakt|hängt|streikt|klemmt) {_X} {_NOW} [rum]",
        f"(muss|sollte) ich mir {_NOW} [um] {_X} {_NOW} sorgen machen",
        f"muss ich mir {_NOW} sorgen um {_X} machen",
        f"(hakt|klemmt|hängt) es {_NOW} (bei|mit) {_X} {_NOW}",
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
        f"(ist|sind|hat|haben|wurde|wurden|läuft|startet|stürzt|liegt|steckt|weicht) {_X} {_NOW} {{condition}} [worden]",
        f"{_IF} {_X} {_NOW} {{condition}} (ist|sind|hat)",
        f"wird {_X} {_NOW} {{condition}}",
    ),
    Ask.REASON: (
        f"{_TELL} (wo|woran) (hakt|klemmt|hängt|liegt|scheitert) (es|das|'s) {_NOW} (bei|mit|an|in) {_X} {_NOW}",
        f"{_TELL} was stimmt {_NOW} (mit|bei|an) {_X} {_NOW} nicht",
        f"{_TELL} {_WHY} (kann|konnte|lädt|zieht|findet|bekommt) {_X} {_NOW} (sein|das) image nicht [(laden|ziehen|finden|holen)]",
        f"{_TELL} was (hindert|hält) {_X} {_NOW} [(am (laufen|starten)|davon ab zu (laufen|starten))] [ab]",
        f"{_TELL} {_WHY} (spinnt|zickt|hakt|hängt|streikt) {_X} {_NOW} [rum]",
        f"{_TELL} {_WHY} {_X} {_NOW} ({_BAD}|{{condition}}|nicht [mehr] {_RUNS})",
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
        f"(stimmt|passt) {_X} {_NOW} mit (git|dem repository|dem repo) {_NOW} [(überein|zusammen)]",
        f"(weicht|weichen) {_X} {_NOW} von (git|dem repository|dem repo) {_NOW} ab",
        f"(ist|sind|läuft) {_X} {_NOW} [(noch)] (so|auf dem stand) wie [(es|sie)] in git [(steht|stehen)]",
        f"(hinkt|hängt) {_X} {_NOW} [git] hinterher",
        f"(ist|sind) {_X} {_NOW} (aktuell|auf dem [(neuesten|neusten|aktuellen|letzten)] stand|up to date|synchron|synchronisiert|im sync|veraltet|die neueste version"
        "|so wie in git)",
        f"(gibt es|gibt's) {_NOW} (ein update|eine aktualisierung|eine neue version|eine neuere version|updates|aktualisierungen|neue versionen) (für|von) {_X}",
        f"(braucht|hat) {_X} {_NOW} (ein update|eine aktualisierung|updates)",
        f"{_IF} {_X} {_NOW} (aktuell|auf dem neuesten stand|synchron) ist",
        f"läuft {_X} {_NOW} (auf der|mit der|in der) (neuesten|neusten|aktuellen|letzten) version",
    ),
    Ask.WHICH: (
        f"{_TELL} {_WHICH} {{group}} (gibt es|gibt's|sind|liegen|laufen) {_NOW} (auf|in) [(dem|meinem|der)] (ki(-| )server|hub|cluster|gpu|homelab)",
        f"{_TELL} {_WHICH} {{group}} (laufen|läuft|liegt|liegen) {_NOW} {{condition}}",
        f"(hängen|hängt|laufen|läuft|fallen|fällt) {_NOW} {_ANY} {{group}} {_NOW} {{condition}} {_LAB}",
        f"{_TELL} {_WHICH} {{group}} {_NOW} {{condition}} (läuft|laufen)",
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
        f"{_TELL} {{shortage}} {_LAB}",
        f"(ist|sind) (flux|argo|argo cd) {_NOW} [(irgendwo|für irgendwas)] {{state}}",
        f"(ist|sind) [(irgendwelche|ein|irgendein)] (flux|argo)(-| )(objekt|objekte|ressourcen) {_NOW} {{state}}",
        f"was {_NOW} {{state}}",
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
        f"{_TELL} wie viele {{group}} {_NOW} {{condition}} {_NOW} {_LAB}",
        f"{_TELL} wie viele {{group}} (gibt es|gibt's|habe ich|haben wir|hab ich|sind da|sind es|sind installiert|hat [(der|das|mein|die)] (homelab|cluster|hub)"
        f") {_NOW} {_LAB}",
        f"{_TELL} wie viele {{group}} (haben|sind) {{condition}}",
        f"{_TELL} wie viele {{condition}} {{group}} (gibt es|habe ich|haben wir) {_LAB}",
        f"{_TELL} wie viele {{group}} (es gibt|ich habe|wir haben) {_LAB}",
        f"[die] (anzahl|zahl) der {{group}} {_LAB}",
        f"wie viele {{group}} {_LAB}",
    ),
    Ask.NEEDS: (
        f"{_TELL} (welche|was für) (dinge|dienste|apps|teile|{{group}}) (braucht|benötigt|nutzt) {_X} [zum laufen]",
        f"{_TELL} was muss laufen damit {_X} (läuft|funktioniert|geht)",
        f"(hängt|ist) {_X} {_NOW} von (etwas|irgendetwas|irgendwas|was) (ab|abhängig)",
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
        f"{_TELL} (was|wer) (fällt|geht|stirbt|bricht) {_NOW} [alles] (ohne|mit) {_X} {_NOW} [alles] (aus|kaputt|nicht|nicht mehr|weg|zusammen|mit weg)",
        f"{_TELL} (was|wer|welche apps|welche dienste) (hängt|hängen) {_NOW} [alles] (am|an|an dem|an der) {_X}",
        f"{_TELL} (wer|was) würde {_X} vermissen",
        f"kann ich {_X} {_NOW} (neu starten|neustarten|ausschalten|ausmachen|abschalten|herunterfahren|runterfahren|stoppen)",
        f"(hängt|braucht|nutzt) (etwas|irgendetwas|irgendwas|was|jemand) [(von|an)] {_X} [ab]",
        f"{_TELL} was (wäre|ist) [alles] (weg|kaputt|aus|tot|betroffen) (ohne {_X}|wenn {_X} (ausfällt|aus ist|weg ist|stirbt|ausginge|abstürzt))",
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
        f"{_TELL} was (läuft|liegt|ist|steckt) {_NOW} (so)? alles (auf|in) {_X}".replace("(so)?", "[so]"),
        f"{_TELL} (was|welche {{group}}|wer) (läuft|laufen|ist|sind|liegt|liegen|wohnt) {_NOW} [(alles|so)] (auf|in|bei) {_X} {_NOW} [alles]",
        f"{_TELL} was {_NOW} [alles] auf {_X} (läuft|liegt|ist)",
        f"wie viele {{group}} (laufen|sind) {_NOW} auf {_X}",
        f"was ist auf {_X} gespeichert",
    ),
    Ask.STORED_IN: (
        f"{_TELL} wo (speichert|legt|hat|lagert|schreibt|ablegt) {_X} {_NOW} [{_DATA}] [(ab|gespeichert|hin)]",
        f"{_TELL} wo (liegen|sind|stecken|landen) {_NOW} [(die|alle)] (daten|dateien|dokumente|sachen) {_OF} {_X} {_NOW} [(gespeichert|abgelegt)]",
        f"{_TELL} (in|auf) (welchem|welcher) {_STORE} (speichert|liegt|liegen|schreibt|sind) [{_DATA}] [(von|vom|der|des)] {_X} {_NOW} [{_DATA}] [(gespeichert|ab)]",
        f"{_TELL} (welches|welche|welchen) {_STORE} (nutzt|benutzt|verwendet|hat|braucht|gehört zu) {_X} {_NOW}",
    ),
    Ask.ORIGIN: (
        f"(wird|ist|wurde) {_X} {_NOW} (von|mit|über|durch|per|aus) {_GITOPS} {_NOW} (verwaltet|ausgerollt|deployt|installiert|geliefert|gesteuert)",
        f"(verwaltet|deployt|liefert|rollt) {_GITOPS} {_X} [aus]",
        f"{_TELL} (welches|welche) [helm(-| )](release|chart|kustomization|anwendung) (rollt|liefert|verwaltet|ist) {_X} [aus]",
        f"{_TELL} wie (kommt|kam) {_X} {_NOW} (in|auf) (den|das) (cluster|homelab)",
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
        f"{_TELL} was ist {_X}",
        f"{_TELL} was ist [(eigentlich|denn|das)] {_X} [(eigentlich|denn)]",
        f"(erzähl|sag|erzähle) (mir|uns) [mal] [(etwas|was|alles|mehr)] (über|zu|von) {_X}",
        f"was (weißt|weisst|kannst|sagst) du [(mir|uns)] [alles] (über|zu|von) {_X} [(sagen|erzählen)]",
        f"(erkläre|erklär|beschreibe|beschreib) [(mir|uns)] [mal] {_X}",
        f"was ist {_X} (im|in meinem|in unserem) (homelab|cluster)",
        f"{_TELL} [(die|alle)] (details|einzelheiten|infos|informationen|fakten) {_OF} {_X}",
        f"(infos|details|alles) (zu|über|von) {_X}",
        f"(zeig|zeige) [(mir|uns)] {_X}",
        f"schlag {_X} nach",
    ),
}
