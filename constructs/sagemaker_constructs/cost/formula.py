"""Computes what a training job costs, from its members and a price list.

Input: validated members, in which values may be deferred, prices, and the billable seconds of earlier runs. Output: a
`JobCost`.

The maximum takes the whole of MaxRuntimeInSeconds, which retries do not extend (StoppingCondition), and the time that a
stopped container has to end. Waiting for spot capacity costs nothing, and spot is not counted as cheaper: its saving is
fewer billable seconds, which nobody promises.
"""

from __future__ import annotations

from decimal import Decimal
from statistics import median_high
from typing import TYPE_CHECKING, Any

from sagemaker_constructs.api.defaults import DEFAULTS
from sagemaker_constructs.api.deferred import is_deferred
from sagemaker_constructs.api.instances import candidates
from sagemaker_constructs.api.local_storage import has_local_storage
from sagemaker_constructs.api.tree import values_at
from sagemaker_constructs.cost.prices import STORAGE
from sagemaker_constructs.cost.record import CostRow, JobCost, LikelyCost, rounded

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    from sagemaker_constructs.api.instances import Instances
    from sagemaker_constructs.cost.prices import Price, PriceList

_HOUR = Decimal(3600)
_GRACE = 120
"""Seconds between SIGTERM and SIGKILL, which are billed (StopTrainingJob)."""
_MONTH = Decimal(730)
"""Hours of a month, by which AWS divides the price of storage."""

_RESOURCES = "resource_config"
_MAX_RUNTIME = "stopping_condition.max_runtime_in_seconds"
_KEEP_ALIVE = f"{_RESOURCES}.keep_alive_period_in_seconds"
_VOLUME = f"{_RESOURCES}.volume_size_in_gb"
_PLAN = f"{_RESOURCES}.training_plan_arn"
_PREFERENCES = f"{_RESOURCES}.instance_preferences"
READS = (
    f"{_RESOURCES}.instance_type",
    f"{_RESOURCES}.instance_count",
    f"{_RESOURCES}.instance_groups.instance_type",
    f"{_RESOURCES}.instance_groups.instance_count",
    f"{_PREFERENCES}.instance_type",
    f"{_PREFERENCES}.instance_count",
    f"{_PREFERENCES}.training_plan_arns",
    _VOLUME,
    _KEEP_ALIVE,
    _PLAN,
    _MAX_RUNTIME,
    "serverless_job_config",
)
"""The members that decide the cost."""

_NOTES = {
    "enable_managed_spot_training": "spot capacity usually costs less; nobody promises how much",
    "debug_rule_configurations.instance_type": "rules that run on instances of their own are not included",
    "profiler_rule_configurations.instance_type": "rules that run on instances of their own are not included",
}
"""What a member has to do with the bill, apart from the maximum."""


def job_cost(
    members: Mapping[str, Any], prices: PriceList, *, today: date, billable_seconds: Sequence[int] = ()
) -> JobCost:
    """What the job costs.

    Args:
        members: under their snake_case names.
        prices: of the job's Region.
        today: for the age of the prices.
        billable_seconds: BillableTimeInSeconds of earlier runs, each of one instance.
    """
    cost = JobCost(
        region=prices.region,
        maximum=None,
        notes=tuple(dict.fromkeys(note for path, note in _NOTES.items() if any(values_at(members, path)))),
        prices_from=prices.fetched,
        stale=prices.is_stale(today),
    )
    undecided = tuple(path for path in READS if any(map(is_deferred, values_at(members, path))))
    if undecided:
        unknown = f"{', '.join(undecided)} {'is' if len(undecided) == 1 else 'are'} not known yet"
        return cost.model_copy(update={"unknown": (unknown,), "undecided": undecided})
    if not candidates(members) or members.get("serverless_job_config"):
        unknown = "a serverless job is billed by the tokens that it trains on"
        return cost.model_copy(update={"unknown": (unknown,)})
    alternatives = [tuple(_rows(members, each, prices, plan)) for each, plan in _alternatives(members)]
    missing = [row for rows in alternatives for row in rows if row.usd is None]
    if missing:
        problem = f" ({prices.problem})" if prices.problem else ""
        reasons = tuple(dict.fromkeys(f"{row.note}{problem}" for row in missing))
        return cost.model_copy(update={"rows": alternatives[0], "unknown": reasons})
    rows = max(alternatives, key=_total)
    return cost.model_copy(update={"maximum": _total(rows), "rows": rows, "likely": _likely(rows, billable_seconds)})


