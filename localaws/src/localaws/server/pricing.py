"""Answers the Price List's GetProducts, which moto lacks, from a table."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from werkzeug.wrappers import Response

from localaws.server.errors import ServiceError
from localaws.server.price_list import PRODUCTS, Product

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from localaws.server.calls import Call

PAGE = 100
"""Products of a page at most, and by default."""

MATCHES: Mapping[str, Callable[[str, str], bool]] = {
    "TERM_MATCH": lambda found, wanted: found == wanted,
    "EQUALS": lambda found, wanted: found == wanted,
    "CONTAINS": lambda found, wanted: wanted in found,
    "ANY_OF": lambda found, wanted: found in wanted.split(","),
    "NONE_OF": lambda found, wanted: found not in wanted.split(","),
}
"""Whether an attribute matches a filter, by the filter's type."""


def get_products(call: Call) -> Response:
    """A page of the products that match all filters.

    Raises:
        ServiceError: InvalidParameterException for a request that cannot be read, InvalidNextTokenException.
    """
    try:
        request = json.loads(call.body or b"{}")
        filters = [(MATCHES[each["Type"]], each["Field"], each["Value"]) for each in request.get("Filters") or ()]
        size = int(request.get("MaxResults") or PAGE)
        service = request["ServiceCode"]
    except (AttributeError, LookupError, TypeError, ValueError) as error:
        raise ServiceError("InvalidParameterException", f"The request cannot be read ({error!r}).") from error
    found = [
        each
        for each in PRODUCTS
        if each.service == service
        and all(matches(attributes(each).get(field, ""), wanted) for matches, field, wanted in filters)
    ]
    token = request.get("NextToken") or "0"
    if not str(token).isdecimal() or int(token) > len(found):
        raise ServiceError("InvalidNextTokenException", "The pagination token is invalid. Try again without a token.")
    start = int(token)
    answer: dict[str, Any] = {
        "FormatVersion": "aws_v1",
        "PriceList": [json.dumps(priced(each)) for each in found[start : start + size]],
    }
    if start + size < len(found):
        answer["NextToken"] = str(start + size)
    return Response(json.dumps(answer), content_type="application/x-amz-json-1.1")


def attributes(product: Product) -> dict[str, str]:
    """What the filters compare."""
    return {
        "servicecode": product.service,
        "regionCode": product.region,
        "locationType": "AWS Region",
        "usagetype": product.usage_type,
        "component": product.component,
    }


def priced(product: Product) -> dict[str, Any]:
    """A product with its price on demand, as the Price List has it."""
    code = f"{product.number}.JRTCKXETXF"
    rate = f"{code}.6YS6EN2CT7"
    dimension = {
        "rateCode": rate,
        "unit": "GB-Mo" if "VolumeUsage" in product.usage_type else "Hrs",
        "beginRange": "0",
        "endRange": "Inf",
        "description": f"${product.usd} per unit, by {product.source.text}",
        "appliesTo": [],
        "pricePerUnit": {"USD": f"{product.usd}0000000"},
    }
    term = {
        "sku": product.number,
        "offerTermCode": "JRTCKXETXF",
        "effectiveDate": f"{product.source.seen}T00:00:00Z",
        "priceDimensions": {rate: dimension},
        "termAttributes": {},
    }
    return {
        "product": {"sku": product.number, "attributes": attributes(product)},
        "serviceCode": product.service,
        "terms": {"OnDemand": {code: term}},
        "version": f"{product.source.seen:%Y%m%d}000000",
        "publicationDate": f"{product.source.seen}T00:00:00Z",
    }
