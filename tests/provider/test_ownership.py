"""Whatever happens to the commands and the states of several people: every running job is in exactly one state.

A job that a killed command has started may be in none for a while; one that is in none for good is named in what the
user is told. Nobody's job is stopped by somebody else's stack, and none is trained a second time.
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, ClassVar, NamedTuple

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from states import Caller, Kill, State

from sagemaker_constructs.reconcile import removal
from sagemaker_constructs.testing import FakeTrainingJobs

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from tests.samples import Sentences

PEOPLE = 4
"""At most so many states."""
states = st.integers(0, PEOPLE - 1)
programs = st.dictionaries(st.sampled_from(["model", "other"]), st.sampled_from(["1", "2"]))


def kills(*methods: str) -> st.SearchStrategy[Kill]:
    """A kill at a call of one of these methods."""
    return st.builds(Kill, st.sampled_from(methods), st.booleans(), st.integers(0, 1))


class Fault(NamedTuple):
    """Calls that fail, whether they have taken effect or not."""

    method: str
    times: int | None
    done: bool


faults = st.builds(
    Fault,
    st.sampled_from(["create", "describe", "tags", "add_tags", "stop", "search", "unfinished"]),
    st.sampled_from([1, 2, None]),
    st.booleans(),
)


class Ownership(RuleBasedStateMachine):
    """The stack of one person, with the credentials of two accounts."""

    said: ClassVar[Sentences]
    """What everybody is told."""

    def __init__(self) -> None:
        super().__init__()
        self.said.clear()
        self.accounts = [FakeTrainingJobs(f"arn:aws:sagemaker:eu-west-1:{n * 12}:training-job/") for n in "12"]
        self.states = [State("organization/project/stack")]
        self.adrift: dict[str, State] = {}
        """Jobs that a killed command of a state has started or taken up, and that it has not recorded."""

    @rule(state=states, versions=programs)
    def up(self, state: int, versions: dict[str, str]) -> None:
        """`pulumi up`."""
        self._command(state, lambda one, caller: one.up(caller, versions))

    @rule(state=states, versions=programs, kill=kills("create", "describe", "tags", "add_tags", "stop"))
    def killed_up(self, state: int, versions: dict[str, str], kill: Kill) -> None:
        """`pulumi up`, killed before or after one of its calls."""
        self._command(state, lambda one, caller: one.up(caller, versions), kill)

    @rule(state=states)
    def refresh(self, state: int) -> None:
        """`pulumi refresh`."""
        self._command(state, lambda one, caller: one.refresh(caller))

    @rule(state=states)
    def destroy(self, state: int) -> None:
        """`pulumi destroy`: what a killed command of the stack has started is stopped now, or named."""
        destroyed = self._destroy(state)
        self.adrift = {arn: one for arn, one in self.adrift.items() if one is not destroyed}

    @rule(state=states, kill=kills("describe", "tags", "stop", "delete_tags", "unfinished"))
    def killed_destroy(self, state: int, kill: Kill) -> None:
        """`pulumi destroy`, killed before or after one of its calls."""
        self._command(state, lambda one, caller: one.destroy(caller), kill)

    @rule(state=states, versions=programs, fault=faults)
    def disturbed_up(self, state: int, versions: dict[str, str], fault: Fault) -> None:
        """`pulumi up`, in which answers are lost."""
        claimed = fault.done and fault.method == "add_tags"
        with self._disturbed(state, fault):
            self._command(state, lambda one, caller: one.up(caller, versions), unknown=claimed)

    @rule(state=states, fault=faults)
    def disturbed_destroy(self, state: int, fault: Fault) -> None:
        """`pulumi destroy`, in which answers are lost."""
        with self._disturbed(state, fault):
            self._destroy(state)

    @rule(state=states)
    def rename(self, state: int) -> None:
        """`pulumi stack rename`."""
        one = self._state(state)
        one.owner += "'"

    @rule(state=states)
    def second_account(self, state: int) -> None:
        """The credentials are those of the other account from now on.

        Not after a kill: what only AWS knows of the killed command is in the first account alone.
        """
        one = self._state(state)
        if all(other is not one for other in self.adrift.values()):
            one.account = 1 - one.account

    @rule(lag=st.integers(0, 5))
    def lag(self, lag: int) -> None:
        """From now on so many look-ups do not find a new job, nor its tags."""
        for account in self.accounts:
            account.lag = lag

    @rule()
    def complete(self) -> None:
        """What trains has a model."""
        for account in self.accounts:
            for name, job in list(account.jobs.items()):
                if job.status == "InProgress":
                    account.becomes(name, "Completed")

    @invariant()
    def every_running_job_is_in_exactly_one_state(self) -> None:
        """Or named in what the user was told. A state and its copies are one: only where it was written it is used."""
        for arn in self._running():
            owners = {one.own_identity: one.owner for one in self.states if arn in one.jobs(adopted=False)}
            assert len(owners) <= 1, f"{arn} is in the states of {owners.values()}"
            assert owners or arn in self.adrift or self._is_named(arn), f"{arn} is lost"

    @invariant()
    def no_configuration_is_trained_again(self) -> None:
        """While a run of it trains, or has a model."""
        for account in self.accounts:
            for name in account.jobs:
                first = account.jobs.get(name.removesuffix("-2"))
                again = name.endswith("-2") and first is not None and first.status in ("InProgress", "Completed")
                assert not again, f"{name} is a second run"

    def _state(self, number: int) -> State:
        return self.states[number % len(self.states)]

    def _command(
        self, number: int, command: Callable[[State, Caller], bool], kill: Kill | None = None, *, unknown: bool = False
    ) -> tuple[State, bool]:
        """Run a command; whether it ended. It may have stopped its own jobs only.

        Where it is `unknown` to it that it has claimed a job, and it fails, the job is adrift as after a kill.
        """
        state = self._state(number)
        before, tags = self._running(), self._tags()
        ended = command(state, Caller(self.accounts[state.account], kill))
        self.said.extend(state.said)
        now = self._running()
        if state.killed or (unknown and not ended):
            changed = dict.fromkeys((arn for arn, each in self._tags().items() if each != tags.get(arn)), state)
            self.adrift = changed | self.adrift  # a job that another one has started stays that one's
        recorded = state.jobs(replaced=False)
        self.adrift = {arn: one for arn, one in self.adrift.items() if one is not state or arn not in recorded}
        for arn in before - now:
            others = [one for one in self.states if one is not state and arn in one.jobs()]
            assert all(one.is_copy_of(state) for one in others), f"{arn} of {[one.owner for one in others]} is stopped"
        return state, ended

    @contextmanager
    def _disturbed(self, number: int, fault: Fault) -> Generator[None]:
        account = self.accounts[self._state(number).account]
        account.fail(fault.method, "InternalFailure", "no", times=fault.times, done=fault.done)
        yield
        account.recover()

    def _destroy(self, number: int) -> State | None:
        """Run `pulumi destroy`; the state, if it came to its end."""
        state, ended = self._command(number, lambda one, caller: one.destroy(caller))
        return state if ended else None

    def _running(self) -> set[str]:
        return {job.arn for account in self.accounts for job in account.jobs.values() if job.status == "InProgress"}

    def _tags(self) -> dict[str, dict[str, str]]:
        """The tags of all jobs, which say for which resource of which state a job is."""
        accounts = self.accounts
        return {
            f"{account.arn_prefix}{name}": dict(tags) for account in accounts for name, tags in account.tagged.items()
        }

    def _is_named(self, arn: str) -> bool:
        name = re.escape(arn.rpartition("/")[2])
        told = re.compile(rf"stop-training-job --training-job-name {name} |job {name} .*keeps running")
        return any(told.search(sentence) for sentence in self.said)


class OwnershipOfSeveral(Ownership):
    """Stacks of several people with the same names, and copied states."""

    @precondition(lambda self: len(self.states) < PEOPLE)
    @rule(state=states)
    def second_backend(self, state: int) -> None:
        """Somebody else's stack has the same names, in another backend."""
        self.states.append(State(self._state(state).owner, backend=len(self.states)))

    @precondition(lambda self: len(self.states) < PEOPLE)
    @rule(state=states)
    def copy(self, state: int) -> None:
        """`pulumi stack export`, then `pulumi stack import` in another backend."""
        self.states.append(self._state(state).copied(len(self.states)))


