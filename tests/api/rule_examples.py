"""Defines an example for each rule: a job that breaks it and one that does not, with the relevant members only."""

from __future__ import annotations

from typing import Any, NamedTuple

Members = dict[str, Any]


class Example(NamedTuple):
    """A job that breaks a rule, and one that does not."""

    broken: Members
    kept: Members
    place: tuple[str | int, ...]
    """The path of the mistake."""
    region: str | None = None
    added_tags: int = 0


def _at(path: str, broken: Any, kept: Any, place: str = "", **others: Any) -> Example:
    """An example in which one member is wrong, and right, together with others."""
    return Example(_job({**others, path: broken}), _job({**others, path: kept}), _place(place or path))


def _job(members: Members) -> Members:
    """Nested members from dotted paths; `__` stands for the dot in keywords."""
    job: Members = {}
    for path, value in members.items():
        *way, last = path.replace("__", ".").split(".")
        inner = job
        for part in way:
            inner = inner.setdefault(part, {})
        if value is not None:
            inner[last] = value
    return job


def _place(dotted: str) -> tuple[str | int, ...]:
    return tuple(int(part) if part.isdigit() else part for part in dotted.split("."))


def _channel(source: Members | None = None, **members: Any) -> Members:
    """A channel; its source is an S3 prefix unless another one is given."""
    s3 = {"s3_data_source": {"s3_data_type": "S3Prefix", "s3_uri": "s3://bucket/train"}}
    return {"channel_name": "train", "data_source": s3 if source is None else source, **members}


def _s3(**members: Any) -> Members:
    return {"s3_data_source": {"s3_data_type": "S3Prefix", "s3_uri": "s3://bucket/train", **members}}


def _channels(broken: Members, kept: Members, place: str, **others: Any) -> Example:
    return _at("input_data_config", [broken], [kept], f"input_data_config.0.{place}", **others)


def _second(path: str, member: str, **others: Any) -> Example:
    """The example in which the second item repeats the first."""
    first: Members = {member: "one", **others}
    return _at(path, [first, first], [first, {**first, member: "two"}], f"{path}.1.{member}")


_FILE_SYSTEM = {"file_system_data_source": {"file_system_id": "fs-0123456789abcdef0", "directory_path": "/data"}}
_MANIFEST = _s3(s3_data_type="AugmentedManifestFile", attribute_names=["source-ref"])
_VPC = {"subnets": ["subnet-1"], "security_group_ids": ["sg-1"]}
_GROUP = {"instance_group_name": "workers", "instance_type": "ml.m5.xlarge", "instance_count": 2}
_KEY = "1234abcd-12ab-34cd-56ef-1234567890ab"
_WEST = "arn:aws:kms:us-west-2:123456789012:key/" + _KEY
_EAST = _WEST.replace("us-west-2", "us-east-1")
_PLAN = "arn:aws:sagemaker:us-east-1:123456789012:training-plan/plan"
_IMAGE_EAST = "123456789012.dkr.ecr.us-east-1.amazonaws.com/image:1"
_IMAGE_WEST = "123456789012.dkr.ecr.us-west-2.amazonaws.com/image:1"
_WESTWARDS = ("us-east-1", "us-west-2")
_HUB_CONTENT = "arn:aws:sagemaker:us-east-1:aws:hub-content/SageMakerPublicHub/Model/name/1.0.0"
_ALGORITHM = "arn:aws:sagemaker:us-east-1:111122223333:algorithm/trees"
_SERVERLESS = {"job_type": "FineTuning", "accept_eula": True}
_REGISTRY = "algorithm_specification.training_image_config"


def _without(member: str, value: Any) -> Example:
    return _at(member, value, None, serverless_job_config=_SERVERLESS)


def _elsewhere(member: str, arn: str) -> Example:
    """An ARN in another Region than the job's."""
    return Example(_job({member: arn}), _job({member: arn}), _place(member), region="us-west-2")._replace(
        kept=_job({member: arn.replace("us-east-1", "us-west-2")})
    )


