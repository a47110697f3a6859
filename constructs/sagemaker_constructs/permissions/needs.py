"""Reads from the requests of jobs what they use: S3 locations, images, keys, subnets and the like.

Input: the members of jobs, all known. Output: `Needs`, the union over the jobs.
Paths are dotted; a path goes through every item of a list.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any

from sagemaker_constructs.api.tree import values_at
from sagemaker_constructs.permissions.locations import Extent, Location, location

Members = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class FileSystem:
    """An EFS or FSx for Lustre file system."""

    identifier: str
    kind: str
    writable: bool


@dataclass(frozen=True, slots=True)
class Needs:
    """What the jobs use. Keys, images and ARNs are written as in the requests."""

    inputs: frozenset[Location] = frozenset()
    manifests: frozenset[str] = frozenset()
    """Addresses of manifests, which list the addresses of their data."""
    outputs: frozenset[Location] = frozenset()
    checkpoints: frozenset[Location] = frozenset()
    watched: frozenset[Location] = frozenset()
    """Locations that the rules of Debugger and of the profiler read."""
    file_systems: frozenset[FileSystem] = frozenset()
    images: frozenset[str] = frozenset()
    credential_functions: frozenset[str] = frozenset()
    output_keys: frozenset[str] = frozenset()
    volume_keys: frozenset[str] = frozenset()
    subnets: frozenset[str] = frozenset()
    security_groups: frozenset[str] = frozenset()
    base_models: frozenset[str] = frozenset()
    evaluators: frozenset[str] = frozenset()
    hub_contents: frozenset[str] = frozenset()
    mlflow: frozenset[str] = frozenset()
    package_groups: frozenset[str] = frozenset()
    source_packages: frozenset[str] = frozenset()
    experiments: frozenset[str] = frozenset()
    trials: frozenset[str] = frozenset()
    runs: frozenset[str] = frozenset()
    job_names: frozenset[str] = frozenset()
    """The names of the jobs as IAM patterns; `*` for a job whose name is planned when it starts."""
    features: frozenset[str] = frozenset()
    """Features that are enabled: keys of `FEATURES`."""
    read_keys: frozenset[str] = frozenset()
    """KMS keys of the buckets that are read. Requests do not contain these last three; arguments of the role do."""
    write_keys: frozenset[str] = frozenset()
    """KMS keys of the buckets that are written."""
    caches: frozenset[str] = frozenset()
    """Prefixes of the ECR repositories that are pull-through caches."""

    @property
    def buckets(self) -> set[str]:
        """The buckets and access points of all locations."""
        return {each.bucket for each in self.inputs | self.outputs | self.checkpoints | self.watched}

    def __or__(self, other: Needs) -> Needs:
        """The union of both."""
        return Needs(**{each.name: getattr(self, each.name) | getattr(other, each.name) for each in fields(Needs)})


_REGISTRY = "algorithm_specification.training_image_config.training_repository_auth_config"

NAMED: Mapping[str, tuple[str, ...]] = {
    "base_models": ("serverless_job_config.base_model_arn",),
    "credential_functions": (f"{_REGISTRY}.training_repository_credentials_provider_arn",),
    "evaluators": ("serverless_job_config.evaluator_arn",),
    "experiments": ("experiment_config.experiment_name",),
    "hub_contents": (
        "input_data_config.data_source.dataset_source.dataset_arn",
        "input_data_config.data_source.s3_data_source.hub_access_config.hub_content_arn",
    ),
    "images": (
        "algorithm_specification.training_image",
        "debug_rule_configurations.rule_evaluator_image",
        "profiler_rule_configurations.rule_evaluator_image",
    ),
    "mlflow": ("mlflow_config.mlflow_resource_arn",),
    "output_keys": ("output_data_config.kms_key_id",),
    "package_groups": ("model_package_config.model_package_group_arn",),
    "runs": ("experiment_config.run_name",),
    "security_groups": ("vpc_config.security_group_ids",),
    "source_packages": ("model_package_config.source_model_package_arn",),
    "subnets": ("vpc_config.subnets",),
    "trials": ("experiment_config.trial_name",),
    "volume_keys": ("resource_config.volume_kms_key_id",),
}
"""Fields of `Needs` that contain a member's value as it is, and the paths of the members."""

FOLDERS: Mapping[str, tuple[str, ...]] = {
    "checkpoints": ("checkpoint_config.s3_uri",),
    "outputs": (
        "output_data_config.s3_output_path",
        "debug_hook_config.s3_output_path",
        "tensor_board_output_config.s3_output_path",
        "profiler_config.s3_output_path",
        "debug_rule_configurations.s3_output_path",
        "profiler_rule_configurations.s3_output_path",
    ),
    "watched": (
        "debug_hook_config.s3_output_path",
        "profiler_config.s3_output_path",
        "output_data_config.s3_output_path",  # a profiler without a location of its own writes below this one
    ),
}
"""Fields of `Needs` that contain S3 folders, and the paths of the members that name them."""