@pytest.mark.parametrize("lag", [1, 2])
def test_destroy_at_once_after_a_kill_stops_or_names_the_job(jobs: FakeTrainingJobs, said: Sentences, lag: int) -> None:
    """Although Describe, or ListTags, lags behind."""
    jobs.lag = lag
    state = State("organization/project/stack")
    state.up(Caller(jobs, Kill("create", done=True)), {"model": "1"})
    (name,) = jobs.jobs
    assert state.destroy(Caller(jobs))
    assert jobs.jobs[name].status != "InProgress" or any(f"--training-job-name {name} " in each for each in said)


def test_a_job_that_another_stack_of_the_name_has_adopted_runs_on(jobs: FakeTrainingJobs, said: Sentences) -> None:
    """When its own stack is destroyed, which says so."""
    first, second = (State("organization/project/stack", backend=number) for number in range(2))
    for state in (first, second):
        state.up(Caller(jobs), {"model": "1"})
    (name,) = jobs.jobs
    first.destroy(Caller(jobs))
    assert jobs.jobs[name].status == "InProgress"
    assert [each for each in said if "it is stopped" in each] == []


def test_a_job_that_a_killed_update_has_taken_up_again_is_stopped_by_destroy(jobs: FakeTrainingJobs) -> None:
    """It was to be deleted with the resource that it had been replaced in, which leaves it to the one that took it."""
    state = State("organization/project/stack")
    state.up(Caller(jobs), {"model": "1"})
    state.up(Caller(jobs, Kill("create", done=False, skipped=1)), {"model": "2", "other": "1"})
    state.up(Caller(jobs, Kill("add_tags", done=True)), {"model": "1"})
    state.up(Caller(jobs, Kill("describe", done=False, skipped=1)), {})
    assert ([job.status for job in jobs.jobs.values()], len(state.jobs())) == (["InProgress", "InProgress"], 1)
    state.destroy(Caller(jobs))
    assert {job.status for job in jobs.jobs.values()} <= {"Stopping", "Stopped"}


@pytest.mark.parametrize("machine", [Ownership, OwnershipOfSeveral])
def test_every_running_job_is_in_exactly_one_state(
    machine: type[Ownership], said: Sentences, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After every step of every sequence."""
    monkeypatch.setattr(machine, "said", said, raising=False)
    monkeypatch.setattr(removal, "PAUSE", 0)
    run_state_machine_as_test(machine, settings=settings(max_examples=100, stateful_step_count=12))
