"""How English says that something failed or is done; see ClaimWords."""

from ..claim_words import ClaimWords

_DONE = (
    "turned|switched|set|opened|closed|locked|unlocked|started|stopped|added|dimmed|activated|deactivated|"
    "enabled|disabled|changed|adjusted|raised|lowered|paused|resumed|muted|unmuted|removed|created|run|executed|"
    "completed|updated|brightened|increased|decreased|cancelled|canceled|sent|announced|played|handled|performed"
)
_STATE = "on|off|open|closed|locked|unlocked|lit|up|down|running|playing|dimmed|set|done|ready|active"

ENGLISH_CLAIMS = ClaimWords(
    failure=(
        r"\b(?:couldn't|could not|can't|can not)\b(?! (?:be (?:happier|better|easier|simpler)|have been|"
        r"wait|complain|agree|help but))",
        r"\bcannot\b(?! (?:be (?:happier|better|easier|simpler)|wait|complain|agree|help but))",
        r"\b(?:unable|not able|impossible|not possible|failed|fails|failing|failure|unsuccessful|"
        r"in vain)\b",
        r"\b(?:did|does|do|would|will)(?:n't| not) (?:seem to )?(?:work|respond|exist|turn|switch|change|"
        r"open|close|"
        r"find|know|see|recogni[sz]e|succeed|start|stop|react|happen|go|get|understand|accept|let|answer|"
        r"support|"
        r"lock|unlock|move|manage|complete|recall|match)\b",
        r"\b(?:do|does|did)(?:n't| not) have (?:a|an|any|access|control|the|such|permission)\b"
        r"(?! (?:problem|trouble|issue|difficult))",
        r"\bwo(?:n't| not) (?:turn|switch|respond|work|open|close|start|stop|move)\b",
        rf"\b(?:not|n't) (?:yet |been |currently |actually |be )*(?:{_DONE}|found|available|reachable|"
        rf"responding|"
        r"connected|supported|possible|known|working|exposed|recogni[sz]ed|listed|there|online|allowed|"
        r"accessible|"
        r"done|successful)\b(?! off| on any)",
        r"\bthere (?:isn't|is not|aren't|are not)\b|\bneither\b.*\bnor\b|\bno (?:entity|device|light|lamp|"
        r"area) match\w*\b",
        r"\bnot turned (?:off|on)\b",
        r"\b(?:unavailable|unreachable|offline|unknown|unresponsive|not responding)\b",
        r"\b(?:there(?:'s| is| are)|i (?:have|see|know|know of|found|find)) no\b(?! (?:doubt|need|reason|"
        r"problem|worry|issue))",
        r"\bno (?:\w+ ){0,3}(?:called|named|found|by that name|with that name|matche[sd]|available)\b",
        r"\bno such\b|\bno matching\b|\bno match\b",
        r"\bnothing (?:is|was|has been|happened|changed|matche[sd]|found|called)\b|\bfound nothing\b",
        r"\b(?:went|goes|gone) wrong\b|\bwithout success\b|\btimed out\b|\btimeout\b",
        r"\berror (?:occurred|happened|while|when|turning|message|trying)\b|\ban error\b|^error\b",
        r"\b(?:a|some) problem\b|\bproblem (?:with|turning|while)\b|\btrouble (?:with|turning|reaching)\b",
        r"\b(?:is|are|remains?|stays?) still (?:on|off|open|closed|locked|unlocked)\b",
        r"\bnot done\b|\b(?:neither|none)(?: of \w+)?(?: \w+)? (?:worked|could|was|were|responds?|"
        r"responded)\b",
    ),
    reversal=(
        r"\b(?:no|without|without any|fixed|solved|resolved|despite|any|zero|not an?|"
        r"never an?) (?:\w+ ){0,2}"
        r"(?:errors?|problems?|issues?|trouble|failures?|difficult\w+|hitch\w*|failing)\b",
        r"\b(?:errors?|problems?|issues?|trouble|failures?)\b.*\b(?:fixed|solved|resolved|gone|over|"
        r"overcome|nothing)\b",
        r"\b(?:nothing|never|none|not|n't) (?:\w+ )?(?:fail\w*|went wrong|unavailable|offline|unreachable|"
        r"impossible)\b",
        r"\b(?:any ?more|any longer|no longer|no more)\b",
        r"\b(?:then|finally|eventually|at last|after all|in the end|afterwards|instead|anyway|nevertheless|"
        r"nonetheless|second (?:try|attempt|time)|at first|initially|first (?:try|attempt|time))\b",
        r"(?<!right )(?<!for )(?<!just )\bnow\b",
        rf"\b(?:is|are|'s) (?:{_STATE})$|\bafter (?:an?|some|the|one|a few|\d+) (?:\w+ )?(?:error|fail|"
        rf"problem|tr[yi]|attempt)",
        r"(?<!not )(?<!n't )(?<!be )(?<!been )(?<!it )\bdone$",
        r"\b(?:couldn't|could not|can't|cannot|can not) (?:be|get|have been) (?:any |much )?(?:\w+er|"
        r"more)\b",
        r"\bnot only\b|\bnot just\b|\bno doubt\b|\bnot to worry\b|\bmanaged to\b|\bsucceeded\b|"
        r"\bsuccessfully\b",
    ),
    claim=(
        rf"\b(?:{_DONE}|{_STATE})\b",
        r"\b(?:is|are|was|were|be|been|being|isn't|am|has|have|had|did|does|will|should)\b|'(?:s|re|ve|"
        r"ll)\b",
        r"\b(?:now|already|ok|okay|sure|certainly|absolutely|success\w*|finished|fixed|works?|worked|"
        r"working|got it|"
        r"no problem|all set|of course|voil|turns?|shines?|glows?|here you go|there you go|enjoy|yes|yep|"
        r"yeah|right|"
        r"alright|great|perfect|consider|taken care|everything|both|all)\b",
    ),
    deed=(
        rf"\b(?:i(?:'ve| have)?|we(?:'ve| have)?|been|was|were|is|are|has|have|it's|they're) (?:now |"
        rf"just |already |both |all |"
        rf"successfully |been )*(?:{_DONE})\b",
        r"\b(?:is|are|it's|they're|'s) (?:now|all) \w+",
        rf"^(?:(?:all|and|ok|okay|sure|great|perfect|now|it's|it is|everything is|both are|all) )*(?:done|"
        rf"{_STATE})$",
        rf"^(?:\w+ ){{0,6}}(?:{_DONE})(?: (?:on|off|up|down))?$",
        rf"^(?:{_DONE}) ",
        r"^(?:ok|okay|sure|done|certainly|absolutely|got it|no problem|of course|all set|finished|success|"
        r"perfect|great|"
        r"great success|yes|yep|alright|consider it done|here you go|there you go|voil.|task completed?|"
        r"will do)$",
        r"\bsuccess(?:ful|fully)?\b|\btaken care of\b|\bnow (?:on|off|open|closed|set|locked)\b",
        r"\b(?:both|everything|all (?:of them|lights|lamps))(?: \w+)? (?:is|are|has|have)\b",
    ),
    state=(
        rf"\b(?:is|are|was|were|'s|'re) (?:\w+ ){{0,2}}(?:{_STATE})$|^(?:\w+ ){{1,3}}(?:on|off|open|"
        rf"closed)$",
        r"\b(?:works?|worked|working|shining|glowing)\b",
    ),
    harmless=(
        r"i (?:have |'ve )?(?:tried|attempted|wanted|was asked) to\b",
        r"(?:i(?:'m| am) (?:so |very |really )?sorry|sorry|i apolog\w+|apologies|unfortunately|oops|hmm?|"
        r"regrettably|i'm afraid)\b",
        r"please\b|kindly\b",
        r"(?:maybe|perhaps|possibly|probably) (?:it|the|you|they|check|try)\b",
        r"(?:it|they|the (?:device|light|lamp|switch|name|service|tool|entity)|this|that) (?:may|might|"
        r"could) (?:be|have|not)\b",
        r"(?:you (?:can|could|may|might|should)|check|try|make sure|verify|ensure|let me know|tell me|"
        r"if you|would you)\b(?! now)",
        r"(?:the |these |those )?(?:available|known|other|only|following|nearest|closest|similar)\b",
        r"(?:the )?[\w ]{3,40} (?:i know|i can (?:see|control)|available|in your home|"
        r"in the house) (?:are|is)\b",
        r"i (?:only )?(?:know|see|found|can see|can control|only have|do have)\b",
        r"there (?:is|are) (?:only|an?|also|two|three|four|several|\d+) \w+",
    ),
    question=(
        r"(?:which|what (?:is|do you mean|light|lamp|device)|what's it called|(?:do|did) you mean|"
        r"are you sure)\b",
        r"(?:can|could|would|will) you (?:please )?(?:tell|say|check|repeat|specify|clarify|give|name)\b",
        r"(?:should|shall|may|can) i try\b|is it (?:called|named|plugged|connected|online)\b|"
        r"what is it called\b",
        r"is (?:the|your) \w+(?: \w+)? (?:plugged in|connected|powered|online|exposed|called)\b",
    ),
    joints=("but", "however", "though", "although", "yet", "still it", "so", "whereas"),
    example=(
        r"\b(?:examples?|e\.g\.|for instance|such as|looks? like|syntax|format|template|sample)\b",
        r"\b(?:because|since|if|when|once|whenever|unless|would|could|means?|in order to|note that|where|"
        r"replace)\b",
        r"\byou (?:can|could|may|might|would|should|need|have to)\b|\bwill (?:turn|switch|set|open|close|"
        r"be)\b",
        r"(?:^|[\n.!:] ?)(?:that|this|it|which|these|those|here|the above) (?!is (?:now )?(?:done|on|"
        r"off)\b)(?:\w+s|would|will|can)\b",
        r"\b(?:the|this|that|above|following) (?:json|call|function|tool|command|code|snippet|request)\b",
        r"\b(?:let me know|please confirm|shall|should i|do you|would you|want me)\b|\bis (?:how|what|"
        r"the way)\b",
    ),
    offer=(
        r"(?:is there )?(?:anything|something|what) else\b",
        r"(?:please )?(?:let me know|just ask|feel free to ask|tell me)\b.*\b(?:anything|something|more|"
        r"further|help|assist\w*|else)\b",
        r"(?:can|could|may|shall) i (?:help|assist|do)\b.*\b(?:else|more|further|today|you)\b|"
        r"how (?:else )?(?:can|may) i (?:help|assist)\b",
        r"(?:do you|would you) (?:need|like|want) (?:anything|something|any more|more|any other|"
        r"further)\b|enjoy\b",
    ),
    permission=(
        r"\b(?:if you (?:want|like|wish|agree|need)|let me know|please confirm|should i|shall i|"
        r"do you want|would you)\b",
        r"\b(?:for example|for instance|e\.g\.|an example|this example|such as)\b",
    ),
    everything=(
        "both",
        "all",
        "everything",
        "each",
        "every",
        "any",
        "rest",
        "others",
        "lights",
        "them",
        "they",
    ),
    command=(
        r"^(?:(?:please|hey|ok|okay|now|and|just|can you|could you|would you|will you|i want you to|"
        r"i'd like you to|you should) )*(?:please )?(?:turn|switch|set|dim|open|close|lock|unlock|start|stop|"
        r"add|activate|deactivate|enable|disable|raise|lower|pause|resume|mute|unmute|shut|brighten|"
        r"increase|decrease)\b",
        r"\b(?:lights?|lamps?|heating|blinds?|tv|fan|socket|everything) (?:on|off|up|down)(?: please)?$",
    ),
    own_deed=(
        rf"\b(?:i|we)(?:'ve| have)? (?:now |just |successfully |gone ahead and )*(?:{_DONE})\b",
        rf"\b(?:has|have|was|were|been) (?:now |just |been |successfully )*(?:{_DONE})\b",
        rf"\b(?:is|are|'s) now (?:{_STATE}|{_DONE})\b",
        rf"^(?:{_DONE}) (?:on|off|up|down|the|it|your|all|both)\b",
        rf"^(?:the |your )?(?:\w+ ){{1,4}}(?:{_DONE})(?: (?:on|off|up|down))?$",
        r"^(?:(?:all|ok|okay|sure|great) )*done$",
    ),
    not_now=(
        r"\b(?:would|could|should|if|when|once|might|may|will|can|cannot|already|not|never|earlier|before|"
        r"ago|yesterday|last)\b|n't\b|'ll\b",
    ),
)
