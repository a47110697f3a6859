"""What becomes of a job: its statuses, results, stop, delete, update, warm pool."""

from __future__ import annotations

import io
import tarfile
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest
from server_support import LASTING, REGION, Network, Trainer, channel, refusal

from tests.localaws.eventually import eventually

if TYPE_CHECKING:
    from mypy_boto3_ec2 import EC2Client
    from mypy_boto3_logs import CloudWatchLogsClient
    from mypy_boto3_s3 import S3Client

INSTANCES: dict[str, Any] = {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 10}
METRICS = {
    "TrainingImage": f"123456789012.dkr.ecr.{REGION}.amazonaws.com/train:1",
    "TrainingInputMode": "File",
    "MetricDefinitions": [
        {"Name": "loss", "Regex": "loss=([0-9.]+)"},
        {"Name": "dcg", "Regex": r"#quality_metric: host=\S+, test dcg <score>=(\S+)"},
        {"Name": "too clever", "Regex": r"(?<=x)(\d+)(?!y)[abc]"},
    ],
}


def test_a_job_completes_with_everything_that_aws_shows(trainer: Trainer) -> None:
    """Transitions without gaps, times, durations and artifacts."""
    job = trainer.create(InputDataConfig=[channel("s3://data/input")])
    done = trainer.wait(job)
    transitions = done["SecondaryStatusTransitions"]

    assert (done["TrainingJobStatus"], done["SecondaryStatus"]) == ("Completed", "Completed")
    assert [entry["Status"] for entry in transitions] == [
        "Starting",
        "Downloading",
        "DownloadingTrainingImage",
        "Training",
        "Uploading",
        "Completed",
    ]
    assert all(one["EndTime"] == two["StartTime"] for one, two in pairwise(transitions))
    assert done["CreationTime"] < done["TrainingStartTime"] < done["TrainingEndTime"] == done["LastModifiedTime"]
    assert (done["TrainingTimeInSeconds"], done["BillableTimeInSeconds"]) == (1, 1)
    assert done["ModelArtifacts"] == {"S3ModelArtifacts": f"s3://data/output/{job}/output/model.tar.gz"}


def test_the_model_is_there_when_the_job_is_completed(trainer: Trainer, s3: S3Client) -> None:
    """A gzipped tar; without compression a folder."""
    packed = trainer.create()
    loose = trainer.create(OutputDataConfig={"S3OutputPath": "s3://data/loose/", "CompressionType": "NONE"})
    artifacts = [trainer.wait(job)["ModelArtifacts"]["S3ModelArtifacts"] for job in (packed, loose)]
    archive = s3.get_object(Bucket="data", Key=f"output/{packed}/output/model.tar.gz")["Body"].read()
    keys = [found.get("Key", "") for found in s3.list_objects_v2(Bucket="data", Prefix="loose/").get("Contents", [])]

    with tarfile.open(fileobj=io.BytesIO(archive)) as files:
        assert files.getnames() == ["model.json"]
    assert artifacts[1] == f"s3://data/loose/{loose}/output/model/"
    assert keys == [f"loose/{loose}/output/model/model.json"]


def test_the_log_names_hyperparameters_without_their_values(trainer: Trainer, logs: CloudWatchLogsClient) -> None:
    """A stream for each instance, in SageMaker's log group; no secret in it."""
    job = trainer.create(
        HyperParameters={"token": "hunter2"},
        AlgorithmSpecification=METRICS,
        ResourceConfig=INSTANCES | {"InstanceCount": 2},
    )
    done = trainer.wait(job)
    group = "/aws/sagemaker/TrainingJobs"
    streams = [
        stream.get("logStreamName", "")
        for stream in logs.describe_log_streams(logGroupName=group, logStreamNamePrefix=job)["logStreams"]
    ]
    messages = [
        event.get("message", "")
        for event in logs.get_log_events(logGroupName=group, logStreamName=streams[0])["events"]
    ]

    assert [stream.rpartition("-")[0] for stream in streams] == [f"{job}/algo-1", f"{job}/algo-2"]
    assert "hyperparameters: token" in messages
    assert "hunter2" not in "".join(messages)
    assert [metric["MetricName"] for metric in done["FinalMetricDataList"]] == ["loss", "dcg"]


