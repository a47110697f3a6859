"""The engine's states of several stacks in several accounts, without the engine: what survives a kill.

As observed with the real engine: a resource is recorded once `create` has returned; what it replaces is deleted after
everything was created, and stays in the state until then; a deleted resource leaves the state once `delete` has
returned; `cancel` runs no code of a provider.
"""

from __future__ import annotations

from collections import Counter
from copy import deepcopy
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar, cast

import pytest
from pulumi.dynamic import Config, ConfigureRequest, ResourceProvider
from steps import marshalled

from sagemaker_constructs.aws.errors import ReconcileError
from sagemaker_constructs.providers import StateIdentityProvider, TrainingJobProvider
from tests.samples import REGION, program

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sagemaker_constructs.testing import FakeTrainingJobs

_Provider = TypeVar("_Provider", bound=ResourceProvider)

BACKEND = "PULUMI_BACKEND_URL"
"""Environment variable: where the state is."""
_TYPE = "pulumi-python:dynamic/sagemaker:TrainingJob"


class Killed(BaseException):
    """The command was killed: no code of the provider catches this."""


@dataclass(frozen=True)
class Kill:
    """Where a command is killed."""

    method: str
    """A method of `TrainingJobs`."""
    done: bool
    """Whether the call takes effect."""
    skipped: int = 0
    """How many calls of the method come through before."""


class Caller:
    """Whoever calls the service for one command, and may be killed at one of the calls.

    Args:
        jobs: the account's jobs.
        kill: where the caller dies; None for nowhere.
    """

    def __init__(self, jobs: FakeTrainingJobs, kill: Kill | None = None) -> None:
        self._jobs = jobs
        self._kill = kill
        self._calls: Counter[str] = Counter()

    def __getattr__(self, name: str) -> Any:
        """A method of the jobs, at which the caller may die."""
        found = getattr(self._jobs, name)
        if self._kill is None or name != self._kill.method:
            return found
        kill = self._kill

        def call(*arguments: Any) -> Any:
            self._calls[name] += 1
            dies = self._calls[name] == kill.skipped + 1
            if dies and not kill.done:
                raise Killed
            answer = found(*arguments)
            if dies:
                raise Killed
            return answer

        return call

    def provider(self, kind: type[_Provider]) -> _Provider:
        """A provider of a kind in a process of its own, that is this caller."""
        made = cast("_Provider", type(kind.__name__, (kind,), {"connect": staticmethod(lambda *_: self)})())
        made.configure(ConfigureRequest(Config({}, "project")))
        return made


@dataclass
class Resource:
    """One resource in a state."""

    id: str
    inputs: dict[str, Any]
    outputs: dict[str, Any]


