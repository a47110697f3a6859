"""Lists the guardrails: one row each, read by `check`, by the IAM policies and by the documentation."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field, StrictBool, StrictInt, StringConstraints

from sagemaker_constructs.api.defaults import DEFAULTS
from sagemaker_constructs.api.deferred import is_deferred
from sagemaker_constructs.api.instances import candidates, most_instances
from sagemaker_constructs.api.local_storage import LOCAL_STORAGE
from sagemaker_constructs.cost.formula import READS
from sagemaker_constructs.cost.record import dollars
from sagemaker_constructs.guardrails.rule import Broken, Guardrail, Job, at_most, equal, matches, of_patterns, present

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from sagemaker_constructs.guardrails.rule import Conditions

_RESOURCES = "resource_config"
_TYPES = tuple(
    f"{_RESOURCES}.{member}"
    for member in ("instance_type", "instance_groups.instance_type", "instance_preferences.instance_type")
)
_COUNTS = tuple(
    f"{_RESOURCES}.{member}"
    for member in ("instance_count", "instance_groups.instance_count", "instance_preferences.instance_count")
)
_MAX_RUNTIME = "stopping_condition.max_runtime_in_seconds"
_KEEP_ALIVE = f"{_RESOURCES}.keep_alive_period_in_seconds"
_VOLUME_KEY = f"{_RESOURCES}.volume_kms_key_id"
_OUTPUT_KEY = "output_data_config.kms_key_id"
_SUBNETS, _GROUPS = "vpc_config.subnets", "vpc_config.security_group_ids"
_ISOLATION = "enable_network_isolation"
_ENCRYPTION = "enable_inter_container_traffic_encryption"
_REMOTE_DEBUG = "remote_debug_config.enable_remote_debug"
_SPOT = "enable_managed_spot_training"
_IMAGES = ("algorithm_specification.training_image", "algorithm_specification.algorithm_name")

_Patterns = Annotated[list[Annotated[str, StringConstraints(strict=True, min_length=1)]], Field(min_length=1)]
_Count = Annotated[StrictInt, Field(ge=1)]
_Seconds = Annotated[StrictInt, Field(ge=0)]
_Dollars = Annotated[Decimal, Field(gt=0)]
_NO_KEY = "CreateTrainingJob has no condition key for it"
COST_PER_JOB, COST_PER_STACK = "max_cost_per_job", "max_cost_per_stack"


def _too_many(job: Job, limit: Any) -> Iterator[Broken]:
    most = most_instances(job.members) if candidates(job.members) else 0
    if most > limit:
        given = next((path for path in _COUNTS if job.known(path)), _COUNTS[0])
        yield Broken(tuple(given.split(".")[:2]), str(most), f"at most {limit} instances")


def _unencrypted(job: Job, limit: Any) -> Iterator[Broken]:
    """Instances with local storage are encrypted by the hardware, and take no key."""
    types = [leaf.value for path in _TYPES for leaf in job.known(path) if leaf.value]
    if limit and job.lacks(_VOLUME_KEY) and any(not matches(each, LOCAL_STORAGE) for each in types):
        yield Broken(tuple(_VOLUME_KEY.split(".")), "nothing", "a KMS key")


def _untagged(job: Job, keys: Any) -> Iterator[Broken]:
    if not is_deferred(job.tags):
        missing = [key for key in keys if key not in job.tags]
        if missing:
            yield Broken(("tags",), f"no {', '.join(missing)}", f"the tags {', '.join(keys)}")


def _too_dear(job: Job, limit: Any) -> Iterator[Broken]:
    if job.cost is None or job.cost.undecided:
        return
    maximum = job.cost.maximum
    if maximum is None or maximum > limit:
        got = "a maximum cost that is not known" if maximum is None else f"a maximum cost of {dollars(maximum)}"
        why = f" ({'; '.join(job.cost.unknown)})" if maximum is None else ""
        yield Broken((_RESOURCES,), f"{got}{why}", f"at most {dollars(limit)}")


def _switched_on(key: str) -> Callable[[Any], Sequence[Conditions]]:
    """A switch that must be on is off, or absent."""
    return _if_demanded({"BoolIfExists": {key: "false"}})


def _absent(key: str, others: Conditions | None = None) -> Callable[[Any], Sequence[Conditions]]:
    """There is no value, and the others hold."""
    return _if_demanded({"Null": {key: "true"}, **(others or {})})


def _if_demanded(conditions: Conditions) -> Callable[[Any], Sequence[Conditions]]:
    """The conditions, where the rule holds."""

    def denied(limit: Any) -> Sequence[Conditions]:
        return [conditions] if limit else []

    return denied


def _none_like(key: str) -> Callable[[Any], Sequence[Conditions]]:
    """A value matches no pattern."""

    def denied(patterns: Any) -> Sequence[Conditions]:
        return [{"ForAnyValue:StringNotLike": {key: list(patterns)}}]

    return denied


def _more(key: str, default: int) -> Callable[[Any], Sequence[Conditions]]:
    """A number exceeds the limit, or is absent where the service's default does."""

    def denied(limit: Any) -> Sequence[Conditions]:
        absent: list[Conditions] = [{"Null": {key: "true"}}] if default > limit else []
        return [{"NumericGreaterThan": {key: str(limit)}}, *absent]

    return denied


def _no_limit(_job: Job, _limit: Any) -> Iterator[Broken]:
    """Nothing of one job."""
    return iter(())