def test_an_input_without_objects_fails_the_job(trainer: Trainer) -> None:
    """The bucket is there, so the job starts; its download finds nothing."""
    done = trainer.wait(trainer.create(InputDataConfig=[channel("s3://data/nothing")]))

    assert (done["TrainingJobStatus"], done["SecondaryStatus"]) == ("Failed", "Failed")
    assert done["FailureReason"].startswith("ClientError: Data download failed:No S3 objects found under S3 URL")
    assert "ModelArtifacts" not in done


def test_a_bucket_that_goes_away_fails_the_upload(trainer: Trainer, s3: S3Client) -> None:
    """What happens meanwhile has consequences."""
    s3.create_bucket(Bucket="brief", CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    job = trainer.create(OutputDataConfig={"S3OutputPath": "s3://brief/output"})
    s3.delete_bucket(Bucket="brief")

    assert trainer.wait(job)["FailureReason"].startswith("ClientError: Artifact upload failed:")


@pytest.mark.parametrize(
    ("members", "secondary"),
    [
        ({"StoppingCondition": {"MaxRuntimeInSeconds": 1}}, "MaxRuntimeExceeded"),
        (
            {
                "EnableManagedSpotTraining": True,
                "StoppingCondition": {"MaxRuntimeInSeconds": 1, "MaxWaitTimeInSeconds": 1},
            },
            "MaxWaitTimeExceeded",
        ),
    ],
)
def test_a_job_that_reaches_a_limit_is_stopped(trainer: Trainer, members: dict[str, Any], secondary: str) -> None:
    """Primary status Stopped, with the limit as secondary status and the model that was saved."""
    done = trainer.wait(trainer.create(Environment={"LOCALAWS_SECONDS": "3"}, **members))

    assert (done["TrainingJobStatus"], done["SecondaryStatus"]) == ("Stopped", secondary)
    assert "ModelArtifacts" in done


def test_a_spot_job_is_billed_for_less_than_it_trained(trainer: Trainer) -> None:
    """So that savings can be computed."""
    done = trainer.wait(
        trainer.create(
            EnableManagedSpotTraining=True,
            StoppingCondition={"MaxRuntimeInSeconds": 60, "MaxWaitTimeInSeconds": 60},
            Environment={"LOCALAWS_SECONDS": "2.5"},
        )
    )

    assert done["BillableTimeInSeconds"] < done["TrainingTimeInSeconds"]


def test_stop_passes_through_stopping(trainer: Trainer) -> None:
    """Stopping at once, Stopped a little later; a second stop is refused then, with AWS's text."""
    job = trainer.create(Environment=LASTING)
    stop = trainer.sagemaker.stop_training_job
    stop(TrainingJobName=job)
    stopping = trainer.describe(job)["TrainingJobStatus"]
    stop(TrainingJobName=job)
    done = trainer.wait(job)

    assert stopping == "Stopping"
    assert (done["TrainingJobStatus"], done["SecondaryStatus"]) == ("Stopped", "Stopped")
    assert refusal(stop, TrainingJobName=job) == (
        "ValidationException: The request was rejected because the training job is in status Stopped"
    )


def test_only_an_ended_job_can_be_deleted_and_its_name_is_free_again(trainer: Trainer) -> None:
    """ResourceInUse while it runs or stops; then it is gone."""
    job = trainer.create(Environment=LASTING)
    delete = trainer.sagemaker.delete_training_job
    running = refusal(delete, TrainingJobName=job)
    trainer.sagemaker.stop_training_job(TrainingJobName=job)
    stopping = refusal(delete, TrainingJobName=job)
    trainer.wait(job)
    delete(TrainingJobName=job)

    assert running.startswith("ResourceInUse: ")
    assert stopping.startswith("ResourceInUse: ")
    assert "not found" in refusal(delete, TrainingJobName=job)
    assert trainer.create(TrainingJobName=job) == job


def test_an_update_needs_the_right_status(trainer: Trainer) -> None:
    """The profiler once instances run, remote debugging while the containers do, keep-alive only afterwards."""
    update = trainer.sagemaker.update_training_job
    profiler = {"S3OutputPath": "s3://data/profile"}
    rule = {"RuleConfigurationName": "report", "RuleEvaluatorImage": "rules"}
    job = trainer.create(ProfilerConfig=profiler, Environment={"LOCALAWS_SECONDS": "4"})

    assert "past Starting" in refusal(update, TrainingJobName=job, ProfilerConfig={"DisableProfiler": True})
    assert "past Starting" in refusal(update, TrainingJobName=job, ProfilerRuleConfigurations=[rule])
    assert trainer.describe(job)["ProfilerConfig"] == profiler
    assert "RemoteDebugConfig" in refusal(update, TrainingJobName=job, RemoteDebugConfig={"EnableRemoteDebug": True})
    trainer.wait(job, "Downloading", "DownloadingTrainingImage", "Training")
    update(TrainingJobName=job, ProfilerConfig={"DisableProfiler": True})

    assert trainer.describe(job)["ProfilerConfig"] == {"S3OutputPath": "s3://data/profile", "DisableProfiler": True}
    keep = {"KeepAlivePeriodInSeconds": 60}
    assert "its warm pool" in refusal(update, TrainingJobName=job, ResourceConfig=keep)
    trainer.sagemaker.stop_training_job(TrainingJobName=job)
    assert "InProgress" in refusal(update, TrainingJobName=job, ProfilerConfig={"DisableProfiler": False})


def test_a_warm_pool_is_kept_reused_and_ended(trainer: Trainer) -> None:
    """Available blocks the deletion; the next like job takes the instances; zero ends the pool."""
    warm = INSTANCES | {"KeepAlivePeriodInSeconds": 600, "VolumeSizeInGB": 77}
    first = trainer.create(ResourceConfig=warm)
    used = trainer.describe(first)["WarmPoolStatus"]["Status"]
    available = trainer.wait(first)["WarmPoolStatus"]["Status"]
    blocked = refusal(trainer.sagemaker.delete_training_job, TrainingJobName=first)
    second = trainer.create(ResourceConfig=warm)
    reused = trainer.describe(first)["WarmPoolStatus"]
    trainer.wait(second)
    trainer.sagemaker.update_training_job(TrainingJobName=second, ResourceConfig={"KeepAlivePeriodInSeconds": 0})
    terminated = trainer.describe(second)["WarmPoolStatus"]["Status"]
    trainer.sagemaker.delete_training_job(TrainingJobName=second)

    assert (used, available, terminated) == ("InUse", "Available", "Terminated")
    assert blocked.startswith("ResourceInUse: ")
    assert (reused["Status"], reused["ReusedByJob"]) == ("Reused", second)


def interfaces(ec2: EC2Client, network: Network) -> list[Any]:
    """The network interfaces in a subnet."""
    filters = [{"Name": "subnet-id", "Values": [network.subnet]}]
    return list(ec2.describe_network_interfaces(Filters=filters)["NetworkInterfaces"])  # pyright: ignore[reportArgumentType]


def test_a_job_has_an_interface_for_each_instance_in_its_network(
    trainer: Trainer, ec2: EC2Client, network: Network
) -> None:
    """They hold subnet and security group for as long as the job runs and a little longer."""
    job = trainer.create(
        VpcConfig={"Subnets": [network.subnet], "SecurityGroupIds": [network.group]},
        ResourceConfig=INSTANCES | {"InstanceCount": 2},
        Environment={"LOCALAWS_SECONDS": "1"},
    )
    trainer.wait(job, "Downloading", "DownloadingTrainingImage", "Training")
    found = interfaces(ec2, network)
    refusals = [
        refusal(ec2.delete_subnet, SubnetId=network.subnet),
        refusal(ec2.delete_security_group, GroupId=network.group),
        refusal(ec2.delete_network_interface, NetworkInterfaceId=found[0]["NetworkInterfaceId"]),
    ]
    trainer.wait(job)
    lingering = interfaces(ec2, network)
    eventually(lambda: not interfaces(ec2, network))

    assert [(one["RequesterManaged"], one["Status"], one["Groups"][0]["GroupId"]) for one in found] == [
        (True, "in-use", network.group)
    ] * 2
    assert [text.partition(":")[0] for text in refusals] == ["DependencyViolation"] * 2 + ["InvalidParameterValue"]
    assert len(lingering) == 2
    ec2.delete_subnet(SubnetId=network.subnet)
    ec2.delete_security_group(GroupId=network.group)
