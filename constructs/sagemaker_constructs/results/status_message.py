"""Tells what a status message says beyond the secondary status.

Input: a job. Output: the message of its last transition, or nothing where it is one that every job has. Messages are
for people and change without notice, so one that is not known here is shown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sagemaker_constructs.aws.answers import ExistingJob

_USUAL = frozenset(
    {
        "Downloading input data",
        "Downloading the training image",
        "Launching requested ML instances",
        "Preparing the instances for training",
        "Restarting the training job",
        "Starting the training job",
        "Stopping the training job",
        "Training image download completed. Training in progress",
        "Training job completed",
        "Training job failed",
        "Training job runtime exceeded MaxRuntimeInSeconds provided",
        "Training job stopped",
        "Training job wait time exceeded MaxWaitTimeInSeconds provided",
        "Uploading generated training model",
    }
)
"""Messages that repeat the status (API reference, SecondaryStatusTransition; output of the SageMaker Python SDK)."""


def status_remark(job: ExistingJob) -> str:
    """What the service says about the present status, such as that there is no capacity; empty if nothing."""
    message = " ".join(job.message.split())
    return "" if message.rstrip(".") in _USUAL else message
