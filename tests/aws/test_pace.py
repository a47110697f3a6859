"""The rate of CreateTrainingJob: unlimited until it is throttled, and then what the service takes."""

from __future__ import annotations

from dataclasses import dataclass, field

import boto3
import pytest

from sagemaker_constructs.aws.pace import RATES, Pace
from sagemaker_constructs.testing import OPERATIONS
from tests.samples import REGION


@dataclass
class Service:
    """A service that takes calls at a rate, and a clock that moves only while somebody waits."""

    per_second: float
    now: float = 0.0
    taken: list[float] = field(default_factory=list[float])
    refused: int = 0

    def sleep(self, seconds: float) -> None:
        """Let time pass."""
        self.now += seconds

    def takes(self) -> bool:
        """A call, taken or throttled."""
        if self.taken and self.now < self.taken[-1] + 1 / self.per_second:
            self.refused += 1
            return False
        self.taken.append(self.now)
        return True


def paced(service: Service, calls: int) -> Pace:
    """So many calls that are repeated until they are taken."""
    pace = Pace(1.0, clock=lambda: service.now, sleep=service.sleep)
    for _ in range(calls):
        while True:
            turn = pace.wait()
            if service.takes():
                pace.passed()
                break
            pace.throttled(turn)
    return pace


def test_calls_do_not_wait_until_one_is_throttled() -> None:
    """A service without a limit, such as the local AWS, is not waited for."""
    service = Service(per_second=float("inf"))
    paced(service, 1000)
    assert (service.now, service.refused) == (0.0, 0)


@pytest.mark.parametrize("per_second", [0.2, 1.0, 4.0])
def test_a_thousand_calls_take_little_longer_than_the_service_needs(per_second: float) -> None:
    """Whatever its rate is: a quota may have been raised. Few calls are throttled."""
    service = Service(per_second)
    paced(service, 1000)
    assert service.now <= 1.06 * 1000 / per_second + 40  # until a rate far from the documented one is found
    assert service.refused <= 100


def test_a_call_that_comes_meanwhile_has_a_later_turn() -> None:
    """Threads do not wait for the same moment, to be throttled together."""
    waits: list[float] = []
    pace = Pace(1.0, clock=lambda: 0.0, sleep=waits.append)
    turns = [pace.wait() for _ in range(3)]
    for turn in turns:
        pace.throttled(turn)  # three at once are one sign
    for _ in range(3):
        pace.wait()
    assert waits == [0.5, 1.5, 2.5]


def test_every_call_of_sagemaker_that_a_job_needs_has_a_rate() -> None:
    """But CloudWatch's and those of other services."""
    sagemaker = boto3.client("sagemaker", REGION).meta.service_model.operation_names
    assert {each for each in OPERATIONS.values() if each in sagemaker} == set(RATES)


def test_the_longest_pause_is_bounded() -> None:
    """A service that refuses for a while is asked again soon afterwards."""
    waits: list[float] = []
    pace = Pace(1.0, clock=lambda: 0.0, sleep=waits.append)
    for _ in range(1000):
        pace.throttled(pace.wait())
    assert max(waits) == 30.0
