"""How people ask about the homelab in English: templates of sentences, see `QuestionWords.sentences`."""

from collections.abc import Mapping, Sequence

from ..questions.question import Ask

_X = "<x>"
_NOW = "<now>"
_LAB = "<lab>"
_IF = "<if>"
_TELL = "<tell>"
_WELL = "<well>"
_BAD = "<bad>"
_FAILED = "<failed>"
_WRONG = "<wrong>"
_TROUBLE = "<trouble>"
_ANY = "<any>"
_ARE = "<are>"
_GROUP = f"{_ANY} {{group}}"

RULES: Mapping[str, str] = {
    "x": "[(the|my|our|this)] [<kind> [(of|called|named)]] {name}['s] [<kind>] [(in|from) [the] [namespace] <place> [namespace]]",
    "now": "[(right now|now|yet|these days|anymore|any more|currently|at the moment|at present|today|still|again|actually|really|just|already)]",
    "lab": "[(in|on|with|of|from|across) [(the|my|our)] (homelab|home lab|cluster|lab|kubernetes|flux)]",
    "if": (
        "[(tell me|check|see|find out|let me know|i wonder|i want to know|i'd like to know|(do you|you) know"
        "|(can|could|would) you [please] (tell me|check|see|find out|look))] (if|whether)"
    ),
    "tell": (
        "[(tell me|show me|give me|let me know|i wonder|i want to know|i'd like to know|(do you|you) know"
        "|(can|could|would) you [please] (tell|show|give) me)]"
    ),
    "well": (
        "(running|up|up and running|back|back up|doing (ok|okay|fine|well|good|alright)|ok|okay|fine|alright|all right|good|healthy|well|working|online|ready|alive|reachable"
        "|available|on|there|stable|valid|responding|functioning|in order|running (fine|okay|ok|well|properly|smoothly)"
        "|working (fine|okay|ok|well|properly|correctly|normally|as expected))"
    ),
    "bad": (
        "(down|offline|broken|dead|off|failing|in trouble|unhealthy|unreachable|unavailable|not (running|working|ok|okay|up"
        "|online|ready|available|reachable|responding)|having (problems|issues|trouble)|stuck|crashing|degraded|red|gone)"
    ),
    "failed": "(crashed|failed|gone down|died|stopped [working]|gone offline|broken [down]|had (problems|issues))",
    "wrong": "(wrong|the matter|the problem|the issue|the trouble|broken|up|not right|going wrong)",
    "trouble": "(problem[s]|trouble|issue[s]|error[s])",
    "any": "[(any|some|one|a|an|all|more)] [of] [(the|my|our)]",
    "are": "(is|are|has|have|was|were|keep|keeps|do|does|need|needs|can|will)",
}
"""What several sentences have in common, by the name that they call it by."""

