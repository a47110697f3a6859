"""Rejects credentials in members that everyone who may describe the job can read, and masks them in a `repr`.

Input: the members of a job. Output: a mistake for each value that contains a credential, without the value; or the
members with a mask in its place.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, cast

from sagemaker_constructs.api.credential_search import MASK, credentials_of, kind_of_value
from sagemaker_constructs.api.mistakes import HIDDEN, Mistake
from sagemaker_constructs.api.tree import FREE_KEYS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sagemaker_constructs.api.tree import Path

_PAIRS = ("hyper_parameters", "environment")
_COMMANDS = ("container_entrypoint", "container_arguments")


def credentials_in(members: Mapping[str, Any]) -> list[Mistake]:
    """A mistake for each value that contains a credential; values that are not known yet are skipped."""
    return [
        Mistake(
            path=path,
            got=HIDDEN,
            expected=f"no credential (this looks like: {kind}): everyone who may describe the job can read it; store "
            "it in AWS Secrets Manager and let the job's role read it, by TrainingRole(policies=[...])",
        )
        for path, kind in _kinds(members)
    ]


def without_credentials(members: Mapping[str, Any]) -> dict[str, Any]:
    """The members of any structure, with a mask in place of each value that contains a credential.

    Nothing need be validated. Nested shapes stay: they mask themselves.
    """
    shown: dict[str, Any] = {}
    for name, value in members.items():
        if isinstance(value, list | tuple):
            shown[name] = [without_credentials(each) if isinstance(each, Mapping) else each for each in value]
        elif not isinstance(value, Mapping):
            shown[name] = value
        elif name in FREE_KEYS:
            shown[name] = {key: MASK if kind_of_value(str(key), item) else item for key, item in value.items()}
        else:
            shown[name] = without_credentials(value)
    for (_, member, position), _ in list(_in_command(shown)):
        shown[str(member)][position] = MASK
    return shown


def _kinds(members: Mapping[str, Any]) -> Iterator[tuple[Path, str]]:
    """The paths of the values that contain a credential, and of which kind it is."""
    for member in _PAIRS:
        pairs = members.get(member)
        if isinstance(pairs, dict):
            for name, value in pairs.items():
                if kind := kind_of_value(name, value):
                    yield (member, name), kind
    algorithm = members.get("algorithm_specification")
    if isinstance(algorithm, dict):
        yield from _in_command(algorithm)


def _in_command(algorithm: Mapping[str, Any]) -> Iterator[tuple[Path, str]]:
    """The same of the command, whose words are read in a row: what a word is depends on those before it."""
    text = ""
    paths: list[Path] = []
    starts: list[int] = []
    for member in _COMMANDS:
        words = algorithm.get(member)
        for position, word in enumerate(cast("list[object]", words) if isinstance(words, list) else []):
            paths.append(("algorithm_specification", member, position))
            starts.append(len(text))
            text += f"{word} " if isinstance(word, str) else "\n"
    if text:
        kinds = {bisect_right(starts, found.start) - 1: found.kind for found in credentials_of(text)}
        yield from ((paths[word], kinds[word]) for word in sorted(kinds))
