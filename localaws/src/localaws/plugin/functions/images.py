"""Builds the addresses of SageMaker's own images from the account of each algorithm's repository in each Region.

The numbers are AWS's, published as "Docker Registry Paths and Example Code" in the SageMaker guide.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from localaws.plugin.aws import Aws
from localaws.plugin.errors import RefusedError
from localaws.plugin.function import Function
from localaws.plugin.values import Properties
from sagemaker_constructs.addresses.ecr import EcrImage
from sagemaker_constructs.addresses.framework_images import ALGORITHM_ACCOUNTS, DEEP_LEARNING_ACCOUNTS
from sagemaker_constructs.addresses.partitions import partition_of

ELSEWHERE: Final[Mapping[str, Mapping[str, str]]] = {
    **dict.fromkeys(("sagemaker-scikit-learn", "sagemaker-sparkml-serving", "sagemaker-xgboost"), ALGORITHM_ACCOUNTS),
    **dict.fromkeys(
        (
            "autogluon-inference",
            "autogluon-training",
            "djl-inference",
            "huggingface-pytorch-inference",
            "huggingface-pytorch-training",
            "huggingface-tensorflow-inference",
            "huggingface-tensorflow-training",
            "mxnet-inference",
            "mxnet-training",
            "pytorch-inference",
            "pytorch-training",
            "tensorflow-inference",
            "tensorflow-training",
        ),
        DEEP_LEARNING_ACCOUNTS,
    ),
}
"""Repositories whose accounts the library knows, too, for it builds the addresses of their images."""
COLUMNS: Final = {
    "algorithms": (
        "factorization-machines",
        "ipinsights",
        "kmeans",
        "knn",
        "linear-learner",
        "ntm",
        "object2vec",
        "pca",
        "randomcutforest",
    ),
    "vision and text": (
        "blazingtext",
        "image-classification",
        "object-detection",
        "semantic-segmentation",
        "seq2seq",
    ),
    "forecasting": ("forecasting-deepar",),
    "debugger": ("sagemaker-debugger-rules",),
}
"""Repositories that one account keeps, in the order of the columns of ACCOUNTS."""

ACCOUNTS: Final = {
    "af-south-1": "455444449433 455444449433 455444449433 314341159256",
    "ap-east-1": "286214385809 286214385809 286214385809 199566480951",
    "ap-northeast-1": "351501993468 501404015308 633353088612 430734990657",
    "ap-northeast-2": "835164637446 306986355934 204372634319 578805364391",
    "ap-northeast-3": "867004704886 867004704886 867004704886 479947661362",
    "ap-south-1": "991648021394 991648021394 991648021394 904829902805",
    "ap-southeast-1": "475088953585 475088953585 475088953585 972752614525",
    "ap-southeast-2": "712309505854 544295431143 514117268639 184798709955",
    "ca-central-1": "469771592824 469771592824 469771592824 519511493484",
    "cn-north-1": "390948362332 390948362332 390948362332 618459771430",
    "cn-northwest-1": "387376663083 387376663083 387376663083 658757709296",
    "eu-central-1": "664544806723 813361260812 495149712605 482524230118",
    "eu-north-1": "669576153137 669576153137 669576153137 314864569078",
    "eu-south-1": "257386234256 257386234256 257386234256 563282790590",
    "eu-west-1": "438346466558 685385470294 224300973850 929884845733",
    "eu-west-2": "644912444149 644912444149 644912444149 250201462417",
    "eu-west-3": "749696950732 749696950732 749696950732 447278800020",
    "me-south-1": "249704162688 249704162688 249704162688 986000313247",
    "sa-east-1": "855470959533 855470959533 855470959533 818342061345",
    "us-east-1": "382416733822 811284229777 522234722520 503895931360",
    "us-east-2": "404615174143 825641698319 566113047672 915447279597",
    "us-gov-west-1": "226302683700 226302683700 226302683700 515509971035",
    "us-west-1": "632365934929 632365934929 632365934929 685455198987",
    "us-west-2": "174872318107 433757028032 156387875391 895741380848",
}
"""For each region, the account of each column of repositories."""


def _accounts(repository: str) -> Mapping[str, str]:
    """By region, the account of a repository."""
    column = next((n for n, names in enumerate(COLUMNS.values()) if repository in names), None)
    if column is not None:
        return {region: numbers.split()[column] for region, numbers in ACCOUNTS.items()}
    if repository in ELSEWHERE:
        return ELSEWHERE[repository]
    known = ", ".join(sorted([*ELSEWHERE, *(name for names in COLUMNS.values() for name in names)]))
    raise RefusedError(f"no account is known here for the repository {repository!r}; known are {known}")


def _prebuilt_image(aws: Aws, arguments: Properties) -> Properties:
    repository, region = arguments["repositoryName"], arguments.get("region") or aws.region
    accounts = _accounts(repository)
    if region not in accounts:
        raise RefusedError(
            f"no account is known here for {repository!r} in {region!r}; known are {', '.join(accounts)}"
        )
    account = accounts[region]
    partition = partition_of(region) or aws.partition
    registry = replace(partition, dns_suffix=arguments.get("dnsSuffix") or partition.dns_suffix)
    image = EcrImage(account, region, registry, repository, arguments.get("imageTag") or "1")
    return {
        **arguments,
        "id": account,
        "imageTag": image.tag,
        "region": region,
        "registryId": account,
        "registryPath": image.uri,
    }


FUNCTIONS: Final[dict[str, Function]] = {"aws:sagemaker/getPrebuiltEcrImage:getPrebuiltEcrImage": _prebuilt_image}
