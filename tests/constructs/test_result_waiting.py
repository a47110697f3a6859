"""Waiting in the program: many at once, two API calls a poll, and no wait is forgotten."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pulumi
import pytest
from graphs import Graph

from sagemaker_constructs.api.masking import MASK
from sagemaker_constructs.aws.answers import ExistingJob
from sagemaker_constructs.aws.errors import UNREADABLE, ReconcileError
from sagemaker_constructs.aws.settings import AwsSettings
from sagemaker_constructs.program import region_waits, waiting
from sagemaker_constructs.program.region_waits import ERROR_LIMIT, NEW_LIMIT, RETRIES, RegionWaits
from sagemaker_constructs.program.status_row import PROGRESS, LineFilter, StatusRow, is_live
from sagemaker_constructs.program.wait import TIMEOUT, Wait
from sagemaker_constructs.program.waiting import until_ended
from sagemaker_constructs.results.poller import CALLS
from tests.eventually import DEADLINE, eventually
from tests.results.result_support import account, described
from tests.samples import OWNER

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Sequence

    from sagemaker_constructs.testing import FakeTrainingJobs

REGION = "eu-west-1"


class Row(StatusRow):
    """A row that keeps what is shown in it."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def say(self, message: str, *, ephemeral: bool = False) -> None:  # noqa: ARG002
        """Kept."""
        self.lines.append(message)

    def progress(self, line: str, milestone: Hashable, log_lines: Sequence[str] = ()) -> None:  # noqa: ARG002
        """Kept, lines of the log first."""
        self.lines += [*log_lines, line]


class Clock:
    """A time that passes while somebody sleeps, and as the test wants it."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        """Seconds."""
        return self.now

    async def sleep(self, seconds: float) -> None:
        """Let the time pass, and the others have their turn."""
        self.now += seconds
        await asyncio.sleep(0.001)


def waits_for(
    jobs: FakeTrainingJobs, clock: Clock | None = None, connect: Callable[[str], FakeTrainingJobs] | None = None
) -> RegionWaits:
    """The waits of a stack, with no time between polls."""
    clock = clock or Clock()
    return RegionWaits(connect or (lambda _region: jobs), REGION, OWNER, clock=clock, sleep=clock.sleep)


async def over(wait: asyncio.Future[str | None]) -> str | None:
    """Why a wait ended, once it has."""
    return await asyncio.wait_for(wait, DEADLINE)


def test_hundreds_wait_at_once() -> None:
    """All are over with the poll that sees their end; no poll makes more than two calls."""
    names = [f"job-{number}" for number in range(300)]
    jobs = account(*map(described, names))

    async def program() -> None:
        waits = waits_for(jobs)
        everyone = asyncio.gather(*(waits.wait(Wait(name, Row())) for name in names))
        await eventually(lambda: waits.poller.polls > 5)
        assert 0 < len(jobs.calls) <= CALLS * waits.poller.polls
        assert not everyone.done()
        for name in names:
            jobs.becomes(name, "Completed")
        assert set(await asyncio.wait_for(everyone, DEADLINE)) == {None}

    asyncio.run(program())


def test_each_is_woken_when_its_own_job_ends() -> None:
    """A short job is not held up by a long one."""
    jobs = account(*map(described, ("short", "long", "other")))

    async def program() -> None:
        waits, rows = waits_for(jobs), {"short": Row(), "long": Row()}
        short, long = (asyncio.create_task(waits.wait(Wait(name, row))) for name, row in rows.items())
        await eventually(lambda: all(row.lines for row in rows.values()))
        jobs.becomes("short", "Completed")
        assert await over(short) is None
        assert not long.done()
        jobs.becomes("long", "Completed")
        assert await over(long) is None

    asyncio.run(program())


def test_secrets_are_masked_in_the_progress() -> None:
    """AWS's words of a restart repeat what it was given."""
    job = described("a", Environment={"PHRASE": "swordfish"})
    *earlier, last = job.transitions
    message = {**last, "StatusMessage": "replacing the machine of swordfish"}
    jobs = account(ExistingJob({**job.answer, "SecondaryStatusTransitions": [*earlier, message]}))

    async def program() -> None:
        waits, row = waits_for(jobs), Row()
        wait = asyncio.create_task(waits.wait(Wait("a", row, secret_members=["environment.PHRASE"])))
        await eventually(lambda: row.lines)
        jobs.becomes("a", "Completed")
        await over(wait)
        assert row.lines[0].endswith(f"replacing the machine of {MASK}")

    asyncio.run(program())


