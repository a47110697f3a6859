"""An account in which all is well, but for what a test says; a job's properties as the provider plans them."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from policy_cases import ACCOUNT

from localaws.server.policies import allowed
from sagemaker_constructs.api.spec import TrainingJobSpec
from sagemaker_constructs.aws.clients import is_known_region
from sagemaker_constructs.permissions.trust import SAGEMAKER
from sagemaker_constructs.reconcile.bag import Properties
from sagemaker_constructs.reconcile.planning import planned
from sagemaker_constructs.testing import FakeTrainingJobs

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from sagemaker_constructs.aws.answers import ExistingJob
    from sagemaker_constructs.aws.simulation import Question

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

    buckets: Mapping[str, str | None] = field(default_factory=dict[str, str | None])

    jobs: FakeTrainingJobs = field(default_factory=FakeTrainingJobs)

    def account(self) -> str:
        """That of the role."""
        return self.jobs.account()

    def describe(self, name: str) -> ExistingJob | None:
        """A job."""
        return self.jobs.describe(name)

    def in_use(self, names: Collection[str]) -> frozenset[str]:
        """Those that jobs have."""
        return frozenset(names).intersection(self.jobs.jobs)

    def tags(self, arn: str) -> dict[str, str]:
        """A job's tags."""
        return self.jobs.tags(arn)

    def is_known_region(self, region: str) -> bool:
        """As the installed boto3 says."""
        return is_known_region(region)

    def trust_policy(self, role_arn: str) -> str | None:
        """That of every role."""
        assert role_arn
        return self.trust

    def denied(self, role_arn: str, questions: Collection[Question]) -> dict[Question, list[str]]:
        """What the policy does not allow, which every role has."""
        assert role_arn
        documents = [json.loads(self.policy)]
        return {
            asked: [
                action
                for action in asked.actions
                if not any(allowed(documents, action, each, dict(asked.context)) for each in asked.resources)
            ]
            for asked in questions
        }

    def bucket_region(self, bucket: str) -> str | None:
        """Where a test says, otherwise where the job is."""
        return self.buckets.get(bucket, "eu-west-1")

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
        return {each: self.addresses.get(each, 250) for each in subnets}


def plan(members: Mapping[str, Any]) -> dict[str, Any]:
    """The properties of a job as the provider has planned them."""
    prefix = None if "training_job_name" in members else "model"
    others = {"name_prefix": prefix, "role_arn": ROLE, "region": "eu-west-1", "declared_as": "job::model"}
    declared = Properties({**others, **members})
    return planned(declared, TrainingJobSpec.read(declared.members).members, Properties({}))
