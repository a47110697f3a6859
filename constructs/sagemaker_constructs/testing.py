"""Answers in place of AWS in unit tests: `FakeTrainingJobs`.

It is a whole `TrainingJobs`, so that jobs, their results and their fallbacks work with it. Call the methods of a
provider as the engine would, and let the jobs become what the test needs:

    import pytest

    from sagemaker_constructs import NoResultError
    from sagemaker_constructs.providers import TrainingFallbackProvider, TrainingJobProvider, TrainingResultProvider
    from sagemaker_constructs.testing import FakeTrainingJobs

    jobs = FakeTrainingJobs()
    job, result, fallback = (
        jobs.provider(each) for each in (TrainingJobProvider, TrainingResultProvider, TrainingFallbackProvider)
    )
    stack = {"owner": "organization/project/stack", "region": "eu-west-1"}
    model = {
        **stack,
        "name_prefix": "model",
        "declared_as": "TrainingJob::model",  # a resource's type and name
        "algorithm_specification": {"training_image": "train:1", "training_input_mode": "File"},
        "output_data_config": {"s3_output_path": "s3://bucket/models"},
        "resource_config": {"instance_type": "ml.m5.large", "instance_count": 1, "volume_size_in_gb": 10},
        "role_arn": "arn:aws:iam::123456789012:role/training",
    }

    # A job that completes, and its result.
    first = job.create(job.check({}, model).inputs)
    jobs.becomes(first.id, "Completed", metrics={"loss": 0.25})
    outputs = result.create({**stack, "training_job_name": first.id}).outs
    assert outputs["final_metrics"] == {"loss": 0.25}
    assert outputs["model_artifacts"] == f"s3://bucket/models/{first.id}/output/model.tar.gz"

    # Another one finds no machines: its fallback starts.
    deeper = {**model, "hyper_parameters": {"depth": "9"}}
    second = job.create(job.check({}, deeper).inputs)
    jobs.becomes(second.id, "Failed", failure_reason="CapacityError: Unable to provision requested ML compute capacity")
    larger = {**model["resource_config"], "instance_type": "ml.m5.xlarge"}
    other = {**deeper, "declared_as": "TrainingFallback::model", "resource_config": larger, "after": second.id}
    third = fallback.create(fallback.check({}, other).inputs)
    assert jobs.jobs[third.id].instance_type == "ml.m5.xlarge"

    # That fails, too: instead of a result there is the reason, with the last lines of the log.
    jobs.log(third.id, "loss is nan")
    jobs.becomes(third.id, "Failed", failure_reason="AlgorithmError: exit code 1")
    with pytest.raises(NoResultError, match="loss is nan"):
        result.create({**stack, "training_job_name": third.id, "runs": [second.id, third.id]})
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar, cast

from sagemaker_constructs.addresses.arns import parse_arn
from sagemaker_constructs.api.tag_keys import OWNER_TAG, STATE_TAG
from sagemaker_constructs.aws.answers import ExistingJob
from sagemaker_constructs.aws.errors import ServiceError
from sagemaker_constructs.aws.protocols import LogEvent, Role
from sagemaker_constructs.cost.prices import Price, PriceList
from sagemaker_constructs.guardrails.file import KEY as GUARDRAILS

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator, Mapping
    from pathlib import Path

    from sagemaker_constructs.aws.settings import AwsSettings
    from sagemaker_constructs.providers import Provider

_Provider = TypeVar("_Provider", bound="Provider")

OPERATIONS: Mapping[str, str] = {
    "describe": "DescribeTrainingJob",
    "search": "Search",
    "unfinished": "Search",
    "account": "GetCallerIdentity",
    "create": "CreateTrainingJob",
    "stop": "StopTrainingJob",
    "delete": "DeleteTrainingJob",
    "update": "UpdateTrainingJob",
    "tags": "ListTags",
    "add_tags": "AddTags",
    "delete_tags": "DeleteTags",
    "log_events": "FilterLogEvents",
    "last_log_events": "GetLogEvents",
    "role": "GetRole",
    "network_interfaces": "DescribeNetworkInterfaces",
    "objects": "ListObjectsV2",
    "image_digest": "BatchGetImage",
}
"""The API operation of each method, as errors name it."""


@dataclass(slots=True)
class _Fault:
    """An error of a method."""

    error: ServiceError
    done: bool
    """Whether the call takes effect all the same."""
    times: int | None
    """How often it is still raised; None: until the fake recovers."""


class FakeTrainingJobs:
    """The training jobs of one account and Region in memory: `TrainingJobs` without AWS.

    It keeps to what the library relies on: a name is used once, a stop takes a moment, only Search has tags and shows
    the newest jobs first. Tests read and write its attributes as they like.

    Args:
        arn_prefix: what the ARNs of its jobs begin with.
    """

    def __init__(self, arn_prefix: str = "arn:aws:sagemaker:eu-west-1:123456789012:training-job/") -> None:
        self.arn_prefix = arn_prefix
        self.jobs: dict[str, ExistingJob] = {}
        """The jobs by name."""
        self.tagged: dict[str, dict[str, str]] = {}
        """Their tags, by the job's name."""
        self.logged: dict[str, list[LogEvent]] = {}
        """What they logged, by the job's name."""
        self.calls: list[tuple[Any, ...]] = []
        """What was asked for: the method's name, then its arguments."""
        self.started: list[str] = []
        """The names of the jobs that were started, in this order."""
        self.behind: dict[str, list[tuple[str, int, str]]] = {}
        """By S3 URI: key, size and ETag of the objects behind it."""
        self.images: dict[str, str] = {}
        """By image: the digest behind its tag."""
        self.missing_roles: set[str] = set()
        """ARNs of roles that IAM does not know."""
        self.role_age = 0.0
        """Age of the others in seconds."""
        self.interfaces: dict[str, list[str]] = {}
        """By job: identifiers of network interfaces, which are seen once more and then gone."""
        self.now = datetime(2026, 1, 1, tzinfo=UTC)
        """The time, which passes only when a job is created or becomes something else."""
        self.page_size = 100
        """Jobs in a page of Search."""
        self.log_page_size = 10_000
        """Lines in a page of a log."""
        self.empty_log_pages = False
        """Whether an empty page comes before each page of a log, as CloudWatch Logs may do."""
        self.lag = 0
        """How many calls of `describe`, and then of `tags`, do not find a job that was created meanwhile."""
        self._unseen: dict[tuple[str, str], int] = {}
        self._faults: dict[str, list[_Fault]] = {}

    def connect(self, settings: AwsSettings, region: str) -> FakeTrainingJobs:
        """The `connect` of a provider: these jobs, whatever the settings and the Region."""
        del settings, region
        return self

    def provider(
        self,
        kind: type[_Provider],
        *,
        guardrails: str | Path | None = None,
        prices: Mapping[str, str] | None = None,
        **configuration: str,
    ) -> _Provider:
        """A provider of a kind, as in a process of its own, that asks these jobs, and nobody for prices.

        Args:
            kind: one of the classes of `sagemaker_constructs.providers`.
            guardrails: the file of the guardrails. Default: none.
            prices: US dollars by usage: `{"ml.m5.large": "0.115", "VolumeUsage.gp2": "0.14"}`, an hour of an instance
                and a GB for a month. What has no price costs an unknown amount.
            **configuration: the keys of the stack under `aws:`.
        """
        lists = partial(_PriceLists, prices or {})
        members = {"connect": staticmethod(self.connect), "price_lists": staticmethod(lists)}
        made = cast("_Provider", type(kind.__name__, (kind,), members)())
        keys = {f"aws:{key}": value for key, value in configuration.items()}
        if guardrails:
            keys[GUARDRAILS] = str(guardrails)
        made.begin(keys.get)
        return made

    def fail(self, method: str, code: str, said: str, *, times: int | None = 1, done: bool = False) -> None:
        """Make the next calls of a method fail.

        Args:
            method: a method of `TrainingJobs`, one of `OPERATIONS`.
            code: AWS's error code.
            said: AWS's words.
            times: how many calls; None for all of them, until `recover`.
            done: whether they take effect all the same, as when an answer is lost.
        """
        error = ServiceError(OPERATIONS[method], "the fake", code, said)
        self._faults.setdefault(method, []).append(_Fault(error, done, times))

    def recover(self) -> None:
        """Let every call succeed again."""
        self._faults.clear()

    def add(self, job: ExistingJob, *, owner: str | None = None) -> None:
        """A job that exists already, of a stack or of nobody."""
        tags = {**(job.tags or {}), **({OWNER_TAG: owner} if owner else {})}
        answer = {name: value for name, value in job.answer.items() if name != "Tags"}
        self.jobs[job.name], self.tagged[job.name] = ExistingJob(answer), tags

    def becomes(
        self,
        name: str,
        status: str,
        secondary_status: str | None = None,
        *,
        after: float = 60,
        failure_reason: str | None = None,
        metrics: Mapping[str, float] | None = None,
        model_artifacts: str | None = None,
        warm_pool_status: str | None = None,
        **answer: Any,
    ) -> None:
        """Let a job become something else.

        Args:
            name: the job's.
            status: its TrainingJobStatus. A job that becomes Completed has trained before, and left a model.
            secondary_status: its SecondaryStatus. Default: the same.
            after: seconds from the present status to this one.
            failure_reason: why it failed.
            metrics: the last value of each metric.
            model_artifacts: where its model is. Default: where SageMaker puts that of a completed job.
            warm_pool_status: what became of its machines.
            **answer: further members of DescribeTrainingJob, under AWS's names.
        """
        job = self.jobs[name]
        if status == "Completed" and not job.times_in("Training"):
            self.becomes(name, "InProgress", "Training", after=after)
            job = self.jobs[name]
        self.now += timedelta(seconds=after)
        if status == "Completed" and model_artifacts is None:
            model_artifacts = _model_of(job)
        stated = {
            "FailureReason": failure_reason,
            "FinalMetricDataList": metrics and [_metric(each, value, self.now) for each, value in metrics.items()],
            "ModelArtifacts": model_artifacts and {"S3ModelArtifacts": model_artifacts},
            "WarmPoolStatus": warm_pool_status and {"Status": warm_pool_status},
        }
        self.jobs[name] = ExistingJob(
            {
                **job.answer,
                **_entered(job, status, secondary_status or status, self.now),
                **{member: value for member, value in stated.items() if value is not None},
                **answer,
            }
        )

    def log(self, name: str, *lines: str, after: int = 0, host: str = "algo-1") -> None:
        """Let an instance of a job log lines, so many milliseconds after the job's creation."""
        logged = self.logged.setdefault(name, [])
        time = int(self.jobs[name].created.timestamp() * 1000) + after
        logged += [LogEvent(f"{name}/{number}", time, line, host) for number, line in enumerate(lines, len(logged))]

    def named(self, method: str) -> list[tuple[Any, ...]]:
        """The arguments of each call of a method."""
        return [call[1:] for call in self.calls if call[0] == method]

    def describe(self, name: str) -> ExistingJob | None:
        """The job without its tags. One that is Stopping was so for the last time."""
        with self._call("describe", name):
            return self._seen(name) if name in self.jobs and not self._lags("describe", name) else None

    def account(self) -> str:
        """The account of its ARNs."""
        with self._call("account"):
            arn = parse_arn(self.arn_prefix)
            return arn.account if arn else ""

    def pause(self, seconds: float) -> None:
        """No time passes but the fake's own."""
        self.now += timedelta(seconds=seconds)

    def create(self, request: Mapping[str, Any]) -> str:
        """A new job that is InProgress. Raises ServiceError ResourceInUse where the name is taken."""
        with self._call("create", request):
            name = request["TrainingJobName"]
            arn = self.arn_prefix + name
            if name in self.jobs:
                raise ServiceError("CreateTrainingJob", f"job {name!r}", "ResourceInUse", f"the name is taken ({arn})")
            self.now += timedelta(seconds=1)
            started = ExistingJob.just_started({**request, "CreationTime": self.now}, arn)
            transitions = _entered(started, "InProgress", "Starting", self.now)
            self.add(ExistingJob({**started.answer, **transitions}))
            self.started.append(name)
            self._unseen |= {("describe", name): self.lag, ("tags", arn): self.lag}
            return arn

    def stop(self, name: str) -> None:
        """Stopping, where it runs."""
        with self._call("stop", name):
            if name in self.jobs and self.jobs[name].status == "InProgress":
                self.becomes(name, "Stopping")

    def delete(self, name: str) -> None:
        """Gone; its log stays."""
        with self._call("delete", name):
            self.jobs.pop(name, None)
            self.tagged.pop(name, None)

    def update(self, name: str, request: Mapping[str, Any]) -> None:
        """Noted among the calls; a keep-alive period of 0 ends the warm pool."""
        with self._call("update", name, request):
            if request.get("ResourceConfig") == {"KeepAlivePeriodInSeconds": 0}:
                job = self.jobs[name]
                self.jobs[name] = ExistingJob({**job.answer, "WarmPoolStatus": {"Status": "Terminated"}})

    def tags(self, arn: str) -> dict[str, str]:
        """The job's tags."""
        with self._call("tags", arn):
            return {} if self._lags("tags", arn) else dict(self._tags(arn))

    def add_tags(self, arn: str, tags: Mapping[str, str]) -> None:
        """More tags, or other values."""
        with self._call("add_tags", arn, tags):
            self._tags(arn).update(tags)

    def delete_tags(self, arn: str, keys: Iterable[str]) -> None:
        """Fewer tags."""
        with self._call("delete_tags", arn, keys):
            for key in keys:
                self._tags(arn).pop(key, None)

    def search(self, owner: str, page: str | None) -> tuple[list[ExistingJob], str | None]:
        """A page of the jobs with this owner's tag, the newest first, with their tags."""
        with self._call("search", owner, page):
            owned = [name for name, tags in self.tagged.items() if tags.get(OWNER_TAG) == owner]
            owned.sort(key=lambda name: self.jobs[name].creation_time, reverse=True)
            start = int(page or 0)
            end = start + self.page_size
            found = [_with_tags(self._seen(name), self.tagged[name]) for name in owned[start:end]]
            return found, str(end) if end < len(owned) else None

    def unfinished(self, state: str) -> list[ExistingJob]:
        """The jobs with this state's tag that are InProgress, with their tags."""
        with self._call("unfinished", state):
            return [
                _with_tags(job, self.tagged[name])
                for name, job in self.jobs.items()
                if job.status == "InProgress" and self.tagged[name].get(STATE_TAG) == state
            ]

    def log_events(self, name: str, since: int, page: str | None) -> tuple[list[LogEvent], str | None]:
        """A page of what the job logged from a time in milliseconds on."""
        with self._call("log_events", name, since, page):
            events = [event for event in self.logged.get(name, []) if event.time >= since]
            start = int((page or "0").rstrip("+"))
            if self.empty_log_pages and not (page or "").endswith("+"):
                return [], f"{start}+"
            end = start + self.log_page_size
            return events[start:end], str(end) if end < len(events) else None

    def last_log_events(self, name: str, count: int) -> list[LogEvent]:
        """The last lines that the job logged."""
        with self._call("last_log_events", name, count):
            return self.logged.get(name, [])[-count:]

    def role(self, arn: str) -> Role | None:
        """The role, unless it is among the missing ones."""
        with self._call("role", arn):
            return None if arn in self.missing_roles else Role(arn, self.role_age)

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

    def _lags(self, method: str, subject: str) -> bool:
        left = self._unseen.pop((method, subject), 0)
        if left:
            self._unseen[method, subject] = left - 1
        return left > 0

    def _seen(self, name: str) -> ExistingJob:
        job = self.jobs[name]
        if job.status == "Stopping":
            self.becomes(name, "Stopped")
        return job

    @contextmanager
    def _call(self, method: str, *arguments: Any) -> Generator[None]:
        self.calls.append((method, *arguments))
        fault = next(iter(self._faults.get(method, ())), None)
        if fault is not None and fault.times is not None:
            fault.times -= 1
            if fault.times == 0:
                self._faults[method].remove(fault)
        if fault is not None and not fault.done:
            raise fault.error
        yield
        if fault is not None:
            raise fault.error


