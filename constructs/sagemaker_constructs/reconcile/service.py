"""The one module that talks to AWS: the calls that a training job's life needs, and nothing about when to make them.

Input: `AwsSettings` and a region. Output: `TrainingJobs`, whose methods are API operations; every refusal is a
`ServiceError`.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, cast

from sagemaker_constructs.reconcile.described import LOG_GROUP, DescribedJob
from sagemaker_constructs.reconcile.errors import ServiceError
from sagemaker_constructs.reconcile.observed import ExistingJob, existing_job

if TYPE_CHECKING:
    from sagemaker_constructs.reconcile.settings import AssumeRole, AwsSettings

OWNER_TAG = "sagemaker-constructs:owner"
"""On the job: the stack that started it, `organization/project/stack`."""
_TAGGED_IMAGE = re.compile(
    r"(?P<account>\d{12})\.dkr\.ecr\.[a-z0-9-]+\.[^/]+/(?P<repository>[^:@]+)(?::(?P<tag>[^@]+))?"
)
_ATTEMPTS = 10
"""Tries of one call, with adaptive back-off between them: AWS starts about one training job a second."""
_TIMEOUT = 60
"""Seconds until a call that gets no answer counts as lost."""


class TrainingJobs(Protocol):
    """The training jobs of one account and Region."""

    def describe(self, name: str) -> ExistingJob | None:
        """DescribeTrainingJob; None where there is no such job."""
        ...

    def create(self, request: Mapping[str, Any]) -> str:
        """CreateTrainingJob with a request in wire form; the new job's ARN."""
        ...

    def stop(self, name: str) -> None:
        """StopTrainingJob; a job that is not running any more is left as it is."""
        ...

    def delete(self, name: str) -> None:
        """DeleteTrainingJob; a job that is not there is gone already."""
        ...

    def update(self, name: str, request: Mapping[str, Any]) -> None:
        """UpdateTrainingJob with the members to change in wire form."""
        ...

    def tags(self, arn: str) -> dict[str, str]:
        """ListTags."""
        ...

    def add_tags(self, arn: str, tags: Mapping[str, str]) -> None:
        """AddTags, which overwrites."""
        ...

    def delete_tags(self, arn: str, keys: Iterable[str]) -> None:
        """DeleteTags."""
        ...

    def owned_by(self, owner: str) -> list[ExistingJob]:
        """Search: the jobs that a stack owns, with their tags, a hundred a call."""
        ...

    def network_interfaces(self, subnets: Iterable[str], job_name: str) -> list[str]:
        """DescribeNetworkInterfaces: identifiers of those that this job still holds in the subnets."""
        ...

    def objects(self, uri: str) -> Iterator[tuple[str, int, str]]:
        """ListObjectsV2: key, size in bytes and ETag of each object under an S3 prefix, sorted by key."""
        ...

    def image_digest(self, image: str) -> str | None:
        """BatchGetImage: the digest behind an image's tag; None where the image is not in ECR or has its digest."""
        ...


class LogEvent(NamedTuple):
    """A line of a job's log."""

    identity: str
    time: int
    """Milliseconds since the epoch."""
    line: str


class WatchedJobs(Protocol):
    """The training jobs of one account and Region, for those who wait for their results."""

    def described(self, name: str) -> DescribedJob | None:
        """DescribeTrainingJob; None where there is no such job."""
        ...

    def search_page(self, owner: str, page: str | None) -> tuple[list[DescribedJob], str | None]:
        """One Search: a hundred jobs of a stack, the newest first, and the token of the next page."""
        ...

    def log_events(self, name: str, since: int) -> list[LogEvent]:
        """One FilterLogEvents: what all machines of the job logged, from a time in milliseconds on; oldest first."""
        ...

    def last_log_lines(self, name: str, count: int) -> list[str]:
        """GetLogEvents of up to four machines: the last lines; none where the job never came to log."""
        ...

    def stop(self, name: str) -> None:
        """StopTrainingJob; a job that is not running any more is left as it is."""
        ...

    def tags(self, arn: str) -> dict[str, str]:
        """ListTags."""
        ...

    def add_tags(self, arn: str, tags: Mapping[str, str]) -> None:
        """AddTags, which overwrites."""
        ...

    def delete_tags(self, arn: str, keys: Iterable[str]) -> None:
        """DeleteTags."""
        ...


