"""Rules about addresses: S3 prefixes, directories in the container, keys, ARNs and their Regions."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from sagemaker_constructs.addresses.arns import parse_arn
from sagemaker_constructs.addresses.ecr import parse_image
from sagemaker_constructs.addresses.s3 import S3AddressError, parse_s3
from sagemaker_constructs.api.deferred import is_deferred
from sagemaker_constructs.api.rules.rule import Rule, api_reference, developer_guide

if TYPE_CHECKING:
    from sagemaker_constructs.addresses.s3 import S3Address
    from sagemaker_constructs.api.rules.rule import Reader

_ARNS = (
    "output_data_config.kms_key_id",
    "resource_config.volume_kms_key_id",
    "resource_config.training_plan_arn",
    "algorithm_specification.algorithm_name",
    "model_package_config.model_package_group_arn",
    "model_package_config.source_model_package_arn",
)
"""Members that name something in the job's own Region."""
_IMAGE = "algorithm_specification.training_image"
_RULE_IMAGES = ("debug_rule_configurations", "profiler_rule_configurations")
_TENSOR_BOARD = "tensor_board_output_config.local_path"
_OUTPUT_KEY = "output_data_config.kms_key_id"
_VOLUME_KEY = "resource_config.volume_kms_key_id"
_KEY = re.compile(r"key/(?:mrk-)?[0-9a-f-]{32,36}")
_KEY_OR_ALIAS = re.compile(rf"{_KEY.pattern}|alias/[\w/-]+")

_remembered = lru_cache(maxsize=512)
"""Several rules parse the same few addresses, and a job is checked more than once."""


@_remembered
def _region_of_arn(text: str | None) -> str | None:
    """The Region in an ARN; None for a name, an alias or an ARN without a Region."""
    arn = parse_arn(text or "")
    return arn.region or None if arn else None


@_remembered
def _region_of_image(text: str | None) -> str | None:
    image = parse_image(text or "")
    return image.region if image else None


def _job_region(job: Reader) -> str | None:
    """The Region that the job is to run in, or that its first ARN names."""
    return job.context.region or next(filter(None, (_region_of_arn(job.known(member)) for member in _ARNS)), None)


def _differs(region: str | None, expected: str | None) -> bool:
    return region is not None and expected is not None and region != expected


def _arn_in_region(member: str) -> Rule:
    return Rule(
        name=f"{member.rpartition('.')[2].replace('_', '-')}-in-region",
        reads=(member, *(other for other in _ARNS if other != member)),
        expected="an ARN in the Region of the job and of its other ARNs",
        source=api_reference("CreateTrainingJob"),
        broken=lambda job: _differs(_region_of_arn(job(member)), _job_region(job)),
    )


def _rule_image_in_region(rules: str) -> Rule:
    def broken(rule: Reader) -> bool:
        expected = _job_region(rule.job) or _region_of_image(rule.job.known(_IMAGE))
        return _differs(_region_of_image(rule("rule_evaluator_image")), expected)

    return Rule(
        name=f"{rules.replace('_', '-')}-in-region",
        reads=(f"{rules}[].rule_evaluator_image", _IMAGE, *_ARNS),
        expected="an image in the Region of the job",
        source=developer_guide("debugger-reference"),
        broken=broken,
        refused=False,
    )


def _outside_inputs(member: str) -> Rule:
    def broken(job: Reader) -> bool:
        location = _s3_address(job(member))
        inputs = [channel("data_source.s3_data_source") for channel in job.items("input_data_config")]
        uris = [s3["s3_uri"] for s3 in inputs if s3 and s3.get("s3_data_type") == "S3Prefix"]
        prefixes = [_s3_address(uri) for uri in uris if not is_deferred(uri)]
        return location is not None and any(_is_below(location, prefix) for prefix in prefixes if prefix)

    return Rule(
        name=f"{member.partition('.')[0].replace('_', '-')}-outside-inputs",
        reads=(member, "input_data_config"),
        expected="a location outside every input prefix: otherwise the next run reads what this run writes",
        source=api_reference("S3DataSource"),
        broken=broken,
        refused=False,
    )


@_remembered
def _s3_address(text: str) -> S3Address | None:
    try:
        return parse_s3(text)
    except S3AddressError:
        return None


def _is_below(location: S3Address, prefix: S3Address) -> bool:
    same_bucket = location.bucket == prefix.bucket
    folder = prefix.key.rstrip("/")
    return same_bucket and (not folder or f"{location.key.rstrip('/')}/".startswith(f"{folder}/"))


def _key_form(member: str, form: re.Pattern[str], expected: str) -> Rule:
    def broken(job: Reader) -> bool:
        text = job(member)
        arn = parse_arn(text)
        if arn and arn.service != "kms":
            return True
        resource = arn.resource if arn else text if text.startswith("alias/") else f"key/{text}"
        return bool(text) and not form.fullmatch(resource)

    return Rule(
        name=f"{member.rpartition('.')[2].replace('_', '-')}-well-formed",
        reads=(member,),
        expected=expected,
        source=api_reference(member.partition("_")[0].title() + ("DataConfig" if "output" in member else "Config")),
        broken=broken,
        refused=False,
    )


def _below_opt_ml(member: str) -> Rule:
    return Rule(
        name=f"{member.partition('.')[0].replace('_', '-')}-below-opt-ml",
        reads=(member,),
        expected="a directory below /opt/ml/, where SageMaker provides storage",
        source=developer_guide("model-train-storage"),
        broken=lambda job: not (job(member) or "/opt/ml/").startswith("/opt/ml/"),
        refused=False,
    )


RULES = (
    *map(_arn_in_region, _ARNS),
    Rule(
        name="image-in-region",
        reads=(_IMAGE, *_ARNS),
        expected="an image in the Region of the job",
        source=developer_guide("your-algorithms-training-algo"),
        broken=lambda job: _differs(_region_of_image(job(_IMAGE)), _job_region(job)),
        refused=False,
    ),
    *map(_rule_image_in_region, _RULE_IMAGES),
    _outside_inputs("output_data_config.s3_output_path"),
    _outside_inputs("checkpoint_config.s3_uri"),
    _key_form(_OUTPUT_KEY, _KEY_OR_ALIAS, "a key ID, a key ARN, an alias or an alias ARN"),
    _key_form(_VOLUME_KEY, _KEY, "a key ID or a key ARN"),
    _below_opt_ml("checkpoint_config.local_path"),
    _below_opt_ml("debug_hook_config.local_path"),
    Rule(
        name="tensor-board-directory-free",
        reads=(_TENSOR_BOARD,),
        expected="the default /opt/ml/output/tensorboard, or a directory outside /opt/ml, /tmp and /usr/local/nvidia",
        source="the service's answer: https://github.com/aws/amazon-sagemaker-examples/issues/3620",
        broken=lambda job: (
            job(_TENSOR_BOARD).startswith(("/opt/ml", "/tmp", "/usr/local/nvidia"))  # noqa: S108
            and job(_TENSOR_BOARD).rstrip("/") != "/opt/ml/output/tensorboard"
        ),
        refused=False,
    ),
)
