"""Calls the API operations that a training job's life needs, and decides nothing about when.

Input: `AwsSettings` and a Region. Output: `TrainingJobs` through boto3; every refusal is a `ServiceError`.
"""

from __future__ import annotations

import json
import re
import threading
import time
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

from typing_extensions import override

from sagemaker_constructs.addresses.arns import resource_name
from sagemaker_constructs.addresses.ecr import parse_image
from sagemaker_constructs.addresses.s3 import parse_s3
from sagemaker_constructs.api.tag_keys import OWNER_TAG, STATE_TAG
from sagemaker_constructs.aws.answers import LOG_GROUP, ExistingJob
from sagemaker_constructs.aws.clients import AwsClients, asking
from sagemaker_constructs.aws.errors import THROTTLED, ServiceError
from sagemaker_constructs.aws.pace import RATES, Pace
from sagemaker_constructs.aws.protocols import LogEvent, Role, TrainingJobs
from sagemaker_constructs.aws.responses import member
from sagemaker_constructs.aws.search_expressions import any_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from sagemaker_constructs.aws.settings import AwsSettings

_MACHINES = 4
"""Whose last lines are read."""


class AwsTrainingJobs(AwsClients, TrainingJobs):
    """`TrainingJobs` through boto3."""

    def __init__(self, settings: AwsSettings, region: str) -> None:
        super().__init__(settings, region)
        self._account: str | None = None
        self._account_lock = threading.Lock()

    @override
    def _make_client(self, service: str) -> Any:
        client = super()._make_client(service)
        if service == "sagemaker":
            for operation, rate in RATES.items():
                Pace(*rate).attach(client, operation, THROTTLED)
        return client

    @override
    def describe(self, name: str) -> ExistingJob | None:
        try:
            with asking("DescribeTrainingJob", f"job {name!r}"):
                return ExistingJob.read(self.client("sagemaker").describe_training_job(TrainingJobName=name))
        except ServiceError as error:
            if error.not_found:
                return None
            raise

    @override
    def account(self) -> str:
        with self._account_lock:  # asked once, whatever number of jobs is not found
            if self._account is None:
                with asking("GetCallerIdentity", "the configured credentials"):
                    self._account = member(self.client("sts").get_caller_identity(), "Account", str)
            return self._account

    @override
    def pause(self, seconds: float) -> None:
        time.sleep(seconds)

    @override
    def create(self, request: Mapping[str, Any]) -> str:
        with asking("CreateTrainingJob", f"job {request['TrainingJobName']!r}"):
            return member(self.client("sagemaker").create_training_job(**request), "TrainingJobArn", str)

    @override
    def stop(self, name: str) -> None:
        try:
            with asking("StopTrainingJob", f"job {name!r}"):
                self.client("sagemaker").stop_training_job(TrainingJobName=name)
        except ServiceError as error:
            if not (error.not_running or error.not_found):
                raise

    @override
    def delete(self, name: str) -> None:
        try:
            with asking("DeleteTrainingJob", f"job {name!r}"):
                self.client("sagemaker").delete_training_job(TrainingJobName=name)
        except ServiceError as error:
            if not error.not_found:
                raise

    @override
    def update(self, name: str, request: Mapping[str, Any]) -> None:
        with asking("UpdateTrainingJob", f"job {name!r}"):
            self.client("sagemaker").update_training_job(TrainingJobName=name, **request)

    @override
    def tags(self, arn: str) -> dict[str, str]:
        with asking("ListTags", arn):
            pages = self.client("sagemaker").get_paginator("list_tags").paginate(ResourceArn=arn)
            return {
                member(tag, "Key", str): member(tag, "Value", str)
                for page in pages
                for tag in member(page, "Tags", list)
            }

    @override
    def add_tags(self, arn: str, tags: Mapping[str, str]) -> None:
        with asking("AddTags", arn):
            self.client("sagemaker").add_tags(
                ResourceArn=arn, Tags=[{"Key": key, "Value": value} for key, value in tags.items()]
            )

    @override
    def delete_tags(self, arn: str, keys: Iterable[str]) -> None:
        with asking("DeleteTags", arn):
            self.client("sagemaker").delete_tags(ResourceArn=arn, TagKeys=list(keys))

    @override
    def search(self, owner: str, page: str | None) -> tuple[list[ExistingJob], str | None]:
        expression = {"Filters": [{"Name": f"Tags.{OWNER_TAG}", "Operator": "Equals", "Value": owner}]}
        return self._page(f"jobs of {owner}", expression, page, SortBy="CreationTime", SortOrder="Descending")

    @override
    def unfinished(self, state: str) -> list[ExistingJob]:
        filters = [
            {"Name": f"Tags.{STATE_TAG}", "Operator": "Equals", "Value": state},
            {"Name": "TrainingJobStatus", "Operator": "Equals", "Value": "InProgress"},
        ]
        return list(self._all("jobs that still run", {"Filters": filters}))

    def in_use(self, names: Collection[str]) -> frozenset[str]:
        """Which of these names jobs have, by Search; a job that was created seconds ago may be missing."""
        found = (job.name for each in any_of(names) for job in self._all("the names of the jobs", each))
        return frozenset(names).intersection(found)

    def _all(self, what: str, expression: Mapping[str, Any]) -> Iterator[ExistingJob]:
        """What Search finds, whatever number of pages it has."""
        found, page = self._page(what, expression, None)
        yield from found
        while page:
            found, page = self._page(what, expression, page)
            yield from found

    def _page(
        self, what: str, expression: Mapping[str, Any], page: str | None, **order: str
    ) -> tuple[list[ExistingJob], str | None]:
        """A page of what Search finds, and the token of the next one."""
        token = {"NextToken": page} if page else {}
        with asking("Search", what):
            answer = self.client("sagemaker").search(
                Resource="TrainingJob", SearchExpression=expression, MaxResults=100, **order, **token
            )
            return _searched(answer), answer.get("NextToken")

    @override
    def log_events(self, name: str, since: int, page: str | None) -> tuple[list[LogEvent], str | None]:
        streams = f"{name}/"
        token = {"nextToken": page} if page else {}
        try:
            with asking("FilterLogEvents", f"job {name!r}"):
                answer = self.client("logs").filter_log_events(
                    logGroupName=LOG_GROUP, logStreamNamePrefix=streams, startTime=since, **token
                )
                events = [
                    _log_event(each) for each in member(answer, "events", list) if _stream(each).startswith(streams)
                ]
                return events, answer.get("nextToken")
        except ServiceError as error:
            if error.code == "ResourceNotFoundException":
                return [], None
            raise

    @override
    def last_log_events(self, name: str, count: int) -> list[LogEvent]:
        job, logs = self.describe(name), self.client("logs")
        since = int(job.created.timestamp() * 1000) if job else 0
        try:
            with asking("GetLogEvents", f"job {name!r}"):
                streams = logs.describe_log_streams(logGroupName=LOG_GROUP, logStreamNamePrefix=f"{name}/")
                newest = sorted(member(streams, "logStreams", list), key=_created)[-_MACHINES:]
                pages = [
                    logs.get_log_events(
                        logGroupName=LOG_GROUP,
                        logStreamName=_stream(stream),
                        startTime=since,
                        limit=count,
                        startFromHead=False,
                    )
                    for stream in newest
                ]
                events = [
                    LogEvent("", member(event, "timestamp", int), member(event, "message", str), _host(_stream(stream)))
                    for stream, page in zip(newest, pages, strict=True)
                    for event in member(page, "events", list)
                ]
        except ServiceError as error:
            if error.code == "ResourceNotFoundException":
                return []
            raise
        return sorted(events, key=lambda event: event.time)[-count:]

    @override
    def objects(self, uri: str) -> Iterator[tuple[str, int, str]]:
        address = parse_s3(uri)
        with asking("ListObjectsV2", uri):
            pages = (
                self.client("s3").get_paginator("list_objects_v2").paginate(Bucket=address.bucket, Prefix=address.key)
            )
            for page in pages:
                for found in page.get("Contents", []):
                    yield member(found, "Key", str), member(found, "Size", int), member(found, "ETag", str)

    @override
    def image_digest(self, image: str) -> str | None:
        found = parse_image(image)
        if found is None or found.pulled_tag is None:
            return None
        with asking("BatchGetImage", f"image {image}"):
            answer = self.client("ecr").batch_get_image(
                registryId=found.account,
                repositoryName=found.repository,
                imageIds=[{"imageTag": found.pulled_tag}],
            )
            for each in member(answer, "images", list):
                return member(member(each, "imageId", dict), "imageDigest", str)
        raise ServiceError("BatchGetImage", f"image {image}", "ImageNotFound", "the repository has no such tag")

    @override
    def role(self, arn: str) -> Role | None:
        try:
            with asking("GetRole", f"role {arn!r}"):
                answer = self.client("iam").get_role(RoleName=resource_name(arn))
                found = member(answer, "Role", dict)
                age = _time_of(answer) - member(found, "CreateDate", datetime)
                trust = json.dumps(found.get("AssumeRolePolicyDocument", {}))
                return Role(member(found, "Arn", str), age.total_seconds(), trust)
        except ServiceError as error:
            if error.code == "NoSuchEntity":
                return None
            raise

    @override
    def network_interfaces(self, subnets: Iterable[str], job_name: str) -> list[str]:
        the_job = re.compile(rf"(?<![\w-]){re.escape(job_name)}(?![\w-])")  # not the one with the suffix
        with asking("DescribeNetworkInterfaces", f"job {job_name!r}"):
            pages = (
                self.client("ec2")
                .get_paginator("describe_network_interfaces")
                .paginate(Filters=[{"Name": "subnet-id", "Values": list(subnets)}])
            )
            return [
                member(interface, "NetworkInterfaceId", str)
                for page in pages
                for interface in member(page, "NetworkInterfaces", list)
                if the_job.search(interface.get("Description", ""))
            ]


def _searched(answer: Any) -> list[ExistingJob]:
    """The jobs in an answer of Search."""
    found = [member(each, "TrainingJob", dict) for each in member(answer, "Results", list)]
    return [ExistingJob.read(each) for each in found]


def _time_of(answer: Any) -> datetime:
    """The time by the service's clock, for that of this machine may be wrong."""
    date = answer.get("ResponseMetadata", {}).get("HTTPHeaders", {}).get("date")
    return parsedate_to_datetime(date).astimezone(UTC) if date else datetime.now(UTC)


def _log_event(event: Any) -> LogEvent:
    return LogEvent(
        member(event, "eventId", str),
        member(event, "timestamp", int),
        member(event, "message", str),
        _host(_stream(event)),
    )


def _stream(found: Any) -> str:
    return member(found, "logStreamName", str)


def _host(stream: str) -> str:
    """The instance of a log stream: `algo-2` of `<job>/algo-2-1700000000`."""
    return re.sub(r"-\d+$", "", stream.rpartition("/")[2])


def _created(stream: Any) -> int:
    return member(stream, "creationTime", int)
