"""Carries out what a job does in other services as it passes from phase to phase."""

from __future__ import annotations

import io
import re
import tarfile
import time
from typing import TYPE_CHECKING

from moto.s3.exceptions import S3ClientError

from localaws.server import backends
from localaws.server.training import images, permissions, preconditions

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from localaws.server.settings import Settings
    from localaws.server.training.execution import Execution
    from localaws.server.training.job import Job
    from localaws.server.training.timeline import Phase

LOG_GROUP = "/aws/sagemaker/TrainingJobs"

NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
"""A number, as the value of a metric."""


class JobFailure(Exception):  # noqa: N818 - the text is the job's FailureReason
    """The job fails; the text is its FailureReason."""


class Effects:
    """Carries out the effects of phases; the table at the end lists them."""

    def __init__(self, settings: Settings, execution: Execution) -> None:
        self.settings = settings
        self._execution = execution

    def enter(self, job: Job, phase: Phase) -> None:
        """Carries out the effects of a phase.

        Raises:
            JobFailure: The job fails.
        """
        reason = permissions.refusal(job, phase.status) if self.settings.enforce_iam else None
        if reason is not None:
            raise JobFailure(reason)
        for effect in BY_STATUS.get(phase.status, ()):
            effect(self, job)

    def attach(self, job: Job) -> None:
        """Places a network interface for each instance into the job's subnets, in turn."""
        configuration = job.request.get("VpcConfig")
        if configuration is None:
            return
        ec2 = backends.ec2(job.account, job.region)
        subnets = configuration["Subnets"]
        for instance in range(job.instances):
            interface = ec2.create_network_interface(
                ec2.get_subnet(subnets[instance % len(subnets)]),
                [],
                group_ids=configuration["SecurityGroupIds"],
                description=f"[DO NOT DELETE] ENI managed by SageMaker for Training Job ({job.name})",
                tags={"aws:sagemaker:training-job": job.arn},
            )
            interface.requester_managed = True
            interface.status = "in-use"
            job.interfaces.append(interface.id)

    def detach(self, job: Job) -> None:
        """Removes the job's network interfaces."""
        ec2 = backends.ec2(job.account, job.region)
        while job.interfaces:
            interface = ec2.enis.get(job.interfaces.pop())
            if interface is not None:
                interface.delete()

    def open_logs(self, job: Job) -> None:
        """Creates the log group, and a stream for each instance."""
        if self.settings.enforce_iam and not permissions.may_log(job):
            return
        logs = backends.logs(job.account, job.region)
        if LOG_GROUP not in logs.groups:
            logs.create_log_group(LOG_GROUP, {})
        for instance in range(1, job.instances + 1):
            logs.ensure_log_stream(LOG_GROUP, stream(job, instance))

    def pull(self, job: Job) -> None:
        """Checks that the image exists, with LOCALAWS_ENFORCE_IAM=1.

        Raises:
            JobFailure: It is not in the account's registry.
        """
        if self.settings.enforce_iam and images.missing(job):
            raise JobFailure(images.MISSING)

    def download(self, job: Job) -> None:
        """Checks that the inputs exist.

        Raises:
            JobFailure: An input's prefix has no objects.
        """
        missing = preconditions.empty_input(job)
        if missing is not None:
            raise JobFailure(f"ClientError: Data download failed:{preconditions.unreadable(job, missing)}")

    def begin(self, job: Job) -> None:
        """Starts the container."""
        self._execution.start(job, lambda lines: record(job, lines))

    def upload(self, job: Job) -> None:
        """Ends the container and uploads its model to S3."""
        if job.artifacts is not None or not started(job):
            return
        files = self._execution.finish(job, lambda lines: record(job, lines))
        target = job.request["OutputDataConfig"]
        unpacked = target.get("CompressionType") == "NONE"
        output = f"{target['S3OutputPath'].rstrip('/')}/{job.name}/output"
        artifacts = f"{output}/model/" if unpacked else f"{output}/model.tar.gz"
        objects = (
            {artifacts + name: content for name, content in files.items()} if unpacked else {artifacts: packed(files)}
        )
        for uri, content in objects.items():
            place = preconditions.location(uri)
            try:
                backends.s3(job.account, job.region).put_object(place.bucket, place.key, content)
            except S3ClientError as error:
                raise JobFailure(f"ClientError: Artifact upload failed:Unable to upload file to {uri}") from error
        job.artifacts = artifacts


def started(job: Job) -> bool:
    """Whether the job's container was started."""
    return any(phase.status == "Training" for phase in job.plan.phases[: job.settled])


def stream(job: Job, instance: int) -> str:
    """The log stream of an instance."""
    return f"{job.name}/algo-{instance}-{int(job.created)}"


def record(job: Job, lines: Sequence[str]) -> None:
    """Writes lines of the first instance to its log, and notes the metrics in them."""
    now = time.time()
    events = [{"timestamp": int(now * 1000), "message": line} for line in lines]
    logs = backends.logs(job.account, job.region)
    if LOG_GROUP in logs.groups and stream(job, 1) in logs.groups[LOG_GROUP].streams:
        logs.put_log_events(LOG_GROUP, stream(job, 1), events)
    for definition in job.request.get("AlgorithmSpecification", {}).get("MetricDefinitions", []):
        found = [match.group(1) for line in lines for match in re.finditer(definition["Regex"], line) if match.groups()]
        numbers = [float(text) for text in found if NUMBER.fullmatch(text or "")]
        if numbers:
            job.metrics[definition["Name"]] = (numbers[-1], now)


def packed(files: Mapping[str, bytes]) -> bytes:
    """A gzipped tar of files."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        for name, content in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return buffer.getvalue()


BY_STATUS: Mapping[str, Sequence[Callable[[Effects, Job], None]]] = {
    "Starting": (Effects.attach,),
    "Downloading": (Effects.open_logs,),
    "DownloadingTrainingImage": (Effects.download, Effects.pull),
    "Training": (Effects.begin,),
    "Uploading": (Effects.upload,),
    "Stopping": (Effects.upload,),
}
"""The effects of a status. A job's network goes when its instances do: see `Jobs.release`."""
