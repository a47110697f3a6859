"""The preflight: what is found before a job starts, and that it asks for no more than it needs."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest
from policy_cases import ACCESS_POINT, ACCOUNT, CASES, SMALLEST, channel

from localaws.server.policies import allowed
from sagemaker_constructs.api.spec import TrainingJobSpec
from sagemaker_constructs.permissions.member_paths import part, role_members
from sagemaker_constructs.permissions.needs import needs_of
from sagemaker_constructs.permissions.policy import policy_document
from sagemaker_constructs.permissions.scope import Scope
from sagemaker_constructs.permissions.trust import SAGEMAKER
from sagemaker_constructs.preflight.checks import CHECKS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sagemaker_constructs.aws.answers import ExistingJob

from sagemaker_constructs.aws.account import CachedAccountReader, Question
from sagemaker_constructs.aws.errors import ServiceError
from sagemaker_constructs.reconcile.bag import Properties
from sagemaker_constructs.reconcile.planning import planned
from sagemaker_constructs.reconcile.starting import start_or_adopt
from sagemaker_constructs.testing import FakeTrainingJobs
from tests.samples import Sentences, state_of

OWNER = "organization/project/stack"
WRITTEN = "s3://data/train/"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/trainer"
TRUST = f'{{"Statement": {{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {{"Service": "{SAGEMAKER}"}}}}}}'
ELSEWHERE = TRUST.replace("}}}", '}, "Condition": {"ArnLike": {"aws:SourceArn": "arn:aws:sagemaker:us-east-1:*"}}}}')
PLENTY = {"ml.m5.large for training job usage": 8.0, "ml.m5.large for spot training job usage": 1.0}


@dataclass
class Account:
    """Surroundings in which all is well, but for what a test says."""

    trust: str | None = TRUST
    policy: str = '{"Statement": []}'
    objects: bool | None = True
    images: bool = True
    quota: Mapping[str, float] = field(default_factory=lambda: dict(PLENTY))
    addresses: Mapping[str, int] = field(default_factory=lambda: {"subnet-1": 250, "subnet-2": 250})

    jobs: FakeTrainingJobs = field(default_factory=FakeTrainingJobs)

    def account(self) -> str:
        """That of the role."""
        return self.jobs.account()

    def describe(self, name: str) -> ExistingJob | None:
        """A job."""
        return self.jobs.describe(name)

    def tags(self, arn: str) -> dict[str, str]:
        """A job's tags."""
        return self.jobs.tags(arn)

    def trust_policy(self, role_name: str) -> str | None:
        """The role's trust."""
        assert role_name == "trainer"
        return self.trust

    def denied(self, role_arn: str, question: Question) -> list[str]:
        """What the policy does not allow."""
        assert role_arn == ROLE
        context = dict(question.context)
        documents = [json.loads(self.policy)]
        return [
            action
            for action in question.actions
            if not any(allowed(documents, action, resource, context) for resource in question.resources)
        ]

    def holds_objects(self, uri: str) -> bool | None:
        """Always the same."""
        assert uri
        return self.objects

    def has_image(self, image: str) -> bool:
        """Always the same."""
        assert image
        return self.images

    def quotas(self) -> Mapping[str, float]:
        """The quotas."""
        return self.quota

    def free_addresses(self, subnets: Iterable[str]) -> Mapping[str, int]:
        """The free addresses."""
        return {each: self.addresses[each] for each in subnets}


def plan(members: Mapping[str, Any]) -> dict[str, Any]:
    """The properties of a job as the provider has planned them."""
    prefix = None if "training_job_name" in members else "model"
    others = {"name_prefix": prefix, "role_arn": ROLE, "region": "eu-west-1", "declared_as": "job::model"}
    declared = Properties({**others, "state_identity": state_of(members.get("owner", "")), **members})
    return planned(declared, TrainingJobSpec.read(declared.members).members, Properties({}))


def found(check: str, account: Account, members: Mapping[str, Any], *, written: str = WRITTEN) -> list[str]:
    """What a check finds, when it is given the members that it asks for and no others."""
    row = CHECKS[check]
    declared = plan({"owner": OWNER, **members})
    beside = {name: declared[name] for name in ("region", "state_identity")}
    asked = {**part(declared, row.members), **beside, "written": [written]}
    return list(row.find(account, asked))


