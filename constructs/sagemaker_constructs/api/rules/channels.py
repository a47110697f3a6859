"""Rules about input channels: their sources, their modes, and what goes with which."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sagemaker_constructs.api.rules.rule import Rule, api_reference, developer_guide

if TYPE_CHECKING:
    from sagemaker_constructs.api.rules.rule import Reader

_CHANNELS = "input_data_config"
_GROUPS = "resource_config.instance_groups"
_COUNT = "resource_config.instance_count"
_MODE = "algorithm_specification.training_input_mode"
_SOURCES = ("s3_data_source", "file_system_data_source", "dataset_source")
_S3 = "data_source.s3_data_source"
_FILE_SYSTEM = "data_source.file_system_data_source"
_TYPE = f"{_S3}.s3_data_type"
_ATTRIBUTES = f"{_S3}.attribute_names"
_STREAMS = frozenset({"Pipe", "FastFile"})


def _at(member: str) -> str:
    return f"{_CHANNELS}[].{member}"


def _mode(channel: Reader) -> str | None:
    return channel("input_mode") or channel.job(_MODE)


def _unknown_groups(channel: Reader) -> bool:
    names = channel.texts(f"{_S3}.instance_group_names")
    groups = {group("instance_group_name") for group in channel.job.items(_GROUPS)} if names else set[str]()
    return not groups.issuperset(names)


def _sharded_for_one(channel: Reader) -> bool:
    sharded = channel(f"{_S3}.s3_data_distribution_type") == "ShardedByS3Key"
    return sharded and channel.job(_COUNT) == 1 and not channel.job(_GROUPS)


RULES = (
    Rule(
        name="one-source-a-channel",
        reads=(_at("data_source"),),
        says="exactly one of s3_data_source, file_system_data_source and dataset_source",
        source=api_reference("DataSource"),
        broken=lambda channel: sum(channel(f"data_source.{source}") is not None for source in _SOURCES) != 1,
    ),
    Rule(
        name="channel-names-differ",
        reads=(_at("channel_name"),),
        says="a name that no earlier channel has",
        source=api_reference("Channel"),
        broken=lambda channel: channel.repeats(_CHANNELS, "channel_name"),
    ),
    Rule(
        name="channel-groups-exist",
        reads=(_at(f"{_S3}.instance_group_names"), _GROUPS),
        says="names of resource_config.instance_groups",
        source=developer_guide("train-heterogeneous-cluster"),
        broken=_unknown_groups,
    ),
    Rule(
        name="file-system-needs-vpc",
        reads=(_at(_FILE_SYSTEM), "vpc_config"),
        says="a vpc_config with it, through which the file system is reached",
        source=developer_guide("model-access-training-data"),
        broken=lambda channel: channel(_FILE_SYSTEM) is not None and channel.job("vpc_config") is None,
    ),
    Rule(
        name="file-system-is-mounted",
        reads=(_at("input_mode"), _at(_FILE_SYSTEM), _MODE),
        says="'File': a file system is mounted, and neither Pipe nor FastFile streams from it",
        source=developer_guide("model-access-training-data"),
        broken=lambda channel: channel(_FILE_SYSTEM) is not None and _mode(channel) in _STREAMS,
        refused=False,
    ),
    Rule(
        name="file-system-directory-is-absolute",
        reads=(_at(f"{_FILE_SYSTEM}.directory_path"),),
        says="a full path that begins with /",
        source=api_reference("FileSystemDataSource"),
        broken=lambda channel: not (channel(f"{_FILE_SYSTEM}.directory_path") or "/").startswith("/"),
        refused=False,
    ),
    Rule(
        name="augmented-manifest-needs-attributes",
        reads=(_at(_ATTRIBUTES), _at(_TYPE)),
        says="the attributes to pass on from the augmented manifest",
        source=developer_guide("augmented-manifest"),
        broken=lambda channel: channel(_TYPE) == "AugmentedManifestFile" and not channel(_ATTRIBUTES),
    ),
    Rule(
        name="augmented-manifest-needs-pipe",
        reads=(_at("input_mode"), _at(_TYPE), _MODE),
        says="'Pipe' for an augmented manifest, here or as training_input_mode",
        source=api_reference("S3DataSource"),
        broken=lambda channel: channel(_TYPE) == "AugmentedManifestFile" and _mode(channel) not in {"Pipe", None},
    ),
    Rule(
        name="attributes-need-augmented-manifest",
        reads=(_at(_ATTRIBUTES), _at(_TYPE)),
        says="none but for s3_data_type 'AugmentedManifestFile': other data has no attributes",
        source=api_reference("S3DataSource"),
        broken=lambda channel: bool(channel(_ATTRIBUTES)) and channel(_TYPE) != "AugmentedManifestFile",
        refused=False,
    ),
    Rule(
        name="fast-file-needs-prefix",
        reads=(_at(_TYPE), _at("input_mode"), _MODE),
        says="'S3Prefix': FastFile reads no manifests",
        source=developer_guide("your-algorithms-training-algo-running-container"),
        refused=False,
        broken=lambda channel: channel(_TYPE) not in {"S3Prefix", None} and _mode(channel) == "FastFile",
    ),
    Rule(
        name="compression-needs-pipe",
        reads=(_at("compression_type"), _at("input_mode"), _MODE),
        says="'None' but in Pipe mode: elsewhere nothing unpacks the data",
        source=api_reference("Channel"),
        broken=lambda channel: channel("compression_type") == "Gzip" and _mode(channel) not in {"Pipe", None},
    ),
    Rule(
        name="record-wrapper-needs-pipe",
        reads=(_at("record_wrapper_type"), _at("input_mode"), _MODE),
        says="'None' but in Pipe mode: files are handed over as they are",
        source=api_reference("Channel"),
        broken=lambda channel: channel("record_wrapper_type") == "RecordIO" and _mode(channel) not in {"Pipe", None},
        refused=False,
    ),
    Rule(
        name="shuffle-needs-s3",
        reads=(_at("shuffle_config"), _at(_S3)),
        says="data in S3: only the order of its objects is shuffled",
        source=api_reference("ShuffleConfig"),
        broken=lambda channel: channel("shuffle_config") is not None and channel(_S3) is None,
        refused=False,
    ),
    Rule(
        name="shuffle-needs-an-order",
        reads=(_at("shuffle_config"), _at("input_mode"), _MODE),
        says="Pipe mode: a file system has no order that could be shuffled in each epoch",
        source=api_reference("ShuffleConfig"),
        broken=lambda channel: channel("shuffle_config") is not None and _mode(channel) == "FastFile",
        refused=False,
    ),
    Rule(
        name="sharding-needs-several-machines",
        reads=(_at(f"{_S3}.s3_data_distribution_type"), _COUNT, _GROUPS),
        says="more than one machine to share the objects out to",
        source=api_reference("S3DataSource"),
        broken=_sharded_for_one,
        refused=False,
    ),
    Rule(
        name="model-licence-accepted",
        reads=(_at(f"{_S3}.model_access_config.accept_eula"),),
        says="True: a model with a licence agreement is not handed over without consent",
        source=api_reference("ModelAccessConfig"),
        broken=lambda channel: channel(f"{_S3}.model_access_config.accept_eula") is False,
        refused=False,
    ),
)
