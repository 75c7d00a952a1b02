"""How people ask in English how things are and hang together: templates, see `QuestionWords.sentences`."""

from collections.abc import Mapping, Sequence

from ..questions.question import Ask

_X = "<x>"
_NOW = "<now>"
_LAB = "<lab>"
_IF = "<if>"
_TELL = "<tell>"
_WELL = "<well>"
_STORE = "(volume|claim|pvc|disk|storage|drive)"
_GITOPS = "(flux|argo|argo cd|gitops|git|helm)"
_BAD = "<bad>"
_FAILED = "<failed>"
_WRONG = "<wrong>"
_TROUBLE = "<trouble>"
_ANY = "<any>"
_ARE = "<are>"
_GROUP = f"{_ANY} {{group}}"

SENTENCES: Mapping[Ask, Sequence[str]] = {
    Ask.STATE: (
        f"how (healthy|well) is {_X} {_NOW} [(doing|running)]",
        f"[(update|fill)] me [in] on {_X}",
        f"(where|how) do (we|i) stand with {_X}",
        f"how is it going with {_X} {_NOW}",
        f"(how is|how's|how are|hows) {_X} {_NOW} [(doing|going|running|feeling|looking|holding up)] {_NOW}",
        f"{_TELL} (what is|what's|whats|what) (the (status|state|condition|health) of|going on with|happening with) {_X} [is] {_NOW}",
        f"{_TELL} [the] (status|state|condition|health) (of|for) {_X} {_NOW}",
        f"{_TELL} how {_X} (is|are) [doing] {_NOW}",
        f"{_X} (status|state|health)",
        f"status {_X}",
        f"[(can|could) you [please]] (check|look at|look after) [(on|up on)] {_X}",
        f"how (does|do) {_X} look {_NOW}",
        f"[(and|so)] (what about|how about) {_X}",
        f"(what|which) (state|condition|status) is {_X} in {_NOW}",
        f"what is {_X} doing {_NOW}",
    ),
    Ask.IS_WELL: (
        f"(is|are) {_X} {_NOW} (up|on|online|running|working|alive|ok|okay) or (down|off|offline|not|broken|dead)",
        f"did {_X} survive [{{period}}]",
        f"(is|are) (everything|all) {_NOW} {_WELL} (with|at|on) {_X} {_NOW}",
        f"(does|is) {_X} {_NOW} (work|working|run|running) as it should",
        f"(is|are|was|isn't|aren't) {_X} {_NOW} {_WELL} {_NOW}",
        f"{_IF} {_X} (is|are) {_NOW} {_WELL} {_NOW}",
        f"(does|do|did) {_X} {_NOW} (work|run|answer|respond|function) {_NOW} [(properly|correctly|ok|fine)]",
        f"{_IF} {_X} {_NOW} (works|runs|answers|responds|work|run)",
        f"[is] everything {_WELL} with {_X} {_NOW}",
        f"{_X} {_NOW} {_WELL}",
        f"can (i|we) (use|reach|access|open) {_X} {_NOW}",
        f"did {_X} (start|come up|come back|recover) [(again|properly|up)]",
        f"(has|have) {_X} (started|come up|come back|recovered) [(again|properly|up)]",
    ),
    Ask.IS_TROUBLED: (
        f"(is|are) {_X} {_NOW} (acting up|playing up|acting weird|misbehaving|struggling|hanging)",
        f"(should|do) i [need to] (worry|be worried|care) about {_X} {_NOW}",
        f"(do we|do i) {_NOW} have [(any|a)] {_TROUBLE} with {_X} {_NOW}",
        f"(has|have|did) {_X} {_NOW} (just|{_NOW}) {_FAILED}",
        f"did {_X} {_NOW} (crash|fail|die|stop|go down|go offline|break) {_NOW}",
        f"(is|are) {_X} {_NOW} {_BAD} {_NOW}",
        f"{_IF} {_X} (is|are) {_NOW} {_BAD}",
        f"{_X} {_BAD}",
        f"(is|are) there [{_NOW}] [(any|a|some)] {_TROUBLE} with {_X} {_NOW}",
        f"(is|are) (there (something|anything)|something|anything) {_WRONG} with {_X} {_NOW}",
        f"[any] {_TROUBLE} with {_X} {_NOW}",
        f"(does|has|do|have) {_X} {_NOW} (have|got|report) [(any|a|some)] {_TROUBLE} {_NOW}",
    ),
    Ask.IS: (
        f"(is|are|was|were) {_X} {_NOW} {{condition}} {_NOW}",
        f"(has|have|does|do|did) {_X} {_NOW} [been] {{condition}} {_NOW}",
        f"{_IF} {_X} (is|has|are) {_NOW} {{condition}}",
    ),
    Ask.REASON: (
        f"{_TELL} why (can't|cannot|won't|doesn't|does not|can) {_X} {_NOW} [not] (pull|load|find|get|download) [(its|the|an)] image",
        f"{_TELL} what (keeps|is keeping|stops|is stopping|prevents) {_X} from (running|starting|working|coming up)",
        f"{_TELL} (what is|what's|whats) {_NOW} {_WRONG} (in|on|at) {_X} {_NOW}",
        f"{_TELL} (what is|what's|whats) (causing|behind) [the] {_TROUBLE} (with|of|on|in) {_X}",
        f"{_TELL} [the] reason (why|that) {_X} (is|has|does) {_NOW} ({_BAD}|{_FAILED}|not (work|run|start))",
        f"{_TELL} why (is|are|has|did|does|was) {_X} {_NOW} [been] ({_BAD}|{_FAILED}|crash|fail|die|stop|break|not (work|run|answer"
        "|respond|start)|go down|{condition}) [(again|so often|all the time)]",
        f"{_TELL} why (isn't|is|aren't) {_X} {_NOW} [not] {_WELL}",
        f"{_TELL} why {_X} (is|are|has|isn't|does not|doesn't) [{_NOW}] ({_BAD}|{_FAILED}|{_WELL}|work|run|{{condition}})",
        f"why (does|do|did|will|would) {_X} {_NOW} not (work|run|answer|respond|start|load)",
        f"why (doesn't|don't|didn't|won't|can't) {_X} {_NOW} (work|run|answer|respond|start|load)",
        f"why (can't|can) (i|we) [not] (reach|use|open|access|get to|connect to) {_X} {_NOW}",
        f"how come {_X} (is|isn't|has|does not|doesn't) [{_NOW}] ({_BAD}|{_WELL}|{_FAILED}|work|run)",
        f"(what is|what's|whats|what) {_WRONG} [is] with {_X} {_NOW}",
        f"what (caused|causes|made|makes|is causing) {_X} [to] ({_BAD}|fail|crash|go down|stop [working]|break)",
        f"what (caused|causes|is causing|is) [the] {_TROUBLE} (with|of|on|in) {_X}",
        f"what (is|was) the (cause|reason) [(of|for)] [the] [{_TROUBLE}] [(with|of|for|on)] {_X}",
        f"(explain|diagnose|analyze|analyse) [(to me|for me)] [the] {_TROUBLE} (with|of|on) {_X}",
        f"(explain|diagnose|analyze|analyse) [the] {_X} {_TROUBLE}",
        f"(explain|tell me) what is {_WRONG} with {_X}",
        f"what happened that {_X} is {_BAD}",
        f"what (has happened|happened) that {_X} (is|does) ({_BAD}|not work)",
    ),
    Ask.UP_TO_DATE: (
        f"(does|do|is) {_X} {_NOW} (match|matches|agree with|as in|like in|the same as in|identical to) [(what is in|the state in|what)] git [says] {_NOW}",
        f"(has|have|did) {_X} {_NOW} [(been|get|got)] (deployed|synced|rolled out) (correctly|properly|successfully)",
        f"(is|are) {_X} {_NOW} (up to date|up-to-date|current|in sync|synced|[on] the (latest|newest|current) version|outdated"
        "|out of date|as git says)",
        f"(is|are) there [(a|an|any)] [(new|newer)] (update|version|release|upgrade)[s] (for|of|available for) {_X}",
        f"does {_X} (need|have) [(an|any)] (update|upgrade|updating)[s]",
        f"{_IF} {_X} is (up to date|current|in sync)",
    ),
    Ask.WHICH: (
        f"{_TELL} (which|what) {{group}} (do|did) (i|we) have that {_ARE} {{condition}} {_LAB}",
        f"{_TELL} (which|what) [of (the|my|our)] {{group}} {_LAB} {_ARE} {_NOW} {{condition}}",
        f"{_TELL} (which|what) (ones|one) of (the|my|our) {{group}} {_ARE} {_NOW} {{condition}}",
        f"{_TELL} (which|what) [of (the|my|our)] {{group}} [that] {_ARE} {_NOW} [been] {{condition}} {_NOW} {_LAB}",
        f"{_TELL} (which|what) [of (the|my|our)] {{group}} {{condition}} {_NOW} {_LAB}",
        f"(are|is) there [{_NOW}] {_GROUP} {_LAB} [(that|which|who)] [{_ARE}] {_NOW} {{condition}} {_NOW} {_LAB}",
        f"(are|is) there [{_NOW}] [(any|some|a|an)] {{condition}} {{group}} {_LAB}",
        f"(are|is) there [{_NOW}] [(any|some|a|an)] {{group}} {{condition}} {_LAB}",
        f"(are|is|do|does|have|has|did|will|was|were) {_GROUP} {_NOW} [(have|keep|be|been)] {{condition}} {_NOW} {_LAB}",
        f"(any|a) {{group}} {{condition}} {_NOW} {_LAB}",
        f"[any] {{condition}} {{group}} {_LAB}",
        f"{_TELL} (list|show|name) [me] [all] [(the|my|our)] {{group}} {_LAB} [(that|which) {_ARE} {{condition}}]",
        f"{_TELL} [all] [(the|my|our)] {{group}} (that|which) {_ARE} {{condition}} {_LAB}",
        f"{_TELL} [(list|show|name)] [me] [all] [(the|my|our)] {{condition}} {{group}} {_LAB}",
        f"{_TELL} (which|what) {{group}} (do|did|can|could) (i|we|you) (have|run|use|know|watch|monitor) {_LAB}",
        f"{_TELL} (which|what) {{group}} (are|exist) [(there|installed|available)] {_NOW} {_LAB}",
        f"{_TELL} (which|what) {{group}} does [(the|my|our)] (homelab|cluster|hub|lab) have",
        "what (is|are) (my|our) {group}",
        f"(do|should) (i|we) (need|have|want|) [to] {{condition}} {_ANY} {{group}} {_NOW} [(soon|shortly)] {_LAB}".replace(
            "|want|)", "|want)"
        ),
    ),
    Ask.ANYTHING: (
        f"(does|has|did) (flux|argo|argo cd) {_NOW} [(have|got)] (anything|something) {_NOW} {{state}}",
        f"{_TELL} what (has|did|does) (flux|argo|argo cd) {_NOW} [have] {{state}}",
        f"(is|are) (anything|something|any of it) {_NOW} {{state}} {_NOW} {_LAB}",
        f"{_TELL} (what is|what's|whats|what) {_NOW} [is] {{state}} {_NOW} {_LAB}",
        f"(what|which) (things|thing|stuff|objects) (is|are) {_NOW} {{state}} {_LAB}",
        "(what|which) (things|thing) {state}",
        f"{_TELL} (everything|all) (that|which) is {{state}}",
        f"[is] anything {{state}} {_LAB}",
        f"{_TELL} {{shortage}} {_NOW} {_LAB}",
        "(is|are) (flux|argo|argo cd) {state} [(anywhere|somewhere|for anything|for something)]",
        f"(are|is) there (anything|something) {{state}} {_LAB}",
        f"what (has|have) {{state}} {_LAB}",
        f"what {{state}} [soon] {_LAB}",
    ),
    Ask.ALL: (
        f"((are|do|did|have|were) (all|all of|the|my|our)|(is|does|did|has|was) (every|each|each of|all)) [(the|my|our)] {{group}} {_NOW}"
        f" {{condition}} {_NOW} {_LAB}",
        f"{_IF} (all|every|the|my|our) [(the|my|our)] {{group}} (is|are|have|has) {{condition}} {_LAB}",
        f"(how is|how's|how are) [all] [(the|my|our)] {{group}} [doing] {_NOW} {_LAB}",
        "all {group} {condition}",
        f"{_TELL} [the] (status|state|health) of [all] [(the|my|our)] {{group}} {_LAB}",
    ),
    Ask.HOW_MANY: (
        f"{_TELL} how many [of (the|my|our)] {{group}} {_ARE} {_NOW} [there] {{condition}} {_NOW} {_LAB}",
        f"{_TELL} how many [of (the|my|our)] {{group}} {_ARE} there {_NOW} [{{condition}}] {_LAB}",
        f"{_TELL} how many {{condition}} {{group}} (are there|do (i|we) have) {_LAB}",
        f"{_TELL} how many {{group}} (do|did) (i|we) have {{condition}} {_LAB}",
        f"{_TELL} how many {{group}} (do|does|did) (i|we|[(the|my|our)] (homelab|cluster|lab)) have {_LAB}",
        f"{_TELL} how many {{group}} (do|did) (i|we) (run|use|own|watch)",
        f"{_TELL} how many {{group}} (are|is|exist) [(there|installed)] {_LAB}",
        f"[the] number of {{group}} {_LAB}",
        f"how many {{group}} {_LAB}",
    ),
    Ask.NEEDS: (
        f"{_TELL} (which|what) (things|services|apps|parts|{{group}}) (does|do) {_X} (need|depend on|require|rely on|use) [to (run|work)]",
        f"{_TELL} (what|who) must be (up|running|there) for {_X} [to (run|work)]",
        f"does {_X} (need|depend on|rely on) anything [else]",
        f"{_TELL} what (does|do) {_X} (need|depend on|require|rely on|use|hang on) [to (run|work)]",
        f"{_TELL} what {_X} (needs|depends on|requires|relies on)",
        f"{_TELL} (what is|what's|on what is) {_X} (depending on|dependent on|dependent|depending|based on|using)",
        f"{_TELL} (what are|what's|what is) [the] (dependencies|dependency|requirements) (of|for) {_X}",
        f"{_TELL} (what are|what's|what is) {_X} (dependencies|requirements)",
        f"on what does {_X} depend",
        f"[the] dependencies of {_X}",
    ),
    Ask.NEEDED_BY: (
        f"{_TELL} what (would|will|does|goes|could|is) [(go|going to go|to go)] (down|break|breaks|fail|fails|die|dies|stop|stops) [down] with {_X}",
        f"{_TELL} (what|who|which {{group}}) (would|will|can|could|does) (fail|break|stop|not work|no longer work|go down) [working] without {_X}",
        f"{_TELL} what can (not|no longer) (run|work) without {_X}",
        f"{_TELL} what (else)? (is|are) (lost|down|gone|broken|dead) (if|when|without) {_X} [(fails|is down|goes down|dies|is off|breaks|crashes)]".replace(
            "(else)?", "[else]"
        ),
        f"can i (restart|reboot|turn off|switch off|shut down|stop) {_X} [(safely|without breaking anything|now)]",
        f"does (anything|something|anyone) (depend on|need|use|rely on) {_X}",
        f"{_TELL} (who|what) would (miss|notice) {_X}",
        f"{_TELL} (what|who|which apps|which services|which {{group}}|everything that) (depends|depend|relies|rely|is dependent|are dependent|hangs) on {_X}",
        f"{_TELL} (what|who|which apps|which services|which {{group}}) (needs|need|uses|use|requires|require|is using|are using) {_X}",
        f"what (happens|breaks|fails|stops|would happen|would break|would fail|would stop|will (happen|break)|goes down|is affected|is down|dies)"
        f" [working] (if|when) {_X} [would] (goes down|go down|is down|is off|went down|fails|fail|failed|dies|die|died|breaks|break|broke|is gone"
        "|is offline|goes offline|crashes|crashed|stops|is broken)",
        f"{_TELL} (what|who|which apps|which services|which {{group}}) (is|are) (affected|hit) (by|when|if) {_X} [(fails|is down|goes down|dies|is off)]",
        f"what (would|will) (be affected|be down|be broken|stop working|not work) (if|when|without) {_X} [(goes down|is down|is off|went down"
        "|fails|failed|dies|died|breaks|broke|is gone|goes offline|crashes|stops)]",
        f"what (would|will) (happen|break|work|fail|be) without {_X}",
        f"(what is|what's|what else is|who is) affected (by|if|when) {_X} [(fails|is down|goes down|dies)]",
        f"what does not work without {_X}",
        f"how important is {_X}",
        f"[the] dependents of {_X}",
    ),
    Ask.RUNS_HERE: (
        f"{_TELL} (what|which {{group}}|everything that|what all) (runs|run|is running|are running|is hosted|are hosted|lives|live|is|are) on {_X} {_NOW}",
        f"{_TELL} (what is|what's|whats) [all] (running|hosted|living) on {_X} {_NOW}",
        f"{_TELL} (what|which {{group}}) (does|do) {_X} (run|host)",
        f"how many {{group}} (run|are running|are|is) on {_X} {_NOW}",
        f"{_TELL} (what is|what's|whats) [stored] (on|in) {_X}",
    ),
    Ask.STORED_IN: (
        f"{_TELL} where (is|are) {_X} [(data|files|documents|stuff)] {_NOW} (stored|saved|kept|stored on)",
        f"{_TELL} where (is|are) [the] (data|files|documents|stuff) of {_X} {_NOW} [(stored|saved|kept|located)]",
        f"{_TELL} where (does|do) {_X} {_NOW} (store|keep|save|put|write) [(its|the|all its|it's)] [(data|files|documents|stuff)]",
        f"{_TELL} [(on|in|to)] (which|what) {_STORE} (does|do|is|are) {_X} {_NOW} [(data|files)] [(use|using|have|need|stored|store|stored on|write|write to|save to|store in|live on)] [(its|the)] [(data|files)] [(in|on|to)]",
        f"{_TELL} (which|what) {_STORE} belongs to {_X}",
    ),
    Ask.ORIGIN: (
        f"(is|are) {_X} {_NOW} (managed|deployed|delivered|installed|rolled out|controlled) (by|with|via|through|from) {_GITOPS}",
        f"{_TELL} (does|do) {_GITOPS} (manage|deploy|deliver|install) {_X}",
        f"{_TELL} [by] (which|what) [helm] (release|chart|kustomization|application|argo app) (deploys|delivers|manages|installs|is|does) {_X} [(deployed by|managed by|part of|in|belong to|from)]",
        f"{_TELL} how (does|did|do) {_X} (get deployed|get there|get installed|get into the cluster)",
        f"{_TELL} where (does|do|did) {_X} come from",
        f"{_TELL} where {_X} (comes from|is deployed from|is defined)",
        f"{_TELL} where (is|are) {_X} (defined|deployed from|deployed|configured|in git|coming from|managed|maintained)",
        f"{_TELL} (what|who) (deploys|deployed|manages|delivers|delivered|installs|installed|rolls out|brought) {_X}",
        f"{_TELL} (which|what) (repository|repo|source|kustomization|release|git repository) (does|is|do|delivers|deploys|contains|manages) {_X}"
        " [(come from|in|deployed from|from|belong to)]",
        f"{_TELL} from (which|what) (repository|repo|source) (is|does) {_X} [(come|deployed|coming)]",
        f"how is {_X} (deployed|installed|managed)",
        f"[the] origin of {_X}",
    ),
    Ask.PLACE: (
        f"{_TELL} where (is|does|are|do) {_X} {_NOW} (run|running|live|living|hosted|located|scheduled|deployed to|sitting)",
        f"{_TELL} where {_X} (runs|is running|lives|is hosted)",
        f"{_TELL} [on] (what|which) (node|server|machine|host|worker|box) (is|does|do|are) {_X} {_NOW} [(run|running|live|hosted|scheduled|sit)] [on]",
        f"{_TELL} [on] (what|which) (node|server|machine|host|worker) (runs|hosts|has) {_X}",
        f"{_TELL} [on] (what|which) (node|server|machine|host|worker) {_X} (runs|is running|is) [on]",
    ),
    Ask.ABOUT: (
        f"{_TELL} (what is|what's|whats) {_X}",
        f"{_TELL} what {_X} is",
        f"{_TELL} (tell me|say) [(something|everything|all|more)] about {_X}",
        f"tell me (something|everything|all|more) about {_X}",
        f"tell me about {_X}",
        f"what (do|can) you (know|tell me|say) about {_X}",
        f"(explain|describe) [(to me|me)] {_X}",
        f"(what is|what's|whats) {_X} in [(the|my|our)] (homelab|cluster)",
        f"{_TELL} [the] [all] (details|info|information|facts|everything) (of|on|about) {_X}",
        f"(look up|show|show me) {_X}",
        f"{_X} (details|info)",
    ),
}