def _item_elsewhere(items: str, member: str, broken: Any, kept: Any) -> Example:
    """An item that names something in another Region than the job's."""
    example = _at(items, [_job({member: broken})], [_job({member: kept})], f"{items}.0.{member}")
    return example._replace(region="us-west-2")


def _locations(suffix: str, broken: str, kept: str) -> dict[str, Example]:
    """An example of a rule about locations for each member that is one."""
    examples: dict[str, Example] = {}
    for member in ("output_data_config.s3_output_path", "checkpoint_config.s3_uri", "debug_hook_config.s3_output_path"):
        examples[member] = _at(member, broken, kept)
    for member in ("tensor_board_output_config.s3_output_path", "profiler_config.s3_output_path"):
        examples[member] = _at(member, broken, kept)
    for member in ("debug_rule_configurations", "profiler_rule_configurations"):
        path = f"{member}.0.s3_output_path"
        examples[member] = _at(member, [{"s3_output_path": broken}], [{"s3_output_path": kept}], path)
    examples["input_data_config"] = _channels(
        _channel(_s3(s3_uri=broken)), _channel(_s3(s3_uri=kept)), "data_source.s3_data_source.s3_uri"
    )
    return {f"{path.partition('.')[0].replace('_', '-')}-{suffix}": each for path, each in examples.items()}


