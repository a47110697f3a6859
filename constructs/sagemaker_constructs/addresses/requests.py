"""Says which addresses SageMaker refuses in a request, for the rules of the library and for those of the local AWS.

Input: the text of a member, and the Region of the job where it is known. Output: what is expected instead, or None. The
tables list the members of CreateTrainingJob by their path: `[]` stands for each item of a list.
"""

from __future__ import annotations

from functools import lru_cache

from sagemaker_constructs.addresses.arns import parse_arn
from sagemaker_constructs.addresses.bucket_names import NamingRule, broken_naming_rule
from sagemaker_constructs.addresses.ecr import parse_image
from sagemaker_constructs.addresses.partitions import partition_of
from sagemaker_constructs.addresses.s3 import S3AddressError, parse_s3

S3_MEMBERS = (
    "InputDataConfig[].DataSource.S3DataSource.S3Uri",
    "OutputDataConfig.S3OutputPath",
    "CheckpointConfig.S3Uri",
    "DebugHookConfig.S3OutputPath",
    "DebugRuleConfigurations[].S3OutputPath",
    "TensorBoardOutputConfig.S3OutputPath",
    "ProfilerConfig.S3OutputPath",
    "ProfilerRuleConfigurations[].S3OutputPath",
)
"""Members that are locations in S3, in the Region of the job."""

ARN_MEMBERS = (
    "OutputDataConfig.KmsKeyId",
    "ResourceConfig.VolumeKmsKeyId",
    "ResourceConfig.TrainingPlanArn",
    "ResourceConfig.InstancePreferences[].TrainingPlanArns",
    "AlgorithmSpecification.AlgorithmName",
    "AlgorithmSpecification.TrainingImageConfig.TrainingRepositoryAuthConfig.TrainingRepositoryCredentialsProviderArn",
    "InputDataConfig[].DataSource.S3DataSource.HubAccessConfig.HubContentArn",
    "InputDataConfig[].DataSource.DatasetSource.DatasetArn",
    "ModelPackageConfig.ModelPackageGroupArn",
    "ModelPackageConfig.SourceModelPackageArn",
    "ServerlessJobConfig.BaseModelArn",
    "ServerlessJobConfig.EvaluatorArn",
    "MlflowConfig.MlflowResourceArn",
)
"""Members that name something in the Region of the job, by its ARN or otherwise."""

MARKETPLACE_ACCOUNTS = frozenset(
    {
        "057799348421",
        "077584701553",
        "136758871317",
        "192199979996",
        "270155090741",
        "382657785993",
        "446921602837",
        "470592106596",
        "594846645681",
        "666831318237",
        "745090734665",
        "843114510376",
        "856760150666",
        "865070037744",
        "977537786026",
        "985815980388",
    }
)
"""Accounts in whose ARNs AWS Marketplace offers algorithms and model packages, one in each Region. The list ages, so an
algorithm of any other account than the job's counts as an offer, too: algorithms are shared in no other way."""

_remembered = lru_cache(maxsize=1024)
"""Several rules ask about the same few addresses, and a job is checked more than once."""


@_remembered
def refused_bucket(address: str, region: str | None) -> str | None:
    """What the bucket of an S3 address must be called, where it certainly has another name."""
    rule = _naming_rule(address)
    return rule.says if rule and rule.is_certain_in(region) else None


@_remembered
def doubtful_output(address: str, region: str | None) -> str | None:
    """What an S3 address of output should be, where it is accepted but probably mistaken.

    SageMaker adds a slash of its own, so those at the end are no part of the keys that it writes.
    """
    return doubtful_address(address if address.endswith("://") else address.rstrip("/"), region)


@_remembered
def doubtful_address(address: str, region: str | None) -> str | None:
    """What an S3 address should be, where it is accepted but probably mistaken."""
    try:
        key = parse_s3(address).key
    except S3AddressError as error:
        return str(error).rpartition("expected ")[2]
    rule = _naming_rule(address)
    if rule and not rule.is_certain_in(region):
        return rule.says
    if key.startswith("/") or "//" in key:
        return "a key without //: SageMaker does not download such objects"
    return None


def _naming_rule(address: str) -> NamingRule | None:
    try:
        return broken_naming_rule(parse_s3(address).bucket)
    except S3AddressError:
        return None


@_remembered
def region_of_arn(text: str) -> str | None:
    """The Region in an ARN; None for a name, an alias or an ARN without a Region."""
    arn = parse_arn(text)
    return arn.region or None if arn else None


@_remembered
def region_of_image(image: str) -> str | None:
    """The Region of an image in ECR; None for another one."""
    found = parse_image(image)
    return found.region if found else None


@_remembered
def is_elsewhere(arn: str, region: str | None) -> bool:
    """Whether an ARN names something in another Region, or in another partition than that of the Region."""
    parsed = parse_arn(arn)
    if parsed is None or not parsed.region or region is None:
        return False
    partition = partition_of(region)
    return parsed.region != region or (partition is not None and partition.name != parsed.partition)


@_remembered
def marketplace_algorithm(name: str, account: str | None) -> bool | None:
    """Whether an algorithm is an offer of AWS Marketplace; None where that depends on the account, which is not known.

    Args:
        name: a name or an ARN.
        account: of the job, where it is known.
    """
    arn = parse_arn(name)
    if arn is None:
        return False
    if arn.account in MARKETPLACE_ACCOUNTS:
        return True
    return None if account is None else arn.account != account
