"""Builds the addresses of AWS's own images with a framework: scikit-learn, XGBoost, PyTorch, TensorFlow.

Input: a Region, a framework, its version and a processor. Output: the image, or what there is instead. AWS keeps the
images of each repository in one account of each Region. The numbers are those of "Docker Registry Paths and Example
Code" in the SageMaker guide; versions and tags are those that AWS lists in "Available Deep Learning Containers Images".
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, TypeAlias

from sagemaker_constructs.addresses.ecr import EcrImage
from sagemaker_constructs.addresses.partitions import partition_of

if TYPE_CHECKING:
    from collections.abc import Mapping

Processor: TypeAlias = Literal["cpu", "gpu"]

ALGORITHM_ACCOUNTS: Mapping[str, str] = {
    "af-south-1": "510948584623",
    "ap-east-1": "651117190479",
    "ap-northeast-1": "354813040037",
    "ap-northeast-2": "366743142698",
    "ap-northeast-3": "867004704886",
    "ap-south-1": "720646828776",
    "ap-south-2": "628508329040",
    "ap-southeast-1": "121021644041",
    "ap-southeast-2": "783357654285",
    "ap-southeast-3": "951798379941",
    "ap-southeast-4": "106583098589",
    "ca-central-1": "341280168497",
    "ca-west-1": "190319476487",
    "cn-north-1": "450853457545",
    "cn-northwest-1": "451049120500",
    "eu-central-1": "492215442770",
    "eu-central-2": "680994064768",
    "eu-north-1": "662702820516",
    "eu-south-1": "978288397137",
    "eu-south-2": "104374241257",
    "eu-west-1": "141502667606",
    "eu-west-2": "764974769150",
    "eu-west-3": "659782779980",
    "il-central-1": "898809789911",
    "me-central-1": "272398656194",
    "me-south-1": "801668240914",
    "sa-east-1": "737474898029",
    "us-east-1": "683313688378",
    "us-east-2": "257758044811",
    "us-gov-east-1": "237065988967",
    "us-gov-west-1": "414596584902",
    "us-iso-east-1": "833128469047",
    "us-isob-east-1": "281123927165",
    "us-isof-east-1": "108575199400",
    "us-isof-south-1": "124985052026",
    "us-west-1": "746614075791",
    "us-west-2": "246618743249",
}
"""By Region, the account of the repositories `sagemaker-scikit-learn` and `sagemaker-xgboost`."""

_SHARED_ACCOUNT = "763104351884"
_IN_SHARED_ACCOUNT = """
    ap-northeast-1 ap-northeast-2 ap-south-1 ap-southeast-1 ap-southeast-2 ca-central-1 eu-central-1
    eu-north-1 eu-west-1 eu-west-2 eu-west-3 sa-east-1 us-east-1 us-east-2 us-west-1 us-west-2