EXAMPLES: dict[str, Example] = {
    # algorithm
    "algorithm-given": _at("algorithm_specification", None, {"training_image": "image"}),
    "image-or-algorithm-name": _at(
        "algorithm_specification.algorithm_name",
        "name",
        None,
        "algorithm_specification",
        algorithm_specification__training_image="image",
    ),
    "private-registry-needs-vpc": _at(
        "vpc_config",
        None,
        _VPC,
        f"{_REGISTRY}.training_repository_access_mode",
        **{f"{_REGISTRY}.training_repository_access_mode": "Vpc"},
    ),
    "registry-credentials-need-vpc-mode": _at(
        f"{_REGISTRY}.training_repository_access_mode",
        "Platform",
        "Vpc",
        f"{_REGISTRY}.training_repository_auth_config",
        **{f"{_REGISTRY}.training_repository_auth_config": {"training_repository_credentials_provider_arn": "arn"}},
    ),
    "marketplace-needs-isolation": _at(
        "enable_network_isolation",
        broken=False,
        kept=True,
        algorithm_specification__algorithm_name=_ALGORITHM,
        role_arn="arn:aws:iam::123456789012:role/training",
    ),
    "marketplace-wants-isolation": _at(
        "enable_network_isolation", broken=None, kept=True, algorithm_specification__algorithm_name=_ALGORITHM
    ),
    "isolation-without-downloads": _at(
        "hyper_parameters",
        {"sagemaker_submit_directory": '"s3://bucket/code/sourcedir.tar.gz"'},
        {"sagemaker_submit_directory": '"/opt/ml/input/data/code/sourcedir.tar.gz"'},
        "enable_network_isolation",
        enable_network_isolation=True,
    ),
    "submit-directory-is-an-archive": _at(
        "hyper_parameters",
        {"sagemaker_submit_directory": "s3://bucket/code/"},
        {"sagemaker_submit_directory": "s3://bucket/code/sourcedir.tar.gz"},
        "hyper_parameters.sagemaker_submit_directory",
    ),
    "metric-captures-its-number": _at(
        "algorithm_specification.metric_definitions",
        [{"name": "loss", "regex": "loss=[0-9]+"}],
        [{"name": "loss", "regex": "loss=([0-9]+)"}],
        "algorithm_specification.metric_definitions.0.regex",
    ),
    "metric-names-differ": _second("algorithm_specification.metric_definitions", "name", regex="loss=(.)"),
    "hyper-parameters-fit-a-variable": _at(
        "hyper_parameters", {str(n): "x" * 2500 for n in range(60)}, {str(n): "x" * 2500 for n in range(50)}
    ),
    # channels
    "one-source-a-channel": _channels(_channel(_s3() | _FILE_SYSTEM), _channel(), "data_source"),
    "channel-names-differ": _second("input_data_config", "channel_name", data_source=_s3()),
    "channel-groups-exist": _channels(
        _channel(_s3(instance_group_names=["workers", "others"])),
        _channel(_s3(instance_group_names=["workers"])),
        "data_source.s3_data_source.instance_group_names",
        resource_config__instance_groups=[_GROUP],
    ),
    "channel-groups-for-all": _at(
        "input_data_config",
        [_channel(_s3(instance_group_names=["workers"])), _channel()],
        [_channel(_s3(instance_group_names=["workers"])), _channel(_FILE_SYSTEM)],
        "input_data_config.1.data_source.s3_data_source.instance_group_names",
        resource_config__instance_groups=[_GROUP],
    ),
    "file-system-needs-vpc": _at(
        "vpc_config",
        None,
        _VPC,
        "input_data_config.0.data_source.file_system_data_source",
        input_data_config=[_channel(_FILE_SYSTEM)],
    ),
    "file-system-is-mounted": _channels(
        _channel(_FILE_SYSTEM, input_mode="Pipe"), _channel(_FILE_SYSTEM, input_mode="File"), "input_mode"
    ),
    "file-system-directory-is-absolute": _channels(
        _channel({"file_system_data_source": {"directory_path": "data"}}),
        _channel(_FILE_SYSTEM),
        "data_source.file_system_data_source.directory_path",
    ),
    "augmented-manifest-needs-attributes": _channels(
        _channel(_s3(s3_data_type="AugmentedManifestFile")),
        _channel(_MANIFEST),
        "data_source.s3_data_source.attribute_names",
    ),
    "augmented-manifest-needs-pipe": _channels(
        _channel(_MANIFEST),
        _channel(_MANIFEST, input_mode="Pipe"),
        "input_mode",
        algorithm_specification__training_input_mode="File",
    ),
    "attributes-need-augmented-manifest": _channels(
        _channel(_s3(attribute_names=["a"])), _channel(_MANIFEST), "data_source.s3_data_source.attribute_names"
    ),
    "fast-file-needs-prefix": _channels(
        _channel(_s3(s3_data_type="ManifestFile"), input_mode="FastFile"),
        _channel(input_mode="FastFile"),
        "data_source.s3_data_source.s3_data_type",
    ),
    "compression-needs-pipe": _channels(
        _channel(compression_type="Gzip", input_mode="File"),
        _channel(compression_type="Gzip", input_mode="Pipe"),
        "compression_type",
    ),
    "record-wrapper-needs-pipe": _channels(
        _channel(record_wrapper_type="RecordIO", input_mode="File"),
        _channel(record_wrapper_type="RecordIO", input_mode="Pipe"),
        "record_wrapper_type",
    ),
    "shuffle-needs-s3": _channels(
        _channel(_FILE_SYSTEM, shuffle_config={"seed": 1}), _channel(shuffle_config={"seed": 1}), "shuffle_config"
    ),
    "shuffle-needs-an-order": _channels(
        _channel(shuffle_config={"seed": 1}, input_mode="FastFile"),
        _channel(shuffle_config={"seed": 1}, input_mode="Pipe"),
        "shuffle_config",
    ),
    "sharding-needs-several-instances": _at(
        "resource_config.instance_count",
        1,
        2,
        "input_data_config.0.data_source.s3_data_source.s3_data_distribution_type",
        input_data_config=[_channel(_s3(s3_data_distribution_type="ShardedByS3Key"))],
    ),
    "model-licence-accepted": _channels(
        _channel(_s3(model_access_config={"accept_eula": False})),
        _channel(_s3(model_access_config={"accept_eula": True})),
        "data_source.s3_data_source.model_access_config.accept_eula",
    ),
    # instances
    "resources-given": _at("resource_config", None, {"instance_type": "ml.m5.xlarge", "instance_count": 1}),
    "instances-given": _at(
        "resource_config.instance_count",
        None,
        1,
        "resource_config",
        resource_config__instance_type="ml.m5.xlarge",
    ),
    "at-least-one-instance": _at("resource_config.instance_count", 0, 1),
    "groups-have-instances": _at(
        "resource_config.instance_groups",
        [{**_GROUP, "instance_count": 0}],
        [_GROUP],
        "resource_config.instance_groups.0.instance_count",
    ),
    "groups-stand-alone": _at(
        "resource_config.instance_count",
        2,
        None,
        "resource_config.instance_groups",
        resource_config__instance_groups=[_GROUP],
    ),
    "groups-without-keep-alive": _at(
        "resource_config.keep_alive_period_in_seconds", 60, 0, resource_config__instance_groups=[_GROUP]
    ),
    "group-names-differ": _second("resource_config.instance_groups", "instance_group_name"),
    "preferences-stand-alone": _at(
        "resource_config.instance_type",
        "ml.m5.xlarge",
        None,
        "resource_config.instance_preferences",
        resource_config__instance_preferences=[{"instance_type": "ml.m5.xlarge"}],
    ),
    "preferences-without-spot": _at(
        "enable_managed_spot_training",
        True,
        False,
        "resource_config.instance_preferences",
        resource_config__instance_preferences=[{"instance_type": "ml.m5.xlarge"}],
    ),
    "preferences-count-in-one-way": _at(
        "resource_config.instance_preferences",
        [{"instance_type": "ml.m5.xlarge", "instance_count": 1}, {"instance_type": "ml.m5.large"}],
        [{"instance_type": "ml.m5.xlarge", "instance_count": 1}, {"instance_type": "ml.m5.large", "instance_count": 2}],
    ),
    "preferences-differ": _second("resource_config.instance_preferences", "instance_type"),
    "preferences-plan-in-one-place": _at(
        "resource_config.training_plan_arn",
        _PLAN,
        None,
        "resource_config.instance_preferences.0.training_plan_arns",
        resource_config__instance_preferences=[{"instance_type": "ml.p5.48xlarge", "training_plan_arns": [_PLAN]}],
    ),
    "plan-without-spot": _at(
        "enable_managed_spot_training",
        broken=True,
        kept=False,
        place="resource_config.training_plan_arn",
        resource_config__training_plan_arn=_PLAN,
    ),
    "placements-have-instances": _at(
        "resource_config.instance_placement_config.placement_specifications",
        [{"instance_count": 0}],
        [{"instance_count": 1}],
        "resource_config.instance_placement_config.placement_specifications.0.instance_count",
    ),
    "keep-alive-without-spot": _at(
        "resource_config.keep_alive_period_in_seconds", 60, 0, enable_managed_spot_training=True
    ),
    "encryption-needs-several-instances": _at(
        "resource_config.instance_count",
        1,
        2,
        "enable_inter_container_traffic_encryption",
        enable_inter_container_traffic_encryption=True,
    ),
    "pending-limit-needs-accelerators": _at(
        "resource_config.instance_type",
        "ml.m5.xlarge",
        "ml.g5.xlarge",
        "stopping_condition.max_pending_time_in_seconds",
        stopping_condition__max_pending_time_in_seconds=7200,
    ),
    "volume-key-needs-a-volume": _at(
        "resource_config.instance_type",
        "ml.g5.xlarge",
        "ml.m5.xlarge",
        "resource_config.volume_kms_key_id",
        resource_config__volume_kms_key_id=_KEY,
    ),
    # limits
    "runtime-within-28-days": _at("stopping_condition.max_runtime_in_seconds", 2419201, 2419200),
    "spot-needs-wait-limit": _at(
        "stopping_condition.max_wait_time_in_seconds", None, 7200, enable_managed_spot_training=True
    ),
    "wait-not-below-runtime": _at(
        "stopping_condition.max_wait_time_in_seconds",
        3599,
        3600,
        stopping_condition__max_runtime_in_seconds=3600,
        enable_managed_spot_training=True,
    ),
    "wait-limit-needs-spot": _at("stopping_condition.max_wait_time_in_seconds", 7200, None),
    "spot-wants-checkpoints": _at(
        "checkpoint_config", None, {"s3_uri": "s3://bucket/checkpoints"}, enable_managed_spot_training=True
    ),
    "tags-at-most-50": Example(
        {"tags": [{"key": str(n), "value": ""} for n in range(48)]},
        {"tags": [{"key": str(n), "value": ""} for n in range(47)]},
        ("tags",),
        added_tags=3,
    ),
    "tag-keys-not-reserved": _at(
        "tags", [{"key": "AWS:team", "value": ""}], [{"key": "team:aws", "value": ""}], "tags.0.key"
    ),
    "tag-keys-differ": _second("tags", "key", value=""),
    # serverless
    "serverless-without-algorithm-specification": _without("algorithm_specification", {"training_image": "image"}),
    "serverless-without-enable-managed-spot-training": _without("enable_managed_spot_training", value=True),
    "serverless-without-environment": _without("environment", {"A": "b"}),
    "serverless-without-retry-strategy": _without("retry_strategy", {"maximum_retry_attempts": 1}),
    "serverless-without-checkpoint-config": _without("checkpoint_config", {"s3_uri": "s3://bucket"}),
    "serverless-without-debug-hook-config": _without("debug_hook_config", {"s3_output_path": "s3://bucket"}),
    "serverless-without-experiment-config": _without("experiment_config", {"experiment_name": "e"}),
    "serverless-without-profiler-config": _without("profiler_config", {"disable_profiler": True}),
    "serverless-without-profiler-rule-configurations": _without("profiler_rule_configurations", [{}]),
    "serverless-without-tensor-board-output-config": _without("tensor_board_output_config", {"s3_output_path": "s3:"}),
    "serverless-chooses-instances": _without("resource_config", {"volume_size_in_gb": 30}),
    "model-package-needs-serverless": _at(
        "serverless_job_config",
        None,
        _SERVERLESS,
        "model_package_config",
        model_package_config={"model_package_group_arn": "arn"},
    ),
    "evaluation-needs-its-type": _at(
        "serverless_job_config.evaluation_type",
        None,
        "BenchmarkEvaluation",
        serverless_job_config__job_type="Evaluation",
    ),
    "sequence-length-in-range": _at("serverless_job_config.sequence_length", "1025K", "1024K"),
    "base-model-licence-accepted": _at(
        "serverless_job_config.accept_eula", None, kept=True, serverless_job_config__job_type="FineTuning"
    ),
    # debugging
    "debug-rule-configurations-differ": _second("debug_rule_configurations", "rule_configuration_name"),
    "profiler-rule-configurations-differ": _second("profiler_rule_configurations", "rule_configuration_name"),
    "profiling-interval-offered": _at("profiler_config.profiling_interval_in_milliseconds", 300, 200),
    "profiler-rules-need-profiler": _at(
        "profiler_config.disable_profiler",
        broken=True,
        kept=False,
        place="profiler_rule_configurations",
        profiler_rule_configurations=[{"rule_configuration_name": "rule"}],
    ),
    "isolation-without-remote-debug": _at(
        "remote_debug_config.enable_remote_debug", broken=True, kept=False, enable_network_isolation=True
    ),
    # addresses
    "kms-key-id-in-region": _elsewhere("output_data_config.kms_key_id", _EAST),
    "volume-kms-key-id-in-region": _at(
        "resource_config.volume_kms_key_id", _EAST, _WEST, output_data_config__kms_key_id=_WEST
    ),
    "training-plan-arn-in-region": _elsewhere("resource_config.training_plan_arn", _PLAN),
    "algorithm-name-in-region": _elsewhere("algorithm_specification.algorithm_name", _PLAN),
    "training-plan-arns-in-region": _item_elsewhere(
        "resource_config.instance_preferences", "training_plan_arns", [_PLAN], [_PLAN.replace(*_WESTWARDS)]
    ),
    "training-repository-credentials-provider-arn-in-region": _elsewhere(
        f"{_REGISTRY}.training_repository_auth_config.training_repository_credentials_provider_arn",
        "arn:aws:lambda:us-east-1:123456789012:function:credentials",
    ),
    "hub-content-arn-in-region": _item_elsewhere(
        "input_data_config",
        "data_source.s3_data_source.hub_access_config.hub_content_arn",
        _HUB_CONTENT,
        _HUB_CONTENT.replace(*_WESTWARDS),
    ),
    "dataset-arn-in-region": _item_elsewhere(
        "input_data_config",
        "data_source.dataset_source.dataset_arn",
        _HUB_CONTENT,
        _HUB_CONTENT.replace(*_WESTWARDS),
    ),
    "base-model-arn-in-region": _elsewhere("serverless_job_config.base_model_arn", _HUB_CONTENT),
    "evaluator-arn-in-region": _elsewhere("serverless_job_config.evaluator_arn", _HUB_CONTENT),
    "mlflow-resource-arn-in-region": _elsewhere(
        "mlflow_config.mlflow_resource_arn", "arn:aws:sagemaker:us-east-1:123456789012:mlflow-tracking-server/server"
    ),
    "model-package-group-arn-in-region": _elsewhere("model_package_config.model_package_group_arn", _PLAN),
    "source-model-package-arn-in-region": _elsewhere("model_package_config.source_model_package_arn", _PLAN),
    "image-in-region": _at(
        "algorithm_specification.training_image", _IMAGE_EAST, _IMAGE_WEST, output_data_config__kms_key_id=_WEST
    ),
    "aws-image-in-account": _at(
        "algorithm_specification.training_image",
        "683313688378.dkr.ecr.eu-west-1.amazonaws.com/sagemaker-xgboost:1.7-1",
        "141502667606.dkr.ecr.eu-west-1.amazonaws.com/sagemaker-xgboost:1.7-1",
    ),
    "image-host-exists": _at(
        "algorithm_specification.training_image",
        "123456789012.dkr.ecr.eusc-de-east-1.amazonaws.com/image:1",
        "123456789012.dkr.ecr.eusc-de-east-1.amazonaws.eu/image:1",
    ),
    "image-in-ecr": _at(
        "algorithm_specification.training_image", "public.ecr.aws/docker/library/python:3", _IMAGE_WEST
    )._replace(region="us-west-2"),
    "debug-rule-configurations-in-region": _at(
        "debug_rule_configurations",
        [{"rule_evaluator_image": "123456789012.dkr-ecr-fips.us-east-1.on.aws/image:1"}],
        [{"rule_evaluator_image": _IMAGE_WEST}],
        "debug_rule_configurations.0.rule_evaluator_image",
        algorithm_specification__training_image=_IMAGE_WEST,
    ),
    "profiler-rule-configurations-in-region": _at(
        "profiler_rule_configurations",
        [{"rule_evaluator_image": _IMAGE_EAST}],
        [{"rule_evaluator_image": _IMAGE_WEST}],
        "profiler_rule_configurations.0.rule_evaluator_image",
        algorithm_specification__training_image=_IMAGE_WEST,
    ),
    "output-data-config-outside-inputs": _at(
        "output_data_config.s3_output_path",
        "s3://bucket/train/models",
        "s3://bucket/training-models",
        input_data_config=[_channel()],
    ),
    "checkpoint-config-outside-inputs": _at(
        "checkpoint_config.s3_uri",
        "https://bucket.s3.us-west-2.amazonaws.com/train/",
        "s3://bucket/checkpoints",
        input_data_config=[_channel()],
    ),
    **_locations("bucket-possible", "s3://s3://bucket/key", "s3://bucket/key"),
    **_locations("location-plausible", "s3://bucket/a//b", "s3://bucket/a/b"),
    "kms-key-id-well-formed": _at("output_data_config.kms_key_id", "my-key", "alias/my-key"),
    "volume-kms-key-id-well-formed": _at("resource_config.volume_kms_key_id", "alias/my-key", _WEST),
    "checkpoint-config-below-opt-ml": _at("checkpoint_config.local_path", "/checkpoints", "/opt/ml/checkpoints"),
    "debug-hook-config-below-opt-ml": _at("debug_hook_config.local_path", "/tensors", "/opt/ml/output/tensors/"),
    "checkpoints-apart": _at("checkpoint_config.local_path", "/opt/ml/model/checkpoints", "/opt/ml/models/checkpoints"),
    "tensor-board-directory-free": _at(
        "tensor_board_output_config.local_path", "/opt/ml/checkpoints/tb", "/opt/ml/output/tensorboard/"
    ),
}
