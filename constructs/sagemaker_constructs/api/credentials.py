"""Detects credentials in members that everyone who may describe the job can read.

Input: the members of a job. Output: a mistake for each value that looks like a credential, without the value.

Detection is delegated to detect-secrets (the maintained `bc-` distribution): its patterns of keys and tokens, its
names (`password`, `api_key`, …), and its entropy measure for names that contain `token`, which often names a piece of
text and not a credential.
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
_COMMANDS = ("container_entrypoint", "container_arguments")

_SHORTEST = 16
"""No key or token that is detected by its form is shorter. Shorter values are checked only under a suspicious name."""
_SUSPICIOUS = re.compile(r"key|pass|pwd|secret|token", re.IGNORECASE)
_ORDINARY = re.compile(r"[-+.,\d\s\[\]eE]*|(?i:true|false|none|null)|s3://[^\s@]*|arn:aws[^\s]*|/[\w./-]*|\$\{?\w+\}?")
"""Numbers, switches, addresses, paths and references to other variables: never credentials."""
_ELSEWHERE = r"tokeni[sz]|tokens|_(arn|env|file|id|name|path|ur[il])s?\b"
"""Names of values that are no credentials: vocabularies, and references to where a credential is stored."""
_TOKEN_RANDOMNESS = 4.0
"""Bits per character above which the value of a `…token…` counts as random."""
_BY_NAME = "Secret Keyword"
_GUESSES = frozenset({_BY_NAME, "Base64 High Entropy String", "Hex High Entropy String", "Public IP (ipv4)"})
"""Detectors that match no specific form. The name and the entropy are only used in combination."""


def credentials_in(members: Mapping[str, Any]) -> list[Mistake]:
    """A mistake for each value that looks like a credential; values that are not known yet are skipped."""
    return [
        Mistake(
            path=path,
            got=shown(value, path),
            expected=f"no credential (this looks like: {kind}): everyone who may describe the job can read it; store "
            "it in AWS Secrets Manager and let the job's role read it",
        )
        for path, name, value in _values(members)
        if _is_candidate(name, value) and (kind := _kind_of_credential(name, value))
    ]


def _values(members: Mapping[str, Any]) -> Iterator[tuple[Path, str, str]]:
    for member in _PAIRS:
        pairs = members.get(member)
        if isinstance(pairs, dict):
            for name, value in pairs.items():
                if isinstance(value, str):
                    yield (member, name), name, value
    algorithm = members.get("algorithm_specification")
    for member in _COMMANDS:
        words = algorithm.get(member) if isinstance(algorithm, dict) else None
        if isinstance(words, list):
            yield from _named_strings(("algorithm_specification", member), words)


def _named_strings(path: Path, words: list[Any]) -> Iterator[tuple[Path, str, str]]:
    """The strings of a command line, each under the name of its option: `--token=…`, or the string before it."""
    option = ""
    for position, word in enumerate(words):
        if not isinstance(word, str):
            option = ""
            continue
        name, _, value = word.partition("=") if word.startswith("-") else (option, "", word)
        yield (*path, position), name.lstrip("-").replace("-", "_"), value
        option = "" if value else name


def _is_candidate(name: str, value: str) -> bool:
    return (len(value) >= _SHORTEST or _is_suspicious(name)) and not _ORDINARY.fullmatch(value)


@lru_cache(maxsize=1024)
def _is_suspicious(name: str) -> bool:
    return _SUSPICIOUS.search(name) is not None


def _kind_of_credential(name: str, value: str) -> str | None:
    """The name that detect-secrets has for what the value looks like."""
    line = f'{name} = "{value}"'
    return next((kind for kind, looks_like in _detectors() if looks_like(name, value, line)), None)


@lru_cache(maxsize=1)
def _detectors() -> tuple[tuple[str, Callable[[str, str, str], bool]], ...]:
    """The detectors. They are loaded with the first value that needs them, because the import takes 0.1 seconds."""
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
