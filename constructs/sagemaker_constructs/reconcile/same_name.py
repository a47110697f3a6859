"""Says whether a job that must be replaced can be, where the next one is to have its very name.

Input: the recorded and the declared properties, and the members because of which it must be replaced. Output: why not,
with each difference. AWS frees a name only when its job is deleted, so that has to come first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sagemaker_constructs.reconcile.bag import changes_of
from sagemaker_constructs.reconcile.shown_changes import lines_of_differences

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sagemaker_constructs.reconcile.bag import Properties

_WAYS = {
    False: ": leave training_job_name out, give another one, or set on_delete='delete' in an update of its own, so "
    "that the present job is deleted first",
    True: ", which is of another owner and stays: leave training_job_name out, or give another one",
}
"""What to do about a name that was given and is taken, by whether the job was adopted."""


def is_kept(recorded: Properties, declared: Properties) -> bool:
    """Whether a replacement would have the very name, in the same Region, that the present job has."""
    same_name = declared.named_by_hand and recorded.training_job_name == declared.training_job_name
    return same_name and recorded.region == declared.region


def refusal(recorded: Properties, declared: Properties, replaces: Sequence[str], foreign: Iterable[str]) -> str | None:
    """Why the present job cannot be replaced under its name; None where it is deleted first.

    Args:
        recorded: the properties of the present job.
        declared: those of the next one.
        replaces: the members because of which it must be replaced.
        foreign: paths of what a transform has put in, which are not shown.
    """
    on_delete = {recorded.options.on_delete, declared.options.on_delete}  # the recorded value is followed
    if on_delete == {"delete"} and not recorded.adopted:
        return None
    text = (
        f"the job must be replaced ({', '.join(replaces)}), but its training_job_name "
        f"{declared.training_job_name!r} was given and is taken by the present job{_WAYS[recorded.adopted]}"
    )
    differences = [each for each in changes_of(recorded, declared) if each.member in replaces]
    return "\n".join([text, *lines_of_differences(differences, declared, recorded, foreign)])
