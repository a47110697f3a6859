"""Checks what would make a job fail, before it starts.

Input: the job's properties as far as they are known, its `region` and planned name among them, the values that the
program has `written` out, the `questions` to its role, and an account to read. Output: findings, a sentence each.
One check is a row: the properties that it needs, and what it finds.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sagemaker_constructs.addresses.arns import Arn, parse_arn
from sagemaker_constructs.addresses.ecr import parse_image
from sagemaker_constructs.addresses.s3 import S3AddressError, parse_s3
from sagemaker_constructs.api.instances import candidates, most_instances
from sagemaker_constructs.api.tree import values_at
from sagemaker_constructs.aws.errors import ServiceError
from sagemaker_constructs.aws.simulation import Question
from sagemaker_constructs.network.address_plan import ADDRESSES_PER_INSTANCE
from sagemaker_constructs.permissions.member_paths import FOLDERS, LEAVES, Members, part
from sagemaker_constructs.permissions.needs import needs_of
from sagemaker_constructs.permissions.scope import Scope
from sagemaker_constructs.permissions.statements import Statement, statements
from sagemaker_constructs.permissions.trust import trust_problem
from sagemaker_constructs.preflight.findings import Finding
from sagemaker_constructs.program.uploads import is_uploaded

if TYPE_CHECKING:
    from sagemaker_constructs.aws.account import AccountReader as Surroundings

Find = Callable[["Surroundings", Members], Iterator[Finding]]


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that is looked at."""

    what: str
    """In a sentence that says that nobody may look."""
    members: tuple[str, ...]
    """Paths of what it needs; it is left out while one of them is unknown."""
    find: Find
    of_a_foreign_role: bool = False
    """Whether it is about the role, which may change in the same update if this stack makes it."""


def _trust(surroundings: Surroundings, job: Members) -> Iterator[Finding]:
    for role in _roles(job):
        document = surroundings.trust_policy(role.text)
        if document is None:
            yield Finding(f"role {role.text} does not exist: check its name and its path")
        elif reason := trust_problem(document, role.account, job["region"]):
            yield Finding(f"role {role.text} does not let sagemaker.amazonaws.com assume it: {reason}")


def _permissions(surroundings: Surroundings, job: Members) -> Iterator[Finding]:
    for role, statement, question in _questions(job):
        if denied := surroundings.denied(role, job["questions"][role]).get(question):
            yield Finding(f"role {role} may not {', '.join(denied)} on {{}}, which the job needs", statement.resources)


def role_questions(jobs: Iterable[Members]) -> dict[str, tuple[Question, ...]]:
    """What the roles of jobs are asked, by their ARNs: together, so that one call answers for all jobs of a role."""
    asked: dict[str, dict[Question, None]] = {}
    for job in jobs:
        for role, _, question in _questions(job):
            asked.setdefault(role, {})[question] = None
    return {role: tuple(questions) for role, questions in asked.items()}


def _questions(job: Members) -> Iterator[tuple[str, Statement, Question]]:
    for role in _roles(job):
        scope = Scope(role.partition, job["region"], role.account)
        for statement in statements(needs_of([part(job, LEAVES)]), scope):
            yield role.text, statement, _question(statement, role.account)


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


def _inputs(surroundings: Surroundings, job: Members) -> Iterator[Finding]:
    for uri in values_at(job, _S3_URI):
        try:
            address = parse_s3(uri)
        except S3AddressError as error:
            yield Finding(str(error))
            continue
        if address.in_directory_bucket:
            continue  # S3 lists one only below a prefix that ends in a slash
        held = surroundings.holds_objects(uri)
        if held is False and not is_uploaded(uri):
            yield Finding(f"no object is at {uri}: the job fails unless this update or somebody else puts one there")
        elif held is None and uri in job["written"]:  # the name of a bucket that this update makes is an output
            what = "access point" if address.is_access_point else "bucket"
            yield Finding(f"{what} {address.bucket} of {uri} does not exist")


