"""Rules about addresses: S3 prefixes, directories in the container, keys, ARNs and their Regions."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from sagemaker_constructs.addresses.arns import parse_arn
from sagemaker_constructs.addresses.ecr import image_mistake, parse_image
from sagemaker_constructs.addresses.framework_images import aws_image_in
from sagemaker_constructs.addresses.requests import (
    ARN_MEMBERS,
    S3_MEMBERS,
    doubtful_address,
    doubtful_output,
    is_elsewhere,
    refused_bucket,
    region_of_arn,
    region_of_image,
)
from sagemaker_constructs.addresses.s3 import S3AddressError, parse_s3
from sagemaker_constructs.api.deferred import is_deferred
from sagemaker_constructs.api.rules.rule import Rule, api_reference, developer_guide
from sagemaker_constructs.api.wire import member_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sagemaker_constructs.addresses.s3 import S3Address
    from sagemaker_constructs.api.rule_context import RuleContext
    from sagemaker_constructs.api.rules.rule import Reader


def _member(wire: str) -> str:
    """A member of the tables of addresses under its Python names."""
    return ".".join(
        member_name(part.removesuffix("[]")) + part[len(part.removesuffix("[]")) :] for part in wire.split(".")
    )


_ARNS = tuple(map(_member, ARN_MEMBERS))
_ARNS_OF_THE_JOB = tuple(member for member in _ARNS if "[]" not in member)
_S3 = tuple(map(_member, S3_MEMBERS))
_IMAGE = "algorithm_specification.training_image"
_ACCESS_MODE = "algorithm_specification.training_image_config.training_repository_access_mode"
_RULE_IMAGES = ("debug_rule_configurations", "profiler_rule_configurations")
_TENSOR_BOARD = "tensor_board_output_config.local_path"
_CHECKPOINTS = "checkpoint_config.local_path"
_OUTPUT_KEY = "output_data_config.kms_key_id"
_VOLUME_KEY = "resource_config.volume_kms_key_id"
_KEY = re.compile(r"key/(?:mrk-)?[0-9a-f-]{32,36}")
_KEY_OR_ALIAS = re.compile(rf"{_KEY.pattern}|alias/[\w/-]+")
_OF_SAGEMAKER = re.compile(r"/opt/ml/(?:model|input)(?:/|\Z)")

_remembered = lru_cache(maxsize=512)
"""Several rules parse the same few addresses, and a job is checked more than once."""


_host_mistake = _remembered(image_mistake)


def _job_region(job: Reader) -> str | None:
    """The Region that the job is to run in, or that its first ARN names."""
    return job.context.region or next(filter(None, map(region_of_arn, _known_arns(job))), None)


def _known_arns(job: Reader) -> Iterator[str]:
    return filter(None, map(job.known, _ARNS_OF_THE_JOB))


def _differs(region: str | None, expected: str | None) -> bool:
    return region is not None and expected is not None and region != expected


def _in_the_jobs_region(what: str) -> Callable[[str, RuleContext], str | None]:
    def explain(_: str, context: RuleContext) -> str | None:
        region = context.region
        return region and f"{what} in {region}, the Region of the job: its `region`, its provider's, or aws:region"

    return explain


@_remembered
def _aws_address(image: str, region: str | None = None) -> str | None:
    """Where AWS has its own image in a Region, or in that of its address; None for an image of others."""
    parsed = parse_image(image)
    found = parsed and aws_image_in(region or parsed.region, parsed)
    return found.uri if found else None


def _image_in_the_jobs_region(image: str, context: RuleContext) -> str | None:
    expected = _in_the_jobs_region("an image")(image, context)
    address = _aws_address(image, context.region)
    return f"{expected}; AWS has it there at {address}" if expected and address else expected


def _in_another_regions_account(image: str) -> bool:
    address = _aws_address(image)
    return address is not None and parse_image(address) != parse_image(image)


def _arn_in_region(member: str) -> Rule:
    name = member.rpartition("[].")[2] if "[]" in member else member
    several = name.endswith("_arns")

    def broken(reader: Reader) -> bool:
        region = _job_region(reader.job)
        return any(is_elsewhere(arn, region) for arn in (reader.texts(name) if several else [reader(name)]))

    return Rule(
        name=f"{name.rpartition('.')[2].replace('_', '-')}-in-region",
        reads=(member, *(other for other in _ARNS_OF_THE_JOB if other != member)),
        expected=f"{'ARNs' if several else 'an ARN'} in the Region of the job and of its other ARNs",
        source=api_reference("CreateTrainingJob"),
        broken=broken,
        explain=None if several else _in_the_jobs_region("an ARN"),
    )


def _s3_rule(member: str, suffix: str, expected: str, explain: Callable[[str, str | None], str | None]) -> Rule:
    items, _, name = member.rpartition("[].")

    def explained(value: str, context: RuleContext) -> str | None:
        return explain(value, context.region)

    return Rule(
        name=f"{(items or member.partition('.')[0]).replace('_', '-')}-{suffix}",
        reads=(member,),
        expected=expected,
        source="https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html",
        broken=lambda reader: explained(reader(name), reader.context) is not None,
        explain=explained,
        refused=explain is refused_bucket,
    )


def _bucket_exists_by_name(member: str) -> Rule:
    return _s3_rule(member, "bucket-possible", "a bucket by a name that S3's naming rules allow", refused_bucket)


def _location_plausible(member: str) -> Rule:
    explain = doubtful_address if member.startswith("input_data_config") else doubtful_output
    expected = "a bucket by a name that new buckets may have, and a key without //"
    return _s3_rule(member, "location-plausible", expected, explain)


def _not_in_ecr(job: Reader) -> bool:
    """Whether it is in another registry. A spec without a Region may be a template, whose image is a placeholder."""
    image = job(_IMAGE)
    elsewhere = job.context.region is not None and region_of_image(image) is None and _host_mistake(image) is None
    return elsewhere and job(_ACCESS_MODE) != "Vpc"


def _rule_image_in_region(rules: str) -> Rule:
    def broken(rule: Reader) -> bool:
        expected = _job_region(rule.job) or region_of_image(rule.job.known(_IMAGE) or "")
        return _differs(region_of_image(rule("rule_evaluator_image") or ""), expected)

    return Rule(
        name=f"{rules.replace('_', '-')}-in-region",
        reads=(f"{rules}[].rule_evaluator_image", _IMAGE, *_ARNS_OF_THE_JOB),
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
        reads=(_IMAGE, *_ARNS_OF_THE_JOB),
        expected="an image in the Region of the job",
        source=developer_guide("your-algorithms-training-algo"),
        broken=lambda job: _differs(region_of_image(job(_IMAGE)), _job_region(job)),
        explain=_image_in_the_jobs_region,
    ),
    Rule(
        name="aws-image-in-account",
        reads=(_IMAGE,),
        expected="an image of AWS's in the account that has it in the image's Region",
        source="https://docs.aws.amazon.com/sagemaker/latest/dg-ecr-paths/sagemaker-algo-docker-registry-paths.html",
        broken=lambda job: _in_another_regions_account(job(_IMAGE)),
        explain=lambda image, _: f"{_aws_address(image)}: the account of AWS's images differs between Regions",
        refused=False,
    ),
    Rule(
        name="image-host-exists",
        reads=(_IMAGE,),
        expected="the address of an image in Amazon ECR, by its account, Region and DNS suffix",
        source="https://docs.aws.amazon.com/general/latest/gr/ecr.html",
        broken=lambda job: _host_mistake(job(_IMAGE)) is not None,
        explain=lambda image, _: _host_mistake(image),
    ),
    Rule(
        name="image-in-ecr",
        reads=(_IMAGE, _ACCESS_MODE),
        expected="an image in a private registry of Amazon ECR; an image of another registry requires "
        "training_image_config with training_repository_access_mode 'Vpc'",
        source="the service's answer: https://github.com/aws/sagemaker-python-sdk/issues/2605",
        broken=_not_in_ecr,
    ),
    *map(_rule_image_in_region, _RULE_IMAGES),
    *map(_bucket_exists_by_name, _S3),
    *map(_location_plausible, _S3),
    _outside_inputs("output_data_config.s3_output_path"),
    _outside_inputs("checkpoint_config.s3_uri"),
    _key_form(_OUTPUT_KEY, _KEY_OR_ALIAS, "a key ID, a key ARN, an alias or an alias ARN"),
    _key_form(_VOLUME_KEY, _KEY, "a key ID or a key ARN"),
    _below_opt_ml("checkpoint_config.local_path"),
    _below_opt_ml("debug_hook_config.local_path"),
    Rule(
        name="checkpoints-apart",
        reads=(_CHECKPOINTS,),
        expected="a directory outside /opt/ml/model and /opt/ml/input: SageMaker fills and uploads those itself",
        source=developer_guide("model-checkpoints"),
        broken=lambda job: _OF_SAGEMAKER.match(job(_CHECKPOINTS)) is not None,
        refused=False,
    ),
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
