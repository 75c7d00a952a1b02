"""A token of a service account, read without its key: only when it ends is of interest.

Source: RFC 7519; kubernetes/website `reference/access-authn-authz/service-accounts-admin`: bound tokens say
when they expire, those of a secret do not.
"""

from base64 import urlsafe_b64decode
import binascii
from datetime import UTC, datetime

from ..answers import json_of, number, when_object
from ..errors import ApiResponseError

_LONGEST = 16 * 1024
_LAST = 253_402_300_799.0
"""The end of the year 9999, as Unix time."""


def expiry(token: str) -> datetime | None:
    """Return when a token expires, None where it does not say, or is no JWT."""
    parts = token.strip()[:_LONGEST].split(".")
    if len(parts) != 3:
        return None
    try:
        body = urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4))
        seconds = number(when_object(json_of(body)).get("exp"))
    except binascii.Error, ValueError, ApiResponseError:
        return None
    if seconds is None or not 0 < seconds <= _LAST:
        return None
    return datetime.fromtimestamp(seconds, UTC)
