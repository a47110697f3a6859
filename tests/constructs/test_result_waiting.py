"""Waiting in the program: many at once, two calls a look, and nobody is forgotten."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pulumi
import pytest
from graphs import Graph

from sagemaker_constructs.aws.errors import ReconcileError
from sagemaker_constructs.aws.settings import AwsSettings
from sagemaker_constructs.program import waiting
from sagemaker_constructs.program.status_row import PROGRESS, Row, is_live
from sagemaker_constructs.program.waiting import RETRIES, TIMEOUT, Wait, WaitingRoom, until_ended
from sagemaker_constructs.results.poller import CALLS
from tests.results.result_support import OWNER, Jobs, described

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

REGION = "eu-west-1"


class Heard(Row):
    """A row that remembers what was said in it."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def say(self, message: str, *, ephemeral: bool = False) -> None:  # noqa: ARG002
        """Remembered."""
        self.lines.append(message)

    def progress(self, line: str, milestone: Hashable, log_lines: Sequence[str] = ()) -> None:  # noqa: ARG002
        """Remembered, lines of the log first."""
        self.lines += [*log_lines, line]


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Looks without pauses between them."""

    def pause(*_args: object, **_more: object) -> float:
        return 0.01

    monkeypatch.setattr(waiting, "GATHER", 0.01)
    monkeypatch.setattr(waiting, "pause", pause)


def room(jobs: Jobs) -> WaitingRoom:
    """A room of the stack's jobs."""
    return WaitingRoom(lambda _region: jobs, REGION, OWNER)


def end(jobs: Jobs, name: str) -> None:
    """Let a job complete."""
    jobs.jobs[name] = described(name, phases=("Starting", "Training", "Completed"))


def test_hundreds_wait_at_once() -> None:
    """All are over with the look that sees their end; no look makes more than two calls."""
    names = [f"job-{number}" for number in range(300)]
    jobs = Jobs(*map(described, names))

    async def program() -> None:
        waits = room(jobs)
        everyone = asyncio.gather(*(waits.wait(Wait(name, Heard())) for name in names))
        await asyncio.sleep(0.3)
        looks = waits._lookout._looks  # pyright: ignore[reportPrivateUsage]
        assert 0 < len(jobs.calls) <= CALLS * looks
        assert not everyone.done()
        for name in names:
            end(jobs, name)
        assert set(await asyncio.wait_for(everyone, 10)) == {None}

    asyncio.run(program())


def test_each_is_woken_when_its_own_job_ends() -> None:
    """A short job is not held up by a long one."""
    jobs = Jobs(described("short"), described("long"), described("other"))

    async def program() -> None:
        waits = room(jobs)
        short = asyncio.create_task(waits.wait(Wait("short", Heard())))
        long = asyncio.create_task(waits.wait(Wait("long", Heard())))
        await asyncio.sleep(0.05)
        end(jobs, "short")
        assert await asyncio.wait_for(short, 5) is None
        assert not long.done()
        end(jobs, "long")
        assert await asyncio.wait_for(long, 5) is None

    asyncio.run(program())


def test_a_job_that_has_ended_is_not_waited_for_and_nothing_is_said() -> None:
    """An unchanged stack is quiet; the second who asks for the same job needs no call."""
    jobs = Jobs()
    end(jobs, "a")

    async def program() -> None:
        waits, row = room(jobs), Heard()
        assert await waits.wait(Wait("a", row, logs="all")) is None
        assert row.lines == []
        calls = len(jobs.calls)
        assert await waits.wait(Wait("a", row)) is None
        assert len(jobs.calls) == calls

    asyncio.run(program())


def test_a_job_that_is_deleted_while_it_is_waited_for_ends_the_wait() -> None:
    """The result then says that it is not there."""
    jobs = Jobs(described("a"))

    async def program() -> None:
        wait = asyncio.create_task(room(jobs).wait(Wait("a", Heard())))
        await asyncio.sleep(0.05)
        del jobs.jobs["a"]
        assert await asyncio.wait_for(wait, 5) is None

    asyncio.run(program())


