"""Reads what a job needs of its account and Region before it starts, and changes nothing.

Input: `AwsSettings` and a Region. Output: an `AccountReader`, whose methods are reading API operations; every refusal
is a `ServiceError`.
"""

from __future__ import annotations

import threading
from concurrent.futures import Future
from itertools import islice
from typing import TYPE_CHECKING, Any, Protocol, cast

from typing_extensions import override

from sagemaker_constructs.addresses.ecr import parse_image
from sagemaker_constructs.aws import simulation
from sagemaker_constructs.aws.clients import asking, is_known_region
from sagemaker_constructs.aws.errors import ServiceError
from sagemaker_constructs.aws.protocols import ExistingJobs
from sagemaker_constructs.aws.responses import member
from sagemaker_constructs.aws.training_jobs import AwsTrainingJobs

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    from sagemaker_constructs.aws.answers import ExistingJob
    from sagemaker_constructs.aws.settings import AwsSettings
    from sagemaker_constructs.aws.simulation import Question

_NOT_THERE = frozenset({"404", "NoSuchAccessPoint", "NoSuchBucket", "NoSuchEntity"})
"""Error codes of what does not exist; the answer to a HEAD has no code but its status."""
_NO_BUCKET = 404
_BUCKET_REGION = "x-amz-bucket-region"
"""The header with which S3 answers every request for a bucket that exists, also one that it refuses."""


class AccountReader(ExistingJobs, Protocol):
    """The account and Region of a job, read only."""

    def account(self) -> str:
        """GetCallerIdentity: the account of the credentials."""
        ...

    def in_use(self, names: Collection[str]) -> frozenset[str]:
        """Search: which of these names jobs have; a job that was created seconds ago may be missing."""
        ...

    def is_known_region(self, region: str) -> bool:
        """No call: whether the installed boto3 lists SageMaker in a Region, for which it reads large files."""
        ...

    def trust_policy(self, role_arn: str) -> str | None:
        """GetRole; None where no role has exactly this ARN, path included."""
        ...

    def denied(self, role_arn: str, questions: Collection[Question]) -> Mapping[Question, Sequence[str]]:
        """SimulatePrincipalPolicy: for each question the actions that the role may not take; empty without a role."""
        ...

    def bucket_region(self, bucket: str) -> str | None:
        """HeadBucket: the bucket's Region, also where the caller may not look into it; None where it does not exist."""
        ...

    def holds_objects(self, uri: str) -> bool | None:
        """ListObjectsV2: whether any key begins as the address says; None where there is no such bucket."""
        ...

    def has_image(self, image: str) -> bool:
        """BatchGetImage: whether the image exists. True where it cannot be known: in another registry or account."""
        ...

    def quotas(self) -> Mapping[str, float]:
        """ListServiceQuotas: SageMaker's quotas by name."""
        ...

    def free_addresses(self, subnets: Iterable[str]) -> Mapping[str, int]:
        """DescribeSubnets: the free addresses of each."""
        ...


class AwsAccountReader(AccountReader):
    """`AccountReader` through boto3."""

    def __init__(self, settings: AwsSettings, region: str) -> None:
        quick = settings.model_copy(update={"max_retries": 3})  # enough for throttled calls; a dead service is left
        self._jobs = AwsTrainingJobs(quick, region)
        self._client = self._jobs.client

    @override
    def account(self) -> str:
        return self._jobs.account()

    @override
    def describe(self, name: str) -> ExistingJob | None:
        return self._jobs.describe(name)

    @override
    def tags(self, arn: str) -> dict[str, str]:
        return self._jobs.tags(arn)

    @override
    def in_use(self, names: Collection[str]) -> frozenset[str]:
        return self._jobs.in_use(names)

    @override
    def is_known_region(self, region: str) -> bool:
        return is_known_region(region)

    @override
    def trust_policy(self, role_arn: str) -> str | None:
        role = self._jobs.role(role_arn)
        return role.trust_policy if role and role.arn == role_arn else None

    @override
    def denied(self, role_arn: str, questions: Collection[Question]) -> Mapping[Question, Sequence[str]]:
        try:
            return simulation.denied(self._client("iam"), role_arn, questions)
        except ServiceError as error:
            if error.code in _NOT_THERE:
                return {}  # GetRole tells that
            raise

    @override
    def bucket_region(self, bucket: str) -> str | None:
        from botocore.exceptions import ClientError  # noqa: PLC0415  not before it is needed

        try:
            with asking("HeadBucket", f"bucket {bucket}"):
                try:
                    metadata = self._client("s3").head_bucket(Bucket=bucket)["ResponseMetadata"]
                except ClientError as error:
                    metadata = cast("Any", error.response)["ResponseMetadata"]
                    if _BUCKET_REGION not in metadata["HTTPHeaders"] or metadata["HTTPStatusCode"] == _NO_BUCKET:
                        raise
                return member(metadata["HTTPHeaders"], _BUCKET_REGION, str)
        except ServiceError as error:
            if error.code in _NOT_THERE:
                return None
            raise

    @override
    def holds_objects(self, uri: str) -> bool | None:
        try:
            return any(True for _ in islice(self._jobs.objects(uri), 1))
        except ServiceError as error:
            if error.code in _NOT_THERE:
                return None
            raise

    @override
    def has_image(self, image: str) -> bool:
        try:
            self._jobs.image_digest(image)
        except ServiceError as error:
            if error.code == "ImageNotFound":
                return False
            if error.code == "RepositoryNotFoundException":  # of another account it may mean a missing permission
                found = parse_image(image)
                return found is None or found.account != self.account()
            raise
        return True

    @override
    def quotas(self) -> Mapping[str, float]:
        with asking("ListServiceQuotas", "SageMaker"):
            pages = (
                self._client("service-quotas")
                .get_paginator("list_service_quotas")
                .paginate(ServiceCode="sagemaker", PaginationConfig={"PageSize": 100})
            )
            found = [each for page in pages for each in member(page, "Quotas", list)]
            return {member(each, "QuotaName", str): float(each["Value"]) for each in found}

    @override
    def free_addresses(self, subnets: Iterable[str]) -> Mapping[str, int]:
        with asking("DescribeSubnets", "the job's subnets"):
            answer = self._client("ec2").describe_subnets(SubnetIds=list(subnets))
            found = member(answer, "Subnets", list)
            return {member(each, "SubnetId", str): member(each, "AvailableIpAddressCount", int) for each in found}


class CachedAccountReader:
    """An `AccountReader` that asks another one each question once, however many jobs and threads have it."""

    def __init__(self, reader: AccountReader) -> None:
        self._reader = reader
        self._lock = threading.Lock()
        self._answers: dict[tuple[Any, ...], Future[Any]] = {}

    def __getattr__(self, name: str) -> Callable[..., Any]:
        """A method that remembers its answers, errors among them."""

        def ask(*arguments: Any) -> Any:
            question = (name, *(tuple(each) if isinstance(each, list) else each for each in arguments))
            with self._lock:
                first = question not in self._answers
                answer = self._answers.setdefault(question, Future())
            if first:
                try:
                    answer.set_result(getattr(self._reader, name)(*arguments))
                except Exception as error:  # noqa: BLE001  raised below, for everybody who asks
                    answer.set_exception(error)
            return answer.result()

        return ask
