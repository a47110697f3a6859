"""Finds credentials in a text, by the table of their formats.

Input: a text, or a value and its name. Output: where the credentials are, and of what kind. That a value is rejected in
a request and masked in a text is one decision, made here.

Behind a name that has ordinary values too, a value counts where it is random by the entropy that detect-secrets (the
maintained `bc-` distribution) measures. `re` compiles the other patterns when they are first used, and keeps them: most
programs use few.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

from sagemaker_constructs.api.credential_formats import FORMATS, Place

if TYPE_CHECKING:
    from collections.abc import Iterator

MASK = "[masked]"
"""What stands for a credential; itself none."""


class Found(NamedTuple):
    """A credential in a text."""

    start: int
    end: int
    kind: str


def kind_of_value(name: str, value: object) -> str | None:
    """The kind of credential that a value is or contains, None without one. A number may be a password."""
    if type(value) is str:
        if _PLAIN.fullmatch(value) and not _row_of(name):
            return None
    elif type(value) is not int or not _row_of(name):
        return None
    text = str(value)
    return _kind_by_name(name, text) or next((found.kind for found in credentials_of(text)), None)


def credentials_of(text: str) -> Iterator[Found]:
    """The credentials in a text, in no order; they may overlap."""
    lower = text.lower()
    yield from _by_form(text, lower)
    if re.search(_TELLING, lower):
        yield from _behind_names(text)


def credentials_of_program(text: str) -> Iterator[Found]:
    """The same of a program's text, or of a file of settings.

    A value behind a name is mostly an expression, and counts where it is random: as a literal, or up to the line's end.
    """
    lower = text.lower()
    yield from _by_form(text, lower)
    for found in _behind_names(text) if re.search(_TELLING, lower) else ():
        value, quotes = text[found.start : found.end], (text[found.start - 1], text[found.end : found.end + 1])
        ends_line = quotes[0] in " =:" and quotes[1] in "\r\n" and "(" not in value  # or the text, where it is empty
        if (quotes in _QUOTES or ends_line) and _is_random(value):
            yield found


def _by_form(text: str, lower: str) -> Iterator[Found]:
    """The credentials that are known by their own form, or by what is around them."""
    for match in re.finditer(_WORDS, text):
        yield Found(*match.span(), _kind_of_word(match[0]))
    if re.search(_MARKS, lower):
        yield from _in_context(text, lower)


def _in_context(text: str, lower: str) -> Iterator[Found]:
    """The credentials in URLs, on command lines, in headers and in blocks."""
    for row in _TEXT_ROWS:
        for match in re.finditer(row.pattern, text, re.IGNORECASE) if row.mark in lower else ():
            start, end = match.span(match.re.groups)
            if not re.fullmatch(_REFERENCE, text[start:end], re.IGNORECASE):
                yield Found(start, end, row.kind)


def _behind_names(text: str) -> Iterator[Found]:
    """The values behind names: `name=value`, `"name": "value"`, `--name value`."""
    for before in re.finditer(_NAME, text, re.IGNORECASE):
        option = before["option"] is not None
        if option and not before["name"].startswith("-"):
            continue
        match = re.compile(_VALUE).match(text, before.end())
        if match is None or (option and match[0].startswith("-")):
            continue  # the next option
        start, end = next(match.span(number) for number in (1, 2, 3) if match[number] is not None)
        if kind := _kind_by_name(before["name"], text[start:end]):
            yield Found(start, end, kind)


def _kind_of_word(word: str) -> str:
    """The kind of the first row that a whole word matches."""
    return next(row.kind for row in _WORD_ROWS if re.fullmatch(row.pattern, word))


def _kind_by_name(name: str, value: str) -> str | None:
    """What a value is, by its name; None where it is no credential, or may be one by its own form only."""
    if (row := _row_of(name)) is None:
        return None
    kind, place = row
    bare = value.strip().strip("\\\"'")
    if re.fullmatch(_ORDINARY, bare, re.IGNORECASE) and not re.fullmatch(_LONG_NUMBER, bare):
        return None
    return kind if place is Place.NAME or _is_random(bare) else None


@lru_cache(maxsize=1024)
def _row_of(name: str) -> tuple[str, Place] | None:
    """Kind and place of the first row of the table whose name this is."""
    plain = re.sub(r"\W+", "_", name.lstrip("-").lower())
    return next(
        ((row.kind, row.place) for row in _NAME_ROWS if re.search(rf"(?:{row.pattern}){_SUFFIX}$", plain)), None
    )


def _is_random(value: str) -> bool:
    """Whether a value has letters and digits in an order that no word has."""
    if re.search(r"\s", value) or not (re.search("[a-zA-Z]", value) and re.search(r"\d", value)):
        return False
    changes = sum(a.isdigit() != b.isdigit() for a, b in pairwise(value) if a.isalnum() and b.isalnum())
    return changes >= _CHANGES or any(
        measure.calculate_shannon_entropy(value) > measure.entropy_limit for measure in _measures()
    )


@lru_cache(maxsize=1)
def _measures() -> tuple[Any, ...]:
    """The measures of entropy. They are loaded with the first value that needs them: the import takes 0.1 seconds."""
    from detect_secrets.plugins.high_entropy_strings import (  # noqa: PLC0415
        Base64HighEntropyString,
        HexHighEntropyString,
    )

    return Base64HighEntropyString(_RANDOMNESS), HexHighEntropyString()


_RANDOMNESS = 4.0
"""Bits per character above which a value in base 64 counts as random."""
_QUOTES = {("'", "'"), ('"', '"')}
_CHANGES = 3
"""Changes between letters and digits from which on a short value counts as random."""

_PLAIN = re.compile(r"[-+.,\d\s\[\]eE]*|[\w.+,/-]{0,15}")
"""Numbers and short words: they contain no credential, and are one only by their name."""
_REFERENCE = rf"{re.escape(MASK)}|\$\{{?[\w.]+\}}?|\$\([^)]*\)|%\w+%|\{{+[^{{}}]*\}}+|<[^<>]*>|\*+|\.\.\.|…"
"""Names that stand for a credential."""
_ORDINARY = (
    rf"{_REFERENCE}|[-+.,\d\s\[\]eE%]*|\[\w*\]"
    r"|true|false|yes|no|on|off|none|null|auto|default|required|optional|enabled|disabled|str|string|bytes|any"
    r"|arn:[^\s]*|[a-z][a-z0-9+.-]*://[^\s@]*|\.{0,2}/[\w./-]*|(?-i:[a-z][a-z0-9_.-]*(?:/[a-z0-9][a-z0-9_.-]*)+)"
)
"""References, numbers, switches, and addresses: of these none is a credential, whatever its name."""
_LONG_NUMBER = r"\d{6,}"
"""The number that may be a password."""

_WORD_ROWS = [row for row in FORMATS if row.place is Place.WORD]
_WORDS = rf"(?<![A-Za-z0-9])(?:{'|'.join(row.pattern for row in _WORD_ROWS)})(?![A-Za-z0-9])"
"""Without groups: then Python tries only those rows that begin with the letter that is there."""
_TEXT_ROWS = [row for row in FORMATS if row.place in {Place.URL, Place.COMMAND, Place.BLOCK}]
_MARKS = "|".join(sorted({re.escape(row.mark) for row in _TEXT_ROWS}))
_SUFFIX = r"(?:_?\d{1,3}|_(?:b64|base|base64|dev|new|old|plain|prod|production|raw|staging|test|value))?"
"""What may follow the telling part of a name, beside nothing."""
_NAME_ROWS = [row for row in FORMATS if row.place in {Place.NAME, Place.RANDOM}]
_TELLING = "auth|contrase|cookie|credential|jwt|key|pass|pat|pwd|sas|secret|token"
"""One of these is in each name of the table."""
_GAP = r"[^\S\n]*"
_NAME = (
    r"(?<![\w.-])(?<!\w:)(?P<name>-{0,2}(?:(?:access|account|api|private|secret|shared)[ ]){0,2}"
    rf"[\w.-]{{,128}}(?:{_TELLING})[\w.-]{{,128}})\\*[\"']?\]?"
    rf"(?:{_GAP}(?::=|=>|[=:]){_GAP}|(?P<option>{_GAP},{_GAP}|[^\S\n]+))"
)
"""A name that is no part of an ARN, and what is before its value; after an option that may be a comma or a space."""
_VALUE = r"\\*\"([^\"\\\n]{1,2500})|\\*'([^'\\\n]{1,2500})|([^\s\"',;&]{1,2500})"
"""A value, to the closing quote where it is quoted; no value of a job is longer."""
