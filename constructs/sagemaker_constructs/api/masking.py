"""Masks credentials and secrets in text that is shown or stored.

Input: lines of a log, or a reason in AWS's words, and the job's own secrets. Output: the same with `[masked]` in their
place. A container may print anything, so this masks too much rather than too little.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

MASK = "[masked]"
_SHORTEST = 4
"""A shorter secret is not masked: to mask every `1` would leave no text."""

_NAMES = r"[\w-]*(?:secret|passw(?:or)?d|passphrase|token(?!iz)|api_?key|access_?key|credential|private_?key)[\w-]*"
_FLAGS = (
    r"--(?:[\w-]*[-_])?(?:secret|passw(?:or)?d|passphrase|token|api[-_]?key|(?:access|secret|private)[-_]?key|"
    r"credentials?)"
)
"""Names of options: these words at their end, because `--token-file` has a path and `--max_tokens` a number."""
_GAP = r"[^\S\n]"
_QUOTE = r"\\?[\"']?"
_VALUE = r"((?<=\")[^\"\n]+|(?<=')[^'\n]+|[^\s\"',;&]+)"
"""A value, to the closing quote where it is quoted."""
_NOT_A_NUMBER = r"(?![-+.\de%]+(?:[\s\"',;&]|$))"
_NOT_A_SETTING = r"(?!-|[<\[]|\d{1,5}(?:[\s\"',;&]|$)|(?:true|false|yes|no|none|null)\b)"
"""What follows an option and is not a secret: another option, `<pad>` and `[PAD]`, a number, a switch."""

_CREDENTIALS = tuple(
    re.compile(expression, re.IGNORECASE | re.MULTILINE)
    for expression in (
        # Credentials with a form of their own.
        r"-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)",
        r"\b(?:AKIA|ASIA|AGPA|AROA|AIDA)[A-Z0-9]{16}\b",
        r"\b(?:gh[pousr]_[a-z0-9]{20,}|github_pat_\w{20,}|glpat-[\w-]{20,}|hf_[a-z0-9]{20,}|sk-[\w-]{20,})",
        r"\beyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]*",
        # Values after a name, after a scheme, or in a URL.
        rf"(?:^|(?<=[\s?&;,{{\"'])){_NAMES}{_QUOTE}{_GAP}*[=:]{_GAP}*{_QUOTE}{_NOT_A_NUMBER}{_VALUE}",
        rf"(?<![\w-]){_FLAGS}{_QUOTE}(?:{_GAP}*[=,]{_GAP}*|{_GAP}+){_QUOTE}{_NOT_A_SETTING}{_VALUE}",
        r"\b(?:bearer|basic)\s+([\w+/=.~-]{8,})",
        r"://[^/\s:@]*:([^/\s@]+)@",
        r"\bX-Amz-(?:Signature|Security-Token|Credential)=([^&\s]+)",
    )
)
"""Of each match the group is masked, or all of it where it has none."""


def masked(text: str, secrets: Iterable[str] = ()) -> str:
    """The text without credentials and the given secrets; of a secret with several lines each line is masked."""
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