def test_a_job_that_has_ended_is_not_waited_for_and_nothing_is_shown() -> None:
    """An unchanged stack is quiet; the second wait for the same job needs no call."""
    jobs = account(described("a"))
    jobs.becomes("a", "Completed")

    async def program() -> None:
        waits, row = waits_for(jobs), Row()
        assert await waits.wait(Wait("a", row, logs="all")) is None
        assert row.lines == []
        calls = len(jobs.calls)
        assert await waits.wait(Wait("a", row)) is None
        assert len(jobs.calls) == calls

    asyncio.run(program())


def test_a_job_that_is_deleted_while_it_is_waited_for_ends_the_wait() -> None:
    """The result then reports that it does not exist."""
    jobs = account(described("a"))

    async def program() -> None:
        row = Row()
        wait = asyncio.create_task(waits_for(jobs).wait(Wait("a", row)))
        await eventually(lambda: row.lines)
        jobs.delete("a")
        assert await over(wait) is None

    asyncio.run(program())


def test_a_new_job_that_is_not_found_at_first_is_waited_for() -> None:
    """This update may have started it a moment ago."""
    jobs = account()

    async def program() -> None:
        row = Row()
        waits = waits_for(jobs)
        wait = asyncio.create_task(waits.wait(Wait("a", row, may_be_new=True)))
        await eventually(lambda: waits.poller.polls > 2)
        jobs.add(described("a"))
        await eventually(lambda: row.lines)
        jobs.becomes("a", "Completed")
        assert await over(wait) is None
        assert row.lines

    asyncio.run(program())


def test_a_new_job_that_is_never_found_ends_the_wait() -> None:
    """Not for ever: the result then reports that it does not exist. Any other job that is not found ends it at once."""

    async def program() -> None:
        clock = Clock()
        assert await over(asyncio.create_task(waits_for(account(), clock).wait(Wait("a", may_be_new=True)))) is None
        assert NEW_LIMIT < clock.now < 2 * NEW_LIMIT
        clock = Clock()
        assert await over(asyncio.create_task(waits_for(account(), clock).wait(Wait("a")))) is None
        assert clock.now < NEW_LIMIT

    asyncio.run(program())


def test_a_timeout_ends_one_wait() -> None:
    """The others continue."""
    jobs = account(described("a"), described("b"))

    async def program() -> None:
        waits = waits_for(jobs)
        other = asyncio.create_task(waits.wait(Wait("b", Row())))
        assert await waits.wait(Wait("a", Row(), timeout=0.05)) == TIMEOUT
        assert not other.done()
        jobs.becomes("b", "Completed")
        assert await over(other) is None

    asyncio.run(program())


def test_credentials_that_expire_are_waited_for() -> None:
    """Once a poll has succeeded, an error is shown in the row, and the next poll uses the credentials of that time."""
    jobs, connections = account(described("a")), [0]

    def connect(_region: str) -> FakeTrainingJobs:
        connections[0] += 1
        return jobs

    async def program() -> None:
        row = Row()
        wait = asyncio.create_task(waits_for(jobs, connect=connect).wait(Wait("a", row)))
        await eventually(lambda: row.lines)
        jobs.fail("describe", "ExpiredTokenException", "no", times=None)
        await eventually(lambda: row.lines[-1].startswith("status unavailable (ExpiredTokenException: no). Sign in"))
        await eventually(lambda: connections[0] > 1)
        jobs.recover()
        jobs.becomes("a", "Completed")
        assert await over(wait) is None

    asyncio.run(program())


@pytest.mark.parametrize("code", [UNREADABLE, "503", "429"])
def test_answers_that_cannot_be_read_are_waited_out(code: str) -> None:
    """From the first poll on; the row tells what was received."""
    jobs = account(described("a"))
    jobs.fail("describe", code, "received an HTML page", times=None)

    async def program() -> None:
        row = Row()
        wait = asyncio.create_task(waits_for(jobs).wait(Wait("a", row)))
        await eventually(lambda: any("received an HTML page" in line for line in row.lines))
        jobs.recover()
        jobs.becomes("a", "Completed")
        assert await over(wait) is None

    asyncio.run(program())


