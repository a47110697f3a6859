"""The preflight: what is found before a job starts, and that it asks for no more than it needs."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest
from policy_cases import ACCESS_POINT, ACCOUNT, CASES, SMALLEST, channel

from localaws.server.policies import allowed
from sagemaker_constructs.permissions.needs import part, relevant
from sagemaker_constructs.permissions.policy import SAGEMAKER, policy_document
from sagemaker_constructs.permissions.row import Place
from sagemaker_constructs.preflight.findings import CHECKS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

from sagemaker_constructs.reconcile.errors import ServiceError
from sagemaker_constructs.reconcile.surroundings import AskedOnce, Question

ROLE = f"arn:aws:iam::{ACCOUNT}:role/trainer"
TRUST = f'{{"Statement": {{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {{"Service": "{SAGEMAKER}"}}}}}}'
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
        assert uri.startswith("s3://")
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


def found(check: str, account: Account, members: Mapping[str, Any]) -> list[str]:
    """What a check finds, when it is given the members that it asks for and no others."""
    row = CHECKS[check]
    asked = {**part({"role_arn": ROLE, **members}, row.members), "region": "eu-west-1", "written": [WRITTEN]}
    return list(row.find(account, asked))


WRITTEN = "s3://data/train/"
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
    policy = policy_document([relevant(members)], Place("aws", "eu-west-1", ACCOUNT))

    assert found(check, Account(policy=policy), members) == []


@pytest.mark.parametrize(
    ("check", "account", "members", "sentence"),
    [
        ("trust", Account(trust=None), SMALLEST, f"role {ROLE} does not exist"),
        ("trust", Account(trust='{"Statement": []}'), SMALLEST, "does not let sagemaker.amazonaws.com assume it"),
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


def test_a_bucket_that_this_update_makes_is_not_missed() -> None:
    """Its name is an output, not written out in the program."""
    members = {**SMALLEST, "input_data_config": [channel("train", s3_uri="s3://new/train/")]}

    assert found("inputs", Account(objects=None), members) == []


def test_an_access_point_by_its_arn_is_no_bucket() -> None:
    """Whether it holds objects is not looked at."""
    members = {**SMALLEST, "input_data_config": [channel("train", s3_uri=f"s3://{ACCESS_POINT}/train/train/")]}

    assert found("inputs", Account(objects=None), members) == []


def test_a_role_that_allows_nothing_lacks_every_statement() -> None:
    """Each is a sentence with its actions and resources."""
    said = found("permissions", Account(), SMALLEST)

    policy = json.loads(policy_document([SMALLEST], Place("aws", "eu-west-1", ACCOUNT)))
    assert len(said) == len(policy["Statement"])
    assert any("may not s3:AbortMultipartUpload, s3:PutObject on arn:aws:s3:::models/penguins/*" in one for one in said)


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_a_role_made_for_the_job_lacks_nothing(case: Any) -> None:
    """The questions are examples of what the policy allows, whatever its wildcards and conditions."""
    policy = policy_document([relevant(case.job)], Place("aws", "eu-west-1", ACCOUNT))

    assert found("permissions", Account(policy=policy), case.members) == []


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

    once = AskedOnce(Refusing())
    for _ in range(3):
        assert once.holds_objects("s3://data/train/") is True
        with pytest.raises(ServiceError):
            once.quotas()
    assert asked == ["s3://data/train/", "quotas"]
