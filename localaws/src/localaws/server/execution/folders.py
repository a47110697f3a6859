"""Lays out /opt/ml for an instance, with the configuration files that a training container finds there.

Input: a job and one of its instances. Output: folders, and JSON files below input/config, as in "How Amazon SageMaker
Provides Training Information" and as the training toolkit reads them.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from localaws.server.training.job import Job

OPT_ML = PurePosixPath("/opt/ml")
CHECKPOINTS = str(OPT_ML / "checkpoints")
"""The default of CheckpointConfig.LocalPath."""

ONE_GROUP = "homogeneousCluster"
"""The name that SageMaker gives to the instances of a job without instance groups."""

NETWORK_INTERFACE = "lo"
"""On AWS eth0; the instances of a job are processes of one machine here."""

MADE = (
    "code",
    "input/config",
    "input/data",
    "model",
    "output/data",
    "output/intermediate",
)
"""The folders of every instance."""


@dataclass(frozen=True)
class Instance:
    """One of a job's instances.

    Attributes:
        number: From 1 on, over all groups.
        type: Its instance type.
        group: Its instance group.
    """

    number: int
    type: str
    group: str = ONE_GROUP

    @property
    def name(self) -> str:
        """Its host name: `algo-1`."""
        return f"algo-{self.number}"


def instances(job: Job) -> list[Instance]:
    """The instances of a job, group after group."""
    resources: dict[str, Any] = job.request.get("ResourceConfig", {}) | job.selected
    groups: list[dict[str, Any]] = resources.get("InstanceGroups") or [
        {
            "InstanceGroupName": ONE_GROUP,
            "InstanceType": resources.get("SelectedInstanceType", resources.get("InstanceType", "ml.m5.large")),
            "InstanceCount": job.instances,
        }
    ]
    places = [group for group in groups for _ in range(group["InstanceCount"])]
    return [
        Instance(number, group["InstanceType"], group["InstanceGroupName"]) for number, group in enumerate(places, 1)
    ]


def mode(job: Job, channel: Mapping[str, Any]) -> str:
    """The input mode of a channel: its own, or the algorithm's."""
    return channel.get("InputMode") or job.request.get("AlgorithmSpecification", {}).get("TrainingInputMode", "File")


def received(channel: Mapping[str, Any], instance: Instance) -> bool:
    """Whether an instance gets a channel: all do, unless it names instance groups."""
    groups = channel["DataSource"].get("S3DataSource", {}).get("InstanceGroupNames")
    return not groups or instance.group in groups


def configuration(job: Job, instance: Instance) -> dict[str, Any]:
    """The files below input/config, by name."""
    everyone = instances(job)
    channels = job.request.get("InputDataConfig", [])
    files: dict[str, Any] = {
        "hyperparameters.json": job.request.get("HyperParameters", {}),
        "inputdataconfig.json": {
            channel["ChannelName"]: channel_configuration(job, channel)
            for channel in channels
            if received(channel, instance)
        },
        "resourceconfig.json": {
            "current_host": instance.name,
            "current_instance_type": instance.type,
            "current_group_name": instance.group,
            "hosts": sorted(one.name for one in everyone),
            "instance_groups": [
                {
                    "instance_group_name": group,
                    "instance_type": next(one.type for one in everyone if one.group == group),
                    "hosts": sorted(one.name for one in everyone if one.group == group),
                }
                for group in dict.fromkeys(one.group for one in everyone)
            ],
            "network_interface_name": NETWORK_INTERFACE,
        },
    }
    checkpoints = job.request.get("CheckpointConfig")
    if checkpoints:
        files["checkpointconfig.json"] = {
            "S3Uri": checkpoints["S3Uri"],
            "LocalPath": checkpoints.get("LocalPath", CHECKPOINTS),
        }
    return files


def channel_configuration(job: Job, channel: Mapping[str, Any]) -> dict[str, str]:
    """A channel in inputdataconfig.json."""
    source = channel["DataSource"].get("S3DataSource", {})
    found = {
        "TrainingInputMode": mode(job, channel),
        "S3DistributionType": source.get("S3DataDistributionType", "FullyReplicated"),
        "RecordWrapperType": channel.get("RecordWrapperType", "None"),
    }
    return found | ({"ContentType": channel["ContentType"]} if "ContentType" in channel else {})


def checkpoint_folder(job: Job, folder: Path) -> Path | None:
    """Where an instance keeps checkpoints, if it does: below its /opt/ml, which is `folder`."""
    if "CheckpointConfig" not in job.request:
        return None
    local = PurePosixPath(job.request["CheckpointConfig"].get("LocalPath", CHECKPOINTS))
    return folder / (local.relative_to(OPT_ML) if local.is_relative_to(OPT_ML) else "checkpoints")


def make(job: Job, instance: Instance, folder: Path) -> None:
    """Creates /opt/ml of an instance at `folder`, which must not exist."""
    for made in MADE:
        (folder / made).mkdir(parents=True)
    if (checkpoints := checkpoint_folder(job, folder)) is not None:
        checkpoints.mkdir(parents=True, exist_ok=True)
    for name, content in configuration(job, instance).items():
        (folder / "input/config" / name).write_text(json.dumps(content))
