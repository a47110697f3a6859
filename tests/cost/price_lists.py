"""A price list to test with: training in eu-west-1, as an account was billed for it in December 2023."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from sagemaker_constructs.cost.prices import PriceList, read_prices

DAY = date(2026, 11, 1)
USD = {
    "ml.m5.large": "0.128",
    "ml.m5.xlarge": "0.257",
    "ml.g4dn.xlarge": "0.822",
    "ml.g5.xlarge": "1.57",
    "ml.p3.2xlarge": "4.131",
    "VolumeUsage.gp2": "0.154",
}


def product(usage_type: str, *usd: str) -> str:
    """A product as GetProducts answers it, with a price dimension for each of the amounts."""
    dimensions = {f"{position}": {"unit": "Hrs", "pricePerUnit": {"USD": each}} for position, each in enumerate(usd)}
    term: dict[str, Any] = {"effectiveDate": "2026-10-01T00:00:00Z", "priceDimensions": dimensions}
    attributes = {"usagetype": usage_type, "regionCode": "eu-west-1"}
    sku = f"SKU-{usage_type.rpartition(':')[2]}"
    return json.dumps({"product": {"sku": sku, "attributes": attributes}, "terms": {"OnDemand": {"term": term}}})


def price_list(fetched: date = DAY) -> PriceList:
    """The list, fetched on a day."""
    return read_prices("eu-west-1", [product(f"EU-Train:{usage}", usd) for usage, usd in USD.items()], fetched)
