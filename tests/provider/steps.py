"""The engine's steps for one resource, without the engine: which method is called when, and with what.

As observed with the real engine: every operation has a process of its own, `check` gets the old inputs, `diff`,
`update`, `read` and `delete` the old outputs; numbers are floats and absent values are left out.
"""

from __future__ import annotations

from typing import Any

from pulumi.dynamic import Config, ConfigureRequest, DiffResult

from sagemaker_constructs.providers import TrainingJobProvider


class Refused(Exception):  # noqa: N818  named after what the engine does
    """`check` found mistakes."""


def provider(**configuration: Any) -> TrainingJobProvider:
    """A provider in a fresh process, in a stack with these keys under `aws:`."""
    made = TrainingJobProvider()
    keys = {f"aws:{name}": value for name, value in configuration.items()}
    made.configure(ConfigureRequest(Config(keys, "project")))
    return made


def marshalled(value: Any) -> Any:
    """The value as it arrives in the plugin process."""
    if isinstance(value, dict):
        return {key: marshalled(item) for key, item in value.items() if item is not None}
    if isinstance(value, list | tuple):
        return [marshalled(item) for item in value]
    return float(value) if type(value) is int else value


class Resource:
    """One resource in a stack, and its state."""

    def __init__(self, **configuration: Any) -> None:
        self.configuration = configuration
        self.id = ""
        self.inputs: dict[str, Any] = {}
        self.outputs: dict[str, Any] = {}

    def preview(self, program: dict[str, Any]) -> DiffResult | None:
        """What an `up` would do; None where the resource is new."""
        fresh = provider(**self.configuration)
        if self.id:
            return self.compared(fresh, program)
        self._checked(fresh, {}, program)
        return None

    def compared(self, one: TrainingJobProvider, program: dict[str, Any]) -> DiffResult:
        """What a process finds that compares several resources."""
        return one.diff(self.id, marshalled(self.outputs), self._checked(one, self.inputs, program))

    def up(self, program: dict[str, Any], *, replace: bool = False) -> str:
        """Create, replace, update or leave; which of them. `replace` as by `--replace`, for a reason of its own."""
        fresh = provider(**self.configuration)
        inputs = self._checked(fresh, self.inputs, program)
        if not self.id:
            self._create(fresh, inputs)
            return "created"
        diff = fresh.diff(self.id, marshalled(self.outputs), inputs)
        if diff.replaces or replace:
            old = (self.id, marshalled(self.outputs))
            inputs = self._checked(fresh, {}, program)
            if diff.delete_before_replace:
                fresh.delete(*old)
            self._create(fresh, inputs)
            if not diff.delete_before_replace:
                fresh.delete(*old)
            return "replaced"
        if diff.changes is False:
            self.inputs = inputs
        if inputs == self.inputs:
            return "unchanged"
        updated = fresh.update(self.id, marshalled(self.outputs), inputs)
        self.inputs, self.outputs = inputs, updated.outs or {}
        return "updated"

    def refresh(self) -> str:
        """Read; whether the inputs are shown as changed, or the resource has gone."""
        fresh = provider(**self.configuration)
        found = fresh.read(self.id, marshalled(self.outputs))
        self.id, self.outputs = found.id or "", found.outs or {}
        before, self.inputs = self.inputs, marshalled(found.inputs) if found.inputs else self.inputs
        if self.id:
            fresh.diff(self.id, marshalled(self.outputs), before)
        return "gone" if not self.id else "unchanged" if before == self.inputs else "changed"

    def destroy(self) -> None:
        """Delete."""
        provider(**self.configuration).delete(self.id, marshalled(self.outputs))
        self.id, self.inputs, self.outputs = "", {}, {}

    def _create(self, fresh: TrainingJobProvider, inputs: dict[str, Any]) -> None:
        created = fresh.create(dict(inputs))
        self.id, self.inputs, self.outputs = created.id, inputs, created.outs or {}

    def _checked(self, fresh: TrainingJobProvider, olds: dict[str, Any], program: dict[str, Any]) -> dict[str, Any]:
        result = fresh.check(dict(olds), marshalled(program))
        if result.failures:
            raise Refused([(failure.property, failure.reason) for failure in result.failures])
        return marshalled(result.inputs)
