"""What sentences have in common in English: templates of parts, see `QuestionWords.rules`."""

from collections.abc import Mapping

RULES: Mapping[str, str] = {
    "x": "[(the|my|our|this)] [<kind> [(of|called|named)]] {name}['s] [<kind>] [(in|from) [the] [namespace] <place> [namespace]]",
    "now": "[(right now|right this moment|now|by now|so far|as we speak|yet|these days|anymore|any more|currently|at the moment|at present|today|still|again|actually|really|just|already)]",
    "lab": "[(in|on|with|of|from|across) [(the|my|our)] (homelab|home lab|cluster|lab|kubernetes|flux|hub|ai hub|server room)]",
    "if": (
        "[(tell me|check|see|find out|verify|let me know|i wonder|i was wondering|wondering|i want to know|i'd like to know|i need to know|any idea|(do you|you) [happen to] know"
        "|(can|could|would|will) you [(please|quickly|just)] (tell me|check|see|find out|look|look up|verify|have a [quick] look|take a [quick] look|let me know))] [please] (if|whether)"
    ),
    "tell": (
        "[(tell me|show me|give me|let me know|i wonder|i was wondering|wondering|i want to know|i'd like to know|i need to know|any idea|remind me|(do you|you) [happen to] know"
        "|(can|could|would|will) you [(please|quickly|just)] ((tell|show|give|remind) me|look up|check|find out))]"
    ),
    "well": (
        "(running|up|up and running|back|back up|doing (ok|okay|fine|well|good|alright)|ok|okay|fine|alright|all right|good|healthy|well|working|online|ready|alive|reachable"
        "|available|on|there|operational|responsive|happy|in good shape|usable|live|awake|stable|valid|responding|functioning|in order|running (fine|okay|ok|well|properly|smoothly)"
        "|working (fine|okay|ok|well|properly|correctly|normally|as expected))"
    ),
    "bad": (
        "(down|offline|broken|dead|off|failing|in trouble|unhealthy|unreachable|unavailable|not (running|working|ok|okay|up"
        "|online|ready|available|reachable|responding)|having (problems|issues|trouble)|not (healthy|functioning|there|well)|stuck|crashing|degraded|red|gone|unresponsive|malfunctioning|out of order|dying)"
    ),
    "failed": "(crashed|failed|gone down|died|stopped [working]|gone offline|broken [down]|had (problems|issues))",
    "wrong": "(wrong|the matter|the problem|the issue|the trouble|broken|up|not right|going wrong)",
    "trouble": "(problem[s]|trouble|issue[s]|error[s]|fault[s]|difficulties)",
    "labname": (
        "[(the|my|our|this)] (homelab|home lab|lab|[(kubernetes|k8s|k3s)] cluster|kubernetes|servers|server room|home server[s]|infrastructure)"
    ),
    "when": "(when|what time|at what time|on what day|what day)",
    "any": "[(any|some|one|a|an|all|more) [(of the|of my|of our|the|my|our)]]",
    "are": "(is|are|has|have|was|were|keep|keeps|do|does|need|needs|can|will)",
}
"""What several sentences have in common, by the name that they call it by."""
