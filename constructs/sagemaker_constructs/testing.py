"""`FakeTrainingJobs`: the training jobs of one account and Region in memory, for unit tests of a stack.

Put it where the provider would ask AWS, and call the provider's methods as the engine would:

    jobs = FakeTrainingJobs()
    monkeypatch.setattr(TrainingJobProvider, "connect", jobs.connect)
    monkeypatch.setenv("SAGEMAKER_CONSTRUCTS_DEBUG", "1")  # without it `configure` ends tracebacks in this process

It keeps to what the library relies on: a name is used once, a stop takes a moment, Describe has no tags.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sagemaker_constructs.api.tag_keys import OWNER_TAG
from sagemaker_constructs.aws.answers import DescribedJob
from sagemaker_constructs.aws.errors import ServiceError
from sagemaker_constructs.aws.existing_job import ExistingJob, existing_job

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator, Mapping

    from sagemaker_constructs.aws.settings import AwsSettings


class FakeTrainingJobs:
    """A `TrainingJobs` without AWS. Tests read and write its attributes as they like.

    Args:
        arn_prefix: what the ARNs of its jobs begin with.
    """

    def __init__(self, arn_prefix: str = "arn:aws:sagemaker:eu-west-1:123456789012:training-job/") -> None:
        self.arn_prefix = arn_prefix
        self.jobs: dict[str, ExistingJob] = {}
        """The jobs by name."""
        self.tagged: dict[str, dict[str, str]] = {}
        """Their tags, by the job's name."""
        self.calls: list[tuple[Any, ...]] = []
        """What was asked for: the method's name, then its arguments."""
        self.behind: dict[str, list[tuple[str, int, str]]] = {}
        """By S3 URI: key, size and ETag of the objects behind it."""
        self.images: dict[str, str] = {}
        """By image: the digest behind its tag."""
        self.missing_roles: set[str] = set()
        """ARNs of roles that IAM does not know."""
        self.interfaces: dict[str, list[str]] = {}
        """By job: identifiers of network interfaces, which are seen once more and then gone."""
        self._faults: dict[str, list[tuple[ServiceError, bool]]] = {}

    def connect(self, settings: AwsSettings, region: str) -> FakeTrainingJobs:
        """The `connect` of a provider: these jobs, whatever the settings and the Region."""
        del settings, region
        return self

    def fail(self, method: str, code: str, said: str, *, times: int = 1, done: bool = False) -> None:
        """Make the next calls of a method fail; `done` after they took effect, as when an answer is lost."""
        fault = (ServiceError(method, "a test", code, said), done)
        self._faults.setdefault(method, []).extend([fault] * times)

    def becomes(self, name: str, status: str, secondary_status: str | None = None, **others: Any) -> None:
        """Set a job's status, its secondary status (default: the same) and other fields of `ExistingJob`."""
        changed = {"status": status, "secondary_status": secondary_status or status, **others}
        self.jobs[name] = replace(self.jobs[name], **changed)

    def named(self, method: str) -> list[tuple[Any, ...]]:
        """The arguments of each call of a method."""
        return [call[1:] for call in self.calls if call[0] == method]

    def describe(self, name: str) -> ExistingJob | None:
        """The job without its tags. One that is Stopping was so for the last time."""
        with self._call("describe", name):
            job = self.jobs.get(name)
            if job is not None and job.status == "Stopping":
                self.becomes(name, "Stopped")
            return job

    def create(self, request: Mapping[str, Any]) -> str:
        """A new job that is InProgress. Raises ServiceError ResourceInUse where the name is taken."""
        with self._call("create", request):
            name = request["TrainingJobName"]
            arn = self.arn_prefix + name
            if name in self.jobs:
                raise ServiceError("CreateTrainingJob", f"job {name!r}", "ResourceInUse", f"the name is taken ({arn})")
            status = {"TrainingJobStatus": "InProgress", "SecondaryStatus": "Starting"}
            job = existing_job(DescribedJob({"Tags": [], **request, "TrainingJobArn": arn, **status}))
            self.jobs[name], self.tagged[name] = replace(job, tags=None), dict(job.tags or {})
            return arn

    def stop(self, name: str) -> None:
        """Stopping, where it runs."""
        with self._call("stop", name):
            if name in self.jobs and self.jobs[name].status == "InProgress":
                self.becomes(name, "Stopping")

    def delete(self, name: str) -> None:
        """Gone."""
        with self._call("delete", name):
            self.jobs.pop(name, None)
            self.tagged.pop(name, None)

    def update(self, name: str, request: Mapping[str, Any]) -> None:
        """Noted among the calls; a keep-alive period of 0 ends the warm pool."""
        with self._call("update", name, request):
            if request.get("ResourceConfig") == {"KeepAlivePeriodInSeconds": 0}:
                self.jobs[name] = replace(self.jobs[name], warm_pool_status="Terminated")

    def tags(self, arn: str) -> dict[str, str]:
        """The job's tags."""
        with self._call("tags", arn):
            return dict(self._tags(arn))

    def add_tags(self, arn: str, tags: Mapping[str, str]) -> None:
        """More tags, or other values."""
        with self._call("add_tags", arn, tags):
            self._tags(arn).update(tags)

    def delete_tags(self, arn: str, keys: Iterable[str]) -> None:
        """Fewer tags."""
        with self._call("delete_tags", arn, keys):
            for key in keys:
                self._tags(arn).pop(key, None)

    def owned_by(self, owner: str) -> list[ExistingJob]:
        """The jobs with this owner's tag, with their tags."""
        with self._call("owned_by", owner):
            theirs = [name for name, tags in self.tagged.items() if tags.get(OWNER_TAG) == owner]
            return [replace(self.jobs[name], tags=dict(self.tagged[name])) for name in theirs]

    def has_role(self, arn: str) -> bool:
        """Whether it is not among the missing ones."""
        with self._call("has_role", arn):
            return arn not in self.missing_roles

    def network_interfaces(self, subnets: Iterable[str], job_name: str) -> list[str]:
        """What the job holds, for the last time."""
        with self._call("network_interfaces", subnets, job_name):
            return self.interfaces.pop(job_name, [])

    def objects(self, uri: str) -> Iterator[tuple[str, int, str]]:
        """What lies behind the URI."""
        with self._call("objects", uri):
            yield from self.behind.get(uri, [])

    def image_digest(self, image: str) -> str | None:
        """What lies behind the tag."""
        with self._call("image_digest", image):
            return self.images.get(image)

    def _tags(self, arn: str) -> dict[str, str]:
        return self.tagged[arn.removeprefix(self.arn_prefix)]

    @contextmanager
    def _call(self, method: str, *arguments: Any) -> Generator[None]:
        self.calls.append((method, *arguments))
        error, done = faults.pop(0) if (faults := self._faults.get(method)) else (None, False)
        if error and not done:
            raise error
        yield
        if error:
            raise error
