"""Ends the jobs of a state that no resource has recorded, when its stack is destroyed.

Input: the identity of the state, and the jobs that Search finds by it. Output: nothing; they are stopped, or named.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sagemaker_constructs.api.tag_keys import RETAIN_TAG, STATE_TAG
from sagemaker_constructs.aws.errors import ServiceError
from sagemaker_constructs.reconcile.job_tags import sharers
from sagemaker_constructs.reconcile.presence import found_within, stop_command

if TYPE_CHECKING:
    from sagemaker_constructs.aws.protocols import Say, TrainingJobs


def end_unrecorded(jobs: TrainingJobs, state: str, region: str, say: Say) -> None:
    """Stop the jobs of a state that still run when its stack is gone: no resource has recorded them.

    An update that was killed while it started a job leaves one. Each is described again, for Search may be behind; what
    is retained, or used by another stack, is left. Every job that may run on is named.
    """
    try:
        found = jobs.unfinished(state)
    except ServiceError as error:
        if not (error.no_access or error.no_search):
            raise
        say(f"whether an interrupted update of this stack has left a job running is not known: {error}", warning=True)
        return
    for each in found:
        end = f"to stop it: {stop_command(each.name, region)}"
        job = found_within(jobs, lambda name=each.name: jobs.describe(name))
        tags = jobs.tags(each.arn) or each.tags or {}  # ListTags may be behind, too
        if job is None:
            say(f"job {each.name} of this stack may run, but is not found yet; {end}", warning=True)
        elif job.status != "InProgress" or tags.get(STATE_TAG) != state:
            continue
        elif RETAIN_TAG in tags:
            say(f"job {each.name} of this stack keeps running because it is to be retained; {end}")
        elif others := sharers(tags):
            say(f"job {each.name} keeps running because {', '.join(others)} also uses it; {end}")
        else:
            jobs.stop(each.name)
            say(
                f"job {each.name} was started by this stack, but no resource had recorded it (an update was "
                "interrupted, or its resource was removed from the state): it is stopped",
                warning=True,
            )
