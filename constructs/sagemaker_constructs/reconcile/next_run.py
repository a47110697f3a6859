"""Names the run that replaces the present one, in the preview already.

Input: what `check` and `diff` find, and the jobs of the stack. Output: the name of the next run, or None where the
first name of its configuration is right or nothing can be looked up.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING

from sagemaker_constructs.api.deferred import is_deferred
from sagemaker_constructs.api.tag_keys import SETTLED_TAG
from sagemaker_constructs.aws.answers import UNSUCCESSFUL
from sagemaker_constructs.aws.errors import ServiceError
from sagemaker_constructs.reconcile.checked_resource import CheckedResource, Comparison
from sagemaker_constructs.reconcile.contents import contents_of
from sagemaker_constructs.reconcile.fingerprint import candidate_names
from sagemaker_constructs.reconcile.fitting import reused
from sagemaker_constructs.reconcile.looking_ahead import look_ahead, name_of_another_run
from sagemaker_constructs.reconcile.planning import as_first_run

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sagemaker_constructs.aws.protocols import Say
    from sagemaker_constructs.reconcile.access import Access
    from sagemaker_constructs.reconcile.bag import Properties


class NextRuns:
    """The names of the runs that replace others."""

    def __init__(self, access: Access, say: Say) -> None:
        self._access = access
        self._say = say

    def checked(self, resource: CheckedResource, declared: Properties, before: Properties) -> str | None:
        """Note that an existing resource was checked; before a forced replacement `diff` is not called.

        Returns the name of the next run where the present one has failed: with it among the inputs, a preview shows
        what differs; without, it would show every output as removed.
        """
        name = self._access.if_allowed(lambda: self._name_after_failure(declared, before))
        resource.comparison = Comparison(name=name, renamed=bool(name))
        return name

    def compared(
        self,
        resource: CheckedResource,
        checked: Comparison,
        declared: Properties,
        replaces: Sequence[str],
        contents: Mapping[str, str],
    ) -> Comparison:
        """What `diff` found, with the name of the next run if there will be one."""
        name = (checked.name or self._look_ahead(resource, as_first_run(declared), contents)) if replaces else None
        return replace(checked, replaces=bool(replaces), name=name)

    def name_of_replacement(self, resource: CheckedResource, declared: Properties) -> str | None:
        """The name of the run that replaces the present one, or of the first one of a new resource.

        None where the first name of the configuration is right, as far as that can be looked up.

        Where `diff` found no reason, the program has one: `replacement_trigger`, `replace_on_changes`, `replace_with`.
        Then the present job could be reused, and is not what is wanted. (`--replace` and a taint look like a new
        resource.)
        """
        compared = resource.comparison
        if is_deferred(declared.training_job_name):
            return None
        if compared is None:
            return self._name_of_first_run(resource, declared)
        if compared.replaces:
            return compared.name
        if declared.named_by_hand:
            self._say(
                "the resource's options request another run, but training_job_name "
                f"{declared.training_job_name!r} was given: the existing job is reused unless it is deleted first "
                "(delete_before_replace, on_delete='delete'). Leave training_job_name out to start another run "
                "beside it",
                warning=True,
            )
            return None
        if not self._access.is_known(declared):
            return None
        name = self._access.if_allowed(
            lambda: name_of_another_run(self._access.jobs(declared), declared, resource.present)
        )
        self._say(
            f"the resource's options request another run of this configuration: job {name or 'name not known yet'}"
        )
        return name

    def _name_of_first_run(self, resource: CheckedResource, declared: Properties) -> str | None:
        """The name for a new resource whose stack has had a run of this configuration before, by one Search for all."""
        if "after" in declared.bag or not self._access.is_known(declared):  # a fallback may not be needed at all
            return None
        try:
            if self._access.own(declared.training_job_name, declared) is None:
                return None
            contents = contents_of(self._access.jobs(declared), declared, self._say)
            return self._look_ahead(resource, declared, contents)
        except ServiceError:  # `create` looks again and tells why it cannot; so do the preview's own checks
            return None

    def _name_after_failure(self, declared: Properties, before: Properties) -> str | None:
        """The name that follows the present run's, which has failed; None where another follows, or none is due.

        The inputs have the name that the run was planned with. Where it came to have another, it does not follow.
        """
        name = before.training_job_name
        if (
            "after" in declared.bag  # the run of a fallback that is not needed now may have failed before
            or declared.named_by_hand
            or declared.options.on_failure != "retrain"
            or (declared.training_job_name, declared.region) != (name, before.region)
            or not self._access.is_known(declared)
        ):
            return None
        present = self._access.own(name, declared)
        jobs = self._access.jobs(declared)
        if present is None or present.status not in UNSUCCESSFUL or SETTLED_TAG in jobs.tags(present.arn):
            return None
        following = next(islice(candidate_names(name, declared.fingerprint), 1, None), None)
        return following if look_ahead(jobs, as_first_run(declared), {}) == (following, None) else None

    def _look_ahead(self, resource: CheckedResource, declared: Properties, contents: Mapping[str, str]) -> str | None:
        """The name that a new run will have; where an existing job is reused instead, that is said."""
        if declared.named_by_hand or is_deferred(declared.training_job_name) or not self._access.is_known(declared):
            return None
        ahead = self._access.if_allowed(lambda: look_ahead(self._access.jobs(declared), declared, contents))
        if ahead is None:
            return None
        name, own = ahead
        if own is not None:
            resource.foreseen = reused(own)
            self._say(resource.foreseen)
        return name
