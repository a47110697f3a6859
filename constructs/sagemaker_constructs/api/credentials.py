"""Credentials where everybody who may describe the job can read them.

Input: the members of a job. Output: a mistake for each value that looks like a credential, without the value.

What a credential looks like is detect-secrets' knowledge (the `bc-` distribution, which is the one that is kept up),
not ours: its patterns of keys and tokens, its names (`password`, `api_key`, …), and its measure of randomness where a
name alone says little, for a `token` is a piece of text as often as a credential.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sagemaker_constructs.api.mistakes import Mistake, shown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from sagemaker_constructs.api.tree import Path

_PAIRS = ("hyper_parameters", "environment")
_WORDS = ("container_entrypoint", "container_arguments")

_SHORTEST = 16
"""No key or token that is known by its form is shorter, so shorter values count only under a telling name."""
_TELLING = re.compile(r"key|pass|pwd|secret|token", re.IGNORECASE)
_ORDINARY = re.compile(r"[-+.,\d\s\[\]eE]*|(?i:true|false|none|null)|s3://[^\s@]*|arn:aws[^\s]*|/[\w./-]*|\$\{?\w+\}?")
"""Numbers, switches, addresses, paths and references to other variables."""
_ELSEWHERE = r"tokeni[sz]|tokens|_(arn|env|file|id|name|path|ur[il])s?\b"
"""Names of what is no credential itself: a vocabulary, or where the credential is kept."""
_TOKEN_RANDOMNESS = 4.0
"""Bits a character, above which the value of a `…token…` is no word."""
_BY_NAME = "Secret Keyword"
_GUESSES = frozenset({_BY_NAME, "Base64 High Entropy String", "Hex High Entropy String", "Public IP (ipv4)"})
"""Detectors that go by no form; they are used together, or not at all."""


def credentials_in(members: Mapping[str, Any]) -> list[Mistake]:
    """The values that look like credentials; those that are not known yet are left out."""
    return [
        Mistake(
            path=path,
            got=shown(value, path),
            expected=f"no credential (this looks like: {kind}): everybody who may describe the job reads it; let the "
            "job's role fetch it from AWS Secrets Manager",
        )
        for path, name, value in _values(members)
        if _worth_a_look(name, value) and (kind := _kind_of_credential(name, value))
    ]


def _values(members: Mapping[str, Any]) -> Iterator[tuple[Path, str, str]]:
    for member in _PAIRS:
        pairs = members.get(member)
        if isinstance(pairs, dict):
            yield from (((member, name), name, value) for name, value in pairs.items() if isinstance(value, str))
    algorithm = members.get("algorithm_specification")
    for member in _WORDS:
        words = algorithm.get(member) if isinstance(algorithm, dict) else None
        if isinstance(words, list):
            yield from _named_words(("algorithm_specification", member), words)


def _named_words(path: Path, words: list[Any]) -> Iterator[tuple[Path, str, str]]:
    """Words of a command line, each under the name of its option: `--token=…`, or the word before."""
    option = ""
    for position, word in enumerate(words):
        if not isinstance(word, str):
            option = ""
            continue
        name, _, value = word.partition("=") if word.startswith("-") else (option, "", word)
        yield (*path, position), name.lstrip("-").replace("-", "_"), value
        option = "" if value else name


def _worth_a_look(name: str, value: str) -> bool:
    return (len(value) >= _SHORTEST or _is_telling(name)) and not _ORDINARY.fullmatch(value)


@lru_cache(maxsize=1024)
def _is_telling(name: str) -> bool:
    return _TELLING.search(name) is not None


def _kind_of_credential(name: str, value: str) -> str | None:
    """detect-secrets' name of what the value looks like."""
    line = f'{name} = "{value}"'
    return next((kind for kind, looks_like in _detectors() if looks_like(name, value, line)), None)


@lru_cache(maxsize=1)
def _detectors() -> tuple[tuple[str, Callable[[str, str, str], bool]], ...]:
    """The detectors, loaded with the first value that is worth a look: the import takes a tenth of a second."""
    from detect_secrets.core.plugins.util import get_mapping_from_secret_type_to_class  # noqa: PLC0415
    from detect_secrets.plugins.high_entropy_strings import (  # noqa: PLC0415
        Base64HighEntropyString,
        HexHighEntropyString,
    )
    from detect_secrets.plugins.keyword import KeywordDetector  # noqa: PLC0415

    keyword = KeywordDetector(keyword_exclude=_ELSEWHERE)
    measures = (Base64HighEntropyString(_TOKEN_RANDOMNESS), HexHighEntropyString())

    def known_form(detector: Any) -> Callable[[str, str, str], bool]:
        return lambda _name, _value, line: any(detector.analyze_string(line))

    def telling_name(name: str, value: str, line: str) -> bool:
        random = any(measure.calculate_shannon_entropy(value) > measure.entropy_limit for measure in measures)
        return any(keyword.analyze_string(line)) and (random or "token" not in name.lower())

    forms = get_mapping_from_secret_type_to_class()
    return (
        *((kind, known_form(form())) for kind, form in forms.items() if kind not in _GUESSES),
        (_BY_NAME, telling_name),
    )