def test_a_timeout_ends_one_wait() -> None:
    """The others wait on."""
    jobs = Jobs(described("a"), described("b"))

    async def program() -> None:
        waits = room(jobs)
        patient = asyncio.create_task(waits.wait(Wait("b", Heard())))
        assert await waits.wait(Wait("a", Heard(), timeout=0.05)) == TIMEOUT
        assert not patient.done()
        end(jobs, "b")
        assert await asyncio.wait_for(patient, 5) is None

    asyncio.run(program())


def test_credentials_that_expire_are_waited_for() -> None:
    """Once AWS has answered, a refusal is told in the row, and the next look is with the credentials of then."""
    jobs = Jobs(described("a"))

    async def program() -> None:
        row = Heard()
        wait = asyncio.create_task(room(jobs).wait(Wait("a", row)))
        await asyncio.sleep(0.05)
        jobs.refusals["DescribeTrainingJob"] = "ExpiredTokenException"
        await asyncio.sleep(0.05)
        assert row.lines[-1].startswith("AWS does not say how far it is (ExpiredTokenException: no). Sign in again")
        jobs.refusals.clear()
        end(jobs, "a")
        assert await asyncio.wait_for(wait, 5) is None

    asyncio.run(program())


def test_nobody_waits_where_nobody_may_look() -> None:
    """Without credentials from the start, the wait is given up at once, with the reason."""
    jobs = Jobs(described("a"))
    jobs.refusals["DescribeTrainingJob"] = "NoCredentials"

    async def program() -> str | None:
        return await asyncio.wait_for(room(jobs).wait(Wait("a", Heard())), 5)

    reason = asyncio.run(program())
    assert reason is not None
    assert reason.startswith("AWS did not answer: DescribeTrainingJob")


def test_patience_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """After that long without an answer the wait is given up; the job is not."""
    monkeypatch.setattr(waiting, "PATIENCE", 0.1)
    jobs = Jobs(described("a"))

    async def program() -> None:
        wait = asyncio.create_task(room(jobs).wait(Wait("a", Heard())))
        await asyncio.sleep(0.05)
        jobs.refusals["DescribeTrainingJob"] = "ExpiredTokenException"
        reason = await asyncio.wait_for(wait, 5)
        assert "ExpiredTokenException" in (reason or "")
        assert jobs.stopped == []

    asyncio.run(program())


def test_throttling_from_the_first_look_on_is_waited_out() -> None:
    """A refusal that is no lack of access is no reason to give up."""
    jobs = Jobs(described("a"))
    jobs.refusals["DescribeTrainingJob"] = "ThrottlingException"

    async def program() -> None:
        wait = asyncio.create_task(room(jobs).wait(Wait("a", Heard())))
        await asyncio.sleep(0.1)
        assert not wait.done()
        jobs.refusals.clear()
        end(jobs, "a")
        assert await asyncio.wait_for(wait, 5) is None

    asyncio.run(program())


def test_throttling_is_told_and_keeps_the_connection() -> None:
    """The row says what it means, without advice for one whose command has ended; the rate of a client is its own."""
    jobs, connections = Jobs(described("a")), [0]

    def connect(_region: str) -> Jobs:
        connections[0] += 1
        return jobs

    async def program() -> None:
        row = Heard()
        wait = asyncio.create_task(WaitingRoom(connect, REGION, OWNER).wait(Wait("a", row)))
        await asyncio.sleep(0.05)
        jobs.refusals["DescribeTrainingJob"] = "ThrottlingException"
        await asyncio.sleep(0.05)
        assert "(ThrottlingException: no). There are too many calls in this account" in row.lines[-1]
        assert "Repeat" not in row.lines[-1]
        jobs.refusals.clear()
        end(jobs, "a")
        assert await asyncio.wait_for(wait, 5) is None

    asyncio.run(program())
    assert connections == [1]


def test_what_nobody_expected_ends_every_wait_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    """Never without a word, and the traceback is for whoever asks for it."""
    jobs, debugged = Jobs(described("a"), described("b")), list[str]()
    monkeypatch.setattr(pulumi.log, "debug", debugged.append)

    def broken(_name: str) -> None:
        raise KeyError("TrainingJobStatus")

    async def program() -> list[str]:
        waits = room(jobs)
        both = [asyncio.create_task(waits.wait(Wait(name, Heard()))) for name in ("a", "b")]
        await asyncio.sleep(0.05)
        monkeypatch.setattr(jobs, "describe", broken)
        ended = await asyncio.wait_for(asyncio.gather(*both, return_exceptions=True), 5)
        assert [type(error) for error in ended] == [ReconcileError] * 2
        return [str(error) for error in ended]

    for text in asyncio.run(program()):
        assert text.startswith("waiting for training jobs broke off: KeyError: 'TrainingJobStatus'.")
    assert "Traceback" in debugged[-1]


