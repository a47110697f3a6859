"""Checks what would make a job fail, before it starts.

Input: the job's properties as far as they are known, its `region` and planned name among them, the values that the
program has `written` out, and an account to read. Output: findings, a sentence each.
One check is a row: the properties that it needs, and what it finds.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sagemaker_constructs.addresses.arns import Arn, parse_arn
from sagemaker_constructs.addresses.ecr import parse_image
from sagemaker_constructs.addresses.s3 import S3AddressError, parse_s3
from sagemaker_constructs.api.spec import TrainingJobSpec
from sagemaker_constructs.api.tree import values_at
from sagemaker_constructs.aws.account import Question
from sagemaker_constructs.aws.clients import is_known_region
from sagemaker_constructs.aws.errors import ServiceError
from sagemaker_constructs.network.address_plan import ADDRESSES_PER_INSTANCE
from sagemaker_constructs.network.instances import candidates, most_instances
from sagemaker_constructs.permissions.member_paths import LEAVES, Members
from sagemaker_constructs.permissions.needs import needs_of
from sagemaker_constructs.permissions.scope import Scope
from sagemaker_constructs.permissions.statements import Statement, statements
from sagemaker_constructs.permissions.trust import trust_problem
from sagemaker_constructs.reconcile.bag import PLANNED, Properties
from sagemaker_constructs.reconcile.options import OPTIONS
from sagemaker_constructs.reconcile.starting import job_of_others

if TYPE_CHECKING:
    from sagemaker_constructs.aws.account import AccountReader as Surroundings

Find = Callable[["Surroundings", Members], Iterator[str]]


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that is looked at."""

    what: str
    """In a sentence that says that nobody may look."""
    members: tuple[str, ...]
    """Paths of what it needs; it is left out while one of them is unknown."""
    find: Find
    harmless: bool = False
    """Whether what it finds is no reason to worry."""
    of_a_foreign_role: bool = False
    """Whether it is about what the role allows, which for a role of this stack may change in the same update."""


def _trust(surroundings: Surroundings, job: Members) -> Iterator[str]:
    for role in _roles(job):
        document = surroundings.trust_policy(role.resource_name)
        if document is None:
            yield f"role {role.text} does not exist"
        elif reason := trust_problem(document, role.account, job["region"]):
            yield f"role {role.text} does not let sagemaker.amazonaws.com assume it: {reason}"


def _permissions(surroundings: Surroundings, job: Members) -> Iterator[str]:
    for role in _roles(job):
        scope = Scope(role.partition, job["region"], role.account)
        for statement in statements(needs_of([job]), scope):
            denied = surroundings.denied(role.text, _question(statement, role.account))
            if denied:
                resources = ", ".join(statement.resources)
                yield f"role {role.text} may not {', '.join(denied)} on {resources}, which the job needs"


def _roles(job: Members) -> Iterator[Arn]:
    return filter(None, map(parse_arn, values_at(job, "role_arn")))


def _question(statement: Statement, account: str) -> Question:
    """A statement as a question: an example of each resource, and the condition's own values."""
    tests = (test for tests in statement.condition.values() for test in tests.items())
    return Question(
        actions=statement.actions,
        resources=tuple(_example(pattern, account) for pattern in statement.resources),
        context=tuple((key, tuple(_example(str(each), account) for each in _listed(values))) for key, values in tests),
    )


def _listed(values: Any) -> list[Any]:
    return values if isinstance(values, list) else [values]


def _example(pattern: str, account: str) -> str:
    """Something that a pattern matches; where it leaves the account open, the role's."""
    if pattern == "*":
        return pattern
    concrete = re.sub(r"(?<!\{)\*", "preflight", pattern.replace(":*:", f":{account}:"))
    return re.sub(r"\$\{(.)\}", r"\1", concrete)


def _inputs(surroundings: Surroundings, job: Members) -> Iterator[str]:
    for uri in values_at(job, _S3_URI):
        try:
            address = parse_s3(uri)
        except S3AddressError as error:
            yield str(error)
            continue
        if address.in_directory_bucket:
            continue  # S3 lists one only below a prefix that ends in a slash
        held = surroundings.holds_objects(uri)
        if held is False:
            yield f"no object is at {uri}: the job fails unless this update or somebody else puts one there"
        elif held is None and uri in job["written"]:  # the name of a bucket that this update makes is an output
            yield f"{'access point' if address.is_access_point else 'bucket'} {address.bucket} of {uri} does not exist"


