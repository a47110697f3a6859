"""The preflight: what is found before a job starts, and that it asks for no more than it needs."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import TYPE_CHECKING, Any

import pytest
from account_stub import ELSEWHERE, OWNER, ROLE, WRITTEN, Account, plan
from policy_cases import ACCESS_POINT, ACCOUNT, CASES, SMALLEST, channel

from sagemaker_constructs.aws.account import CachedAccountReader
from sagemaker_constructs.aws.errors import ServiceError
from sagemaker_constructs.permissions.member_paths import part, role_members
from sagemaker_constructs.permissions.needs import needs_of
from sagemaker_constructs.permissions.policy import policy_document
from sagemaker_constructs.permissions.scope import Scope
from sagemaker_constructs.preflight.checks import CHECKS, role_questions

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


def found(check: str, account: Account, members: Mapping[str, Any], *, written: str = WRITTEN) -> list[str]:
    """What a check finds, when it is given the members that it asks for and no others."""
    row = CHECKS[check]
    declared = plan({"owner": OWNER, **members})
    asked = {**part(declared, row.members), "region": declared["region"], "written": [written]}
    questions = role_questions([asked]) if check == "permissions" else {}
    return [each.text for each in row.find(account, {**asked, "questions": questions})]


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


OUT: Mapping[str, Any] = {**SMALLEST, "output_data_config": {"s3_output_path": "s3://far/models"}}
SAVED: Mapping[str, Any] = {**SMALLEST, "checkpoint_config": {"s3_uri": "s3://far/checkpoints"}}
READ: Mapping[str, Any] = {**SMALLEST, "input_data_config": [channel("train", s3_uri="s3://far/train/")]}


@pytest.mark.parametrize(
    ("check", "members", "uri"),
    [
        ("input buckets", READ, "s3://far/train/"),
        ("output buckets", OUT, "s3://far/models"),
        ("checkpoint buckets", SAVED, "s3://far/checkpoints"),
    ],
)
def test_a_bucket_of_another_region_is_found(check: str, members: Mapping[str, Any], uri: str) -> None:
    """SageMaker reads and writes in the job's own Region only."""
    (sentence,) = found(check, Account(buckets={"far": "us-east-1"}), members)
    assert sentence.startswith(f"bucket far of {uri} is in us-east-1, and the job in eu-west-1: SageMaker reads and ")
    assert found(check, Account(), members) == []


def test_a_bucket_to_write_to_that_does_not_exist_is_found() -> None:
    """Unless this update makes it; that of an input is found where its objects are looked for."""
    missing = Account(buckets={"far": None})
    assert found("output buckets", missing, OUT, written="s3://far/models") == [
        "bucket far of s3://far/models does not exist"
    ]
    assert (
        found("output buckets", missing, OUT) == found("input buckets", missing, READ, written="s3://far/train/") == []
    )


@pytest.mark.parametrize("uri", ["s3://data--use1-az4--x-s3/models", f"s3://{ACCESS_POINT}/ours/models"])
def test_a_name_that_has_its_region_is_not_looked_up(uri: str) -> None:
    """A directory bucket has its zone, an access point its ARN."""
    members = {**SMALLEST, "output_data_config": {"s3_output_path": uri}}

    assert found("output buckets", Account(buckets=defaultdict(lambda: "us-east-1")), members) == []


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
