"""Declares what can be asked of training jobs, whoever answers.

`aws.training_jobs` asks AWS, `sagemaker_constructs.testing` answers from memory. Every refusal is a `ServiceError`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from sagemaker_constructs.aws.answers import ExistingJob


class LogEvent(NamedTuple):
    """A line of a job's log."""

    identity: str
    time: int
    """Milliseconds since the epoch."""
    line: str
    host: str = ""
    """The instance that printed it: `algo-2`."""


class Role(NamedTuple):
    """An IAM role."""

    arn: str
    age: float
    """Seconds since it was created, by the service's clock."""
    trust_policy: str = "{}"
    """The document, as JSON."""


class ExistingJobs(Protocol):
    """The training jobs of one account and Region, read only."""

    def describe(self, name: str) -> ExistingJob | None:
        """DescribeTrainingJob; None where there is no such job."""
        ...

    def tags(self, arn: str) -> dict[str, str]:
        """ListTags."""
        ...


class TrainingJobs(ExistingJobs, Protocol):
    """The training jobs of one account and Region, and what stands behind their addresses."""

    def account(self) -> str:
        """GetCallerIdentity: the account of the credentials."""
        ...

    def pause(self, seconds: float) -> None:
        """Wait before the same question is asked again: the service's answers are eventually consistent."""
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

    def add_tags(self, arn: str, tags: Mapping[str, str]) -> None:
        """AddTags, which overwrites."""
        ...

    def delete_tags(self, arn: str, keys: Iterable[str]) -> None:
        """DeleteTags."""
        ...

    def search(self, owner: str, page: str | None) -> tuple[list[ExistingJob], str | None]:
        """Search: a hundred jobs that a stack owns, the newest first, with their tags; the token of the next page."""
        ...

    def unfinished(self, state: str) -> list[ExistingJob]:
        """Search: the jobs with the tag of this state that were InProgress, at most a hundred, with their tags."""
        ...

    def log_events(self, name: str, since: int, page: str | None) -> tuple[list[LogEvent], str | None]:
        """FilterLogEvents: what all machines of the job logged, from a time in milliseconds on; oldest first.

        The token of the next page comes with it, of an empty page too, until there is no more.
        """
        ...

    def last_log_events(self, name: str, count: int) -> list[LogEvent]:
        """GetLogEvents of up to four machines: the last lines; none where the job never came to log.

        Not those of an earlier job of the same name.
        """
        ...

    def role(self, arn: str) -> Role | None:
        """GetRole: the role of this ARN's name, which may have another path; None where IAM knows none."""
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


class Say(Protocol):
    """Tells the user something: `engine_log.report`."""

    def __call__(self, message: str, *, warning: bool = False, ephemeral: bool = False) -> None:
        """One sentence; ephemeral where it matters only while it lasts."""
        ...
