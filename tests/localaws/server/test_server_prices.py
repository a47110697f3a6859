"""The price list: filters, pages and refusals as AWS has them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from server_support import Server, refusal


@pytest.fixture
def pricing(server: Server) -> Any:
    """The Price List."""
    return server.client("pricing", region="us-east-1")


def usage_types(pricing: Any, *filters: tuple[str, str, str], **others: Any) -> list[str]:
    """The usage types of SageMaker's products that match, of all pages."""
    wanted = [{"Type": kind, "Field": field, "Value": value} for kind, field, value in filters]
    pages = pricing.get_paginator("get_products").paginate(ServiceCode="AmazonSageMaker", Filters=wanted, **others)
    return [json.loads(each)["product"]["attributes"]["usagetype"] for page in pages for each in page["PriceList"]]


def test_a_product_has_its_price_on_demand(pricing: Any) -> None:
    """With the SKU, and the date on which it held."""
    answer = pricing.get_products(
        ServiceCode="AmazonSageMaker",
        Filters=[{"Type": "TERM_MATCH", "Field": "usagetype", "Value": "USE1-Train:ml.m5.large"}],
    )
    [product] = map(json.loads, answer["PriceList"])
    [term] = product["terms"]["OnDemand"].values()
    [dimension] = term["priceDimensions"].values()
    assert product["product"]["sku"] == "JMCWJEAPVJNFJ5P4"
    assert term["effectiveDate"] == "2026-08-11T00:00:00Z"
    assert (dimension["unit"], float(dimension["pricePerUnit"]["USD"])) == ("Hrs", 0.115)


def test_all_filters_must_match(pricing: Any) -> None:
    """Of every type."""
    region = ("EQUALS", "regionCode", "us-east-1")
    volume, *types = sorted(usage_types(pricing, region, ("CONTAINS", "usagetype", "Train:")))
    assert volume == "USE1-Train:VolumeUsage.gp2"
    assert types == ["USE1-Train:ml.g5.2xlarge", "USE1-Train:ml.m5.large"]
    assert usage_types(pricing, region, ("ANY_OF", "usagetype", ",".join(types))) == types[::-1]
    assert usage_types(pricing, region, ("NONE_OF", "usagetype", ",".join(types))) == [volume]


def test_products_come_in_pages(pricing: Any) -> None:
    """The same, whatever the size of a page."""
    assert usage_types(pricing, PaginationConfig={"PageSize": 2}) == usage_types(pricing)


def test_what_cannot_be_read_is_refused(pricing: Any) -> None:
    """A token of nobody."""
    assert refusal(pricing.get_products, ServiceCode="AmazonSageMaker", NextToken="x").startswith(
        "InvalidNextTokenException: "
    )
