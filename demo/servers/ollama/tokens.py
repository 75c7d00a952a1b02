"""A deterministic tokenizer: pieces of words, numbers, punctuation and whole control tokens.

Not any model's vocabulary, but near its density (about four characters a token), lossless,
and cut at fixed places, so that equal prefixes of text are equal prefixes of tokens.
"""

import re
from zlib import crc32

# Clip images are counted as 768 tokens each (ollama server/prompt.go).
IMAGE_TOKENS = 768

_IMAGE = re.compile(r"\[img-[0-9a-f]{16}\]")
_PIECE = re.compile(
    r"<\|[^|>\s]{1,40}\|>"  # <|im_start|>
    r"|</?[a-z_]{2,24}>"  # <think>, <start_of_turn>
    r"|\[img-[0-9a-f]{16}\]"
    r"| ?[^\W\d_]{1,5}"
    r"|\d{1,3}"
    r"|\n+"
    r"|[^\S\n]+?(?= ?\S)|[^\S\n]+"
    r"|.",
    re.DOTALL,
)


def tokenize(text: str) -> list[str]:
    """Cut text into tokens; joined they are the text again."""
    return _PIECE.findall(text)


def prompt_tokens(prompt: str) -> list[str]:
    """Cut a rendered prompt into tokens, each image marker into the tokens of its image."""
    tokens: list[str] = []
    for token in tokenize(prompt):
        if _IMAGE.fullmatch(token):
            tokens.extend(f"{token}{index}" for index in range(IMAGE_TOKENS))
        else:
            tokens.append(token)
    return tokens


def common_prefix(one: list[str], other: list[str]) -> int:
    """Count how many tokens both begin with."""
    length = min(len(one), len(other))
    if one[:length] == other[:length]:
        return length
    return next(index for index in range(length) if one[index] != other[index])


def token_id(token: str) -> int:
    """Give a stable number for a token, as the deprecated `context` field lists them."""
    return crc32(token.encode()) % 128_000