def _bucket(paths: Iterable[str], *, read: bool) -> Find:
    """A check of the buckets behind the addresses on some paths; that of one that is read exists, if it has objects."""

    def find(surroundings: Surroundings, job: Members) -> Iterator[Finding]:
        for uri in dict.fromkeys(uri for path in paths for uri in values_at(job, path)):
            try:
                address = parse_s3(uri)
            except S3AddressError:
                continue  # the rules of the request refuse it, or the check of the inputs tells
            if address.in_directory_bucket or address.is_access_point:
                continue  # their names and ARNs have the zone, or the Region
            region = surroundings.bucket_region(address.bucket)
            if region is None and not read and uri in job["written"]:
                yield Finding(f"bucket {address.bucket} of {uri} does not exist")
            elif region not in (None, job["region"]):
                yield Finding(
                    f"bucket {address.bucket} of {{}} is in {region}, and the job in {job['region']}: SageMaker reads "
                    "and writes in the job's Region only",
                    (uri,),
                )

    return find


def _image(surroundings: Surroundings, job: Members) -> Iterator[Finding]:
    for image in values_at(job, "algorithm_specification.training_image"):
        if parse_image(image) and not surroundings.has_image(image):
            yield Finding(f"image {image} is not in its repository")


def _quota(surroundings: Surroundings, job: Members) -> Iterator[Finding]:
    spot = any(values_at(job, "enable_managed_spot_training"))
    wanted = {(kind, count) for candidate in candidates(job) for kind, count in candidate.items() if kind}
    for kind, count in sorted(wanted):
        name = f"{kind} for {'spot ' if spot else ''}training job usage"
        quota = surroundings.quotas().get(name)
        if quota is None:
            yield Finding(f"{kind} is not offered for training in {job['region']}: Service Quotas has no {name!r}")
        elif quota < count:
            yield Finding(f"{count} machines {kind} are asked for, and the quota {name!r} is {quota:.0f}")


def _addresses(surroundings: Surroundings, job: Members) -> Iterator[Finding]:
    subnets = list(values_at(job, "vpc_config.subnets"))
    needed = ADDRESSES_PER_INSTANCE * most_instances(job)
    if subnets:
        try:
            free = surroundings.free_addresses(subnets)
        except ServiceError as error:
            if error.code != _NO_SUBNET:
                raise
            yield Finding(f"a subnet of {', '.join(subnets)} does not exist in {job['region']}: {error}")
            return
        if all(addresses < needed for addresses in free.values()):
            listed = ", ".join(f"{subnet} {addresses}" for subnet, addresses in free.items())
            yield Finding(f"the job needs {needed} free addresses in one subnet, and there are: {listed}")


def _region(surroundings: Surroundings, job: Members) -> Iterator[Finding]:
    if not surroundings.is_known_region(job["region"]):
        yield Finding(f"region: got {job['region']!r}, where the installed boto3 knows no SageMaker")


_S3_URI = "input_data_config.data_source.s3_data_source.s3_uri"
_OUTPUTS = FOLDERS["outputs"]
_NO_SUBNET = "InvalidSubnetID.NotFound"
_MACHINES = (
    "resource_config.instance_type",
    "resource_config.instance_count",
    "resource_config.instance_groups",
    "resource_config.instance_preferences",
)

PERMISSIONS = "permissions"
CHECKS: Mapping[str, Check] = {
    "region": Check("the Region", (), _region),
    "trust": Check("whether the role trusts SageMaker", ("role_arn",), _trust, of_a_foreign_role=True),
    PERMISSIONS: Check("what the role allows", ("role_arn", *LEAVES), _permissions, of_a_foreign_role=True),
    "inputs": Check("whether the inputs hold objects", (_S3_URI,), _inputs),
    "input buckets": Check("the Regions of the inputs' buckets", (_S3_URI,), _bucket((_S3_URI,), read=True)),
    "output buckets": Check("the Regions of the outputs' buckets", _OUTPUTS, _bucket(_OUTPUTS, read=False)),
    "checkpoint buckets": Check(
        "the Regions of the checkpoints' buckets", FOLDERS["checkpoints"], _bucket(FOLDERS["checkpoints"], read=False)
    ),
    "image": Check("whether the image exists", ("algorithm_specification.training_image",), _image),
    "quota": Check("quotas", ("enable_managed_spot_training", *_MACHINES), _quota),
    "addresses": Check("free addresses", ("vpc_config.subnets", *_MACHINES), _addresses),
}