class AwsTrainingJobs:
    """`TrainingJobs` and `WatchedJobs` through boto3. boto3 is imported with the first call, for most runs make none."""

    def __init__(self, settings: AwsSettings, region: str) -> None:
        self._settings = settings
        self._region = region
        self._lock = threading.Lock()
        self._session: Any = None
        self._clients: dict[str, Any] = {}

    def describe(self, name: str) -> ExistingJob | None:
        try:
            with _asking("DescribeTrainingJob", f"job {name!r}"):
                return existing_job(self._client("sagemaker").describe_training_job(TrainingJobName=name))
        except ServiceError as error:
            if error.not_found:
                return None
            raise

    def create(self, request: Mapping[str, Any]) -> str:
        with _asking("CreateTrainingJob", f"job {request['TrainingJobName']!r}"):
            return self._client("sagemaker").create_training_job(**request)["TrainingJobArn"]

    def stop(self, name: str) -> None:
        try:
            with _asking("StopTrainingJob", f"job {name!r}"):
                self._client("sagemaker").stop_training_job(TrainingJobName=name)
        except ServiceError as error:
            if not (error.not_running or error.not_found):
                raise

    def delete(self, name: str) -> None:
        try:
            with _asking("DeleteTrainingJob", f"job {name!r}"):
                self._client("sagemaker").delete_training_job(TrainingJobName=name)
        except ServiceError as error:
            if not error.not_found:
                raise

    def update(self, name: str, request: Mapping[str, Any]) -> None:
        with _asking("UpdateTrainingJob", f"job {name!r}"):
            self._client("sagemaker").update_training_job(TrainingJobName=name, **request)

    def tags(self, arn: str) -> dict[str, str]:
        with _asking("ListTags", arn):
            pages = self._client("sagemaker").get_paginator("list_tags").paginate(ResourceArn=arn)
            return {tag["Key"]: tag["Value"] for page in pages for tag in page["Tags"]}

    def add_tags(self, arn: str, tags: Mapping[str, str]) -> None:
        with _asking("AddTags", arn):
            self._client("sagemaker").add_tags(
                ResourceArn=arn, Tags=[{"Key": key, "Value": value} for key, value in tags.items()]
            )

    def delete_tags(self, arn: str, keys: Iterable[str]) -> None:
        with _asking("DeleteTags", arn):
            self._client("sagemaker").delete_tags(ResourceArn=arn, TagKeys=list(keys))

    def owned_by(self, owner: str) -> list[ExistingJob]:
        with _asking("Search", f"jobs of {owner}"):
            pages = (
                self._client("sagemaker")
                .get_paginator("search")
                .paginate(
                    Resource="TrainingJob",
                    SearchExpression={"Filters": [{"Name": f"Tags.{OWNER_TAG}", "Operator": "Equals", "Value": owner}]},
                    PaginationConfig={"PageSize": 100},
                )
            )
            return [existing_job(found["TrainingJob"]) for page in pages for found in page["Results"]]

    def described(self, name: str) -> DescribedJob | None:
        try:
            with _asking("DescribeTrainingJob", f"job {name!r}"):
                return DescribedJob(self._client("sagemaker").describe_training_job(TrainingJobName=name))
        except ServiceError as error:
            if error.not_found:
                return None
            raise

    def search_page(self, owner: str, page: str | None) -> tuple[list[DescribedJob], str | None]:
        with _asking("Search", f"jobs of {owner}"):
            answer = self._client("sagemaker").search(
                Resource="TrainingJob",
                SearchExpression={"Filters": [{"Name": f"Tags.{OWNER_TAG}", "Operator": "Equals", "Value": owner}]},
                SortBy="CreationTime",
                SortOrder="Descending",
                MaxResults=100,
                **({"NextToken": page} if page else {}),
            )
        return [DescribedJob(found["TrainingJob"]) for found in answer["Results"]], answer.get("NextToken")

    def log_events(self, name: str, since: int) -> list[LogEvent]:
        try:
            with _asking("FilterLogEvents", f"job {name!r}"):
                answer = self._client("logs").filter_log_events(
                    logGroupName=LOG_GROUP, logStreamNamePrefix=f"{name}/", startTime=since, limit=1000
                )
        except ServiceError as error:
            if error.code == "ResourceNotFoundException":
                return []
            raise
        return [LogEvent(event["eventId"], event["timestamp"], event["message"]) for event in answer["events"]]

    def last_log_lines(self, name: str, count: int) -> list[str]:
        logs = self._client("logs")
        try:
            with _asking("GetLogEvents", f"job {name!r}"):
                streams = logs.describe_log_streams(logGroupName=LOG_GROUP, logStreamNamePrefix=f"{name}/", limit=4)
                events = [
                    event
                    for stream in streams["logStreams"]
                    for event in logs.get_log_events(
                        logGroupName=LOG_GROUP, logStreamName=stream["logStreamName"], limit=count, startFromHead=False
                    )["events"]
                ]
        except ServiceError as error:
            if error.code == "ResourceNotFoundException":
                return []
            raise
        return [event["message"] for event in sorted(events, key=lambda event: event["timestamp"])[-count:]]

    def objects(self, uri: str) -> Iterator[tuple[str, int, str]]:
        bucket, _, prefix = uri.partition("://")[2].partition("/")  # a key may have what ends the path of a URL
        with _asking("ListObjectsV2", uri):
            pages = self._client("s3").get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
            for page in pages:
                for found in page.get("Contents", []):
                    yield found["Key"], found["Size"], found["ETag"]

    def image_digest(self, image: str) -> str | None:
        found = _TAGGED_IMAGE.fullmatch(image)
        if found is None:
            return None
        with _asking("BatchGetImage", f"image {image}"):
            images = self._client("ecr").batch_get_image(
                registryId=found["account"],
                repositoryName=found["repository"],
                imageIds=[{"imageTag": found["tag"] or "latest"}],
            )["images"]
        if not images:
            raise ServiceError("BatchGetImage", f"image {image}", "ImageNotFound", "the repository has no such tag")
        return images[0]["imageId"]["imageDigest"]

    def network_interfaces(self, subnets: Iterable[str], job_name: str) -> list[str]:
        the_job = re.compile(rf"(?<![\w-]){re.escape(job_name)}(?![\w-])")  # not the one with the suffix
        with _asking("DescribeNetworkInterfaces", f"job {job_name!r}"):
            pages = (
                self._client("ec2")
                .get_paginator("describe_network_interfaces")
                .paginate(Filters=[{"Name": "subnet-id", "Values": list(subnets)}])
            )
            return [
                interface["NetworkInterfaceId"]
                for page in pages
                for interface in page["NetworkInterfaces"]
                if the_job.search(interface.get("Description", ""))
            ]

    def _client(self, service: str) -> Any:
        with self._lock:  # clients may be shared by threads, but not made by several at once
            if service not in self._clients:
                self._clients[service] = self._make_client(service)
            return self._clients[service]

    def _make_client(self, service: str) -> Any:
        from botocore.config import Config  # noqa: PLC0415  not before it is needed

        if self._session is None:
            self._session = _session(self._settings, self._region)
        settings = self._settings
        return self._session.client(
            service,
            endpoint_url=settings.endpoints.get(service),
            config=Config(
                retries={
                    "mode": settings.retry_mode or "adaptive",
                    "total_max_attempts": _ATTEMPTS if settings.max_retries is None else settings.max_retries + 1,
                },
                connect_timeout=_TIMEOUT,
                read_timeout=_TIMEOUT,
                max_pool_connections=64,
                use_fips_endpoint=settings.use_fips_endpoint,
                use_dualstack_endpoint=settings.use_dualstack_endpoint,
            ),
        )


