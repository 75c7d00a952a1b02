"""What can go wrong with another system; nothing else crosses the border of `api`.

ApiError
├── ApiConnectionError         nobody answered, or the answer broke off
│   ├── ApiUnknownHostError    the host's name leads nowhere
│   └── ApiCertificateError    somebody answered, but with a certificate that cannot be trusted
├── ApiAuthenticationError     the credential was refused (401, 403)
│   └── ApiTokenMissingError   none was sent, and what anybody may see is not enough
└── ApiResponseError           an answer that cannot be used
    ├── ApiUnfinishedError     the stream ended properly, but before its last chunk
    ├── ApiPromptTooLongError  the prompt does not fit into the context
    ├── ApiNotFoundError       what was asked for is not there (404)
    ├── ApiForbiddenError      the credential is good, but not for this (403 of Kubernetes)
    ├── ApiConflictError       what a change begins from is not as it was (409, 422 of forges)
    ├── ApiMovedError          what was asked for has another address now (301 of forges)
    ├── ApiGoneError           what the request goes on from is too old; begin anew (410)
    ├── ApiBusyError           try again later (429, 503)
    ├── ApiHostRefusedError    the server does not serve this host name
    └── ApiForeignError        something answers, but it is another system
"""

from ..values.text import line

MAX_MESSAGE = 500


class ApiError(Exception):
    """A system could not do what it was asked. Its text is one plain line: systems have a say in it.

    `key` is the translation key of what a person is told, `placeholders` are what that names beside the
    system.
    """

    key: str = "bad_response"

    def __init__(self, message: object = "") -> None:
        """Bound the text, and make it plain."""
        super().__init__(line(message, MAX_MESSAGE))

    @property
    def placeholders(self) -> dict[str, str]:
        """Return what its text names."""
        return {"reason": str(self)}


class ApiConnectionError(ApiError):
    """No answer: refused, timed out, or cut off in the middle."""

    key = "cannot_connect"


class ApiUnknownHostError(ApiConnectionError):
    """Nobody knows the host's name."""


class ApiCertificateError(ApiConnectionError):
    """The system's certificate cannot be trusted: private authority, expired, wrong name."""

    key = "certificate"


class ApiAuthenticationError(ApiError):
    """The system refused the credential."""

    key = "invalid_auth"


class ApiTokenMissingError(ApiAuthenticationError):
    """The system wants a token, and none was entered."""


class ApiResponseError(ApiError):
    """The system answered, but not with what the protocol promises.

    `status` is the HTTP status, None where the error came inside a stream that began with 200.
    """

    def __init__(self, message: str, status: int | None = None) -> None:
        """Keep the status beside the message."""
        super().__init__(message)
        self.status = status


class ApiUnfinishedError(ApiResponseError):
    """A stream came to its end, and nothing was cut off, but it lacks its last chunk.

    Ollama ends an answer so after some thirty equal tokens.
    """


class ApiPromptTooLongError(ApiResponseError):
    """The prompt has `tokens`, by the server's own count, and that is more than the context of its runner."""

    key = "prompt_too_large"

    def __init__(self, message: str, status: int | None, tokens: int) -> None:
        """Keep the count."""
        super().__init__(message, status)
        self.tokens = tokens


class ApiNotFoundError(ApiResponseError):
    """What was asked for does not exist there."""


class ApiForbiddenError(ApiResponseError):
    """The system knows the credential, and does not let it do this one thing."""


class ApiConflictError(ApiResponseError):
    """What a change was made from is no longer so, or what it would make is there; make it anew."""


class ApiMovedError(ApiResponseError):
    """What was asked for is elsewhere; `location` is where, empty where that is not said."""

    def __init__(self, message: str, status: int | None = None, location: str = "") -> None:
        """Keep the new address."""
        super().__init__(message, status)
        self.location = line(location, MAX_MESSAGE)


class ApiGoneError(ApiResponseError):
    """The version or page that a request goes on from is no longer known."""


class ApiBusyError(ApiResponseError):
    """The system has too much to do; `retry_after` in seconds where it said so."""

    key = "busy"

    def __init__(self, message: str, status: int | None = None, retry_after: float | None = None) -> None:
        """Keep the time the system asked for."""
        super().__init__(message, status)
        self.retry_after = retry_after


class ApiHostRefusedError(ApiResponseError):
    """The server listens on loopback and serves only names that lead there; its proxy must say such a one."""

    key = "host_refused"


class ApiForeignError(ApiResponseError):
    """Something answers at this address, but not the system that was asked for.

    `found` names it where it was recognised, for example "Open WebUI".
    """

    key = "foreign"

    def __init__(self, message: str, product: str | None = None) -> None:
        """Keep the name of the system that answered."""
        super().__init__(message)
        self.found = product
