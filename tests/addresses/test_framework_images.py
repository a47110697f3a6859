"""Images of AWS's with a framework: in every Region that has them, or refused with what there is."""

from __future__ import annotations

import pytest

from sagemaker_constructs.addresses.ecr import parse_image
from sagemaker_constructs.addresses.framework_images import FRAMEWORKS, NoImageError, aws_image_in, framework_image_in


@pytest.mark.parametrize(
    ("arguments", "uri"),
    [
        (
            ("eu-west-1", "scikit-learn", "1.4-2"),
            "141502667606.dkr.ecr.eu-west-1.amazonaws.com/sagemaker-scikit-learn:1.4-2-cpu-py3",
        ),
        (
            ("cn-north-1", "xgboost", "1.7-1"),
            "450853457545.dkr.ecr.cn-north-1.amazonaws.com.cn/sagemaker-xgboost:1.7-1",
        ),
        (
            ("mx-central-1", "pytorch", "2.8.0", "gpu"),
            "637423239942.dkr.ecr.mx-central-1.amazonaws.com/pytorch-training:2.8.0-gpu-py312",
        ),
        (
            ("us-gov-west-1", "tensorflow", "2.19.0"),
            "442386744353.dkr.ecr.us-gov-west-1.amazonaws.com/tensorflow-training:2.19.0-cpu-py312",
        ),
    ],
)
def test_an_image_has_the_account_of_its_region(arguments: tuple[str, ...], uri: str) -> None:
    """And the DNS suffix of the Region's partition, and a tag as AWS writes it."""
    assert framework_image_in(*arguments).uri == uri


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_every_image_in_every_region_can_be_pulled_from_ecr(framework: str) -> None:
    """Its address is read back as what it was made of."""
    row = FRAMEWORKS[framework]
    for region, account in row.accounts.items():
        for version in row.tags:
            image = framework_image_in(region, framework, version, row.processors[-1])
            assert parse_image(image.uri) == image
            assert image.account == account


@pytest.mark.parametrize(
    ("region", "image", "there"),
    [
        ("eu-west-1", "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:3.0-5", "141502667606"),
        ("cn-north-1", "763104351884.dkr.ecr.us-east-1.amazonaws.com/huggingface-pytorch-training:2", "727897471807"),
        ("eu-west-1", "123456789012.dkr.ecr.us-east-1.amazonaws.com/train:1", None),
        ("ap-east-2", "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:3.0-5", None),
        ("nowhere", "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:3.0-5", None),
    ],
)
def test_an_image_of_awss_has_an_address_in_another_region(region: str, image: str, there: str | None) -> None:
    """By the account that it has there; repositories that only AWS knows are in the same accounts."""
    parsed = parse_image(image)
    assert parsed is not None
    found = aws_image_in(region, parsed)
    assert (found and (found.account, found.region, found.repository, found.tag)) == (
        there and (there, region, parsed.repository, parsed.tag)
    )
    assert found is None or parse_image(found.uri) == found


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("eu-west-1", "sklearn", "1.4-2"), "got 'sklearn', expected one of pytorch, scikit-learn"),
        (("eu-west-1", "scikit-learn", "9"), r"got '9', expected one of scikit-learn: 0\.23-1, .*1\.4-2"),
        (("eu-west-1", "scikit-learn", "1.4-2", "gpu"), "got 'gpu', expected 'cpu' for scikit-learn"),
        (
            ("us-iso-east-1", "pytorch", "2.8.0"),
            "got 'us-iso-east-1', expected one with images of pytorch: .*eu-west-1",
        ),
    ],
)
def test_an_image_that_there_is_not_is_refused_with_what_there_is(arguments: tuple[str, ...], sentence: str) -> None:
    """Before a job waits for minutes, only to fail to pull it."""
    with pytest.raises(NoImageError, match=sentence):
        framework_image_in(*arguments)
