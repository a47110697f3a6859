"""Where the price list comes from: AWS, or the disk."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from sagemaker_constructs.aws.errors import ServiceError
from sagemaker_constructs.aws.prices import FOLDER, PriceLists, products
from sagemaker_constructs.aws.settings import AwsSettings, aws_settings
from sagemaker_constructs.cost.prices import MAX_AGE
from tests.cost.price_lists import product

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.local_aws import LocalAws

REGION = "eu-west-1"
DAY = date(2026, 11, 1)
SETTINGS = AwsSettings()


class Aws:
    """The price list of AWS, or a network without a way to it."""

    def __init__(self, *, reachable: bool = True) -> None:
        self.reachable = reachable
        self.usd = "1"
        self.asked = 0

    def __call__(self, _settings: AwsSettings, _region: str) -> Iterator[str]:
        """The products."""
        self.asked += 1
        if not self.reachable:
            raise ServiceError("GetProducts", "prices", "Unreachable", "no network")
        yield product("EU-Train:ml.m5.large", self.usd)


@pytest.fixture(autouse=True)
def _no_endpoint(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing leads elsewhere than to AWS."""
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)


def lists(folder: Path, aws: Aws, days: int = 0) -> PriceLists:
    """What a process reads some days later."""
    return PriceLists(folder, aws, lambda: DAY + timedelta(days=days))


def test_a_process_asks_once(tmp_path: Path) -> None:
    """Whatever the number of jobs, and also where there was no answer."""
    for aws in (Aws(), Aws(reachable=False)):
        read = lists(tmp_path / str(aws.reachable), aws)
        assert read.of(SETTINGS, REGION) is read.of(SETTINGS, REGION)
        assert aws.asked == 1


def test_a_list_is_used_for_its_age_without_asking(tmp_path: Path) -> None:
    """Then AWS is asked again."""
    aws = Aws()
    lists(tmp_path, aws).of(SETTINGS, REGION)
    aws.usd = "2"
    found = [lists(tmp_path, aws, days).of(SETTINGS, REGION) for days in (MAX_AGE, MAX_AGE + 1, MAX_AGE + 2)]
    assert [each.prices["ml.m5.large"].usd for each in found] == [1, 2, 2]
    assert aws.asked == 2


def test_without_a_network_an_old_list_is_used_and_says_so(tmp_path: Path) -> None:
    """It is stale, and has the reason."""
    lists(tmp_path, Aws()).of(SETTINGS, REGION)
    found = lists(tmp_path, Aws(reachable=False), MAX_AGE + 1).of(SETTINGS, REGION)
    assert found.prices["ml.m5.large"].usd == 1
    assert found.is_stale(DAY + timedelta(days=MAX_AGE + 1))
    assert found.problem.startswith("GetProducts for prices: Unreachable: no network.")


def test_without_any_list_the_reason_is_known(tmp_path: Path) -> None:
    """And nothing is stored."""
    found = lists(tmp_path, Aws(reachable=False)).of(SETTINGS, REGION)
    assert (found.prices, found.fetched) == ({}, None)
    assert found.problem.startswith("GetProducts for prices: Unreachable")
    assert list(tmp_path.iterdir()) == []


def test_a_damaged_file_is_fetched_again(tmp_path: Path) -> None:
    """And replaced."""
    (tmp_path / f"{REGION}.json").write_text("{")
    assert lists(tmp_path, Aws()).of(SETTINGS, REGION).prices
    assert lists(tmp_path, Aws(reachable=False)).of(SETTINGS, REGION).prices


@pytest.mark.parametrize("variable", ["AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_PRICING", None])
def test_what_another_endpoint_answers_is_not_stored(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, variable: str | None
) -> None:
    """Its prices would be taken for AWS's."""
    settings = SETTINGS
    if variable:
        monkeypatch.setenv(variable, "http://127.0.0.1:1")
    else:
        settings = aws_settings({"aws:endpoints": '[{"pricing": "http://127.0.0.1:1"}]'}.get)
    assert lists(tmp_path, Aws()).of(settings, REGION).prices
    assert list(tmp_path.iterdir()) == []


def test_where_nothing_can_be_stored_the_list_is_still_used(tmp_path: Path) -> None:
    """It is fetched again by the next process."""
    (tmp_path / "file").write_text("")
    assert lists(tmp_path / "file", Aws()).of(SETTINGS, REGION).prices


def test_the_folder_may_be_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By an environment variable."""
    monkeypatch.setenv(FOLDER, str(tmp_path))
    assert PriceLists(fetch=Aws(), today=lambda: DAY).of(SETTINGS, REGION).prices
    assert [file.name for file in tmp_path.iterdir()] == [f"{REGION}.json"]


def test_the_embedded_aws_has_prices(shared_aws: LocalAws, tmp_path: Path) -> None:
    """Of training, endpoints and NAT gateways."""
    endpoints = f'[{{"pricing": "{shared_aws.server.url}"}}]'
    found = PriceLists(tmp_path).of(shared_aws.settings(endpoints=endpoints), REGION)
    assert found.problem == ""
    assert {name: found.prices[name].usd for name in ("ml.m5.xlarge", "VpcEndpoint-Hours", "NatGateway-Hours")} == {
        "ml.m5.xlarge": Decimal("0.257"),
        "VpcEndpoint-Hours": Decimal("0.011"),
        "NatGateway-Hours": Decimal("0.048"),
    }


@pytest.mark.parametrize("region", ["us-gov-west-1", "moon-base-1"])
def test_a_partition_without_a_price_list_is_not_asked(region: str) -> None:
    """It would need credentials of another partition."""
    with pytest.raises(Exception, match=f"AWS serves no price list for {region}"):
        list(products(SETTINGS, region))
