"""What is read of the AWS price list."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from price_lists import DAY, price_list, product

from sagemaker_constructs.cost.prices import MAX_AGE, Price, PriceList, read_prices


def prices(*products: str) -> dict[str, Decimal]:
    """The prices that are read of these products."""
    return {usage: price.usd for usage, price in read_prices("eu-west-1", products, DAY).prices.items()}


def test_a_price_has_its_product_and_its_date() -> None:
    """So that everybody can look it up."""
    assert price_list().prices["ml.m5.large"] == Price(
        usd=Decimal("0.128"), sku="SKU-ml.m5.large", effective=date(2026, 10, 1)
    )


@pytest.mark.parametrize("usage_type", ["EU-Train:ml.m5.large", "Train:ml.m5.large", "USE1-Train:ml.m5.large-Training"])
def test_a_usage_type_may_have_a_prefix_and_a_suffix(usage_type: str) -> None:
    """The oldest Region had no prefix."""
    assert prices(product(usage_type, "0.115")) == {"ml.m5.large": Decimal("0.115")}


@pytest.mark.parametrize(
    "text",
    [
        product("EU-Host:ml.m5.large", "1"),
        product("EU-Train:ml.m5.large"),
        product("EU-Train:ml.m5.large", "1", "2"),
        product("EU-Train:ml.m5.large", "one"),
        product("EU-Train:ml.m5.large", "1").replace("USD", "CNY"),
        "[]",
        "no JSON",
    ],
)
def test_what_is_not_one_price_in_dollars_is_not_known(text: str) -> None:
    """Another component, no price, several, and what is not of the form."""
    assert prices(text) == {}


def test_two_products_of_different_prices_are_not_known() -> None:
    """Whichever was taken could be too low."""
    assert prices(product("EU-Train:ml.m5.large", "1"), product("EU-Train:ml.m5.large-Training", "2")) == {}


def test_a_list_can_be_stored() -> None:
    """As JSON, exactly."""
    assert PriceList.model_validate_json(price_list().model_dump_json()) == price_list()


def test_a_list_is_stale_after_its_age() -> None:
    """Not on the last day."""
    assert not price_list().is_stale(DAY + timedelta(days=MAX_AGE))
    assert price_list().is_stale(DAY + timedelta(days=MAX_AGE + 1))
    assert not PriceList(region="eu-west-1").is_stale(DAY)