def _alternatives(members: Mapping[str, Any]) -> Iterator[tuple[Instances, bool]]:
    """The instances that the job may run on, and whether a training plan has paid for them."""
    plan = any(values_at(members, _PLAN))
    preferences = members[_RESOURCES].get("instance_preferences") or ({},)
    for instances, preference in zip(candidates(members), preferences, strict=True):
        yield instances, plan or bool(preference.get("training_plan_arns"))


def _rows(members: Mapping[str, Any], instances: Instances, prices: PriceList, prepaid: bool) -> Iterator[CostRow]:
    runtime = (_number(members, _MAX_RUNTIME) or DEFAULTS[_MAX_RUNTIME].value) + _GRACE
    yield from _compute("compute", instances, prices, runtime, prepaid)
    yield from _storage("storage", members, instances, prices, runtime)
    if keep_alive := _number(members, _KEEP_ALIVE):
        yield from _compute("keep-alive compute", instances, prices, keep_alive, prepaid)
        yield from _storage("keep-alive storage", members, instances, prices, keep_alive)


def _compute(component: Any, instances: Instances, prices: PriceList, seconds: int, prepaid: bool) -> Iterator[CostRow]:
    for kind, count in instances.items():
        price = prices.prices.get(kind)
        hourly = Decimal(0) if prepaid else price.usd * count if price else None
        note = "prepaid: the upfront fee of the training plan" if prepaid else ""
        missing = "" if hourly is not None else f"no price for training on {kind} in {prices.region}"
        yield CostRow(
            component=component,
            subject=f"{count} x {kind}",
            seconds=seconds,
            hourly=hourly,
            note=note or missing,
            **_source(None if prepaid else price),
        )


def _storage(
    component: Any, members: Mapping[str, Any], instances: Instances, prices: PriceList, seconds: int
) -> Iterator[CostRow]:
    count = sum(each for kind, each in instances.items() if not has_local_storage(kind))
    if not count:  # NVMe storage is part of the instance
        return
    price, size = prices.prices.get(STORAGE), _number(members, _VOLUME)
    hourly = price.usd * size * count / _MONTH if price and size is not None else None
    note = ""
    if size is None:
        note = f"{_VOLUME} is absent, and AWS does not say the default"
    elif price is None:
        note = f"no price for volumes in {prices.region}"
    subject = f"{count} x {size} GB"
    yield CostRow(component=component, subject=subject, seconds=seconds, hourly=hourly, note=note, **_source(price))


def _source(price: Price | None) -> dict[str, Any]:
    """Where a price comes from."""
    return {"sku": price.sku, "effective": price.effective} if price else {}


def _total(rows: Sequence[CostRow]) -> Decimal:
    return sum((row.usd for row in rows if row.usd is not None), Decimal(0))


def _likely(rows: Sequence[CostRow], billable_seconds: Sequence[int]) -> LikelyCost | None:
    """By the median of the runs; without the time that instances are kept warm, which nobody knows."""
    if not billable_seconds:
        return None
    seconds = int(median_high(billable_seconds))
    hourly = sum((row.hourly for row in rows if row.hourly and not row.component.startswith("keep")), Decimal(0))
    return LikelyCost(usd=rounded(hourly * seconds / _HOUR), billable_seconds=seconds, runs=len(billable_seconds))


def _number(members: Mapping[str, Any], path: str) -> int | None:
    return next((int(value) for value in values_at(members, path)), None)
