"""Pictures in requests: base64 as Go decodes it, and the headers of PNG, JPEG and WebP."""

from base64 import b64decode
import binascii
from dataclasses import dataclass
from hashlib import sha256
import re

from .wire import ApiError

_PNG = b"\x89PNG\r\n\x1a\n"
_JPEG = b"\xff\xd8\xff"
# JPEG markers that carry the frame's size: SOF0-15 without DHT, JPG and DAC.
_FRAME_MARKERS = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_ILLEGAL = re.compile(r"[^A-Za-z0-9+/]")


@dataclass(frozen=True, slots=True)
class Picture:
    """One decoded picture; width and height are pixels."""

    kind: str
    width: int
    height: int
    digest: str

    @property
    def marker(self) -> str:
        """The place of the picture in a rendered prompt."""
        return f"[img-{self.digest[:16]}]"


def decode_base64(text: str) -> bytes:
    """Decode standard, padded base64; raises ApiError 400 with Go's words."""
    text = text.replace("\r", "").replace("\n", "")
    body = text.rstrip("=")
    illegal = _ILLEGAL.search(body)
    padding = len(text) - len(body)
    if illegal is None and len(text) % 4 == 0 and padding <= 2:
        try:
            return b64decode(text, validate=True)
        except binascii.Error:
            pass
    position = illegal.start() if illegal else len(body) - len(body) % 4
    raise ApiError(400, f"illegal base64 data at input byte {position}")


def read_picture(data: bytes) -> Picture | None:
    """Read a picture's header; None when it is no PNG, JPEG or WebP."""
    for kind, size in (("PNG", _png_size), ("JPEG", _jpeg_size), ("WebP", _webp_size)):
        measured = size(data)
        if measured and all(measured):
            return Picture(kind, *measured, sha256(data).hexdigest())
    return None


def _png_size(data: bytes) -> tuple[int, int] | None:
    if not data.startswith(_PNG) or data[12:16] != b"IHDR" or len(data) < 24:
        return None
    return int.from_bytes(data[16:20]), int.from_bytes(data[20:24])


def _jpeg_size(data: bytes) -> tuple[int, int] | None:
    if not data.startswith(_JPEG):
        return None
    position = 2
    while position + 9 <= len(data) and data[position] == 0xFF:
        marker = data[position + 1]
        if marker in _FRAME_MARKERS:
            return int.from_bytes(data[position + 7 : position + 9]), int.from_bytes(
                data[position + 5 : position + 7]
            )
        # Fill bytes may precede a marker; every segment before the frame carries its length.
        position += 1 if marker == 0xFF else 2 + int.from_bytes(data[position + 2 : position + 4])
    return None


def _webp_size(data: bytes) -> tuple[int, int] | None:
    if data[:4] != b"RIFF" or data[8:12] != b"WEBP" or len(data) < 30:
        return None
    match data[12:16]:
        case b"VP8X":
            return 1 + int.from_bytes(data[24:27], "little"), 1 + int.from_bytes(data[27:30], "little")
        case b"VP8L":
            bits = int.from_bytes(data[21:25], "little")
            return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
        case b"VP8 ":
            return (
                int.from_bytes(data[26:28], "little") & 0x3FFF,
                int.from_bytes(data[28:30], "little") & 0x3FFF,
            )
    return None
