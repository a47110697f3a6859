"""Keeps the injected faults: rules that match a call, or a training job by its name."""

from __future__ import annotations

from fnmatch import fnmatchcase
from threading import Lock
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from localaws.server.errors import ConnectionDropped
from localaws.server.fault_kinds import AFTER, BEFORE, Kind, Parameters


class Rule(BaseModel):
    """One fault.

    Attributes:
        kind: What goes wrong.
        operation: A glob on `SageMaker.CreateTrainingJob` or on the part after the dot.
        match: A glob on the job's name.
        times: How many times it still happens; None is unlimited.
        parameters: The kind's parameters.
    """

    model_config = ConfigDict(extra="forbid")

    kind: Kind
    operation: str = "*"
    match: str = "*"
    times: int | None = Field(default=None, ge=0)
    parameters: Parameters = Parameters()

    def applies(self, operation: str, job: str) -> bool:
        """Whether the rule matches a call of an operation on a job ("" if there is none)."""
        names = (operation, operation.rpartition(".")[2])
        return self.times != 0 and any(fnmatchcase(n, self.operation) for n in names) and fnmatchcase(job, self.match)


RULES = TypeAdapter(list[Rule])


class Faults:
    """The rules in force, in the order in which they were given."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._rules: list[Rule] = []

    def add(self, value: Any) -> None:
        """Adds rules from JSON: a list of them, or one.

        Raises:
            ValueError: A rule is invalid; none is added then.
        """
        rules = RULES.validate_python(value if isinstance(value, list) else [value])
        with self._lock:
            self._rules += rules

    def clear(self) -> None:
        """Removes every rule."""
        with self._lock:
            self._rules.clear()

    def read(self) -> list[dict[str, Any]]:
        """The active rules as JSON, each with the number of times that are left."""
        with self._lock:
            return [rule.model_dump(exclude_unset=True) for rule in self._rules if rule.times != 0]

    def take(self, operation: str, job: str, kinds: frozenset[str]) -> list[Rule]:
        """The active rules of some kinds that match; each is counted once."""
        with self._lock:
            taken = [rule for rule in self._rules if rule.kind in kinds and rule.applies(operation, job)]
            for rule in taken:
                if rule.times is not None:
                    rule.times -= 1
            return taken

    def before(self, operation: str, job: str) -> None:
        """Applies the faults that precede a call.

        Raises:
            ServiceError: A fault is an AWS error.
            ConnectionDropped: A fault resets the connection.
        """
        for kind, action in BEFORE.items():
            for rule in self.take(operation, job, frozenset({kind})):
                action(rule.parameters, operation)

    def after(self, operation: str, job: str) -> None:
        """Applies the faults that follow a successful call.

        Raises:
            ConnectionDropped: A fault drops the answer.
        """
        if self.take(operation, job, AFTER):
            raise ConnectionDropped(reset=False)
