"""Builds the addresses of SageMaker's own images from the account of each algorithm's repository in each Region.

The numbers are AWS's, published as "Docker Registry Paths and Example Code" in the SageMaker guide.
"""

from dataclasses import replace
from typing import Final

from localaws.plugin.aws import Aws
from localaws.plugin.errors import RefusedError
from localaws.plugin.function import Function
from localaws.plugin.values import Properties
from sagemaker_constructs.addresses.ecr import EcrImage
from sagemaker_constructs.addresses.partitions import partition_of

COLUMNS: Final = {
    "frameworks": ("sagemaker-scikit-learn", "sagemaker-sparkml-serving", "sagemaker-xgboost"),
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
    "deep learning": (
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
    "debugger": ("sagemaker-debugger-rules",),
}
"""Repositories that one account keeps, in the order of the columns of ACCOUNTS."""

ACCOUNTS: Final = {
    "af-south-1": "510948584623 455444449433 455444449433 455444449433 626614931356 314341159256",
    "ap-east-1": "651117190479 286214385809 286214385809 286214385809 871362719292 199566480951",
    "ap-northeast-1": "354813040037 351501993468 501404015308 633353088612 763104351884 430734990657",
    "ap-northeast-2": "366743142698 835164637446 306986355934 204372634319 763104351884 578805364391",
    "ap-northeast-3": "867004704886 867004704886 867004704886 867004704886 364406365360 479947661362",
    "ap-south-1": "720646828776 991648021394 991648021394 991648021394 763104351884 904829902805",
    "ap-southeast-1": "121021644041 475088953585 475088953585 475088953585 763104351884 972752614525",
    "ap-southeast-2": "783357654285 712309505854 544295431143 514117268639 763104351884 184798709955",
    "ca-central-1": "341280168497 469771592824 469771592824 469771592824 763104351884 519511493484",
    "cn-north-1": "450853457545 390948362332 390948362332 390948362332 727897471807 618459771430",
    "cn-northwest-1": "451049120500 387376663083 387376663083 387376663083 727897471807 658757709296",
    "eu-central-1": "492215442770 664544806723 813361260812 495149712605 763104351884 482524230118",
    "eu-north-1": "662702820516 669576153137 669576153137 669576153137 763104351884 314864569078",
    "eu-south-1": "978288397137 257386234256 257386234256 257386234256 692866216735 563282790590",
    "eu-west-1": "141502667606 438346466558 685385470294 224300973850 763104351884 929884845733",
    "eu-west-2": "764974769150 644912444149 644912444149 644912444149 763104351884 250201462417",
    "eu-west-3": "659782779980 749696950732 749696950732 749696950732 763104351884 447278800020",
    "me-south-1": "801668240914 249704162688 249704162688 249704162688 217643126080 986000313247",
    "sa-east-1": "737474898029 855470959533 855470959533 855470959533 763104351884 818342061345",
    "us-east-1": "683313688378 382416733822 811284229777 522234722520 763104351884 503895931360",
    "us-east-2": "257758044811 404615174143 825641698319 566113047672 763104351884 915447279597",
    "us-gov-west-1": "414596584902 226302683700 226302683700 226302683700 442386744353 515509971035",
    "us-west-1": "746614075791 632365934929 632365934929 632365934929 763104351884 685455198987",
    "us-west-2": "246618743249 174872318107 433757028032 156387875391 763104351884 895741380848",
}
"""For each region, the account of each column of repositories."""


def _prebuilt_image(aws: Aws, arguments: Properties) -> Properties:
    repository, region = arguments["repositoryName"], arguments.get("region") or aws.region
    column = next((n for n, names in enumerate(COLUMNS.values()) if repository in names), None)
    if column is None:
        known = ", ".join(sorted(name for names in COLUMNS.values() for name in names))
        raise RefusedError(f"no account is known here for the repository {repository!r}; known are {known}")
    if region not in ACCOUNTS:
        raise RefusedError(
            f"no account is known here for {repository!r} in {region!r}; known are {', '.join(ACCOUNTS)}"
        )
    account = ACCOUNTS[region].split()[column]
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