INPUTS: Mapping[str, Any] = {**SMALLEST, "input_data_config": [channel("train", s3_uri="s3://data/train/")]}
NETWORK = CASES["network"].members
SPOT: Mapping[str, Any] = {**SMALLEST, "enable_managed_spot_training": True}
MANY: Mapping[str, Any] = {
    **NETWORK,
    "resource_config": {"instance_groups": [{"instance_type": "ml.m5.large", "instance_count": 9}]},
}
PREFERRED: Mapping[str, Any] = {
    **NETWORK,
    "resource_config": {
        "instance_count": 8,
        "instance_preferences": [{"instance_type": "ml.p9.huge"}, {"instance_type": "ml.m5.large"}],
    },
}


@pytest.mark.parametrize("check", CHECKS)
def test_where_all_is_well_nothing_is_said(check: str) -> None:
    """Every check of a job in a network, with a role that allows what it needs."""
    members = {**INPUTS, **NETWORK}
    policy = policy_document(needs_of([role_members(members)]), Scope("aws", "eu-west-1", ACCOUNT))

    assert found(check, Account(policy=policy), members) == []


@pytest.mark.parametrize(
    ("check", "account", "members", "sentence"),
    [
        ("trust", Account(trust=None), SMALLEST, f"role {ROLE} does not exist"),
        ("trust", Account(trust='{"Statement": []}'), SMALLEST, "does not let sagemaker.amazonaws.com assume it"),
        ("trust", Account(trust=ELSEWHERE), SMALLEST, "match no training job of 123456789012 in eu-west-1"),
        ("inputs", Account(objects=False), INPUTS, "no object is at s3://data/train/: the job fails unless"),
        ("inputs", Account(objects=None), INPUTS, "bucket data of s3://data/train/ does not exist"),
        ("image", Account(images=False), SMALLEST, "train:1 is not in its repository"),
        ("quota", Account(quota={}), SMALLEST, "ml.m5.large is not offered for training in eu-west-1"),
        ("quota", Account(), MANY, "9 machines ml.m5.large are asked for, and the quota"),
        ("quota", Account(), PREFERRED, "ml.p9.huge is not offered for training in eu-west-1"),
        (
            "quota",
            Account(quota={"ml.m5.large for spot training job usage": 0.0}),
            SPOT,
            "1 machines ml.m5.large are asked for, and the quota 'ml.m5.large for spot training job usage' is 0",
        ),
        ("addresses", Account(addresses={"subnet-1": 15, "subnet-2": 3}), PREFERRED, "the job needs 16 free addresses"),
        (
            "addresses",
            Account(addresses={"subnet-1": 17, "subnet-2": 3}),
            MANY,
            "the job needs 18 free addresses in one subnet, and there are: subnet-1 17, subnet-2 3",
        ),
    ],
)
def test_what_would_go_wrong_is_one_sentence(
    check: str, account: Account, members: Mapping[str, Any], sentence: str
) -> None:
    """It names what it is about."""
    (said,) = found(check, account, members)

    assert sentence in said


def test_a_subnet_that_is_not_there_is_a_finding() -> None:
    """Another refusal of the look-up stays one."""

    class Without(Account):
        def free_addresses(self, subnets: Iterable[str]) -> Mapping[str, int]:
            raise ServiceError("DescribeSubnets", f"{list(subnets)}", self.code, "The subnet ID 'subnet-2' is unknown")

        code = "InvalidSubnetID.NotFound"

    class Forbidden(Without):
        code = "UnauthorizedOperation"

    (said,) = found("addresses", Without(), NETWORK)
    assert said.startswith("a subnet of ")
    assert "does not exist in eu-west-1" in said
    with pytest.raises(ServiceError):
        found("addresses", Forbidden(), NETWORK)


def test_a_bucket_that_this_update_makes_is_not_missed() -> None:
    """Its name is an output, not written out in the program."""
    members = {**SMALLEST, "input_data_config": [channel("train", s3_uri="s3://new/train/")]}

    assert found("inputs", Account(objects=None), members) == []


@pytest.mark.parametrize(
    ("uri", "account", "sentence"),
    [
        (f"s3://{ACCESS_POINT}/ours/train/", Account(objects=None), f"access point {ACCESS_POINT}/ours of "),
        ("https://data.s3.eu-west-1.amazonaws.com/train/", Account(objects=None), "bucket data of "),
        ("https://data.s3.eu-west-1.amazonaws.com/train/", Account(objects=False), "no object is at "),
        ("https://example.com/train/", Account(), "S3 address: got 'https://example.com/train/', expected s3://"),
    ],
)
def test_an_input_is_looked_for_however_it_is_addressed(uri: str, account: Account, sentence: str) -> None:
    """By an https address or an access point, too; what is no address in S3 is a finding of its own."""
    members = {**SMALLEST, "input_data_config": [channel("train", s3_uri=uri)]}

    (said,) = found("inputs", account, members, written=uri)

    assert said.startswith(sentence)


