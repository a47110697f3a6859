"""Credentials and secrets taken out of text that people will see.

Input: lines of a log, or a reason in AWS's words, and the job's own secrets. Output: the same with `[masked]` in
their place. What a container prints is nobody's promise, so this errs on the side of masking.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

MASK = "[masked]"
_SHORTEST = 4
"""A secret shorter than this is left: to mask every `1` would leave no text."""

_NAMES = r"[\w-]*(?:secret|passw(?:or)?d|passphrase|token(?!iz)|api_?key|access_?key|credential|private_?key)[\w-]*"
_FLAGS = (
    r"--(?:[\w-]*[-_])?(?:secret|passw(?:or)?d|passphrase|token|api[-_]?key|(?:access|secret|private)[-_]?key|"
    r"credentials?)"
)
"""Names of options: these words at their end, for `--token-file` has a path and `--max_tokens` a number."""
_GAP = r"[^\S\n]"
_QUOTE = r"\\?[\"']?"
_VALUE = r"((?<=\")[^\"\n]+|(?<=')[^'\n]+|[^\s\"',;&]+)"
"""A value, to the end of its quotes where it has some."""
_NOT_A_NUMBER = r"(?![-+.\de%]+(?:[\s\"',;&]|$))"
_NOT_A_SETTING = r"(?!-|[<\[]|\d{1,5}(?:[\s\"',;&]|$)|(?:true|false|yes|no|none|null)\b)"
"""What follows an option and is no secret: another option, `<pad>` and `[PAD]`, a count, a switch."""

_CREDENTIALS = tuple(
    re.compile(expression, re.IGNORECASE | re.MULTILINE)
    for expression in (
        # What has a form of its own.
        r"-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)",
        r"\b(?:AKIA|ASIA|AGPA|AROA|AIDA)[A-Z0-9]{16}\b",
        r"\b(?:gh[pousr]_[a-z0-9]{20,}|github_pat_\w{20,}|glpat-[\w-]{20,}|hf_[a-z0-9]{20,}|sk-[\w-]{20,})",
        r"\beyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]*",
        # What stands behind a name, behind a scheme, or in an address.
        rf"(?:^|(?<=[\s?&;,{{\"'])){_NAMES}{_QUOTE}{_GAP}*[=:]{_GAP}*{_QUOTE}{_NOT_A_NUMBER}{_VALUE}",
        rf"(?<![\w-]){_FLAGS}{_QUOTE}(?:{_GAP}*[=,]{_GAP}*|{_GAP}+){_QUOTE}{_NOT_A_SETTING}{_VALUE}",
        r"\b(?:bearer|basic)\s+([\w+/=.~-]{8,})",
        r"://[^/\s:@]*:([^/\s@]+)@",
        r"\bX-Amz-(?:Signature|Security-Token|Credential)=([^&\s]+)",
    )
)
"""Each masks its group, or all of it where it has none."""


def masked(text: str, secrets: Iterable[str] = ()) -> str:
    """The text without credentials, and without the given secrets: a log has each line of one alone."""
    pieces = {piece for secret in secrets for piece in (secret, *map(str.strip, secret.splitlines()))}
    for piece in sorted(pieces, key=len, reverse=True):
        if len(piece) >= _SHORTEST:
            text = text.replace(piece, MASK)
    for expression in _CREDENTIALS:
        text = expression.sub(_without_group, text)
    return text


def _without_group(found: re.Match[str]) -> str:
    start, end = found.span(found.re.groups)
    return found[0][: start - found.start()] + MASK + found[0][end - found.start() :]
