"""Mocks for unit tests of a stack: `StackMocks`.

Input: the resources that a program registers. Output: what AWS would make of them: jobs under their planned names,
which the providers validate and start in a `FakeTrainingJobs`, their results, and names and ARNs of everything else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pulumi
from pulumi.runtime import mocks, rpc

from sagemaker_constructs.api.mistakes import DeclarationError
from sagemaker_constructs.providers import (
    StateIdentityProvider,
    TrainingFallbackProvider,
    TrainingJobProvider,
    TrainingResultProvider,
)
from sagemaker_constructs.testing import FakeTrainingJobs

if TYPE_CHECKING:
    from collections.abc import Mapping

_PROVIDERS = {
    "pulumi-python:dynamic/sagemaker:TrainingJob": TrainingJobProvider,
    "pulumi-python:dynamic/sagemaker:TrainingFallback": TrainingFallbackProvider,
    "pulumi-python:dynamic/sagemaker:TrainingResult": TrainingResultProvider,
    "pulumi-python:dynamic/sagemaker:StateIdentity": StateIdentityProvider,
}
_GLOBAL = {"iam": "arn:aws:iam::{account}:{kind}/{name}", "s3": "arn:aws:s3:::{name}"}
"""ARNs without a Region."""


class StackMocks(mocks.Mocks):
    """Pulumi's mocks, with training jobs that end as the test chooses. Pass them to `pulumi.runtime.set_mocks`.

    A job that is not mentioned completes, without metrics. A mistake in a request is raised, as in a preview.

    Args:
        metrics: final metrics, by the name of the job's or the fallback's resource.
        failures: AWS's FailureReason of jobs that fail, by the name of the resource. One that begins with
            `CapacityError` lets a fallback start.
        answers: answers to look-ups of pulumi-aws, by token, such as `aws:ec2/getVpc:getVpc`, under the names of its
            schema. Region, account, partition and Availability Zones are answered anyway, any other look-up with
            nothing, which the constructs accept.
        region: AWS Region.
        account: AWS account.
    """

    def __init__(
        self,
        *,
        metrics: Mapping[str, Mapping[str, float]] | None = None,
        failures: Mapping[str, str] | None = None,
        answers: Mapping[str, Mapping[str, Any]] | None = None,
        region: str = "eu-west-1",
        account: str = "123456789012",
    ) -> None:
        self._metrics = metrics or {}
        self._failures = failures or {}
        self._region = region
        self._account = account
        self._answers = {
            "aws:index/getRegion:getRegion": {"region": region},
            "aws:index/getPartition:getPartition": {"partition": "aws"},
            "aws:index/getCallerIdentity:getCallerIdentity": {"accountId": account},
            "aws:index/getAvailabilityZones:getAvailabilityZones": {"names": [f"{region}{each}" for each in "abc"]},
            **(answers or {}),
        }
        self.jobs = FakeTrainingJobs(f"arn:aws:sagemaker:{region}:{account}:training-job/")
        """The jobs that were started; `jobs.add` gives one that `TrainingJob.get` can read."""
        self.inputs: dict[tuple[str, str], dict[str, Any]] = {}
        """The inputs of every resource, by the last part of its type and its name: `inputs["Bucket", "data"]`. Secrets
        are shown."""

    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str | None, dict[Any, Any]]:
        """The id and the outputs of a resource.

        Raises:
            DeclarationError: AWS would refuse the request of a job.
            NoResultError: a result of a job that fails.
        """
        given = {name: _plain(value) for name, value in args.inputs.items() if name != "__provider"}
        self.inputs[args.typ.rpartition(":")[2], args.name] = given
        if args.typ not in _PROVIDERS:
            return f"{args.name}-id", {**self._added(args.typ, args.name), **args.inputs}
        id_, outputs = self._made(args, given)
        secret = {name for name, value in args.inputs.items() if name in outputs and _has_secret(value)}
        return id_, {name: rpc.wrap_rpc_secret(value) if name in secret else value for name, value in outputs.items()}

    def call(self, args: mocks.MockCallArgs) -> Any:
        """The answer to a look-up."""
        return self._answers.get(args.token, {})

    def _made(self, args: mocks.MockResourceArgs, given: dict[str, Any]) -> tuple[str, dict[str, Any]]:
        """What the provider of a job, a fallback or a result makes of its inputs."""
        provider = self.jobs.provider(_PROVIDERS[args.typ], region=self._region)
        if args.resource_id:
            found = provider.read(args.resource_id, given)
            return found.id or args.resource_id, found.outs or {}
        checked = provider.check({}, given)
        if checked.failures:
            raise DeclarationError("\n".join(f"{args.name!r}: {each.reason}" for each in checked.failures))
        if pulumi.runtime.is_dry_run():
            return "", checked.inputs
        made = provider.create(checked.inputs)
        if made.id in self.jobs.jobs and self.jobs.jobs[made.id].status == "InProgress":
            self._end(made.id, args.name)
        return made.id, made.outs or {}

    def _end(self, job: str, resource: str) -> None:
        if reason := self._failures.get(resource):
            self.jobs.becomes(job, "Failed", failure_reason=reason)
        else:
            self.jobs.becomes(job, "Completed", metrics=self._metrics.get(resource))

    def _added(self, type_: str, name: str) -> dict[str, Any]:
        """What AWS adds to the inputs of a resource of pulumi-aws."""
        service, _, kind = type_.removeprefix("aws:").partition("/")
        kind = kind.partition(":")[0]
        regional = "arn:aws:{service}:{region}:{account}:{kind}/{name}"
        arn = _GLOBAL.get(service, regional).format(
            service=service, region=self._region, account=self._account, kind=kind, name=name
        )
        return {"arn": arn, "name": name, "bucket": name, "keyId": name}


def _plain(value: Any) -> Any:
    """The value with its secrets unwrapped, at any depth."""
    value = rpc.unwrap_rpc_secret(value)
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, list) else value


def _has_secret(value: Any) -> bool:
    if rpc.is_rpc_secret(value):
        return True
    items = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return any(map(_has_secret, items))
