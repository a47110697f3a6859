"""Images: every host of ECR in every partition is recognized, and nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sagemaker_constructs.addresses.ecr import EcrImage, image_mistake, parse_image
from sagemaker_constructs.addresses.partitions import PARTITIONS
from tests.addresses.botocore_endpoints import regions

ACCOUNT = "123456789012"
DIGEST = f"sha256:{'0a' * 32}"
AWS, *_ = PARTITIONS
BY_NAME = {partition.name: partition for partition in PARTITIONS}

HOSTS = {
    ("aws", "eu-west-1", False): "dkr.ecr.eu-west-1.amazonaws.com",
    ("aws", "eu-west-1", True): "dkr-ecr.eu-west-1.on.aws",
    ("aws-cn", "cn-north-1", False): "dkr.ecr.cn-north-1.amazonaws.com.cn",
    ("aws-cn", "cn-north-1", True): "dkr-ecr.cn-north-1.on.amazonwebservices.com.cn",
    ("aws-us-gov", "us-gov-west-1", False): "dkr.ecr.us-gov-west-1.amazonaws.com",
    ("aws-us-gov", "us-gov-west-1", True): "dkr-ecr.us-gov-west-1.on.aws",
    ("aws-eusc", "eusc-de-east-1", False): "dkr.ecr.eusc-de-east-1.amazonaws.eu",
    ("aws-eusc", "eusc-de-east-1", True): "dkr-ecr.eusc-de-east-1.on.amazonwebservices.eu",
    ("aws-iso", "us-iso-east-1", False): "dkr.ecr.us-iso-east-1.c2s.ic.gov",
    ("aws-iso", "us-iso-east-1", True): "dkr-ecr.us-iso-east-1.on.aws.ic.gov",
    ("aws-iso-b", "us-isob-east-1", False): "dkr.ecr.us-isob-east-1.sc2s.sgov.gov",
    ("aws-iso-b", "us-isob-east-1", True): "dkr-ecr.us-isob-east-1.on.aws.scloud",
    ("aws-iso-e", "eu-isoe-west-1", False): "dkr.ecr.eu-isoe-west-1.cloud.adc-e.uk",
    ("aws-iso-e", "eu-isoe-west-1", True): "dkr-ecr.eu-isoe-west-1.on.cloud-aws.adc-e.uk",
    ("aws-iso-f", "us-isof-south-1", False): "dkr.ecr.us-isof-south-1.csp.hci.ic.gov",
    ("aws-iso-f", "us-isof-south-1", True): "dkr-ecr.us-isof-south-1.on.aws.hci.ic.gov",
}


def test_every_partition_has_its_hosts_here() -> None:
    """A partition that is added has a host in these examples, too."""
    assert {name for name, _, _ in HOSTS} == set(BY_NAME)


@pytest.mark.parametrize("where", HOSTS, ids=str)
@pytest.mark.parametrize("fips", [False, True])
def test_a_host_of_ecr_is_recognized(where: tuple[str, str, bool], fips: bool) -> None:
    """In each partition, over IPv4 and dual-stack, by the FIPS endpoint or the usual one."""
    host = HOSTS[where].replace("ecr.", "ecr-fips." if fips else "ecr.")
    name, region, dual_stack = where
    text = f"{ACCOUNT}.{host}/team/train:1.0"
    expected = EcrImage(ACCOUNT, region, BY_NAME[name], "team/train", "1.0", None, fips, dual_stack)

    assert parse_image(text) == expected
    assert (expected.uri, image_mistake(text)) == (text, None)


@pytest.mark.parametrize(
    ("rest", "tag", "digest", "pulled"),
    [
        ("", None, None, "latest"),
        (":1", "1", None, "1"),
        (f"@{DIGEST}", None, DIGEST, None),
        (f":1@{DIGEST}", "1", DIGEST, None),
    ],
)
def test_a_digest_counts_before_a_tag(rest: str, tag: str | None, digest: str | None, pulled: str | None) -> None:
    """And without either the tag is `latest`."""
    expected = EcrImage(ACCOUNT, "eu-west-1", AWS, "team/train", tag, digest)

    assert parse_image(f"{ACCOUNT}.dkr.ecr.eu-west-1.amazonaws.com/team/train{rest}") == expected
    assert expected.pulled_tag == pulled


def test_hosts_are_read_whatever_their_case() -> None:
    """As name servers do; a tag keeps its capitals."""
    found = parse_image(f"{ACCOUNT}.DKR.ECR.EU-West-1.AmazonAWS.com/train:V1")

    assert found == EcrImage(ACCOUNT, "eu-west-1", AWS, "train", "V1")


def test_a_region_that_is_too_new_is_in_the_partition_of_its_domain() -> None:
    """An image there must not count as another registry's."""
    found = parse_image(f"{ACCOUNT}.dkr.ecr.nz-north-1.amazonaws.com/train")

    assert found == EcrImage(ACCOUNT, "nz-north-1", AWS, "train")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "train",
        "docker.io/library/python:3.12",
        "public.ecr.aws/docker/library/python:3.12",
        "ecr-public.aws.com/docker/library/python:3.12",
        f"{ACCOUNT}.ecr.eu-west-1.amazonaws.com/train",
        f"registry.example.com/{ACCOUNT}.dkr.ecr.eu-west-1.amazonaws.com/train",
    ],
)
def test_an_image_of_another_registry_is_not_judged(text: str) -> None:
    """Neither as ECR's nor as a mistake."""
    assert (parse_image(text), image_mistake(text)) == (None, None)


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        (
            f"{ACCOUNT}.dkr.ecr.cn-north-1.amazonaws.com/train:1",
            f"an ECR image in cn-north-1 is at {ACCOUNT}.dkr.ecr.cn-north-1.amazonaws.com.cn",
        ),
        (
            f"{ACCOUNT}.dkr.ecr.eusc-de-east-1.amazonaws.com/train:1",
            f"an ECR image in eusc-de-east-1 is at {ACCOUNT}.dkr.ecr.eusc-de-east-1.amazonaws.eu",
        ),
        (
            f"{ACCOUNT}.dkr-ecr.eu-west-1.amazonaws.com/train:1",
            f"an ECR image in eu-west-1 is at {ACCOUNT}.dkr-ecr.eu-west-1.on.aws",
        ),
        (
            f"{ACCOUNT}.dkr.ecr-fips.us-gov-west-1.on.aws/train",
            f"an ECR image in us-gov-west-1 is at {ACCOUNT}.dkr.ecr-fips.us-gov-west-1.amazonaws.com",
        ),
        (
            "<account>.dkr.ecr.eu-west-1.amazonaws.com/train",
            "an ECR image in eu-west-1 is at <account>.dkr.ecr.eu-west-1.amazonaws.com",
        ),
        (
            f"{ACCOUNT}.dkr.ecr.eu-west-1.amazonaws.com",
            f"an ECR image in eu-west-1 is at {ACCOUNT}.dkr.ecr.eu-west-1.amazonaws.com",
        ),
        (
            f"{ACCOUNT}.dkr.ecr.mars.amazonaws.com/train",
            "an ECR image is at <account>.dkr.ecr.<region>.<DNS suffix of the partition>",
        ),
    ],
)
def test_what_resembles_ecr_is_a_mistake(text: str, mistake: str) -> None:
    """Another partition's domain, an account that is none, no repository."""
    assert (parse_image(text), image_mistake(text)) == (None, f"{mistake}/<repository>[:tag][@digest]")


IMAGES = st.sampled_from(regions()).flatmap(
    lambda place: st.builds(
        EcrImage,
        st.from_regex(r"[0-9]{12}", fullmatch=True),
        st.just(place[1]),
        st.just(BY_NAME[place[0]]),
        st.from_regex(r"[a-z0-9]+([._/-][a-z0-9]+)*", fullmatch=True),
        st.none() | st.from_regex(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,20}", fullmatch=True),
        st.none() | st.just(DIGEST),
        st.booleans(),
        st.booleans(),
    )
)


@given(IMAGES)
def test_parts_come_back_from_text(found: EcrImage) -> None:
    """In every Region that botocore lists."""
    assert parse_image(found.uri) == found


@given(st.text() | st.text(alphabet=f"{ACCOUNT}.dkr-ecr:/@"))
def test_any_text_is_an_image_or_none(text: str) -> None:
    """Neither function raises, and nothing is both right and a mistake."""
    assert parse_image(text) is None or image_mistake(text) is None
