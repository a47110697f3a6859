"""Reads the AWS price list for training, and for what the network of a job costs.

Input: products of GetProducts, each a JSON text. Output: a `PriceList` of one Region, which can be stored as JSON and
read again.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from pydantic import BaseModel, ConfigDict

MAX_AGE = 30
"""Days after which a price list is fetched again; where that is not possible, it is used and marked as stale."""
STORAGE = "VolumeUsage.gp2"
"""The usage of a volume, in GB-months."""
ENDPOINT, NAT_GATEWAY = "VpcEndpoint-Hours", "NatGateway-Hours"
"""The usage of an interface endpoint in one zone, and of a NAT gateway, in hours."""
USAGES: Mapping[str, str] = {"AmazonSageMaker": "Train:", "AmazonVPC": ENDPOINT, "AmazonEC2": NAT_GATEWAY}
"""By service code: what the usage types contain of which the prices are wanted."""
_USAGE_TYPE = re.compile(rf"(?:[A-Z0-9]+-)?(?:Train:(?P<training>.+)|(?P<network>{ENDPOINT}|{NAT_GATEWAY}))")
"""After the prefix of the Region: `EU-Train:ml.m5.large`."""
_SUFFIX = "-Training"
"""Follows the instance type in some versions of the list."""


class Price(BaseModel):
    """What one unit of a usage costs."""

    model_config = ConfigDict(defer_build=True, extra="forbid", frozen=True)

    usd: Decimal
    """US dollars for a unit: an hour of one instance, or a GB for a month."""
    sku: str
    """AWS's number of the product."""
    effective: date
    """Since when the price holds."""


class PriceList(BaseModel):
    """The prices of one Region."""

    model_config = ConfigDict(defer_build=True, extra="forbid", frozen=True)

    region: str
    fetched: date | None = None
    """When AWS was asked; None where there is no list."""
    prices: Mapping[str, Price] = {}
    """By usage: an instance type such as `ml.m5.large`, `VolumeUsage.gp2`, `VpcEndpoint-Hours`, `NatGateway-Hours`."""
    problem: str = ""
    """Why there is no list, or why it could not be fetched again."""

    def only(self, usages: Iterable[str]) -> PriceList:
        """The same list with the prices of these usages alone."""
        kept = {usage: self.prices[usage] for usage in usages if usage in self.prices}
        return self.model_copy(update={"prices": kept})

    def is_stale(self, today: date) -> bool:
        """Whether the prices are older than `MAX_AGE` days."""
        return self.fetched is not None and (today - self.fetched).days > MAX_AGE


def read_prices(region: str, products: Iterable[str], fetched: date) -> PriceList:
    """The price list of a Region.

    A product that cannot be read, or whose price is not one number in USD, is left out: its price is not known.
    """
    prices: dict[str, Price] = {}
    doubtful: set[str] = set()
    for text in products:
        usage, price = _read(text)
        if usage and (price is None or prices.get(usage, price).usd != price.usd):
            doubtful.add(usage)
        elif usage and price:
            prices[usage] = price
    return PriceList(
        region=region,
        fetched=fetched,
        prices={usage: price for usage, price in sorted(prices.items()) if usage not in doubtful},
    )


def _read(text: str) -> tuple[str, Price | None]:
    """The usage of a product, empty for one that is not wanted, and its price on demand."""
    usage = ""
    try:
        listed = json.loads(text)
        product = listed["product"]
        found = _USAGE_TYPE.fullmatch(product["attributes"]["usagetype"])
        if not found:
            return "", None
        usage = (found["training"] or found["network"]).removesuffix(_SUFFIX)
        (term,) = listed["terms"]["OnDemand"].values()
        (dimension,) = term["priceDimensions"].values()
        usd = Decimal(dimension["pricePerUnit"]["USD"])
        return usage, Price(usd=usd, sku=product["sku"], effective=_day(term["effectiveDate"]))
    except (AttributeError, InvalidOperation, LookupError, TypeError, ValueError):
        return usage, None


def _day(timestamp: Any) -> date:
    return date.fromisoformat(timestamp[: len("2026-01-01")])
