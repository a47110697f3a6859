"""What is seen of jobs while they are waited for, under the real engine: their logs, and that AWS does not answer."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from result_runs import LOG_GROUP, PROGRAM, Running, prints, stop, wait_until

if TYPE_CHECKING:
    from localaws.trial import Trial

pytestmark = pytest.mark.engine


def await_reads(trial: Trial, count: int) -> None:
    """Wait until the logs were read so often from now on."""
    wanted = reads(trial) + count
    wait_until(lambda: reads(trial) >= wanted, lambda: "nobody reads the logs")


def printed(trial: Trial, job: str) -> int:
    """How many lines the job has printed."""
    pages = trial.aws("logs").get_paginator("filter_log_events")
    found = pages.paginate(logGroupName=LOG_GROUP, logStreamNamePrefix=f"{job}/")
    return sum(len(page["events"]) for page in found)


def reads(trial: Trial) -> int:
    """How often logs were read."""
    return sum(count for operation, count in trial.calls().items() if operation.endswith("FilterLogEvents"))


def test_a_flood_is_shown_counted_and_masked_in_its_own_row(cloud: Trial) -> None:
    """No line is lost without a word, and none is in the row of another job."""
    cloud.program(
        PROGRAM
        + """
for name, secret in {"first": "swordfish-of-the-house", "second": "trout-of-the-house"}.items():
    environment = {"TOKEN": pulumi.Output.secret(secret), "LOCALAWS_SECONDS": 600}
    job(name, environment=environment).result(logs="all", on_stopped="accept")
"""
    )
    cloud.start()
    with Running(cloud) as up:
        first, second = (up.await_job("InProgress", prefix) for prefix in ("first", "second"))
        up.await_text("simulated training")
        prints(cloud, first, *(f"flood {number}" for number in range(1000)), "train.py --token swordfish-of-the-house")
        prints(cloud, second, "login with trout-of-the-house", "train.py --api-key 0123456789abcdef")
        await_reads(cloud, 4)
        prints(cloud, first, "after the flood")
        for each in (first, second):
            stop(cloud, each)
        text = up.outcome().text
    for secret in ("swordfish", "trout", "0123456789abcdef"):
        assert secret not in text
    rows = {
        name: text.partition(f"TrainingResult ({name}):\n")[2].partition("\n\n")[0].splitlines()
        for name in ("first", "second")
    }
    lines = {name: [line.strip() for line in row] for name, row in rows.items()}
    flood = [line for line in lines["first"] if line.startswith("flood ")]
    counted = sum(int(found[1]) for line in lines["first"] if (found := re.fullmatch(r"\[(\d+) lines more\]", line)))
    shown = [
        line for line in lines["first"] if line and not line.startswith("job ") and not line.endswith("lines more]")
    ]
    assert len(set(flood)) == len(flood) <= 200
    assert flood[-1] == "flood 999"
    assert len(shown) + counted == printed(cloud, first) > 1000
    assert "train.py --token [masked]" in lines["first"]
    assert "after the flood" in lines["first"]
    assert [line for line in lines["second"] if "flood" in line] == []
    assert {"login with [masked]", "train.py --api-key [masked]"} <= set(lines["second"])


def test_the_end_of_a_throttled_job_is_noticed(cloud: Trial) -> None:
    """Once AWS answers again; the row says why nothing is known, and nothing that is wrong while one waits."""
    cloud.program(PROGRAM + "\npulumi.export('ended_by', job(seconds=600).result(on_stopped='accept').ended_by)\n")
    cloud.start()
    with Running(cloud) as up:
        name = up.await_job("InProgress")
        up.await_text("TrainingResult model  ")
        cloud.fault("throttle", "DescribeTrainingJob", times=1000)
        up.await_text("status unavailable (ThrottlingException: Rate exceeded). Too many API calls")
        stop(cloud, name)
        cloud.clear_faults()
        text = up.outcome().text
    assert "ended_by" in text
    assert "Repeat the command" not in text


def test_what_is_no_job_is_refused_in_a_sentence(cloud: Trial) -> None:
    """No traceback of ours or of botocore's."""
    cloud.program(
        "import pulumi\nfrom sagemaker_constructs import TrainingResult\n"
        "TrainingResult('theirs', pulumi.Output.from_input(5))\n"
    )
    refused = cloud.up(expect=None)
    assert refused.code != 0
    assert "job: got 5" in refused.text
    assert "Traceback" not in refused.text
