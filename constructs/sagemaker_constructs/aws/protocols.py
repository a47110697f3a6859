"""What can be asked of training jobs, whoever answers: AWS, or a test's own.

Names only: `service.py` asks AWS, `sagemaker_constructs.testing` answers from memory.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from sagemaker_constructs.aws.answers import DescribedJob
    from sagemaker_constructs.aws.existing_job import ExistingJob


class ExistingJobs(Protocol):
    """The training jobs of one account and Region, for those who only look."""

    def describe(self, name: str) -> ExistingJob | None:
        """DescribeTrainingJob; None where there is no such job."""
        ...

    def tags(self, arn: str) -> dict[str, str]:
        """ListTags."""
        ...


class TrainingJobs(ExistingJobs, Protocol):
    """The training jobs of one account and Region."""

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

    def owned_by(self, owner: str) -> list[ExistingJob]:
        """Search: the newest jobs that a stack owns, a thousand at most, with their tags, a hundred a call."""
        ...

    def has_role(self, arn: str) -> bool:
        """GetRole: whether IAM knows the role. True where nobody may look."""
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

    def log_events(self, name: str, since: int, page: str | None) -> tuple[list[LogEvent], str | None]:
        """One FilterLogEvents: what all machines of the job logged, from a time in milliseconds on; oldest first.

        The token of the next page comes with it, of an empty page too, until there is no more.
        """
        ...

    def last_log_lines(self, name: str, count: int) -> list[str]:
        """GetLogEvents of up to four machines: the last lines; none where the job never came to log.

        Not those of an earlier job of the same name.
        """
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


class Say(Protocol):
    """Tells the user something: `engine.report`."""

    def __call__(self, message: str, *, ephemeral: bool = False) -> None:
        """One sentence; ephemeral where it matters only while it lasts."""
        ...
