"""How people ask in English who is in the network: templates, as in `asking`."""

from collections.abc import Mapping, Sequence

from ..questions.question import Ask

_NOW = "<now>"
_IF = "<if>"
_TELL = "<tell>"
_ANY = "<any>"
_NET = "(in|on|at) [(the|my|our)] [home] (network|wifi|wi-fi|wi fi|wlan|lan)"
_NEW = "(new|unknown|strange|foreign|unfamiliar)"
_SOMEBODY = "(anything|something|anybody|somebody|anyone|someone|a stranger|strangers)"
_DEVICES = "(device|devices|phone|phones|computer|computers|gadget|gadgets|client|clients)"

SENTENCES: Mapping[Ask, Sequence[str]] = {
    Ask.NEW_DEVICES: (
        f"{_IF} [(is|are|was|has)] [there] {_SOMEBODY} {_NEW} {_NOW} {_NET} {_NOW}",
        f"(is|are|was) [there] {_SOMEBODY} {_NOW} {_NEW} {_NET} {_NOW}",
        f"(is|are|was|were) [there] {_NOW} {_ANY} {_NEW} {_DEVICES} {_NET} {_NOW}",
        f"(is|are) [there] {_NOW} {_ANY} {_NEW} {_DEVICES} {_NOW}",
        f"(has|have|did) {_ANY} {_NEW} {_DEVICES} (joined|appeared|join|appear|connect|connected|shown up|show up|come) [to] [{_NET}]",
        f"(has|have|did) {_SOMEBODY} [{_NEW}] (joined|join|connected to|connect to|entered|got into) [(the|my|our)] (network|wifi|wi-fi|wi fi|wlan|lan)",
        f"{_TELL} (which|what) {_DEVICES} (are|is) {_NOW} {_NEW} [{_NET}]",
        f"{_TELL} (what|what's|what is|who|who's|who is) {_NOW} {_NEW} {_NET}",
        f"[any] {_NEW} {_DEVICES} [{_NET}]",
        f"is {_SOMEBODY} [else] {_NOW} {_NET}",
        f"do you (see|know) {_ANY} {_NEW} {_DEVICES} [{_NET}]",
    ),
    Ask.DEVICES: (
        f"{_TELL} how many {_DEVICES} (are|do (we|i) have|do you see|can you see) {_NOW} [(online|connected|active|there|logged in)] {_NET} {_NOW}",
        f"{_TELL} how many {_DEVICES} does [(the|my|our)] (network|wifi|wi-fi|wi fi|wlan|lan) have",
    ),
}
