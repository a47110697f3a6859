"""What can be known of a job's surroundings before it starts: looks at AWS, and changes nothing.

Input: `AwsSettings` and a Region. Output: `Surroundings`, whose methods are reading API operations; every refusal is a
`ServiceError`.
"""

from __future__ import annotations

import json
import threading
from concurrent.futures import Future
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from sagemaker_constructs.aws.clients import asking
from sagemaker_constructs.aws.errors import ServiceError
from sagemaker_constructs.aws.protocols import ExistingJobs
from sagemaker_constructs.aws.training_jobs import AwsTrainingJobs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from sagemaker_constructs.aws.settings import AwsSettings

_NOT_THERE = frozenset({"NoSuchBucket", "NoSuchEntity"})
"""How AWS says that what was asked about does not exist."""


class Question(NamedTuple):
    """Whether a role may take some actions on some resources, in a context of condition keys and their values."""

    actions: tuple[str, ...]
    resources: tuple[str, ...]
    context: tuple[tuple[str, tuple[str, ...]], ...]


class Surroundings(ExistingJobs, Protocol):
    """The account and Region of a job."""

    def trust_policy(self, role_name: str) -> str | None:
        """GetRole; None where there is no such role."""
        ...

    def denied(self, role_arn: str, question: Question) -> list[str]:
        """SimulatePrincipalPolicy: the actions that the role may not take."""
        ...

    def holds_objects(self, uri: str) -> bool | None:
        """ListObjectsV2: whether any key begins as the address says; None where there is no such bucket."""
        ...

    def has_image(self, image: str) -> bool:
        """BatchGetImage: whether the image is there. True where nobody can tell: in another registry or account."""
        ...

    def quotas(self) -> Mapping[str, float]:
        """ListServiceQuotas: SageMaker's quotas by name."""
        ...

    def free_addresses(self, subnets: Iterable[str]) -> Mapping[str, int]:
        """DescribeSubnets: the free addresses of each."""
        ...


class AwsSurroundings(AwsTrainingJobs):
    """`Surroundings` through boto3."""

    def __init__(self, settings: AwsSettings, region: str) -> None:
        super().__init__(settings.model_copy(update={"max_retries": 1}), region)  # a preview must not wait

    def trust_policy(self, role_name: str) -> str | None:
        """GetRole."""
        try:
            with asking("GetRole", f"role {role_name!r}"):
                role = self.client("iam").get_role(RoleName=role_name)["Role"]
        except ServiceError as error:
            if error.code in _NOT_THERE:
                return None
            raise
        return json.dumps(role["AssumeRolePolicyDocument"])

    def denied(self, role_arn: str, question: Question) -> list[str]:
        """SimulatePrincipalPolicy."""
        with asking("SimulatePrincipalPolicy", f"role {role_arn!r}"):
            answer = self.client("iam").simulate_principal_policy(
                PolicySourceArn=role_arn,
                ActionNames=list(question.actions),
                ResourceArns=list(question.resources),
                ContextEntries=[
                    {"ContextKeyName": key, "ContextKeyValues": list(values), "ContextKeyType": "stringList"}
                    for key, values in question.context
                ],
            )
        results: list[dict[str, Any]] = answer["EvaluationResults"]
        return sorted({each["EvalActionName"] for each in results if each["EvalDecision"] != "allowed"})

    def holds_objects(self, uri: str) -> bool | None:
        """ListObjectsV2, one key."""
        try:
            return any(True for _ in islice(self.objects(uri), 1))
        except ServiceError as error:
            if error.code in _NOT_THERE:
                return None
            raise

    def has_image(self, image: str) -> bool:
        """BatchGetImage."""
        try:
            self.image_digest(image)
        except ServiceError as error:
            if error.code == "ImageNotFound":
                return False
            if error.code == "RepositoryNotFoundException":  # of another account it may mean that nobody may look
                return not image.startswith(f"{self._account()}.")
            raise
        return True

    def _account(self) -> str:
        with asking("GetCallerIdentity", "the configured credentials"):
            return self.client("sts").get_caller_identity()["Account"]

    def quotas(self) -> Mapping[str, float]:
        """ListServiceQuotas."""
        with asking("ListServiceQuotas", "SageMaker"):
            pages = (
                self.client("service-quotas")
                .get_paginator("list_service_quotas")
                .paginate(ServiceCode="sagemaker", PaginationConfig={"PageSize": 100})
            )
            return {each["QuotaName"]: each["Value"] for page in pages for each in page["Quotas"]}

    def free_addresses(self, subnets: Iterable[str]) -> Mapping[str, int]:
        """DescribeSubnets."""
        with asking("DescribeSubnets", "the job's subnets"):
            found = self.client("ec2").describe_subnets(SubnetIds=list(subnets))["Subnets"]
        return {each["SubnetId"]: each["AvailableIpAddressCount"] for each in found}


class AskedOnce:
    """`Surroundings` that ask others each question once, however many jobs and threads have it."""

    def __init__(self, asked: Surroundings) -> None:
        self._asked = asked
        self._lock = threading.Lock()
        self._answers: dict[tuple[Any, ...], Future[Any]] = {}

    def __getattr__(self, name: str) -> Callable[..., Any]:
        """A method that remembers its answers, refusals among them."""

        def ask(*arguments: Any) -> Any:
            question = (name, *(tuple(each) if isinstance(each, list) else each for each in arguments))
            with self._lock:
                first = question not in self._answers
                answer = self._answers.setdefault(question, Future())
            if first:
                try:
                    answer.set_result(getattr(self._asked, name)(*arguments))
                except Exception as error:  # noqa: BLE001  raised below, for everybody who asks
                    answer.set_exception(error)
            return answer.result()

        return ask