def test_a_wait_without_credentials_is_given_up_at_once() -> None:
    """With the reason."""
    jobs = account(described("a"))
    jobs.fail("describe", "NoCredentials", "no", times=None)

    async def program() -> str | None:
        return await asyncio.wait_for(waits_for(jobs).wait(Wait("a", Row())), DEADLINE)

    reason = asyncio.run(program())
    assert reason is not None
    assert reason.startswith("AWS could not be polled: DescribeTrainingJob")
    assert len(jobs.calls) == 1


def test_polls_that_fail_for_long_end_the_wait() -> None:
    """The wait is given up after that time, and not before; the job is not."""
    jobs, clock = account(described("a")), Clock()

    async def program() -> None:
        row = Row()
        wait = asyncio.create_task(waits_for(jobs, clock).wait(Wait("a", row)))
        await eventually(lambda: row.lines)
        jobs.fail("describe", "ExpiredTokenException", "no", times=None)
        await eventually(lambda: row.lines[-1].startswith("status unavailable"))
        assert not wait.done()
        clock.now += ERROR_LIMIT
        assert "ExpiredTokenException" in (await over(wait) or "")
        assert jobs.named("stop") == []

    asyncio.run(program())


def test_throttling_from_the_first_poll_on_is_waited_out() -> None:
    """Unlike missing credentials, it is no reason to give up."""
    jobs = account(described("a"))
    jobs.fail("describe", "ThrottlingException", "no", times=3)

    async def program() -> None:
        row = Row()
        wait = asyncio.create_task(waits_for(jobs).wait(Wait("a", row)))
        await eventually(lambda: row.lines and row.lines[-1].startswith("Training"))
        assert not wait.done()
        jobs.becomes("a", "Completed")
        assert await over(wait) is None

    asyncio.run(program())


def test_throttling_is_shown_and_keeps_the_connection() -> None:
    """The row explains it, without advice for a command that has ended; the rate limit belongs to the client."""
    jobs, connections = account(described("a")), [0]

    def connect(_region: str) -> FakeTrainingJobs:
        connections[0] += 1
        return jobs

    async def program() -> None:
        row = Row()
        wait = asyncio.create_task(waits_for(jobs, connect=connect).wait(Wait("a", row)))
        await eventually(lambda: row.lines)
        jobs.fail("describe", "ThrottlingException", "no", times=None)
        await eventually(lambda: "(ThrottlingException: no). Too many API calls in this account" in row.lines[-1])
        assert "Repeat" not in row.lines[-1]
        jobs.recover()
        jobs.becomes("a", "Completed")
        assert await over(wait) is None

    asyncio.run(program())
    assert connections == [1]


def test_an_unexpected_error_ends_every_wait_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    """Never silently, and the traceback is shown to those who ask for it."""
    jobs, debugged = account(described("a"), described("b")), list[str]()
    monkeypatch.setattr(pulumi.log, "debug", debugged.append)

    def broken(_name: str) -> None:
        raise KeyError("TrainingJobStatus")

    async def program() -> list[str]:
        waits, rows = waits_for(jobs), {"a": Row(), "b": Row()}
        both = [asyncio.create_task(waits.wait(Wait(name, row))) for name, row in rows.items()]
        await eventually(lambda: all(row.lines for row in rows.values()))
        monkeypatch.setattr(jobs, "describe", broken)
        ended = await asyncio.wait_for(asyncio.gather(*both, return_exceptions=True), DEADLINE)
        assert [type(error) for error in ended] == [ReconcileError] * 2
        return [str(error) for error in ended]

    for text in asyncio.run(program()):
        assert text.startswith("polling training jobs failed unexpectedly: KeyError: 'TrainingJobStatus'.")
    assert "Traceback" in debugged[-1]


