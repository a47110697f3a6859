"""Calls the API operations that a training job's life needs, and decides nothing about when.

Input: `AwsSettings` and a Region. Output: `TrainingJobs` through boto3; every refusal is a `ServiceError`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from typing_extensions import override

from sagemaker_constructs.addresses.arns import resource_name
from sagemaker_constructs.addresses.ecr import parse_image
from sagemaker_constructs.addresses.s3 import parse_s3
from sagemaker_constructs.api.tag_keys import OWNER_TAG
from sagemaker_constructs.aws.answers import LOG_GROUP, ExistingJob
from sagemaker_constructs.aws.clients import AwsClients, asking
from sagemaker_constructs.aws.errors import ServiceError
from sagemaker_constructs.aws.protocols import LogEvent, TrainingJobs

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_MACHINES = 4
"""Whose last lines are read."""


class AwsTrainingJobs(AwsClients, TrainingJobs):
    """`TrainingJobs` through boto3."""

    @override
    def describe(self, name: str) -> ExistingJob | None:
        try:
            with asking("DescribeTrainingJob", f"job {name!r}"):
                return ExistingJob(self.client("sagemaker").describe_training_job(TrainingJobName=name))
        except ServiceError as error:
            if error.not_found:
                return None
            raise

    @override
    def create(self, request: Mapping[str, Any]) -> str:
        with asking("CreateTrainingJob", f"job {request['TrainingJobName']!r}"):
            return self.client("sagemaker").create_training_job(**request)["TrainingJobArn"]

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
            return {tag["Key"]: tag["Value"] for page in pages for tag in page["Tags"]}

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
        with asking("Search", f"jobs of {owner}"):
            answer = self.client("sagemaker").search(
                Resource="TrainingJob",
                SearchExpression={"Filters": [{"Name": f"Tags.{OWNER_TAG}", "Operator": "Equals", "Value": owner}]},
                SortBy="CreationTime",
                SortOrder="Descending",
                MaxResults=100,
                **({"NextToken": page} if page else {}),
            )
        return [ExistingJob(found["TrainingJob"]) for found in answer["Results"]], answer.get("NextToken")

    @override
    def log_events(self, name: str, since: int, page: str | None) -> tuple[list[LogEvent], str | None]:
        streams = f"{name}/"
        token = {"nextToken": page} if page else {}
        try:
            with asking("FilterLogEvents", f"job {name!r}"):
                answer = self.client("logs").filter_log_events(
                    logGroupName=LOG_GROUP, logStreamNamePrefix=streams, startTime=since, **token
                )
        except ServiceError as error:
            if error.code == "ResourceNotFoundException":
                return [], None
            raise
        own = (event for event in answer["events"] if event["logStreamName"].startswith(streams))
        events = [LogEvent(event["eventId"], event["timestamp"], event["message"]) for event in own]
        return events, answer.get("nextToken")

    @override
    def last_log_lines(self, name: str, count: int) -> list[str]:
        job, logs = self.describe(name), self.client("logs")
        since = int(job.created.timestamp() * 1000) if job else 0
        try:
            with asking("GetLogEvents", f"job {name!r}"):
                streams = logs.describe_log_streams(logGroupName=LOG_GROUP, logStreamNamePrefix=f"{name}/")
                newest = sorted(streams["logStreams"], key=lambda stream: stream["creationTime"])[-_MACHINES:]
                events = [
                    event
                    for stream in newest
                    for event in logs.get_log_events(
                        logGroupName=LOG_GROUP,
                        logStreamName=stream["logStreamName"],
                        startTime=since,
                        limit=count,
                        startFromHead=False,
                    )["events"]
                ]
        except ServiceError as error:
            if error.code == "ResourceNotFoundException":
                return []
            raise
        return [event["message"] for event in sorted(events, key=lambda event: event["timestamp"])[-count:]]

    @override
    def objects(self, uri: str) -> Iterator[tuple[str, int, str]]:
        address = parse_s3(uri)
        with asking("ListObjectsV2", uri):
            pages = (
                self.client("s3").get_paginator("list_objects_v2").paginate(Bucket=address.bucket, Prefix=address.key)
            )
            for page in pages:
                for found in page.get("Contents", []):
                    yield found["Key"], found["Size"], found["ETag"]

    @override
    def image_digest(self, image: str) -> str | None:
        found = parse_image(image)
        if found is None or found.pulled_tag is None:
            return None
        with asking("BatchGetImage", f"image {image}"):
            images = self.client("ecr").batch_get_image(
                registryId=found.account,
                repositoryName=found.repository,
                imageIds=[{"imageTag": found.pulled_tag}],
            )["images"]
        if not images:
            raise ServiceError("BatchGetImage", f"image {image}", "ImageNotFound", "the repository has no such tag")
        return images[0]["imageId"]["imageDigest"]

    @override
    def has_role(self, arn: str) -> bool:
        try:
            with asking("GetRole", f"role {arn!r}"):
                self.client("iam").get_role(RoleName=resource_name(arn))
        except ServiceError as error:
            if error.code != "NoSuchEntity" and not error.no_access:
                raise
            return error.code != "NoSuchEntity"
        return True

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
                interface["NetworkInterfaceId"]
                for page in pages
                for interface in page["NetworkInterfaces"]
                if the_job.search(interface.get("Description", ""))
            ]