def profile_region(profile: str | None) -> str | None:
    """The Region of a profile (None: the default one) in the user's AWS configuration, where it has one."""
    from botocore.session import Session  # noqa: PLC0415  not before it is needed

    return Session(profile=profile).get_config_variable("region")


def _session(settings: AwsSettings, region: str) -> Any:
    """A boto3 session as the settings say; allowed and forbidden accounts are looked at here, before anything is."""
    import boto3  # noqa: PLC0415  not before it is needed

    def secret(value: Any) -> str | None:
        return value.get_secret_value() if value else None

    with _asking("GetCallerIdentity", "the configured credentials"):
        session = boto3.Session(
            aws_access_key_id=secret(settings.access_key),
            aws_secret_access_key=secret(settings.secret_key),
            aws_session_token=secret(settings.token),
            profile_name=settings.profile,
            region_name=region,
        )
        for role in settings.assume_roles:
            session = _assumed(session, role, settings, region)
        if settings.allowed_account_ids or settings.forbidden_account_ids:
            sts = session.client("sts", endpoint_url=settings.endpoints.get("sts"))
            _check_account(settings, sts.get_caller_identity()["Account"])
    return session


def _assumed(session: Any, role: AssumeRole, settings: AwsSettings, region: str) -> Any:
    import boto3  # noqa: PLC0415  not before it is needed

    optional = {
        "ExternalId": role.external_id,
        "Policy": role.policy,
        "PolicyArns": [{"arn": arn} for arn in role.policy_arns],
        "SourceIdentity": role.source_identity,
        "Tags": [{"Key": key, "Value": value} for key, value in role.tags.items()],
        "TransitiveTagKeys": list(role.transitive_tag_keys),
        "DurationSeconds": _seconds(role.duration) if role.duration else None,
    }
    sts = session.client("sts", region_name=region, endpoint_url=settings.endpoints.get("sts"))
    with _asking("AssumeRole", role.role_arn):
        keys = sts.assume_role(
            RoleArn=role.role_arn,
            RoleSessionName=role.session_name,
            **{name: value for name, value in optional.items() if value},
        )["Credentials"]
    return boto3.Session(
        aws_access_key_id=keys["AccessKeyId"],
        aws_secret_access_key=keys["SecretAccessKey"],
        aws_session_token=keys["SessionToken"],
        region_name=region,
    )


