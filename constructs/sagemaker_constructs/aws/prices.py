"""Reads the AWS price list through boto3, and keeps it on disk.

Input: AWS settings and a Region. Output: its `PriceList`. A stored list is used until it is `MAX_AGE` days old, and
longer where AWS cannot be asked; then it says so. What another endpoint than AWS's answers is not stored.
"""

from __future__ import annotations

import os
import threading
from datetime import UTC, date, datetime
from itertools import chain
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING

from sagemaker_constructs.addresses.partitions import partition_of
from sagemaker_constructs.aws.clients import AwsClients, asking
from sagemaker_constructs.aws.errors import ReconcileError
from sagemaker_constructs.aws.responses import member
from sagemaker_constructs.cost.prices import USAGES, PriceList, read_prices

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from sagemaker_constructs.aws.settings import AwsSettings

FOLDER = "SAGEMAKER_CONSTRUCTS_PRICES"
"""Environment variable: the folder of the stored price lists, instead of one in the user's cache."""
_ENDPOINTS = ("AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_PRICING")
"""Environment variables by which another endpoint answers."""
_SERVICE_REGIONS = {"aws": "us-east-1", "aws-cn": "cn-northwest-1"}
"""The Region in which the price list of a partition is served (AWS General Reference, "AWS Billing and Cost
Management endpoints and quotas")."""


class PriceLists:
    """The price lists that one process reads, each once.

    Args:
        folder: where they are stored.
        fetch: the products of a Region, as AWS answers them; may raise ReconcileError.
        today: the day.
    """

    def __init__(
        self,
        folder: Path | None = None,
        fetch: Callable[[AwsSettings, str], Iterator[str]] | None = None,
        today: Callable[[], date] = lambda: datetime.now(UTC).date(),
    ) -> None:
        self._folder = folder or _folder(os.environ)
        self._fetch = fetch or products
        self._today = today
        self._lock = threading.Lock()
        self._lists: dict[str, PriceList] = {}

    def of(self, settings: AwsSettings, region: str) -> PriceList:
        """The price list of a Region; where there is none, one without prices that says why."""
        with self._lock:  # hundreds of jobs may want it at once
            if region not in self._lists:
                self._lists[region] = self._read(settings, region)
            return self._lists[region]

    def _read(self, settings: AwsSettings, region: str) -> PriceList:
        today, stored = self._today(), None
        file = None if _is_elsewhere(settings) else self._folder / f"{region}.json"
        if file:
            stored = _stored(file)
            if stored and not stored.is_stale(today):
                return stored
        try:
            found = read_prices(region, self._fetch(settings, region), today)
        except ReconcileError as error:
            return (stored or PriceList(region=region)).model_copy(update={"problem": str(error)})
        if not found.prices:
            return PriceList(region=region, problem=f"AWS lists no prices of training in {region}")
        if file:
            _store(file, found)
        return found


def products(settings: AwsSettings, region: str) -> Iterator[str]:
    """The products of a Region whose prices are wanted, as GetProducts answers them. Raises ReconcileError."""
    partition = partition_of(region)
    served_in = _SERVICE_REGIONS.get(partition.name) if partition else None
    if served_in is None:
        raise ReconcileError(f"AWS serves no price list for {region}")
    pages = AwsClients(settings, served_in).client("pricing").get_paginator("get_products")
    for service, usage in USAGES.items():
        filters = [
            {"Type": "EQUALS", "Field": "regionCode", "Value": region},
            {"Type": "CONTAINS", "Field": "usagetype", "Value": usage},
        ]
        with asking("GetProducts", f"{service} in {region}"):
            found = [member(page, "PriceList", list) for page in pages.paginate(ServiceCode=service, Filters=filters)]
        yield from chain.from_iterable(found)


def _folder(environment: Mapping[str, str]) -> Path:
    given = environment.get(FOLDER)
    cache = Path(environment.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return Path(given) if given else cache / "sagemaker-constructs" / "prices"


def _is_elsewhere(settings: AwsSettings) -> bool:
    """Whether another endpoint than AWS's answers."""
    return "pricing" in settings.endpoints or any(os.environ.get(name) for name in _ENDPOINTS)


def _stored(file: Path) -> PriceList | None:
    """The stored list; None where there is none, or a damaged one."""
    try:
        return PriceList.model_validate_json(file.read_bytes())
    except (OSError, ValueError):
        return None


def _store(file: Path, prices: PriceList) -> None:
    """Store a list at once, for another process may read it; where that is not possible, it is fetched again."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile("w", dir=file.parent, delete=False) as written:
            written.write(prices.model_dump_json(indent=1))
        Path(written.name).replace(file)
    except OSError:
        return
