"""Rules about input channels: their sources, their modes, and what each source and mode allows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sagemaker_constructs.api.rules.rule import Rule, api_reference, developer_guide

if TYPE_CHECKING:
    from sagemaker_constructs.api.rules.rule import Reader

_CHANNELS = "input_data_config"
_GROUPS = "resource_config.instance_groups"
_COUNT = "resource_config.instance_count"
_MODE = "algorithm_specification.training_input_mode"
_S3 = "data_source.s3_data_source"
_FILE_SYSTEM = "data_source.file_system_data_source"
_DATASET = "data_source.dataset_source"
_TYPE = f"{_S3}.s3_data_type"
_ATTRIBUTES = f"{_S3}.attribute_names"
_DISTRIBUTION = f"{_S3}.s3_data_distribution_type"
_STREAMS = frozenset({"Pipe", "FastFile"})


def _at(member: str) -> str:
    return f"{_CHANNELS}[].{member}"


def _mode(channel: Reader) -> str | None:
    return channel("input_mode") or channel.job(_MODE)


def _unknown_groups(channel: Reader) -> bool:
    names = channel.texts(f"{_S3}.instance_group_names")
    groups = {group("instance_group_name") for group in channel.job.items(_GROUPS)} if names else set[str]()
    return not groups.issuperset(names)


def _without_groups_beside_others(channel: Reader) -> bool:
    """Whether it names no instance group, while another channel does. Only data in S3 is assigned to groups."""
    if not channel.job(_GROUPS) or channel.texts(f"{_S3}.instance_group_names"):
        return False
    return any(other.texts(f"{_S3}.instance_group_names") for other in channel.job.items(_CHANNELS))


def _sharded_for_one(channel: Reader) -> bool:
    return channel(_DISTRIBUTION) == "ShardedByS3Key" and channel.job(_COUNT) == 1 and not channel.job(_GROUPS)


RULES = (
    Rule(
        name="one-source-a-channel",
        reads=(_at("data_source"),),
        problem="must have exactly one of s3_data_source, file_system_data_source and dataset_source",
        source=api_reference("DataSource"),
        broken=lambda channel: [channel(_S3), channel(_FILE_SYSTEM), channel(_DATASET)].count(None) != 2,  # noqa: PLR2004
    ),
    Rule(
        name="channel-names-differ",
        reads=(_at("channel_name"),),
        expected="a name that no earlier channel has",
        source=api_reference("Channel"),
        broken=lambda channel: channel.repeats(_CHANNELS, "channel_name"),
    ),
    Rule(
        name="channel-groups-exist",
        reads=(_at(f"{_S3}.instance_group_names"), _GROUPS),
        problem="must contain only names of resource_config.instance_groups",
        source=developer_guide("train-heterogeneous-cluster"),
        broken=_unknown_groups,
    ),
    Rule(
        name="channel-groups-for-all",
        reads=(_at(f"{_S3}.instance_group_names"), _at(_S3), _GROUPS),
        problem="is required, for another channel is assigned to instance groups: all channels must be, or none",
        source="the service's answer: https://github.com/aws/sagemaker-python-sdk/issues/6089",
        given=_at(_S3),
        broken=_without_groups_beside_others,
    ),
    Rule(
        name="file-system-needs-vpc",
        reads=(_at(_FILE_SYSTEM), "vpc_config"),
        problem="requires vpc_config: the file system is reached through the job's VPC",
        source=developer_guide("model-access-training-data"),
        broken=lambda channel: channel.job("vpc_config") is None,
    ),
    Rule(
        name="file-system-is-mounted",
        reads=(_at("input_mode"), _at(_FILE_SYSTEM), _MODE),
        problem="must be 'File' with file_system_data_source: Pipe and FastFile stream from S3 only",
        source=developer_guide("model-access-training-data"),
        given=_at(_FILE_SYSTEM),
        broken=lambda channel: _mode(channel) in _STREAMS,
    ),
    Rule(
        name="file-system-directory-is-absolute",
        reads=(_at(f"{_FILE_SYSTEM}.directory_path"),),
        expected="an absolute path, which begins with /",
        source=api_reference("FileSystemDataSource"),
        broken=lambda channel: not (channel(f"{_FILE_SYSTEM}.directory_path") or "/").startswith("/"),
        refused=False,
    ),
    Rule(
        name="augmented-manifest-needs-attributes",
        reads=(_at(_ATTRIBUTES), _at(_TYPE)),
        problem="is required with s3_data_type 'AugmentedManifestFile': it names the attributes to pass on",
        source=developer_guide("augmented-manifest"),
        given=_at(_TYPE),
        broken=lambda channel: channel(_TYPE) == "AugmentedManifestFile" and not channel(_ATTRIBUTES),
    ),
    Rule(
        name="augmented-manifest-needs-pipe",
        reads=(_at("input_mode"), _at(_TYPE), _MODE),
        problem="must be 'Pipe' with s3_data_type 'AugmentedManifestFile', for the channel or as training_input_mode",
        source=api_reference("S3DataSource"),
        given=_at(_TYPE),
        broken=lambda channel: channel(_TYPE) == "AugmentedManifestFile" and _mode(channel) not in {"Pipe", None},
    ),
    Rule(
        name="attributes-need-augmented-manifest",
        reads=(_at(_ATTRIBUTES), _at(_TYPE)),
        problem="requires s3_data_type 'AugmentedManifestFile': other data has no attributes",
        source=api_reference("S3DataSource"),
        broken=lambda channel: bool(channel(_ATTRIBUTES)) and channel(_TYPE) != "AugmentedManifestFile",
        refused=False,
    ),
    Rule(
        name="fast-file-needs-prefix",
        reads=(_at(_TYPE), _at("input_mode"), _MODE),
        problem="must be 'S3Prefix' with the input mode 'FastFile', which does not read manifests",
        source=developer_guide("your-algorithms-training-algo-running-container"),
        broken=lambda channel: channel(_TYPE) != "S3Prefix" and _mode(channel) == "FastFile",
        refused=False,
    ),
    Rule(
        name="compression-needs-pipe",
        reads=(_at("compression_type"), _at("input_mode"), _MODE),
        problem="'Gzip' requires the input mode 'Pipe': in other modes the data is not decompressed",
        source=api_reference("Channel"),
        broken=lambda channel: channel("compression_type") == "Gzip" and _mode(channel) not in {"Pipe", None},
    ),
    Rule(
        name="record-wrapper-needs-pipe",
        reads=(_at("record_wrapper_type"), _at("input_mode"), _MODE),
        problem="'RecordIO' requires the input mode 'Pipe': in other modes the files are passed on unchanged",
        source=api_reference("Channel"),
        broken=lambda channel: channel("record_wrapper_type") == "RecordIO" and _mode(channel) not in {"Pipe", None},
        refused=False,
    ),
    Rule(
        name="shuffle-needs-s3",
        reads=(_at("shuffle_config"), _at(_S3)),
        problem="requires s3_data_source: only the order of objects in S3 is shuffled",
        source=api_reference("ShuffleConfig"),
        broken=lambda channel: channel(_S3) is None,
        refused=False,
    ),
    Rule(
        name="shuffle-needs-an-order",
        reads=(_at("shuffle_config"), _at("input_mode"), _MODE),
        problem="cannot be combined with the input mode 'FastFile': a file system has no order to shuffle",
        source=api_reference("ShuffleConfig"),
        broken=lambda channel: _mode(channel) == "FastFile",
        refused=False,
    ),
    Rule(
        name="sharding-needs-several-instances",
        reads=(_at(_DISTRIBUTION), _COUNT, _GROUPS),
        problem="'ShardedByS3Key' requires more than one instance",
        source=api_reference("S3DataSource"),
        broken=_sharded_for_one,
        refused=False,
    ),
    Rule(
        name="model-licence-accepted",
        reads=(_at(f"{_S3}.model_access_config.accept_eula"),),
        expected="True: a model with a licence agreement is not downloaded otherwise",
        source=api_reference("ModelAccessConfig"),
        broken=lambda channel: channel(f"{_S3}.model_access_config.accept_eula") is False,
        refused=False,
    ),
)