def _image(surroundings: Surroundings, job: Members) -> Iterator[str]:
    for image in values_at(job, "algorithm_specification.training_image"):
        if parse_image(image) and not surroundings.has_image(image):
            yield f"image {image} is not in its repository"


def _quota(surroundings: Surroundings, job: Members) -> Iterator[str]:
    spot = any(values_at(job, "enable_managed_spot_training"))
    wanted = {(kind, count) for candidate in candidates(job) for kind, count in candidate.items() if kind}
    for kind, count in sorted(wanted):
        name = f"{kind} for {'spot ' if spot else ''}training job usage"
        quota = surroundings.quotas().get(name)
        if quota is None:
            yield f"{kind} is not offered for training in {job['region']}: Service Quotas has no {name!r}"
        elif quota < count:
            yield f"{count} machines {kind} are asked for, and the quota {name!r} is {quota:.0f}"


def _addresses(surroundings: Surroundings, job: Members) -> Iterator[str]:
    subnets = list(values_at(job, "vpc_config.subnets"))
    needed = ADDRESSES_PER_INSTANCE * most_instances(job)
    if subnets:
        try:
            free = surroundings.free_addresses(subnets)
        except ServiceError as error:
            if error.code != _NO_SUBNET:
                raise
            yield f"a subnet of {', '.join(subnets)} does not exist in {job['region']}: {error}"
            return
        if all(addresses < needed for addresses in free.values()):
            listed = ", ".join(f"{subnet} {addresses}" for subnet, addresses in free.items())
            yield f"the job needs {needed} free addresses in one subnet, and there are: {listed}"


def _region(_: Surroundings, job: Members) -> Iterator[str]:
    if not is_known_region(job["region"]):
        yield f"region: got {job['region']!r}, where the installed boto3 knows no SageMaker"


def _taken(surroundings: Surroundings, job: Members) -> Iterator[str]:
    yield from (sentence for sentence, serves in _jobs_of_others(surroundings, job) if not serves)


def _adoption(surroundings: Surroundings, job: Members) -> Iterator[str]:
    yield from (sentence for sentence, serves in _jobs_of_others(surroundings, job) if serves)


def _jobs_of_others(surroundings: Surroundings, job: Members) -> Iterator[tuple[str, bool]]:
    if found := job_of_others(surroundings, Properties(job)):
        yield found


_NOT_COMPARED = frozenset({"role_arn", "vpc_config", "arn", "model_artifacts", "state_identity"})
_COMPARED = tuple(
    name for name in dict.fromkeys((*TrainingJobSpec.model_fields, *OPTIONS, *PLANNED)) if name not in _NOT_COMPARED
)
"""What a job is named and compared by. The role and the network seldom are, and often not known in a preview."""
_S3_URI = "input_data_config.data_source.s3_data_source.s3_uri"
_NO_SUBNET = "InvalidSubnetID.NotFound"
_MACHINES = (
    "resource_config.instance_type",
    "resource_config.instance_count",
    "resource_config.instance_groups",
    "resource_config.instance_preferences",
)

CHECKS: Mapping[str, Check] = {
    "region": Check("the Region", (), _region),
    "taken": Check("whether the job's name is taken", _COMPARED, _taken),
    "adoption": Check("whether another stack has this job", _COMPARED, _adoption, harmless=True),
    "trust": Check("whether the role trusts SageMaker", ("role_arn",), _trust),
    "permissions": Check("what the role allows", ("role_arn", *LEAVES), _permissions, of_a_foreign_role=True),
    "inputs": Check("whether the inputs hold objects", (_S3_URI,), _inputs),
    "image": Check("whether the image exists", ("algorithm_specification.training_image",), _image),
    "quota": Check("quotas", ("enable_managed_spot_training", *_MACHINES), _quota),
    "addresses": Check("free addresses", ("vpc_config.subnets", *_MACHINES), _addresses),
}
