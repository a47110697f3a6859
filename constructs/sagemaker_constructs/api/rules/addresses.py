"""Rules about addresses: S3 prefixes, directories in the container, keys, ARNs and their Regions."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sagemaker_constructs.api.rules.rule import Rule, api_reference, developer_guide

if TYPE_CHECKING:
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

_ARN = re.compile(r"arn:[^:]+:[^:]+:([a-z0-9-]+):")
_ECR = re.compile(r"\d{12}\.dkr\.ecr(?:-fips)?\.([a-z0-9-]+)\.")
_KEY = r"(?:mrk-)?[0-9a-f-]{32,36}"
_KEY_FORMS = {
    "output_data_config.kms_key_id": re.compile(
        rf"{_KEY}|alias/[\w/-]+|arn:[\w-]+:kms:[\w-]+:\d{{12}}:(?:key/{_KEY}|alias/[\w/-]+)"
    ),
    "resource_config.volume_kms_key_id": re.compile(rf"{_KEY}|arn:[\w-]+:kms:[\w-]+:\d{{12}}:key/{_KEY}"),
}


def _region_in(pattern: re.Pattern[str], text: str | None) -> str | None:
    found = pattern.match(text or "")
    return found[1] if found else None


def _job_region(job: Reader) -> str | None:
    """The Region that the job is to run in, or that its first ARN shows."""
    shown = (_region_in(_ARN, job.known(member)) for member in _ARNS)
    return job.context.region or next(filter(None, shown), None)


def _elsewhere(region: str | None, home: str | None) -> bool:
    return region is not None and home is not None and region != home


def _arn_in_region(member: str) -> Rule:
    return Rule(
        name=f"{member.rpartition('.')[2].replace('_', '-')}-in-region",
        reads=(member, *(other for other in _ARNS if other != member)),
        says="the Region of the job and of its other ARNs",
        source=api_reference("CreateTrainingJob"),
        broken=lambda job: _elsewhere(_region_in(_ARN, job(member)), _job_region(job)),
    )


def _rule_image_in_region(rules: str) -> Rule:
    def broken(rule: Reader) -> bool:
        home = _job_region(rule.job) or _region_in(_ECR, rule.job.known(_IMAGE))
        return _elsewhere(_region_in(_ECR, rule("rule_evaluator_image")), home)

    return Rule(
        name=f"{rules.replace('_', '-')}-in-region",
        reads=(f"{rules}[].rule_evaluator_image", _IMAGE, *_ARNS),
        says="an image in the Region of the job",
        source=developer_guide("debugger-reference"),
        broken=broken,
        refused=False,
    )


def _inside_an_input(member: str) -> Rule:
    def broken(job: Reader) -> bool:
        place = job(member)
        inputs = [channel("data_source.s3_data_source") for channel in job.items("input_data_config")]
        prefixes = [s3["s3_uri"] for s3 in inputs if s3 and s3.get("s3_data_type") == "S3Prefix"]
        return place is not None and any(_inside(place, prefix) for prefix in prefixes)

    return Rule(
        name=f"{member.partition('.')[0].replace('_', '-')}-outside-inputs",
        reads=(member, "input_data_config"),
        says="a place outside every input prefix: the next run would read what this one writes",
        source=api_reference("S3DataSource"),
        broken=broken,
        refused=False,
    )


def _inside(place: str, prefix: object) -> bool:
    return isinstance(prefix, str) and f"{place.rstrip('/')}/".startswith(f"{prefix.rstrip('/')}/")


def _key_form(member: str, forms: str) -> Rule:
    return Rule(
        name=f"{member.rpartition('.')[2].replace('_', '-')}-well-formed",
        reads=(member,),
        says=forms,
        source=api_reference(member.partition("_")[0].title() + ("DataConfig" if "output" in member else "Config")),
        broken=lambda job: bool(job(member)) and not _KEY_FORMS[member].fullmatch(job(member)),
        refused=False,
    )


def _below_opt_ml(member: str) -> Rule:
    return Rule(
        name=f"{member.partition('.')[0].replace('_', '-')}-below-opt-ml",
        reads=(member,),
        says="a directory below /opt/ml/, where SageMaker's storage is",
        source=developer_guide("model-train-storage"),
        broken=lambda job: not (job(member) or "/opt/ml/").startswith("/opt/ml/"),
        refused=False,
    )


RULES = (
    *map(_arn_in_region, _ARNS),
    Rule(
        name="image-in-region",
        reads=(_IMAGE, *_ARNS),
        says="an image in the Region of the job",
        source=developer_guide("your-algorithms-training-algo"),
        broken=lambda job: _elsewhere(_region_in(_ECR, job(_IMAGE)), _job_region(job)),
        refused=False,
    ),
    *map(_rule_image_in_region, _RULE_IMAGES),
    _inside_an_input("output_data_config.s3_output_path"),
    _inside_an_input("checkpoint_config.s3_uri"),
    _key_form("output_data_config.kms_key_id", "a key id, an alias, or the ARN of either"),
    _key_form("resource_config.volume_kms_key_id", "a key id or a key ARN"),
    _below_opt_ml("checkpoint_config.local_path"),
    _below_opt_ml("debug_hook_config.local_path"),
    Rule(
        name="tensor-board-directory-free",
        reads=(_TENSOR_BOARD,),
        says="the default /opt/ml/output/tensorboard, or a directory outside /opt/ml, /tmp and /usr/local/nvidia",
        source="the service's answer: https://github.com/aws/amazon-sagemaker-examples/issues/3620",
        broken=lambda job: (
            (job(_TENSOR_BOARD) or "").startswith(("/opt/ml", "/tmp", "/usr/local/nvidia"))  # noqa: S108
            and job(_TENSOR_BOARD).rstrip("/") != "/opt/ml/output/tensorboard"
        ),
        refused=False,
    ),
)