def test_a_poll_retries_a_call_a_few_times_whatever_the_stack_sets(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pauses between polls are the back-off of a wait; those of botocore inside a call would not be shown."""
    made = list[AwsSettings]()

    def connect(settings: AwsSettings, _region: str) -> FakeTrainingJobs:
        made.append(settings)
        return account(described("a", phases=("Completed",)))

    monkeypatch.setattr(region_waits, "connect", connect)

    def settings(_stored: str | None) -> AwsSettings:
        return AwsSettings(max_retries=25, profile="mine")

    monkeypatch.setattr(region_waits, "settings_of", settings)

    async def program() -> None:
        monkeypatch.setattr(waiting, "with_mocks", lambda: False)
        monkeypatch.setattr(pulumi.runtime, "is_dry_run", lambda: False)
        assert await until_ended(lambda: Wait("a"), REGION, OWNER) is None

    asyncio.run(program())
    assert [(each.max_retries, each.retry_mode, each.profile) for each in made] == [(RETRIES, "standard", "mine")]


def test_the_end_of_the_engine_ends_every_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    """A program that outlives its engine would poll for ever: what breaks the polling breaks the waits."""
    jobs = account(described("a"), described("b"))

    async def program() -> None:
        waits, rows = waits_for(jobs), {"a": Row(), "b": Row()}
        both = [asyncio.create_task(waits.wait(Wait(name, row))) for name, row in rows.items()]
        await eventually(lambda: all(row.lines for row in rows.values()))

        def gone(_message: str) -> None:
            raise ConnectionError("the engine is gone")

        monkeypatch.setattr(pulumi.log, "debug", gone)
        ended = await asyncio.wait_for(asyncio.gather(*both, return_exceptions=True), DEADLINE)
        assert [str(error) for error in ended] == ["the engine is gone"] * 2

    asyncio.run(program())


def test_logs_cost_no_more_calls() -> None:
    """A poll reads one log in place of one description; when the job has ended, the rest of its log."""
    jobs = account(described("a"), described("b"))
    for name in ("a", "b"):
        jobs.log(name, "first")

    async def program() -> None:
        waits, rows = waits_for(jobs), {"a": Row(), "b": Row()}
        both = asyncio.gather(*(waits.wait(Wait(name, row, logs="all")) for name, row in rows.items()))
        await eventually(lambda: all("first" in row.lines for row in rows.values()))
        assert len(jobs.calls) <= CALLS * waits.poller.polls
        for name in rows:
            jobs.log(name, "last")
            jobs.becomes(name, "Completed")
        await asyncio.wait_for(both, DEADLINE)
        for row in rows.values():
            assert [line for line in row.lines if line in ("first", "last")] == ["first", "last"]

    asyncio.run(program())


def test_a_wait_that_arrives_ends_the_pause() -> None:
    """Its job may have ended long ago, and the others may allow a pause of half a minute."""
    jobs, pauses = account(described("long"), described("short", phases=("Completed",))), list[float]()

    async def sleep(seconds: float) -> None:
        """The pause between polls lasts for ever, once the shortest one is over."""
        pauses.append(seconds)
        await (asyncio.Event().wait() if seconds > region_waits.SHORTEST else asyncio.sleep(0.001))

    async def program() -> None:
        waits = RegionWaits(lambda _region: jobs, REGION, OWNER, sleep=sleep)
        long = asyncio.create_task(waits.wait(Wait("long", Row())))
        await eventually(lambda: any(seconds > region_waits.SHORTEST for seconds in pauses))
        assert await over(asyncio.create_task(waits.wait(Wait("short", Row())))) is None
        assert not long.done()
        long.cancel()

    asyncio.run(program())


def test_nothing_is_waited_for_in_unit_tests_of_programs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Under Pulumi's mocks there is no AWS to ask."""

    async def program() -> str | None:
        pulumi.runtime.set_mocks(Graph())
        monkeypatch.setattr(region_waits, "connect", None)
        return await until_ended(lambda: pytest.fail("waited"), REGION, OWNER)

    assert asyncio.run(program()) is None


@pytest.mark.parametrize(("environment", "live"), [({PROGRESS: "live", "CI": "1"}, True), ({"CI": "1"}, False)])
def test_a_terminal_is_assumed_where_there_is_one(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], live: bool
) -> None:
    """Continuous integration has none; who knows better says so."""
    monkeypatch.delenv(PROGRESS, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    is_live.cache_clear()
    assert is_live() is live
    is_live.cache_clear()


@pytest.mark.parametrize(("live", "most"), [(True, 3600), (False, 10)])
def test_lines_that_are_kept_are_few(live: bool, most: int) -> None:
    """One for each step of the job, one now and then; in a terminal every change."""
    clock = Clock()
    lines = LineFilter(live=live, clock=clock)
    shown = 0
    for second in range(3600):
        clock.now = float(second)
        shown += lines.passes(f"Training, {second}s", "Training")
    assert most / 2 < shown <= most
    assert not lines.passes("Training, 3599s", "Training")
    assert lines.passes("Uploading, 3600s", "Uploading")
