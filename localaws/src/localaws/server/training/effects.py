"""Carries out what a job does in other services as it passes from phase to phase."""

from __future__ import annotations

import io
import tarfile
from typing import TYPE_CHECKING

from moto.s3.exceptions import S3ClientError

from localaws.server import backends
from localaws.server.training import images, logs, permissions, preconditions
from localaws.server.training.execution import Simulation

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from localaws.server.settings import Settings
    from localaws.server.training.job import Job
    from localaws.server.training.timeline import Phase


class JobFailure(Exception):  # noqa: N818 - the text is the job's FailureReason
    """The job fails; the text is its FailureReason."""


class Effects:
    """Carries out the effects of phases; the table at the end lists them."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._simulation = Simulation()

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
        """Creates the job's log, where its role may."""
        if not self.settings.enforce_iam or permissions.may_log(job):
            logs.open_streams(job)

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
        """Starts the simulation of a container."""
        if job.simulated:
            self._simulation.start(job, lambda lines: logs.record(job, lines))

    def upload(self, job: Job) -> None:
        """Ends the simulation of a container, and uploads its model to S3."""
        if not job.simulated or job.artifacts is not None or not started(job):
            return
        files = self._simulation.finish(job, lambda lines: logs.record(job, lines))
        target = job.request["OutputDataConfig"]
        unpacked = target.get("CompressionType") == "NONE"
        artifacts = f"{output(job)}/model/" if unpacked else f"{output(job)}/model.tar.gz"
        objects = (
            {artifacts + name: content for name, content in files.items()} if unpacked else {artifacts: packed(files)}
        )
        for uri, content in objects.items():
            store(job, uri, content)
        job.artifacts = artifacts


def started(job: Job) -> bool:
    """Whether the job's container was started."""
    return any(phase.status == "Training" for phase in job.plan.phases[: job.settled])


def output(job: Job) -> str:
    """Where the output of a job goes."""
    return f"{job.request['OutputDataConfig']['S3OutputPath'].rstrip('/')}/{job.name}/output"


def store(job: Job, uri: str, content: bytes, failure: str = "Artifact upload failed") -> None:
    """Uploads an object.

    Raises:
        JobFailure: The bucket has gone.
    """
    place = preconditions.location(uri)
    try:
        backends.s3(job.account, job.region).put_object(place.bucket, place.key, content)
    except S3ClientError as error:
        raise JobFailure(f"ClientError: {failure}:Unable to upload file to {uri}") from error


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
