"""Reads from the requests of jobs what they use: S3 locations, images, keys, subnets and the like.

Input: the members of jobs, all known. Output: `Needs`, the union over the jobs.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from sagemaker_constructs.api.tree import values_at
from sagemaker_constructs.permissions.locations import Extent, Location, location
from sagemaker_constructs.permissions.member_paths import (
    FEATURES,
    FILE_SYSTEM,
    FOLDERS,
    JOB_NAME,
    MODEL_DIR,
    NAMED,
    RULE_SOURCES,
    S3,
    SCRIPT,
    Members,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping


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


_EXTENTS: Mapping[str, Extent] = {"ManifestFile": Extent.OBJECT, "AugmentedManifestFile": Extent.OBJECT}
"""The S3 data types whose address is one object. All others are prefixes."""


def needs_of(jobs: Iterable[Members]) -> Needs:
    """What the jobs use together."""
    needs = Needs()
    for job in jobs:
        needs |= _needs(job)
    return needs


def _needs(job: Members) -> Needs:
    sources = list(values_at(job, S3))
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
            for each in values_at(job, FILE_SYSTEM)
        ),
        features=features,
        job_names=frozenset(_found(job, (JOB_NAME,))) or frozenset("*"),
    )


def _in_s3(job: Members, path: str) -> list[str]:
    """The value of a hyperparameter where it is an S3 address. The SageMaker SDK writes it as JSON, in quotes."""
    texts = (str(value).strip('"') for value in _found(job, (path,)))
    return [text for text in texts if text.startswith("s3://")]


def _found(job: Members, paths: Iterable[str]) -> Iterator[Any]:
    return (value for path in paths for value in values_at(job, path) if value)