GUARDRAILS: tuple[Guardrail, ...] = (
    Guardrail(
        "instance_types",
        _Patterns,
        "the instance types that a job may use, such as `ml.m5.*`",
        _TYPES,
        of_patterns(*_TYPES),
        _none_like("sagemaker:InstanceTypes"),
        example=["ml.m5.*"],
    ),
    Guardrail(
        "max_instance_count",
        _Count,
        "the instances of a job at most, all groups together",
        _COUNTS,
        _too_many,
        beyond_aws=_NO_KEY,
        example=4,
    ),
    Guardrail(
        "max_runtime_in_seconds",
        _Seconds,
        "the longest MaxRuntimeInSeconds",
        (_MAX_RUNTIME,),
        at_most(_MAX_RUNTIME, DEFAULTS[_MAX_RUNTIME].value),
        _more("sagemaker:MaxRuntimeInSeconds", DEFAULTS[_MAX_RUNTIME].value),
        example=43_200,
    ),
    Guardrail(
        "max_keep_alive_in_seconds",
        _Seconds,
        "the longest time for which instances are kept warm",
        (_KEEP_ALIVE,),
        at_most(_KEEP_ALIVE, DEFAULTS[_KEEP_ALIVE].value),
        _more("sagemaker:KeepAlivePeriod", DEFAULTS[_KEEP_ALIVE].value),
        example=0,
    ),
    Guardrail(
        COST_PER_JOB,
        _Dollars,
        "the highest maximum cost of a job, in US dollars; a cost that is not known exceeds it",
        READS,
        _too_dear,
        beyond_aws="AWS compares no prices",
        example="25.50",
    ),
    Guardrail(
        COST_PER_STACK,
        _Dollars,
        "the highest maximum cost of all jobs that one update starts, in US dollars; decided in the review",
        (),
        _no_limit,
        beyond_aws="AWS compares no prices",
        example="100",
    ),
    Guardrail(
        "require_vpc",
        StrictBool,
        "whether a job must run in a VPC",
        ("vpc_config",),
        present("vpc_config", "a VPC"),
        _absent("sagemaker:VpcSubnets"),
    ),
    Guardrail(
        "subnets",
        _Patterns,
        "the subnets in which a job may run",
        (_SUBNETS,),
        of_patterns(_SUBNETS),
        _none_like("sagemaker:VpcSubnets"),
        example=["subnet-0123456789abcdef0"],
    ),
    Guardrail(
        "security_groups",
        _Patterns,
        "the security groups that a job may have",
        (_GROUPS,),
        of_patterns(_GROUPS),
        _none_like("sagemaker:VpcSecurityGroupIds"),
        example=["sg-0123456789abcdef0"],
    ),
    Guardrail(
        "require_volume_key",
        StrictBool,
        "whether a KMS key must encrypt the volumes, except those of instances with NVMe storage",
        (_VOLUME_KEY, *_TYPES),
        _unencrypted,
        _absent(
            "sagemaker:VolumeKmsKey",
            {"ForAnyValue:StringNotLike": {"sagemaker:InstanceTypes": list(LOCAL_STORAGE)}},
        ),
    ),
    Guardrail(
        "require_output_key",
        StrictBool,
        "whether a KMS key must encrypt the model",
        (_OUTPUT_KEY,),
        present(_OUTPUT_KEY, "a KMS key"),
        _absent("sagemaker:OutputKmsKey"),
    ),
    Guardrail(
        "require_network_isolation",
        StrictBool,
        "whether a job's containers must be without network",
        (_ISOLATION,),
        equal(_ISOLATION, wanted=True),
        _switched_on("sagemaker:NetworkIsolation"),
    ),
    Guardrail(
        "require_traffic_encryption",
        StrictBool,
        "whether the traffic between a job's containers must be encrypted",
        (_ENCRYPTION,),
        equal(_ENCRYPTION, wanted=True),
        _switched_on("sagemaker:InterContainerTrafficEncryption"),
    ),
    Guardrail(
        "forbid_remote_debug",
        StrictBool,
        "whether nobody may open a shell in a job's containers",
        (_REMOTE_DEBUG,),
        equal(_REMOTE_DEBUG, wanted=False),
        _if_demanded({"Bool": {"sagemaker:EnableRemoteDebug": "true"}}),
    ),
    Guardrail(
        "required_tags",
        _Patterns,
        "the keys of the tags that a job must have; `aws:defaultTags` count",
        ("tags",),
        _untagged,
        lambda keys: [{"Null": {f"aws:RequestTag/{key}": "true"}} for key in keys],
        example=["team"],
    ),
    Guardrail(
        "images",
        _Patterns,
        "the images, or algorithms of AWS Marketplace, that a job may use, such as `123456789012.dkr.ecr.*`",
        _IMAGES,
        of_patterns(*_IMAGES),
        beyond_aws=_NO_KEY,
        example=["123456789012.dkr.ecr.*"],
    ),
    Guardrail(
        "require_spot",
        StrictBool,
        "whether a job must use spot capacity",
        (_SPOT,),
        equal(_SPOT, wanted=True),
        beyond_aws=_NO_KEY,
    ),
)
"""Every guardrail, in the order in which violations are listed."""

BY_NAME: Mapping[str, Guardrail] = {rule.name: rule for rule in GUARDRAILS}