"""
DEEP_LEARNING_ACCOUNTS: Mapping[str, str] = {
    **dict.fromkeys(_IN_SHARED_ACCOUNT.split(), _SHARED_ACCOUNT),
    "af-south-1": "626614931356",
    "ap-east-1": "871362719292",
    "ap-east-2": "975050140332",
    "ap-northeast-3": "364406365360",
    "ap-south-2": "772153158452",
    "ap-southeast-3": "907027046896",
    "ap-southeast-4": "457447274322",
    "ap-southeast-5": "550225433462",
    "ap-southeast-6": "633930458069",
    "ap-southeast-7": "590183813437",
    "ca-west-1": "204538143572",
    "cn-north-1": "727897471807",
    "cn-northwest-1": "727897471807",
    "eu-central-2": "380420809688",
    "eu-south-1": "692866216735",
    "eu-south-2": "503227376785",
    "il-central-1": "780543022126",
    "me-central-1": "914824155844",
    "me-south-1": "217643126080",
    "mx-central-1": "637423239942",
    "us-gov-east-1": "446045086412",
    "us-gov-west-1": "442386744353",
}
"""By Region, the account of the Deep Learning Containers, such as the repository `pytorch-training`."""


@dataclass(frozen=True, slots=True)
class Framework:
    """The images of a framework."""

    repository: str
    accounts: Mapping[str, str]
    tags: Mapping[str, str]
    """The tag of each version; `{processor}` in it stands for the processor."""
    processors: tuple[Processor, ...] = ("cpu",)


def _deep_learning(pythons: Mapping[str, str]) -> dict[str, str]:
    """The tags of the versions that each Python comes with."""
    return {
        version: f"{version}-{{processor}}-{python}"
        for python, versions in pythons.items()
        for version in versions.split()
    }


FRAMEWORKS: Mapping[str, Framework] = {
    "pytorch": Framework(
        "pytorch-training",
        DEEP_LEARNING_ACCOUNTS,
        _deep_learning(
            {
                "py38": "1.12.1",
                "py39": "1.13.1",
                "py310": "2.0.0 2.0.1 2.1.0 2.2.0",
                "py311": "2.3.0 2.4.0 2.5.1",
                "py312": "2.6.0 2.7.1 2.8.0",
            }
        ),
        ("cpu", "gpu"),
    ),
    "scikit-learn": Framework(
        "sagemaker-scikit-learn",
        ALGORITHM_ACCOUNTS,
        {version: f"{version}-cpu-py3" for version in ("0.23-1", "1.0-1", "1.2-1", "1.4-2", "1.4-2-py312")},
    ),
    "tensorflow": Framework(
        "tensorflow-training",
        DEEP_LEARNING_ACCOUNTS,
        _deep_learning(
            {
                "py39": "2.9.2 2.10.1 2.11.0",
                "py310": "2.12.0 2.13.0 2.14.1 2.16.2 2.18.0",
                "py312": "2.19.0",
            }
        ),
        ("cpu", "gpu"),
    ),
    "xgboost": Framework(
        "sagemaker-xgboost",
        ALGORITHM_ACCOUNTS,
        {
            **{version: f"{version}-cpu-py3" for version in ("0.90-1", "0.90-2", "1.0-1")},
            **{version: version for version in ("1.2-1", "1.2-2", "1.3-1", "1.5-1", "1.7-1", "3.0-5", "3.2-0")},
        },
    ),
}
"""Each framework by its name."""


def aws_image_in(region: str, image: EcrImage) -> EcrImage | None:
    """AWS's own image by this name in a Region; None where the image is not AWS's, or no account there is known."""
    partition = partition_of(region)
    for accounts in (ALGORITHM_ACCOUNTS, DEEP_LEARNING_ACCOUNTS):
        if partition is not None and region in accounts and image.account in accounts.values():
            return replace(image, account=accounts[region], region=region, partition=partition)
    return None


class NoImageError(ValueError):
    """AWS has no such image. Says which there are."""


def framework_image_in(region: str, framework: str, version: str, processor: str = "cpu") -> EcrImage:
    """The image of a framework in a Region.

    Raises:
        NoImageError: there is none.
    """
    row = FRAMEWORKS.get(framework)
    if row is None:
        raise NoImageError(f"framework: got {framework!r}, expected one of {', '.join(FRAMEWORKS)}")
    if version not in row.tags:
        raise NoImageError(f"version: got {version!r}, expected one of {framework}: {', '.join(row.tags)}")
    if processor not in row.processors:
        expected = " or ".join(map(repr, row.processors))
        raise NoImageError(f"processor: got {processor!r}, expected {expected} for {framework}")
    partition = partition_of(region)
    if partition is None or region not in row.accounts:
        raise NoImageError(
            f"region: got {region!r}, expected one with images of {framework}: {', '.join(row.accounts)}"
        )
    tag = row.tags[version].format(processor=processor)
    return EcrImage(row.accounts[region], region, partition, row.repository, tag)
