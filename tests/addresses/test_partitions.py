"""Partitions: each row is what botocore says of its partition, and no partition of botocore's is without a row."""

from __future__ import annotations

import pytest

from sagemaker_constructs.addresses.partitions import (
    PARTITIONS,
    is_region_name,
    partition_at,
    partition_named,
    partition_of,
)
from tests.addresses.botocore_endpoints import endpoint, older_suffixes, partitions, regions


def test_the_rows_are_those_of_botocore() -> None:
    """By name, pattern of Regions and domains: a partition that botocore gains must be added here."""
    rows = {row.name: (row.regions.pattern, row.dns_suffix, row.dual_stack_dns_suffix) for row in PARTITIONS}

    assert rows == {
        name: (
            row["regionRegex"].removeprefix("^").removesuffix("$").replace(r"\-", "-"),
            row["outputs"]["dnsSuffix"],
            row["outputs"]["dualStackDnsSuffix"],
        )
        for name, row in partitions().items()
    }


def test_the_domains_are_those_of_the_older_table_of_endpoints() -> None:
    """That of botocore which has the endpoints of each service."""
    assert {row.name: row.dns_suffix for row in PARTITIONS} == older_suffixes()


@pytest.mark.parametrize(("name", "region"), regions())
def test_each_region_is_in_one_partition(name: str, region: str) -> None:
    """The one that botocore lists it in."""
    assert [row.name for row in PARTITIONS if row.contains(region)] == [name]
    assert partition_of(region) == partition_named(name)
    assert is_region_name(region)


@pytest.mark.parametrize("name", sorted(partitions()))
def test_the_console_is_where_one_signs_in(name: str) -> None:
    """The sign-in, whose hosts botocore knows, and the console have one domain."""
    region = partitions()[name]["outputs"]["implicitGlobalRegion"]
    partition = partition_named(name)

    assert partition is not None
    assert partition.console_host(region).replace(".console.", ".signin.") == endpoint(
        "signin", Region=region, UseFIPS=False, UseDualStack=False
    ).removeprefix("https://")


@pytest.mark.parametrize(
    ("region", "dns_suffix", "name"),
    [
        ("eu-west-1", "amazonaws.com", "aws"),
        ("eu-west-1", "on.aws", "aws"),
        ("us-gov-west-1", "amazonaws.com", "aws-us-gov"),
        ("us-gov-west-1", "api.aws", "aws-us-gov"),
        ("nz-north-1", "amazonaws.com", "aws"),
        ("nz-north-1", "c2s.ic.gov", "aws-iso"),
        (None, "amazonaws.com.cn", "aws-cn"),
        ("cn-north-1", "amazonaws.com", None),
        ("eu-west-1", "amazonaws.eu", None),
        ("eu-west-1", "example.com", None),
        ("nz-north-1", "example.com", None),
    ],
)
def test_a_host_is_in_a_partition(region: str | None, dns_suffix: str, name: str | None) -> None:
    """By its Region, also where that is too new to be known, unless its domain is another partition's."""
    found = partition_at(region, dns_suffix)

    assert (found and found.name) == name


@pytest.mark.parametrize(
    "text", ["", "logs", "ecr-dkr", "eu-west", "eu-west-1a", "EU-WEST-1", "vpce-svc-0a1b2c", "eu_west_1"]
)
def test_what_is_no_regions_name(text: str) -> None:
    """Services, zones and other spellings."""
    assert (is_region_name(text), partition_of(text)) == (False, None)
