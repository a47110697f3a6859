"""A program whose state holds every kind of resource of the library, in every way in which it can be recorded.

In the stack `other` it declares the two jobs that the stack `trial` adopts and reads.
"""

from typing import Any

import pulumi

from sagemaker_constructs import (
    AlgorithmSpecification,
    Channel,
    CheckpointConfig,
    MetricDefinition,
    OutputDataConfig,
    ResourceConfig,
    StoppingCondition,
    Training,
    TrainingBucket,
    TrainingFallback,
    TrainingJob,
    TrainingJobSpec,
    TrainingKey,
    TrainingNetwork,
    TrainingResult,
    TrainingRole,
)

RUNNING = {"LOCALAWS_SECONDS": 3600}
"""The environment of a job that runs until it is stopped."""


def spec(instance_type: str = "ml.m5.large", **members: Any) -> TrainingJobSpec:
    """A small job."""
    return TrainingJobSpec(
        **{  # pyright: ignore[reportArgumentType]  members may be any
            "role_arn": "arn:aws:iam::123456789012:role/trial",
            "algorithm_specification": AlgorithmSpecification(
                training_image="123456789012.dkr.ecr.eu-west-1.amazonaws.com/train:1", training_input_mode="File"
            ),
            "output_data_config": OutputDataConfig(s3_output_path="s3://trial-data/models"),
            "resource_config": ResourceConfig(instance_type=instance_type, instance_count=1, volume_size_in_gb=1),
            **members,
        }
    )


def jobs_of_another_stack() -> None:
    """One that the stack `trial` adopts, and one that it reads and awaits by name."""
    TrainingJob("adopted", spec(environment=RUNNING))
    TrainingJob("named", spec(training_job_name="of-another-stack"))


def job_in_a_network() -> None:
    """A job with a default name, on a key, a bucket, a network and a role of this stack, and its result."""
    key = TrainingKey("key", deletion_window_in_days=7)
    bucket = TrainingBucket("bucket", bucket="trial-models", key=key, force_destroy=True)
    inside = TrainingJobSpec(
        algorithm_specification=AlgorithmSpecification(
            training_image="123456789012.dkr.ecr.eu-west-1.amazonaws.com/train:1", training_input_mode="File"
        ),
        output_data_config=OutputDataConfig(s3_output_path=bucket.uri("models"), kms_key_id=key.arn),
        resource_config=ResourceConfig(
            instance_type="ml.m5.large", instance_count=2, volume_size_in_gb=1, volume_kms_key_id=key.arn
        ),
    )
    network = TrainingNetwork("network", spec=inside, zones=2)
    role = TrainingRole("role", inside, network=network, buckets=[bucket])
    TrainingJob("inside", inside, role=role, network=network).result()


def job_with_options(phrase: pulumi.Output[str]) -> None:
    """A job with a secret, tags, and a value for every option that has another default."""
    TrainingJob(
        "options",
        spec(
            hyper_parameters={"phrase": phrase, "depth": 4, "rate": 0.5, "shuffle": True},
            environment={**RUNNING, "PHRASE": phrase},
            input_data_config=[Channel.s3("train", "s3://trial-data/train/")],
            checkpoint_config=CheckpointConfig(s3_uri="s3://trial-data/checkpoints"),
            enable_managed_spot_training=True,
            stopping_condition=StoppingCondition(max_runtime_in_seconds=7200, max_wait_time_in_seconds=9000),
            tags={"purpose": "test", "team": "vision"},
        ),
        name_prefix="with-options",
        on_delete="retain",
        on_failure="keep",
        on_missing="retrain",
        strict=["role_arn", "stopping_condition"],
        retrain_on_new_data=True,
        pin_image=True,
        preflight=False,
    )


def jobs_and_results() -> None:
    """Every other way in which a job and its result are recorded."""
    TrainingJob("by-hand", spec(training_job_name="by-hand", environment=RUNNING), on_delete="delete")
    TrainingJob("adopted", spec(environment=RUNNING))
    for name in ("shared", "shared-too"):
        TrainingJob(name, spec(environment=RUNNING), name_prefix="shared")
    TrainingJob("failed", spec(), on_failure="keep")
    TrainingJob("retried", spec())
    TrainingResult("named", "of-another-stack")
    TrainingJob.get("read", "of-another-stack")
    limited = spec(
        algorithm_specification=AlgorithmSpecification(
            training_image="123456789012.dkr.ecr.eu-west-1.amazonaws.com/train:1",
            training_input_mode="File",
            metric_definitions=[MetricDefinition(name="loss", regex="loss=([0-9.]+)")],
        ),
        environment={"LOCALAWS_SECONDS": 10},
        stopping_condition=StoppingCondition(max_runtime_in_seconds=1),
    )
    TrainingJob("limited", limited).result(on_max_runtime_exceeded="accept", timeout=600, logs="tail")
    Training("component", spec(role_arn=None))


def fallbacks() -> None:
    """One that was not needed, and one that runs because the job found no capacity."""
    TrainingJob("first", spec()).result(fallbacks=[spec("ml.m5.xlarge")])
    without_capacity = TrainingJob("without-capacity", spec())
    fallback = TrainingFallback("fallback", spec("ml.m5.xlarge"), after=without_capacity)
    TrainingResult("fallback", fallback)


if pulumi.get_stack() == "other":
    jobs_of_another_stack()
else:
    job_in_a_network()
    job_with_options(pulumi.Config().require_secret("phrase"))
    jobs_and_results()
    fallbacks()