def _seconds(duration: str) -> int:
    units = {"h": 3600, "m": 60, "s": 1}
    return sum(int(number) * units[unit] for number, unit in re.findall(r"(\d+)([hms])", duration))


def _check_account(settings: AwsSettings, account: str) -> None:
    if account in settings.forbidden_account_ids:
        raise ServiceError(
            "GetCallerIdentity", "the stack", "ForbiddenAccount", f"aws:forbiddenAccountIds has {account}"
        )
    if settings.allowed_account_ids and account not in settings.allowed_account_ids:
        allowed = ", ".join(settings.allowed_account_ids)
        raise ServiceError(
            "GetCallerIdentity",
            "the stack",
            "ForbiddenAccount",
            f"the credentials are of account {account}, and aws:allowedAccountIds has only {allowed}",
        )


@contextmanager
def _asking(operation: str, subject: str) -> Generator[None]:
    """Turn what botocore raises into a ServiceError: one sentence, and no traceback of botocore's behind it."""
    from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415  not before it is needed

    try:
        yield
    except ClientError as error:
        details = cast("dict[str, Any]", error.response).get("Error", {})
        raise ServiceError(operation, subject, details.get("Code", "Unknown"), details.get("Message", "")) from None
    except BotoCoreError as error:
        kinds = [kind.__name__ for kind in type(error).__mro__]
        code = next((_CODES[kind] for kind in kinds if kind in _CODES), kinds[0])
        raise ServiceError(operation, subject, code, " ".join(str(error).split())) from None


_CODES: Mapping[str, str] = {
    "ConnectionError": "Unreachable",
    "HTTPClientError": "Unreachable",
    "CredentialRetrievalError": "NoCredentials",
    "LoginError": "NoCredentials",
    "MetadataRetrievalError": "NoCredentials",
    "NoCredentialsError": "NoCredentials",
    "PartialCredentialsError": "NoCredentials",
    "ProfileNotFound": "NoCredentials",
    "SSOError": "NoCredentials",
    "TokenRetrievalError": "NoCredentials",
}
"""Codes of our own for what botocore raises before AWS has answered, by the name of the class or of its base."""


class Say(Protocol):
    """Tells the user something: `engine.report`."""

    def __call__(self, message: str, *, ephemeral: bool = False) -> None:
        """One sentence; ephemeral where it matters only while it lasts."""
        ...


Connect = Callable[["AwsSettings", str], TrainingJobs]
"""How a provider comes by its `TrainingJobs`: `AwsTrainingJobs`, or a test's own."""

ConnectToWatch = Callable[["AwsSettings", str], WatchedJobs]
"""How one who waits comes by the jobs."""
