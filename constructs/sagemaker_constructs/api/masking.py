"""Masks credentials and secrets in text that is shown or stored.

Input: lines of a log, or a sentence in AWS's words, and the job's own secrets. Output: the same with `[masked]` in
their place. A text may repeat only a part of a secret, such as the password of a URL, so its parts are masked too.
"""

from __future__ import annotations

import json
import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from sagemaker_constructs.api.credential_search import MASK, credentials_of
from sagemaker_constructs.api.tree import leaf_values

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["MASK", "masked"]

_SHORTEST = 4
"""A shorter secret is not masked: to mask every `1` would leave no text."""
_SHORTEST_FOLDER = 8
"""A shorter folder in the path of a secret URL is not masked by itself: it may be called `train`."""


def masked(text: str, secrets: Iterable[str] = ()) -> str:
    """The text without credentials, without the given secrets, and without what they consist of."""
    spans = [(found.start, found.end) for found in credentials_of(text)]
    for secret in secrets:
        for expression in _expressions(secret):
            spans += [match.span() for match in expression.finditer(text)]
    shown, position = "", 0
    for start, end in _merged(spans):
        shown += text[position:start] + MASK
        position = end
    return shown + text[position:]


def _merged(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """The spans in order, those that overlap as one."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


@lru_cache(maxsize=256)
def _expressions(secret: str) -> tuple[re.Pattern[str], ...]:
    """What is masked of one secret: itself and its lines anywhere, numbers and parts as words of their own."""
    wholes = {secret, *map(str.strip, secret.splitlines())}
    words = {*filter(_NUMBER.fullmatch, wholes), *_parts(secret)}
    anywhere = [re.escape(form) for form in _written(wholes - words)]
    as_words = [rf"(?<![\w.]){re.escape(form)}(?![\w])" for form in _written(words)]
    return tuple(re.compile(expression) for expression in (*anywhere, *as_words))


_NUMBER = re.compile(r"[-+.\de]+")


def _written(secrets: Iterable[str]) -> set[str]:
    """The secrets, and how they are written in JSON and in a URL."""
    forms = {form for each in secrets for form in (each, json.dumps(each)[1:-1], quote(each), quote(each, safe=""))}
    return {form for form in forms if len(form) >= _SHORTEST}


def _parts(secret: str) -> Iterator[str]:
    """What a secret consists of: the values of its JSON, the parts of its URL, the values of its `name=value` pairs."""
    inner = {*_json_values(secret), *_url_parts(secret), *re.findall(r"[\w.-]+=([^\s;,&\"']+)", secret)} - {secret}
    for part in inner:
        yield part
        yield from _parts(part)


def _json_values(secret: str) -> Iterator[str]:
    if secret[:1] in {"{", "[", '"'}:
        try:
            values: Any = json.loads(secret)
        except ValueError:
            return
        yield from (str(value) for value in leaf_values(values) if isinstance(value, str | int | float))


def _url_parts(secret: str) -> Iterator[str]:
    if "://" not in secret:
        return
    try:
        url = urlsplit(secret.strip())
    except ValueError:
        return
    path = url.path.strip("/")
    folders = [folder for folder in path.split("/") if len(folder) >= _SHORTEST_FOLDER]
    queried = [value for _, value in parse_qsl(url.query)]
    for part in (url.username, url.password, path, url.fragment, *folders, *queried):
        if part:
            yield part
            yield unquote(part)