@dataclass
class State:
    """One state of a stack, in one backend."""

    owner: str
    """Organization, project and stack, as the program knows them."""
    account: int = 0
    """Whose credentials its user has."""
    backend: int = 0
    """Which of the backends has it."""
    origin: State | None = None
    """The state that it is a copy of."""
    identity: Resource | None = None
    """Its `StateIdentity`, which every job depends on."""
    resources: dict[str, Resource] = field(default_factory=dict[str, Resource])
    """The jobs' resources by name."""
    replaced: list[Resource] = field(default_factory=list[Resource])
    """Resources that others have replaced, and that are still to be deleted."""
    said: list[str] = field(default_factory=list[str])
    """The errors of its commands."""
    killed: bool = False
    """Whether its last command was killed."""

    def copied(self, backend: int) -> State:
        """What `stack export` and `stack import` make of it in another backend."""
        parts = deepcopy((self.identity, self.resources, self.replaced))
        return State(self.owner, self.account, backend, self, *parts)

    def is_copy_of(self, other: State) -> bool:
        """Whether it is a copy of another state, or a copy of such a copy."""
        return self.origin is other or (self.origin is not None and self.origin.is_copy_of(other))

    @property
    def own_identity(self) -> object:
        """What tells it from other states, but not from its copies."""
        return self.identity and self.identity.outputs["identity"]

    def jobs(self, *, adopted: bool = True, replaced: bool = True) -> set[str]:
        """The ARNs of the jobs that it has, with or without those that it has adopted, or that it is to delete."""
        every = (*self.resources.values(), *(self.replaced if replaced else ()))
        return {each.outputs["arn"] for each in every if adopted or not each.outputs["adopted"]}

    def up(self, caller: Caller, versions: Mapping[str, str]) -> bool:
        """`pulumi up` of a program with these resources; whether it came to its end."""
        return self._run(lambda: self._up(caller, versions))

    def refresh(self, caller: Caller) -> bool:
        """`pulumi refresh`; whether it came to its end."""
        return self._run(lambda: self._refresh(caller.provider(TrainingJobProvider)))

    def destroy(self, caller: Caller) -> bool:
        """`pulumi destroy`; whether it came to its end."""
        return self._run(lambda: self._delete_others(caller, caller.provider(TrainingJobProvider), {}))

    def _run(self, command: Callable[[], None]) -> bool:
        self.killed = False
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv(BACKEND, f"s3://states-{self.backend}")
            try:
                command()
            except Killed:
                self.killed = True
                return False
            except ReconcileError as error:
                self.said.append(str(error))
                return False
        return True

    def _up(self, caller: Caller, versions: Mapping[str, str]) -> None:
        if versions:
            self.identity = self._identified(caller.provider(StateIdentityProvider))
        provider = caller.provider(TrainingJobProvider)
        for name, version in versions.items():
            self._up_one(provider, name, self._declared(name, version))
        self._delete_others(caller, provider, versions)

    def _identified(self, provider: StateIdentityProvider) -> Resource:
        before = self.identity
        inputs = provider.check(before.inputs if before else {}, {"region": REGION}).inputs
        if before is None:
            made = provider.create(dict(inputs))
            return Resource(made.id, inputs, made.outs or {})
        provider.diff(before.id, before.outputs, inputs)
        outputs = before.outputs if inputs == before.inputs else provider.update(before.id, before.outputs, inputs).outs
        return Resource(before.id, inputs, outputs or {})

    def _declared(self, name: str, version: str) -> dict[str, Any]:
        declared = program(
            name_prefix=name,
            declared_as=f"{_TYPE}::{name}",
            hyper_parameters={"version": version},
            owner=self.owner,
            state_identity=self.identity.outputs["identity"] if self.identity else None,
        )
        return marshalled(declared)

    def _up_one(self, provider: TrainingJobProvider, name: str, declared: dict[str, Any]) -> None:
        present = self.resources.get(name)
        inputs = marshalled(provider.check(dict(present.inputs) if present else {}, declared).inputs)
        if present is None:
            self._create(provider, name, inputs)
            return
        diff = provider.diff(present.id, marshalled(present.outputs), inputs)
        if diff.replaces:
            inputs = marshalled(provider.check({}, declared).inputs)
            self._create(provider, name, inputs)
            self.replaced.append(present)
        elif diff.changes is not False and inputs != present.inputs:
            present.outputs = provider.update(present.id, marshalled(present.outputs), inputs).outs or {}
            present.inputs = inputs

    def _create(self, provider: TrainingJobProvider, name: str, inputs: dict[str, Any]) -> None:
        created = provider.create(dict(inputs))
        self.resources[name] = Resource(created.id, inputs, created.outs or {})

    def _delete_others(self, caller: Caller, provider: TrainingJobProvider, kept: Mapping[str, str]) -> None:
        while self.replaced:
            provider.delete(self.replaced[0].id, marshalled(self.replaced[0].outputs))
            self.replaced.pop(0)
        for name in [name for name in self.resources if name not in kept]:
            provider.delete(self.resources[name].id, marshalled(self.resources[name].outputs))
            del self.resources[name]
        if self.identity and not kept:
            caller.provider(StateIdentityProvider).delete(self.identity.id, self.identity.outputs)
            self.identity = None

    def _refresh(self, provider: TrainingJobProvider) -> None:
        for name, each in list(self.resources.items()):
            found = provider.read(each.id, marshalled(each.outputs))
            if not found.id:
                del self.resources[name]
                continue
            each.outputs = found.outs or {}
            provider.diff(each.id, marshalled(each.outputs), dict(each.inputs))
