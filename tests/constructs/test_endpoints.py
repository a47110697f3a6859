"""The table of interface endpoints: each row decides alone, is documented, and is about members that exist."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from sagemaker_constructs.api.members import all_members
from sagemaker_constructs.api.spec import TrainingJobSpec
from sagemaker_constructs.network.endpoints import (
    INTERFACE_ENDPOINTS,
    default_services,
    gateway_policy,
    service_name,
    short_name,
)

DOCS = Path(__file__).parents[2] / "docs"
MEMBERS = sorted({each.member for each in INTERFACE_ENDPOINTS})


@pytest.mark.parametrize("member", MEMBERS)
def test_a_job_with_a_member_gets_the_endpoints_of_its_rows(member: str) -> None:
    """And no others."""
    job: Any = True
    for name in reversed(member.split(".")):
        job = {name: job}

    assert default_services([{}, job]) == sorted(each.service for each in INTERFACE_ENDPOINTS if each.member == member)


def test_rows_are_about_members_of_the_request() -> None:
    """A misspelled member would never have its endpoint."""
    paths = {path for path, _ in all_members(TrainingJobSpec)}

    assert set(MEMBERS) - paths == set()


def test_endpoints_have_different_names() -> None:
    """They are part of resource names."""
    names = [short_name(each.service) for each in INTERFACE_ENDPOINTS]

    assert sorted(set(names)) == sorted(names)


@pytest.mark.parametrize(
    ("service", "full", "short"),
    [
        ("logs", "com.amazonaws.eu-west-1.logs", "logs"),
        ("ecr.dkr", "com.amazonaws.eu-west-1.ecr.dkr", "ecr-dkr"),
        ("com.amazonaws.{region}.logs", "com.amazonaws.eu-west-1.logs", "logs"),
        ("com.amazonaws.eu-west-1.ecr.dkr", "com.amazonaws.eu-west-1.ecr.dkr", "ecr-dkr"),
        ("cn.com.amazonaws.cn-north-1.ecr.api", "cn.com.amazonaws.cn-north-1.ecr.api", "ecr-api"),
        ("com.amazonaws.us-gov-west-1.logs", "com.amazonaws.us-gov-west-1.logs", "logs"),
        ("com.amazonaws.eusc-de-east-1.logs", "com.amazonaws.eusc-de-east-1.logs", "logs"),
        ("aws.sagemaker.{region}.experiments", "aws.sagemaker.eu-west-1.experiments", "sagemaker-experiments"),
    ],
)
def test_a_service_has_a_full_and_a_short_name(service: str, full: str, short: str) -> None:
    """However it is written."""
    assert (service_name(service, "eu-west-1"), short_name(service)) == (full, short)


@pytest.mark.parametrize(("services", "layers"), [([], False), (["logs"], False), (["ecr.dkr"], True)])
def test_the_gateway_endpoint_allows_the_buckets_of_services(services: list[str], *, layers: bool) -> None:
    """Image layers come from a bucket of AWS, in the Region."""
    policy = json.loads(gateway_policy(["data"], "aws", "eu-west-1", services))

    bucket = "arn:aws:s3:::prod-eu-west-1-starport-layer-bucket"
    statements = {each["Resource"][0]: (each["Action"], each["Resource"]) for each in policy["Statement"]}
    assert statements["arn:aws:s3:::data"] == (["s3:*"], ["arn:aws:s3:::data", "arn:aws:s3:::data/*"])
    assert (bucket in statements) is layers