def test_a_look_tries_a_call_a_few_times_whatever_the_stack_says(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pauses between looks are the back-off of a wait; those of botocore inside a call would be silent."""
    made = list[AwsSettings]()

    def connect(settings: AwsSettings, _region: str) -> Jobs:
        made.append(settings)
        return Jobs(described("a", phases=("Completed",)))

    monkeypatch.setattr(waiting, "connect", connect)
    monkeypatch.setattr(waiting, "stack_settings", lambda: AwsSettings(max_retries=25, profile="mine"))

    async def program() -> None:
        monkeypatch.setattr(waiting, "get_monitor", lambda: None)
        monkeypatch.setattr(pulumi.runtime, "is_dry_run", lambda: False)
        assert await until_ended(lambda: Wait("a"), REGION, OWNER) is None

    asyncio.run(program())
    assert [(each.max_retries, each.retry_mode, each.profile) for each in made] == [(RETRIES, "standard", "mine")]


def test_the_end_of_the_engine_ends_every_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    """A program that outlives its engine would ask AWS for ever: whatever breaks the watch breaks the waits."""
    jobs = Jobs(described("a"), described("b"))

    async def program() -> None:
        waits = room(jobs)
        both = [asyncio.create_task(waits.wait(Wait(name, Heard()))) for name in ("a", "b")]
        await asyncio.sleep(0.05)

        def gone(_message: str) -> None:
            raise ConnectionError("the engine is gone")

        monkeypatch.setattr(pulumi.log, "debug", gone)
        ended = await asyncio.wait_for(asyncio.gather(*both, return_exceptions=True), 5)
        assert [str(error) for error in ended] == ["the engine is gone"] * 2

    asyncio.run(program())


def test_logs_cost_no_more_calls() -> None:
    """A look reads one log in place of one description; when the job has ended, the rest of its log."""
    jobs = Jobs(described("a"), described("b"))
    for name in ("a", "b"):
        jobs.log(name, "first")

    async def program() -> None:
        waits, rows = room(jobs), {"a": Heard(), "b": Heard()}
        both = asyncio.gather(*(waits.wait(Wait(name, row, logs="all")) for name, row in rows.items()))
        await asyncio.sleep(0.2)
        looks = waits._lookout._looks  # pyright: ignore[reportPrivateUsage]
        assert len(jobs.calls) <= CALLS * looks
        for name in rows:
            jobs.log(name, "last")
            end(jobs, name)
        await asyncio.wait_for(both, 10)
        for row in rows.values():
            assert [line for line in row.lines if line in ("first", "last")] == ["first", "last"]

    asyncio.run(program())


def test_nothing_is_waited_for_in_unit_tests_of_programs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Under Pulumi's mocks there is no AWS to ask."""

    async def program() -> str | None:
        pulumi.runtime.set_mocks(Graph())
        monkeypatch.setattr(waiting, "connect", None)
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


def test_lines_that_stay_are_few(monkeypatch: pytest.MonkeyPatch) -> None:
    """One for each step of the job, one now and then; in a terminal every change."""

    class Quiet(Row):
        """A row that counts."""

        def __init__(self) -> None:
            self.said: list[str] = []
            self._milestone, self._said, self._gap, self._next = None, "", 60.0, 0.0

        def say(self, message: str, *, ephemeral: bool = False) -> None:  # noqa: ARG002
            """Remembered."""
            self.said.append(message)

    clock = [0.0]
    monkeypatch.setattr("sagemaker_constructs.program.status_row.time.monotonic", lambda: clock[0])
    counted: dict[bool, int] = {}
    for live in (True, False):
        monkeypatch.setattr("sagemaker_constructs.program.status_row.is_live", lambda live=live: live)
        row = Quiet()
        for second in range(3600):
            clock[0] = float(second)
            row.progress(f"Training, {second}s", "Training")
        counted[live] = len(row.said)
    assert counted[True] == 3600
    assert counted[False] <= 10
