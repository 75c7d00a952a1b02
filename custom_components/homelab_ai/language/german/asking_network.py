"""How people ask in German who is in the network: templates, as in `asking`."""

from collections.abc import Mapping, Sequence

from ..questions.question import Ask

_NOW = "<now>"
_IF = "<if>"
_TELL = "<tell>"
_ANY = "<any>"
_NET = "(im|in meinem|in unserem|am) (netzwerk|wlan|w-lan|netz|heimnetz|heimnetzwerk|lan)"
_NEW = (
    "(neu|neue|neues|neuer|neuen|fremd|fremde|fremdes|fremder|unbekannt|unbekannte|unbekanntes|unbekannter)"
)
_SOMEBODY = "(jemand|irgendjemand|irgendwer|wer|etwas|was|irgendetwas|irgendwas|ein fremder|fremde)"
_DEVICES = "(gerät|geräte|handy|handys|telefon|telefone|computer|rechner|clients)"

SENTENCES: Mapping[Ask, Sequence[str]] = {
    Ask.NEW_DEVICES: (
        f"(ist|sind|gibt es|gibt's|war) {_NOW} {_SOMEBODY} {_NOW} [{_NEW}] {_NET} {_NOW}",
        f"(ist|sind|gibt es|gibt's|war) {_NOW} {_NET} {_NOW} {_SOMEBODY} {_NOW} [{_NEW}]",
        f"{_IF} {_SOMEBODY} {_NOW} [{_NEW}] {_NET} {_NOW} ist",
        f"(ist|sind|gibt es|gibt's) {_NOW} {_ANY} {_NEW} {_DEVICES} [{_NOW}] {_NET}",
        f"(ist|sind|gibt es|gibt's) {_NOW} {_NET} {_NOW} {_ANY} {_NEW} {_DEVICES}",
        f"(gibt es|gibt's) {_NOW} {_ANY} {_NEW} {_DEVICES}",
        f"(hat|haben) sich {_NOW} {_ANY} [{_NEW}] ({_DEVICES}|jemand) [{_NET}] (angemeldet|verbunden|eingewählt|eingeloggt)",
        f"{_TELL} (welche|was für) {_DEVICES} (sind|ist) {_NOW} {_NEW} [{_NET}]",
        f"{_TELL} (wer|was) ist {_NOW} {_NEW} {_NET}",
        f"{_TELL} (wer|was) ist {_NOW} {_NET} {_NEW}",
        f"[(gibt es|gibt's)] {_NEW} {_DEVICES} [{_NET}]",
        f"(siehst|kennst) du {_NOW} {_ANY} {_NEW} {_DEVICES} [{_NET}]",
    ),
    Ask.DEVICES: (
        f"{_TELL} wie viele {_DEVICES} (sind|hängen|gibt es|siehst du|habe ich|haben wir) {_NOW} {_NET} {_NOW} [(online|angemeldet|verbunden|aktiv)]",
        f"{_TELL} wie viele {_DEVICES} hat [(das|mein|unser)] (netzwerk|wlan|netz|heimnetz|lan)",
    ),
}
