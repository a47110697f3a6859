"""Checks the hyperparameters of a job with one of AWS's own algorithms, by the table of the algorithm.

Input: the members of a job. Output: a mistake for each hyperparameter that the algorithm refuses. SageMaker itself does
not look at them: the container does, after minutes for which the instances are paid.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sagemaker_constructs.addresses.ecr import parse_image
from sagemaker_constructs.addresses.framework_images import ALGORITHM_ACCOUNTS, FRAMEWORKS
from sagemaker_constructs.algorithms.xgboost import XGBOOST, is_of_these_tables
from sagemaker_constructs.api.credential_search import kind_of_value
from sagemaker_constructs.api.deferred import is_deferred
from sagemaker_constructs.api.mistakes import HIDDEN, Mistake
from sagemaker_constructs.api.similar_names import closest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sagemaker_constructs.algorithms.hyperparameters import Algorithm, Wrong

_MEMBER = "hyper_parameters"
_OF_A_PROGRAM = frozenset({"sagemaker_program", "sagemaker_submit_directory"})
"""With these the image runs a program, whose hyperparameters are its own."""
_LONGEST = 60
"""Characters of a value that is shown."""


def hyper_parameter_mistakes(members: Mapping[str, Any], *, complete: bool = True) -> list[Mistake]:
    """The mistakes in hyperparameters that are known, of a job with an algorithm of AWS's.

    Args:
        members: the members of the job.
        complete: whether none follows later. Of a spec without hyperparameters, others may be derived that have some.
    """
    algorithm = _algorithm(members)
    given: Any = members.get(_MEMBER) or {}
    if algorithm is None or is_deferred(given) or not _OF_A_PROGRAM.isdisjoint(given) or not (given or complete):
        return []
    unknown = frozenset(name for name, value in given.items() if is_deferred(value))
    known = {name: value for name, value in given.items() if name not in unknown}
    return [_mistake(each, given, algorithm) for each in algorithm.check(known, unknown)[1]]


def _algorithm(members: Mapping[str, Any]) -> Algorithm | None:
    specification: Any = members.get("algorithm_specification")
    environment: Any = members.get("environment") or {}
    if not isinstance(specification, dict) or is_deferred(environment) or "SAGEMAKER_PROGRAM" in environment:
        return None
    image: Any = specification.get("training_image")
    runs_a_program = specification.get("container_entrypoint") is not None
    return None if runs_a_program or not isinstance(image, str) else _algorithm_of(image)


@lru_cache(maxsize=256)
def _algorithm_of(image: str) -> Algorithm | None:
    """The algorithm of an image in AWS's own account; a copy in another one may be another program."""
    found = parse_image(image)
    if found is None or found.repository != FRAMEWORKS["xgboost"].repository:
        return None
    return XGBOOST if ALGORITHM_ACCOUNTS.get(found.region) == found.account and is_of_these_tables(found.tag) else None


def _mistake(wrong: Wrong, given: Mapping[str, Any], algorithm: Algorithm) -> Mistake:
    path = (_MEMBER, wrong.name)
    if wrong.expected:
        value = str(given[wrong.name])
        is_shown = len(value) <= _LONGEST and kind_of_value(wrong.name, value) is None
        return Mistake(path, repr(value) if is_shown else HIDDEN, wrong.expected)
    meant = closest(wrong.name, [*algorithm.by_name, *algorithm.aliases]) if wrong.name in given else None
    is_no_name = wrong.name not in algorithm.by_name and wrong.name not in algorithm.aliases
    suggestion = f": did you mean {meant}?" if is_no_name and meant else ""
    return Mistake(path, problem=f"{wrong.problem}{' of XGBoost' if is_no_name else ''}{suggestion}")