SENTENCES: Mapping[Ask, Sequence[str]] = {
    Ask.STATE: (
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
        f"(is|are) {_X} {_NOW} (up to date|up-to-date|current|in sync|synced|[on] the (latest|newest|current) version|outdated"
        "|out of date|as git says)",
        f"(is|are) there [(a|an|any)] [(new|newer)] (update|version|release|upgrade)[s] (for|of|available for) {_X}",
        f"does {_X} (need|have) [(an|any)] (update|upgrade|updating)[s]",
        f"{_IF} {_X} is (up to date|current|in sync)",
    ),
    Ask.WHICH: (
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
        f"{_TELL} (which|what) {{group}} are (there|running|installed) {_LAB}",
        f"{_TELL} (which|what) {{group}} does [(the|my|our)] (homelab|cluster|hub|lab) have",
        "what (is|are) (my|our) {group}",
        f"(do|should) (i|we) (need|have|want|) [to] {{condition}} {_ANY} {{group}} {_NOW} [(soon|shortly)] {_LAB}".replace(
            "|want|)", "|want)"
        ),
    ),
    Ask.ANYTHING: (
        f"(is|are) (anything|something|any of it) {_NOW} {{state}} {_NOW} {_LAB}",
        f"{_TELL} (what is|what's|whats|what) {_NOW} [is] {{state}} {_NOW} {_LAB}",
        f"(what|which) (things|thing|stuff|objects) (is|are) {_NOW} {{state}} {_LAB}",
        "(what|which) (things|thing) {state}",
        f"{_TELL} (everything|all) (that|which) is {{state}}",
        f"[is] anything {{state}} {_LAB}",
        "(am i|are we) (running out of|low on) [disk] (space|storage) [anywhere]",
        "(is|are) (flux|argo|argo cd) {state} [(anywhere|somewhere|for anything|for something)]",
        f"(are|is) there (anything|something) {{state}} {_LAB}",
        f"what (has|have) {{state}} {_LAB}",
        f"what {{state}} [soon] {_LAB}",
    ),
    Ask.ALL: (
        f"(are|is|do|does|did|have|has|were|was) (all|every|all of|each|each of|the|my|our) [(the|my|our)] {{group}} {_NOW}"
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
        f"{_TELL} how many {{group}} (are|is|run|exist) [(there|running|installed)] {_LAB}",
        f"[the] number of {{group}} {_LAB}",
        f"how many {{group}} {_LAB}",
    ),
    Ask.MEASURE: (
        f"{_TELL} how many {_X} {{attribute}} (are|is) {_NOW} (running|ready|up|there|healthy) {_NOW}",
        f"{_TELL} how {{attribute}} (is|are) {_X} {_NOW} [(getting|running)] {_NOW}",
        f"how {{attribute}}'s {_X} {_NOW}",
        f"{_TELL} how {{attribute}} {_X} (is|are) {_NOW}",
        f"{_TELL} (what is|what's|what are) [the] [current] {{attribute}} [used] (of|for|on|in|by) {_X} {_NOW}",
        f"{_TELL} (what is|what's|what are) [the] [current] {_X} {{attribute}} {_NOW}",
        f"{_TELL} [the] [current] {{attribute}} (of|for|on|in) {_X} {_NOW}",
        f"{_X} {{attribute}}",
        f"{_TELL} (what|which) {{attribute}} (does|is|has|do|are) {_X} {_NOW} [(have|run|running|use|using|on|got|at|deployed)] {_NOW}",
        f"{_TELL} (what|which) {{attribute}} of {_X} (is|are|do|does) [(i|we)] [(on|running|installed|deployed|have|run|used|loaded)] {_NOW}",
        f"{_TELL} (what|which) {_X} {{attribute}} (is|are|do|does) [(i|we)] [(running|installed|deployed|have|run|used)] {_NOW}",
        f"{_TELL} how (much|many) [of the] {{attribute}} (does|is|has|do|are|did) {_X} {_NOW} [(have|use|using|need|take|taking up|left|got|had|run|running|consume)] [left] {_NOW}",
        f"{_TELL} how (much|many) {{attribute}} (is|are|of) (used|in use|left|free|available|running|taken|[there]) {_NOW} (on|by|in|of|for) {_X} {_NOW}",
        f"{_TELL} how (much|many) {{attribute}} {_X} (uses|has|needs|is using)",
        f"{_TELL} how (much|many) {{attribute}} (on|in) {_X}",
        f"{_TELL} how (much|many) {{attribute}} of {_X} (are|is) (running|ready|up|there|used|free|left) {_NOW}",
        f"{_TELL} how (often|many times) (has|did|does|was) {_X} {_NOW} [been] {{attribute}}",
        f"{_TELL} how (fast|quickly|slow|slowly|long) (does|do) {_X} [(take|need)] [to] {{attribute}}",
        f"(is there|do i have|do we have) [(enough|any|still)] [(enough|any)] [free] {{attribute}} [left] (on|in) {_X}",
        f"(does|do) {_X} [still] have [(enough|any)] [free] {{attribute}} [left]",
        f"what percentage of {_X} is {{attribute}}",
    ),
    Ask.VALUE: (
        f"{_TELL} how much [(free|of the|of my)] {{resource}} (is|are|do i have|do we have|is there|does [(the|my)] (hub|gpu|server) have)"
        f" {_NOW} [(left|free|used|in use|available|remaining|there|over|taken)] {_NOW} {_LAB}",
        "how much [(free|used)] {resource} [(left|free|used)]",
        f"(is there|do i have|do we have|is) [(enough|any|still)] [(enough|any)] [free] {{resource}} [(left|free|available)] {_NOW}",
        f"{_TELL} (how full|how used) is [(the|my|our)] {{resource}} {_NOW}",
        f"{_TELL} (what is|what's|whats) [(the|my|our)] [current] {{resource}} [(usage|use)] {_NOW}",
        "[(the|my)] [free] {resource} [(usage|left|free|used)]",
        f"{_TELL} (what|which) {{attribute}} (is|was) [{_NOW}] (deployed|live|running|rolled out) {_NOW} {_LAB}",
    ),
    Ask.WHEN: (
        f"{_TELL} when (will|does|is) {_X} {_NOW} [(be|get|going to be|to be)] {{ahead}}",
        f"{_TELL} (when was|when were|when is|when's|whens) [the] {{moment}} (of|for|on|in|from) {_X}",
        f"{_TELL} when [the] {{moment}} (of|for|on|in|from) {_X} (was|is|ran|runs|happened)",
        f"{_TELL} when (was|were|is|are|will) {_X} {_NOW} [(going to be|to be|be)] {{moment}}",
        f"{_TELL} when (does|do|did|will|has|have|had) {_X} {_NOW} [(have|had|be|get|been|its|it's)] [(its|the|a)] {{moment}}",
        f"{_TELL} when (does|do|did|will|is) [the] {_X} {{moment}} [(run|happen|ran|be|due|planned|scheduled)]",
        f"{_TELL} when (does|do|did|will|is) [the] {{moment}} (of|for) {_X} (run|happen|ran|be|due|planned|scheduled|expire|start)",
        f"{_TELL} when (was|is) [the] (last|latest|most recent|newest) {_X} {{moment}}",
        f"{_TELL} when (does|is|will|did) [the] {{ahead}} {_X} backup [(run|happen|due|be|planned|scheduled)]",
        f"{_TELL} when (does|do|will|did) [the] (certificate|cert) (of|for) {_X} {{moment}}",
        f"{_TELL} when did (you|we|i|flux|argo|argo cd|k8up|someone|somebody) {_NOW} [last] {{act}} {_X} [last]",
        f"{_TELL} when (was|is) the (last|latest) time [that] {_X} (was|were|has|had|got) [been] {{moment}}",
        f"{_TELL} how (old|recent|fresh) is [the] [(last|latest)] {{moment}} (of|for|on) {_X}",
        f"{_TELL} how (old|recent|fresh) is {_X} {{moment}}",
        f"{_TELL} how long (has|is|have) {_X} [been] {{moment}}",
        f"{_TELL} how long (ago)? was {_X} {{moment}}".replace("(ago)?", "[ago]"),
        f"{_TELL} how long ago was [the] {{moment}} (of|for) {_X}",
        f"{_TELL} since when (is|has|are|have) {_X} [been] {{moment}}",
        f"{_TELL} (how long|until when|till when) is {_X} [still] {{moment}}",
        f"{_TELL} (what is|what's|what was) [the] {{moment}} (of|for) {_X}",
        f"[the] {{moment}} (of|for) {_X}",
        f"{_X} {{moment}}",
    ),
    Ask.WHEN_ANY: (
        f"{_TELL} when (was|is|were|did|will|does|do) [(the|we|you|i|my|our)] {{backup_moment}} [(run|happen|ran|be|made|done|taken|due|finish|start)]"
        f" {_LAB}",
        f"{_TELL} how (old|recent) (is|are) [(the|my|our)] [(last|latest)] {{backup_moment}}",
        f"{_TELL} when [(the|my|our)] {{backup_moment}} (was|ran|is|runs)",
        "[(the|my)] {backup_moment}",
    ),
    Ask.NEXT_TO: (
        f"{_TELL} (which|what) {{group}} (is|are) [the] [(next|first)] [(one)] [to] {{condition}} [(next|first)]",
        f"{_TELL} (which|what) {{group}} {{condition}} (next|first)",
    ),
    Ask.HAS_BACKUP: (
        f"(is|was|were|are|has|did|does|do|have) {_X} {_NOW} [(get|been|have|being|a|any|it's|its)] [(a|any|valid|good|recent)]"
        f" (backed up|saved|backup[s]) {_NOW} [{{period}}]",
        f"(do|does) (i|we|you) have [(a|any)] [(recent|current|valid|good)] backup[s] (of|for) {_X}",
        f"(is|are|was) there [(a|any)] [(recent|current|valid|good)] backup[s] (of|for) {_X} [{{period}}]",
        f"(did|has|was|is|were) [the] [{{period}}] backup[s] (of|for) {_X} [{{period}}] {_NOW} [(been)] [(run|ran|work|worked|succeed|successful"
        "|ok|okay|fine|done|finish|finished|complete|completed|go through|good|made|current|up to date|recent|fail|failed)] [{period}]",
        f"(did|has|was|is) [the] [last] {_X} backup[s] {_NOW} [(been)] (run|ran|work|worked|succeed|successful|ok|okay|fine|done|finish|finished"
        "|complete|completed|go through|good|made|current|up to date|recent|fail|failed) [{period}]",
    ),
    Ask.BACKUP_STATE: (
        f"{_TELL} why (did|does|has) [the] [last] (backup|backups) (of|for) {_X} (fail|failed|not (run|work)|go wrong)",
        f"{_TELL} why (did|does|has) [the] [last] {_X} backup[s] (fail|failed|not (run|work)|go wrong)",
        f"{_TELL} why (is|are|was|were) [the] [last] backup[s] (of|for) {_X} {_NOW} (overdue|late|too old|missing|broken|failing|failed)",
        f"{_TELL} why (is|are|was|were) [the] [last] {_X} backup[s] {_NOW} (overdue|late|too old|missing|broken|failing|failed)",
        f"(how is|how's|hows|how are) [the] [(last|latest)] backup[s] (of|for) {_X} [doing] {_NOW}",
        f"(how is|how's|hows|how are) [the] {_X} backup[s] [doing] {_NOW}",
        f"(what about|how about|status of) [the] backup[s] (of|for) {_X}",
        f"(is|are) [the] backup[s] (of|for) {_X} {_NOW} (overdue|late|too old|old|outdated|missing|broken|failing)",
        f"(is|are) [the] {_X} backup[s] {_NOW} (overdue|late|too old|old|outdated|missing|broken|failing)",
    ),
    Ask.CHANGED: (
        f"{_TELL} (what|what's|what has|did anything|has anything|anything|did something|has something) [all] (happened|happen|changed|change"
        f"|occurred|occur|went on|gone on|broke|break|went wrong|go wrong|failed|fail|new) {_LAB} {{period}} {_LAB}",
        f"{_TELL} what (was|is|'s) (new|going on|happening|up|different|changed) {_LAB} {{period}} {_LAB}",
        f"(was|is|were) there (anything|something|any (changes|news|incidents|problems|events|outages|failures|trouble)|an outage|a failure|a problem|trouble) {_LAB} {{period}} {_LAB}",
        f"{_TELL} (what|what's|what has|did anything|has anything|anything) (happened|happen|changed|change|new|occurred|been going on)"
        f" (to|with|in|on|at|for) {_X} {_NOW} [{{period}}]",
        f"{_TELL} what (is|was|are|'s) (new|the news|different) (with|on|in|about) {_X} [{{period}}]",
        f"(what is|what's|whats) new {_LAB} [{{period}}]",
        f"[(is there|are there|do you have)] (anything|any|some|something) (new|news|changes) {_LAB} [{{period}}]",
        f"what has [been] (changed|happened) {_LAB} [{{period}}]",
        "what did (i|we) miss [{period}]",
        f"(did|have) (i|we) (miss|missed) (anything|something) [{{period}}] {_LAB}",
        f"{_TELL} [the] (last|latest|recent) (changes|events|news) [(of|to|for|on|with|in) {_X}]",
        f"{_TELL} [the] (last|latest|recent) (changes|events|news) {_LAB}",
        f"{_TELL} [the] (history|timeline) of {_X} [{{period}}]",
        f"{_TELL} [the] [homelab] timeline [{{period}}]",
        f"{_TELL} what {_X} did [{{period}}]",
        f"(was|were|has|did|is) {_X} {_NOW} [been] (updated|changed|deployed|upgraded|redeployed|touched) {{period}}",
        f"has anything (died|crashed|broken|gone down|stopped|gone offline) {_LAB} {{period}}",
        "tell me [the] (news|latest news|latest) (from|of|about|in) [(the|my|our)] (homelab|home lab|cluster|lab) [{period}]",
        f"how was {{period}} {_LAB}",
        f"how was the {{period}} {_LAB}",
    ),
    Ask.NEEDS: (
        f"{_TELL} what (does|do) {_X} (need|depend on|require|rely on|use|hang on) [to (run|work)]",
        f"{_TELL} what {_X} (needs|depends on|requires|relies on)",
        f"{_TELL} (what is|what's|on what is) {_X} (depending on|dependent on|dependent|depending|based on|using)",
        f"{_TELL} (what are|what's|what is) [the] (dependencies|dependency|requirements) (of|for) {_X}",
        f"{_TELL} (what are|what's|what is) {_X} (dependencies|requirements)",
        f"on what does {_X} depend",
        f"[the] dependencies of {_X}",
    ),
    Ask.NEEDED_BY: (
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
    Ask.ORIGIN: (
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
    Ask.NOTES: (
        "[(and|so)] (what|anything|something) else [(is there|is wrong|is new|do you have)]",
        f"{_TELL} (what|which) (is|are) the [(other|remaining)] (note|notes|hint|hints)",
        f"{_TELL} (what|which) notes (are there|do you have)",
        f"{_TELL} [the] (notes|note)",
        f"[is there] (what else|anything else) [(is wrong|to know|wrong|going on|i should know|worth knowing)] {_LAB}",
        "(and|what about|tell me) [(the|what about the)] (rest|others|other problems|other (ones|things))",
        f"are there [any] [(other|more)] (notes|hints) {_LAB}",
        "(more|go on|continue|next [one])",
        "[is there] (anything|something) [else] (i should know|i need to know|worth knowing) (about|in|with) [(the|my|our)] (homelab|home lab|cluster|lab)",
    ),
    Ask.MUTED: (
        f"{_TELL} (what|what's|what is|which problems|which alerts|which of them) [(is|are)] {_NOW} (muted|silenced) {_NOW} {_LAB}",
        f"(is|are) (anything|something|any problems|any alerts|any of them) {_NOW} (muted|silenced) {_LAB}",
        f"{_TELL} [all] [the] (muted|silenced) (problems|alerts|ones|things) {_LAB}",
        "(are there|do i have|is there) [(any|a)] (muted|silenced) (problem|problems|alerts)",
    ),
    Ask.MUTE: (
        f"(mute|silence|snooze) [(the|my|our)] [{_TROUBLE} (with|of|on)] {_X} [{_TROUBLE}] [[for] {{span}}]",
        f"[for] {{span}} (mute|silence|snooze) {_X}",
        f"(stop|quit) (telling me|notifying me|warning me|complaining|reminding me|bothering me) about {_X} [[for] {{span}}]",
        f"(do not|don't) (tell me|notify me|warn me|remind me|bother me) (about|with) {_X} [any more] [[for] {{span}}]",
        f"ignore [the] [{_TROUBLE} (with|of|on)] {_X} [{_TROUBLE}] [[for] {{span}}]",
    ),
    Ask.UNMUTE: (
        f"(unmute|unsilence) [the] {_X}",
        f"(stop|end) (muting|silencing|ignoring) {_X}",
        f"(tell|notify|warn) me about {_X} again",
    ),
    Ask.BRIEFING: (
        f"[(give me|tell me|i want|i'd like|read me|let me have|can i (have|get))] [(a|the|my|your)] [(morning|evening|daily|short|quick|homelab|cluster)] briefing [(for|about)] {_LAB} [[(for|about)] [(the|my)] (homelab|cluster)] [please]",
        "[(give me|tell me|i want|i'd like|read me|can i (have|get))] [(a|the|my|your)] [(morning|daily|short|quick|homelab)] briefing [(for|about|of|with|on)] [what (happened|changed|is new)] {period}",
        "brief me [on] [what (happened|changed|is new)] {period}",
        "brief me",
        f"[(are there|is there)] [any] {_TROUBLE} (in|on|with) [(the|my|our)] (homelab|home lab|cluster|lab)",
        "brief me (on|about) [(the|my|our)] (homelab|cluster|lab)",
        f"{_TELL} [a] (status report|health report|situation report|homelab report) {_LAB}",
        "[give me the] briefing for [(the|my|our)] (homelab|cluster)",
        f"(are|is) there {_NOW} [(any|a)] {_TROUBLE} {_NOW} [(in|on|with) [(the|my|our)] (homelab|home lab|cluster|lab)]",
        f"(what|which) {_TROUBLE} (are there|do (i|we) have|are open|does [(the|my)] (homelab|cluster) have) {_NOW} {_LAB}",
        f"{_TELL} [(list|show me)] [(the|all|all the|my|open|current)] {_TROUBLE} (in|on|with|of) [(the|my|our)] (homelab|home lab|cluster|lab)",
        "[(list|show me|tell me)] [(the|all|all the|my)] [(open|current)] problems",
        f"how many {_TROUBLE} (are there|do (i|we) have|does [(the|my)] (homelab|cluster) have) {_NOW} {_LAB}",
        f"{_TELL} (what is|what's|how is) [the] [(overall|current)] (state|status|situation|condition|health) (of|in) [(the|my|our)] (homelab|home lab|cluster|lab)",
        f"{_TELL} (what is|what's|whats) {_NOW} (wrong|broken|the matter|up|going on|happening|not working|failing|down) (in|on|with) [(the|my|our)] (homelab|home lab|cluster|lab)",
        f"(is|are) (everything|all|anything|something) (ok|okay|fine|alright|good|healthy|well|running|working|up|green|wrong|broken|failing|down|not working) {_NOW}"
        " (in|on|with|at) [(the|my|our)] (homelab|home lab|cluster|lab)",
        f"(is|are) [(the|my|our)] (homelab|home lab|cluster) {_NOW} (up|online|running|working|green|in (order|shape|good shape)|stable|doing (ok|okay|fine|well))",
        "how (is|are) (everything|things|it) (going|doing|looking|running) (in|on|with) [(the|my|our)] (homelab|home lab|cluster|lab)",
        "how healthy is [(the|my|our)] (homelab|home lab|cluster|lab)",
        f"does [(the|my|our)] (homelab|cluster) have [any] {_TROUBLE}",
        "what should i (fix|do|look at) [first] (in|on) [(the|my|our)] (homelab|cluster|lab)",
    ),
    Ask.BACKUPS: (
        f"(did|do|have|has|was|were|is|are) [(the|my|our|all|any|last|every)] [(the|my|our|last)] [{{period}}] backup[s] [{{period}}] {_NOW} [(been|all)] (run|ran|work|worked|succeed|succeeded"
        "|successful|ok|okay|fine|good|done|finish|finished|complete|completed|go through|gone through|made|current|up to date|healthy|recent|in order|running|working|happen) [{period}]",
        "(was|were|is|are) there [(a|any)] backup[s] {period}",
        "(did|has) (you|we|everything|it|anything) [(get|been|got)] (back up|backed up) [{period}]",
        f"is everything {_NOW} (backed up|saved)",
        f"(how are|how's|how is|what about|status of) [(the|my|our)] backup[s] [doing] {_NOW}",
        "backup[s] status",
        f"{_TELL} [the] (status|state) of [(the|my|our)] backup[s]",
        "(do i have|are there|is there) [(any|a)] (problem|problems|trouble|issues) with [(the|my|our)] backup[s]",
    ),
}