class _PriceLists:
    """Price lists that a test gives, of each Region the same."""

    def __init__(self, prices: Mapping[str, str]) -> None:
        self._prices = prices

    def of(self, settings: AwsSettings, region: str) -> PriceList:
        """The list, as of today."""
        del settings
        today = datetime.now(UTC).date()
        prices = {
            usage: Price(usd=Decimal(usd), sku="of a test", effective=today) for usage, usd in self._prices.items()
        }
        return PriceList(region=region, fetched=today, prices=prices, problem="the test gives no such price")


def _entered(job: ExistingJob, status: str, secondary_status: str, now: datetime) -> dict[str, Any]:
    """The members of an answer that change with a job's status."""
    *earlier, last = job.transitions or [None]
    entered = {"Status": secondary_status, "StartTime": now, "StatusMessage": ""}
    changed: dict[str, Any] = {
        "TrainingJobStatus": status,
        "SecondaryStatus": secondary_status,
        "SecondaryStatusTransitions": [*earlier, *([{**last, "EndTime": now}] if last else []), entered],
    }
    if secondary_status == "Training" and job.started is None:
        changed["TrainingStartTime"] = now
    if status in ("Completed", "Failed", "Stopped") and job.started is not None:
        seconds = int((now - job.started).total_seconds())
        changed |= {"TrainingEndTime": now, "TrainingTimeInSeconds": seconds, "BillableTimeInSeconds": seconds}
    return changed


def _model_of(job: ExistingJob) -> str | None:
    output = job.answer.get("OutputDataConfig") or {}
    if "S3OutputPath" not in output:
        return None
    leaf = "model/" if output.get("CompressionType") == "NONE" else "model.tar.gz"
    return f"{output['S3OutputPath'].rstrip('/')}/{job.name}/output/{leaf}"


def _metric(name: str, value: float, now: datetime) -> dict[str, Any]:
    return {"MetricName": name, "Value": value, "Timestamp": now}


def _with_tags(job: ExistingJob, tags: Mapping[str, str]) -> ExistingJob:
    return ExistingJob({**job.answer, "Tags": [{"Key": key, "Value": value} for key, value in tags.items()]})
