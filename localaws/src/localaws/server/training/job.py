"""Defines a training job: its request, its plan, and its results so far."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from localaws.server.training.timeline import ENDS, PRIMARY, Phase, Plan
from sagemaker_constructs.addresses.arns import Arn
from sagemaker_constructs.addresses.partitions import PARTITIONS, partition_of

if TYPE_CHECKING:
    from localaws.server.training.warmpool import WarmPool


@dataclass
class Job:
    """A training job.

    Attributes:
        account: Its account.
        region: Its Region.
        request: What CreateTrainingJob was sent, without Tags, with the metric definitions of a built-in image.
        created: When, in seconds since the epoch.
        plan: Its phases.
        tags: Its tags.
        modified: When it was last changed from outside.
        settled: How many phases of the plan have had their effects.
        deleting: Whether it is being deleted.
        pool: The instances that it left running.
        metrics: The newest value of each metric, with its time.
        artifacts: Where its model lies, once it does.
        interfaces: Its network interfaces.
        simulated: Why no container runs for it; empty where one does.
        attempts: How often its container was started.
    """

    account: str
    region: str
    request: dict[str, Any]
    created: float
    plan: Plan = field(default_factory=lambda: Plan(()))
    tags: dict[str, str] = field(default_factory=dict[str, str])
    modified: float = 0.0
    settled: int = 0
    deleting: bool = False
    pool: WarmPool | None = None
    metrics: dict[str, tuple[float, float]] = field(default_factory=dict[str, tuple[float, float]])
    artifacts: str | None = None
    interfaces: list[str] = field(default_factory=list[str])
    simulated: str = "no container is run"
    attempts: int = 0

    @property
    def name(self) -> str:
        """TrainingJobName."""
        return self.request["TrainingJobName"]

    @property
    def arn(self) -> str:
        """TrainingJobArn."""
        return self.arn_of("sagemaker", f"training-job/{self.name}")

    @property
    def partition(self) -> str:
        """The partition of its Region; `aws` for a Region that fits none."""
        return (partition_of(self.region) or PARTITIONS[0]).name

    def arn_of(self, service: str, resource: str) -> str:
        """The ARN of a resource in its account and Region."""
        return Arn(self.partition, service, self.region, self.account, resource).text

    def bucket_arn(self, bucket: str) -> str:
        """The ARN of a bucket in its partition."""
        return Arn(self.partition, "s3", "", "", bucket).text

    def phases(self, now: float) -> tuple[Phase, ...]:
        """The phases that a description shows: an end only once its effects are done, so that the results are there."""
        entered = self.plan.entered(now)
        unsettled_end = entered[-1].status in ENDS and self.settled < len(entered)
        return entered[:-1] if unsettled_end else entered

    def secondary(self, now: float) -> str:
        """SecondaryStatus."""
        return self.phases(now)[-1].status

    def status(self, now: float) -> str:
        """TrainingJobStatus."""
        return "Deleting" if self.deleting else PRIMARY.get(self.secondary(now), "InProgress")

    @property
    def selected(self) -> dict[str, Any]:
        """The first of InstancePreferences, which always has capacity here, as ResourceConfig shows it; else empty."""
        resources = self.request.get("ResourceConfig", {})
        for preference in resources.get("InstancePreferences", []):
            count = preference.get("InstanceCount", resources.get("InstanceCount", 1))
            return {"SelectedInstanceType": preference["InstanceType"], "SelectedInstanceCount": count}
        return {}

    @property
    def instances(self) -> int:
        """The number of instances."""
        resources = self.request.get("ResourceConfig", {}) | self.selected
        groups = resources.get("InstanceGroups", [])
        return sum(group["InstanceCount"] for group in groups) or resources.get(
            "SelectedInstanceCount", resources.get("InstanceCount", 1)
        )