def test_a_directory_bucket_is_not_looked_into() -> None:
    """S3 lists one only below a prefix that ends in a slash."""
    members = {**SMALLEST, "input_data_config": [channel("train", s3_uri="s3://data--use1-az4--x-s3/train")]}

    assert found("inputs", Account(objects=False), members) == []


def test_a_role_that_allows_nothing_lacks_every_statement() -> None:
    """Each is a sentence with its actions and resources."""
    said = found("permissions", Account(), SMALLEST)

    policy = json.loads(policy_document(needs_of([SMALLEST]), Scope("aws", "eu-west-1", ACCOUNT)))
    assert len(said) == len(policy["Statement"])
    assert any("may not s3:AbortMultipartUpload, s3:PutObject on arn:aws:s3:::models/penguins/*" in one for one in said)


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_a_role_made_for_the_job_lacks_nothing(case: Any) -> None:
    """The questions are examples of what the policy allows, whatever its wildcards and conditions."""
    policy = policy_document(needs_of([role_members(case.job)]), Scope("aws", "eu-west-1", ACCOUNT))

    assert found("permissions", Account(policy=policy), case.members) == []


def by_hand(**others: Any) -> dict[str, Any]:
    """A job that the user named."""
    return {**SMALLEST, "name_prefix": None, "training_job_name": "mine", **others}


def started(account: Account, owner: str, members: Mapping[str, Any]) -> str:
    """The name of a job that a stack has started."""
    bag = plan({"owner": owner, **members})
    return start_or_adopt(account.jobs, Properties(bag), {}, Sentences()).job.name


def test_a_job_of_another_stack_is_announced() -> None:
    """A preview says that nothing will start; of the stack's own job it says nothing."""
    theirs, ours = Account(), Account()
    name = started(theirs, "organization/project/other", SMALLEST)
    started(ours, OWNER, SMALLEST)
    who = f"job {name} of organization/project/other already has this configuration (status InProgress)"
    assert found("adoption", theirs, SMALLEST) == [f"{who}: it is adopted, no job starts"]
    assert found("adoption", ours, SMALLEST) == found("taken", theirs, SMALLEST) == []


def test_a_failed_job_of_another_stack_is_passed_over() -> None:
    """The next name is free."""
    account = Account()
    account.jobs.becomes(started(account, "organization/project/other", SMALLEST), "Failed")
    assert found("adoption", account, SMALLEST) == []


def test_a_name_given_by_hand_that_another_job_has_is_found_in_the_preview() -> None:
    """With the differences; where the job fits it is announced instead."""
    account = Account()
    started(account, "organization/project/other", by_hand())
    (sentence,) = found("taken", account, by_hand(hyper_parameters={"depth": "5"}))
    assert "training_job_name 'mine' is taken" in sentence
    assert "hyper_parameters.depth: declared '5', existing nothing" in sentence
    assert found("taken", account, by_hand()) == []
    assert len(found("adoption", account, by_hand())) == 1


def test_a_region_that_nobody_knows_is_said() -> None:
    """A slip, or one that is newer than the installed boto3, so that it is not refused."""
    assert found("region", Account(), {**SMALLEST, "region": "eu-wst-1"}) == [
        "region: got 'eu-wst-1', where the installed boto3 knows no SageMaker"
    ]


def test_a_question_of_many_jobs_is_asked_once() -> None:
    """Answers and refusals are remembered."""
    asked: list[str] = []

    class Refusing(Account):
        def holds_objects(self, uri: str) -> bool | None:
            asked.append(uri)
            return super().holds_objects(uri)

        def quotas(self) -> Mapping[str, float]:
            asked.append("quotas")
            raise ServiceError("ListServiceQuotas", "SageMaker", "AccessDeniedException", "no")

    once = CachedAccountReader(Refusing())
    for _ in range(3):
        assert once.holds_objects("s3://data/train/") is True
        with pytest.raises(ServiceError):
            once.quotas()
    assert asked == ["s3://data/train/", "quotas"]