SCRIPT = "hyper_parameters.sagemaker_submit_directory"
"""The code of script mode: the hyperparameter with which AWS's framework containers find its archive in S3."""
MODEL_DIR = "hyper_parameters.model_dir"
"""Where a script in the TensorFlow container writes its model while it runs, which may be in S3."""

RULE_SOURCES = (
    "debug_rule_configurations.rule_parameters.source_s3_uri",
    "profiler_rule_configurations.rule_parameters.source_s3_uri",
)
"""The code of a custom rule."""

FEATURES: Mapping[str, tuple[str, ...]] = {
    "remote_debug": ("remote_debug_config.enable_remote_debug",),
    "rules": (
        "debug_rule_configurations.rule_evaluator_image",
        "profiler_rule_configurations.rule_evaluator_image",
    ),
    "session_tags": ("session_chaining_config.enable_session_tag_chaining",),
}
"""Features that change what a role must allow, and the paths of the members that enable them."""

_JOB_NAME = "training_job_name"
_S3 = "input_data_config.data_source.s3_data_source"
_FILE_SYSTEM = "input_data_config.data_source.file_system_data_source"
LEAVES: tuple[str, ...] = (
    *(path for table in (NAMED, FOLDERS, FEATURES) for paths in table.values() for path in paths),
    f"{_S3}.s3_data_type",
    f"{_S3}.s3_uri",
    _FILE_SYSTEM,
    _JOB_NAME,
    SCRIPT,
    MODEL_DIR,
    *RULE_SOURCES,
)
"""Paths of all members that a role depends on."""
_EXTENTS: Mapping[str, Extent] = {"ManifestFile": Extent.OBJECT, "AugmentedManifestFile": Extent.OBJECT}
"""The S3 data types whose address is one object. All others are prefixes."""


def needs_of(jobs: Iterable[Members]) -> Needs:
    """What the jobs use together."""
    needs = Needs()
    for job in jobs:
        needs |= _needs(job)
    return needs


def role_members(members: Members) -> Any:
    """The members that a role depends on. The others may be secret or unknown, and must not become part of a policy."""
    return part(members, LEAVES)


def feature_members(members: Members) -> Any:
    """The members that `FEATURES` depends on."""
    return part(members, [path for paths in FEATURES.values() for path in paths])


def part(members: Members, paths: Iterable[str]) -> Any:
    """The members on the paths, with everything below the end of a path. A deferred value is kept whole."""
    return _pruned(members, [path.split(".") for path in paths])


def _needs(job: Members) -> Needs:
    sources = list(values_at(job, _S3))
    uses: dict[str, Any] = {use: frozenset(_found(job, paths)) for use, paths in NAMED.items()}
    uses |= {
        use: frozenset(location(uri, Extent.FOLDER) for uri in _found(job, paths)) for use, paths in FOLDERS.items()
    }
    uses["outputs"] |= {location(uri, Extent.FOLDER) for uri in _in_s3(job, MODEL_DIR)}
    features = frozenset(name for name, paths in FEATURES.items() if any(_found(job, paths)))
    if "rules" not in features:
        del uses["watched"]
    return Needs(
        **uses,
        inputs=frozenset(
            location(each["s3_uri"], _EXTENTS.get(each["s3_data_type"], Extent.PREFIX)) for each in sources
        )
        | {location(uri, Extent.OBJECT) for path in (SCRIPT, *RULE_SOURCES) for uri in _in_s3(job, path)},
        manifests=frozenset(each["s3_uri"] for each in sources if each["s3_data_type"] in _EXTENTS),
        file_systems=frozenset(
            FileSystem(each["file_system_id"], each["file_system_type"], each["file_system_access_mode"] == "rw")
            for each in values_at(job, _FILE_SYSTEM)
        ),
        features=features,
        job_names=frozenset(_found(job, (_JOB_NAME,))) or frozenset("*"),
    )


def _in_s3(job: Members, path: str) -> list[str]:
    """The value of a hyperparameter where it is an S3 address. The SageMaker SDK writes it as JSON, in quotes."""
    texts = (str(value).strip('"') for value in _found(job, (path,)))
    return [text for text in texts if text.startswith("s3://")]


def _found(job: Members, paths: Iterable[str]) -> Iterator[Any]:
    return (value for path in paths for value in values_at(job, path) if value)


def _pruned(value: Any, paths: list[list[str]]) -> Any:
    """The part of a value on the paths: all of it where a path ends or the value is deferred."""
    if [] in paths:
        return value
    if isinstance(value, list | tuple):
        return [_pruned(item, paths) for item in value]
    if not isinstance(value, Mapping):
        return value
    kept = {name: [path[1:] for path in paths if path[0] == name] for name in value}
    return {name: _pruned(value[name], rest) for name, rest in kept.items() if rest}
