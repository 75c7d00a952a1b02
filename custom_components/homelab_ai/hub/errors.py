"""What can go wrong beside the clients: of the hub as a whole, of its models, and of what they answer.

HubError
├── HubsOfflineError           no server of the pool can be used
├── ModelMissingError          servers answer, but none has the model
├── AnswerBrokenError          the server died in the middle of its answer
├── PoolClosedError            the homelab was unloaded meanwhile
├── DownloadCancelledError     somebody cancelled the download
├── UnknownModelError          Ollama's library does not have what is to be downloaded
├── NotInstalledError          what is to be cared for is not there
├── ModelInUseError            agents use what is to be deleted
├── ModelTooLargeError         the model would not fit
└── agent: PromptTooLargeError, EmptyAnswerError, ToolRoundsError, NoJudgementError, …
"""

from collections.abc import Mapping

from ..values.text import line

_MAX_MESSAGE = 500


class HubError(Exception):
    """Something that a person asked the hub for could not be done.

    `key` is the translation key of its text, `placeholders` are what that names beside the system.
    """

    key: str

    def __init__(self, message: object = "", **placeholders: str) -> None:
        """Bound the text, and make it plain: models and servers have a say in it."""
        super().__init__(line(message, _MAX_MESSAGE))
        self.placeholders: Mapping[str, str] = {"reason": str(self), **placeholders}
