"""What sentences have in common in English: templates of parts, see `QuestionWords.rules`."""

from collections.abc import Mapping

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
