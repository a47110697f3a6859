"""What jobs cost, computed by hand."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from price_lists import DAY, price_list
from pulumi import UNKNOWN

from sagemaker_constructs.cost.formula import READS, job_cost
from sagemaker_constructs.cost.prices import PriceList
from sagemaker_constructs.cost.record import JobCost

ONE = {"instance_type": "ml.m5.xlarge", "instance_count": 1, "volume_size_in_gb": 10}
HOUR = {"max_runtime_in_seconds": 3600}


def cost(resources: Any, stopping: Any = None, prices: PriceList | None = None, **members: Any) -> JobCost:
    """The cost of a job with these resources."""
    job = {"resource_config": resources, **members, **({"stopping_condition": stopping} if stopping else {})}
    return job_cost(job, prices or price_list(), today=DAY)


def amounts(found: JobCost) -> list[tuple[str, str, str]]:
    """The rows."""
    return [(row.component, row.subject, str(row.usd)) for row in found.rows]


def test_one_instance_for_an_hour() -> None:
    """3,720 s: 0.257 an hour, and 10 GB of 0.154 for 730 hours."""
    found = cost(ONE, HOUR)
    assert amounts(found) == [("compute", "1 x ml.m5.xlarge", "0.2656"), ("storage", "1 x 10 GB", "0.0022")]
    assert found.maximum == Decimal("0.2678")
    assert str(found) == "at most $0.27"
    assert [row.sku for row in found.rows] == ["SKU-ml.m5.xlarge", "SKU-VolumeUsage.gp2"]


def test_instance_groups_are_added_and_a_day_is_the_default() -> None:
    """86,520 s; the instances with NVMe storage have no volume."""
    groups = [
        {"instance_group_name": "cpu", "instance_type": "ml.m5.xlarge", "instance_count": 2},
        {"instance_group_name": "gpu", "instance_type": "ml.g4dn.xlarge", "instance_count": 1},
    ]
    found = cost({"instance_groups": groups, "volume_size_in_gb": 50})
    assert amounts(found) == [
        ("compute", "2 x ml.m5.xlarge", "12.3532"),
        ("compute", "1 x ml.g4dn.xlarge", "19.7554"),
        ("storage", "2 x 50 GB", "0.5071"),
    ]
    assert found.maximum == Decimal("32.6157")


def test_of_preferences_the_dearest_counts() -> None:
    """Two of ml.p3.2xlarge for 7,320 s: 16.7994, and 200 GB of 0.154."""
    preferences = [{"instance_type": "ml.g5.xlarge"}, {"instance_type": "ml.p3.2xlarge"}]
    found = cost(
        {"instance_preferences": preferences, "instance_count": 2, "volume_size_in_gb": 100},
        {"max_runtime_in_seconds": 7200},
    )
    assert amounts(found) == [("compute", "2 x ml.p3.2xlarge", "16.7994"), ("storage", "2 x 100 GB", "0.0858")]
    assert found.maximum == Decimal("16.8852")


def test_keeping_instances_warm_has_rows_of_its_own() -> None:
    """1,920 s of training, then an hour."""
    found = cost(
        {**ONE, "volume_size_in_gb": 30, "keep_alive_period_in_seconds": 3600}, {"max_runtime_in_seconds": 1800}
    )
    assert amounts(found) == [
        ("compute", "1 x ml.m5.xlarge", "0.1371"),
        ("storage", "1 x 30 GB", "0.0034"),
        ("keep-alive compute", "1 x ml.m5.xlarge", "0.2570"),
        ("keep-alive storage", "1 x 30 GB", "0.0064"),
    ]
    assert found.maximum == Decimal("0.4039")


def test_a_training_plan_is_paid_for() -> None:
    """Also where its instances have no price of their own."""
    plan = "arn:aws:sagemaker:eu-west-1:123456789012:training-plan/p5"
    found = cost({"instance_type": "ml.p5.48xlarge", "instance_count": 8, "training_plan_arn": plan})
    assert found.maximum == 0
    assert [row.note for row in found.rows] == ["prepaid: the upfront fee of the training plan"]


def test_a_plan_of_one_preference_pays_for_that_one() -> None:
    """The other is on demand."""
    plan = "arn:aws:sagemaker:eu-west-1:123456789012:training-plan/p5"
    preferences = [
        {"instance_type": "ml.p5.48xlarge", "training_plan_arns": [plan]},
        {"instance_type": "ml.g5.xlarge"},
    ]
    found = cost({"instance_preferences": preferences, "instance_count": 1}, HOUR)
    assert found.maximum == Decimal("1.6224")


@pytest.mark.parametrize(
    "members",
    [
        {"retry_strategy": {"maximum_retry_attempts": 30}},
        {"enable_managed_spot_training": True},
    ],
)
def test_neither_retries_nor_spot_change_the_maximum(members: Any) -> None:
    """MaxRuntimeInSeconds includes retries; MaxWaitTimeInSeconds costs nothing; the saving is not promised."""
    found = cost(ONE, {**HOUR, "max_wait_time_in_seconds": 86400}, **members)
    assert found.maximum == Decimal("0.2678")
    assert len(found.notes) == ("enable_managed_spot_training" in members)


@pytest.mark.parametrize(
    ("resources", "why"),
    [
        ({**ONE, "instance_type": "ml.m9.large"}, "no price for training on ml.m9.large in eu-west-1"),
        (
            {"instance_type": "ml.m5.large", "instance_count": 1},
            "resource_config.volume_size_in_gb is absent, and AWS does not say the default",
        ),
        (None, "a serverless job is billed by the tokens that it trains on"),
        ({**ONE, "instance_type": UNKNOWN}, "resource_config.instance_type is not known yet"),
    ],
)
def test_what_is_not_known_stays_unknown(resources: Any, why: str) -> None:
    """And says why."""
    found = cost(resources)
    assert (found.maximum, found.unknown) == (None, (why,))
    assert str(found) == f"maximum cost unknown: {why}"


def test_without_a_list_the_reason_is_said() -> None:
    """Once for each price that is missing."""
    found = cost(ONE, prices=PriceList(region="eu-west-1", problem="GetProducts was refused"))
    assert found.unknown == (
        "no price for training on ml.m5.xlarge in eu-west-1 (GetProducts was refused)",
        "no price for volumes in eu-west-1 (GetProducts was refused)",
    )


@pytest.mark.parametrize("path", READS)
def test_a_member_that_is_not_known_yet_is_decided_later(path: str) -> None:
    """In `up`; every member that decides the cost counts."""
    *parents, name = path.split(".")
    members: Any = {name: UNKNOWN}
    for parent in reversed(parents):
        members = {parent: [members] if parent in {"instance_groups", "instance_preferences"} else members}
    found = job_cost(members, price_list(), today=DAY)
    assert found.undecided == (path,)


def test_the_likely_cost_is_the_median_of_the_runs() -> None:
    """720 s of 0.257 and 10 GB of 0.154."""
    job = {"resource_config": {**ONE, "keep_alive_period_in_seconds": 60}, "stopping_condition": HOUR}
    found = job_cost(job, price_list(), today=DAY, billable_seconds=[9000, 720, 60])
    assert found.likely is not None
    assert (found.likely.usd, found.likely.billable_seconds, found.likely.runs) == (Decimal("0.0519"), 720, 3)
    assert str(found) == "at most $0.28, probably $0.06 (median of 3 runs)"


def test_old_prices_are_marked() -> None:
    """By the day on which they were fetched."""
    found = job_cost({"resource_config": ONE}, price_list(), today=DAY + timedelta(days=31))
    assert found.stale
    assert str(found).endswith("(prices of 2026-11-01)")


def test_a_cost_can_be_stored() -> None:
    """As JSON, exactly."""
    found = job_cost({"resource_config": ONE}, price_list(), today=DAY, billable_seconds=[60])
    assert JobCost.model_validate_json(found.model_dump_json()) == found
