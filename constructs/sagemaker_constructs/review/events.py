"""Reads the events that the engine streams during a preview.

Input: the lines that `pulumi preview --json` prints with PULUMI_ENABLE_STREAMING_JSON_PREVIEW=1, or those of
`--event-log`: one `apitype.EngineEvent` each. Output: a `Preview`. The digest that `preview --json` prints otherwise
would not do: it has no result, so that a preview that failed looks like one without changes, and no policy events.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sagemaker_constructs.cost.network import PAID
from sagemaker_constructs.guardrails.file import KEY as GUARDRAILS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

SUCCEEDED, FAILED = "succeeded", "failed"
JOB_TYPES = tuple(f"pulumi-python:dynamic/sagemaker:{name}" for name in ("TrainingJob", "TrainingFallback"))
"""Type tokens of the resources that are jobs."""
_STEPS = {
    "create": "create",
    "create-replacement": "replace",
    "delete": "delete",
    "import": "import",
    "import-replacement": "replace",
    "update": "update",
}
"""Steps that change something. Of the three steps of a replacement, one counts."""
_OWN = frozenset({*_STEPS, "same", "replace", "delete-replaced"})
"""Steps of the stack's own resources. What is read belongs to others, and after a refresh one of these follows."""


@dataclass(frozen=True, slots=True)
class Step:
    """What is to happen to one resource."""

    operation: str
    """`create`, `update`, `replace`, `delete` or `import`."""
    urn: str
    outputs: Mapping[str, Any]
    """What the state has of a training job that is deleted; empty for everything else."""

    @property
    def type(self) -> str:
        """The resource's type, without those of its parents."""
        return self.urn.split("::")[2].rpartition("$")[2] if self.urn.count("::") >= 3 else ""  # noqa: PLR2004

    @property
    def is_job(self) -> bool:
        """Whether it is a training job."""
        return self.type in JOB_TYPES


@dataclass(frozen=True, slots=True)
class Message:
    """A diagnostic, or a policy's."""

    severity: str
    """`error` or `warning`."""
    text: str
    urn: str = ""
    """Of the resource that it is about; empty for the program's own."""
    policy: str = ""
    """The policy's name."""


@dataclass(frozen=True, slots=True)
class Preview:
    """A preview of one stack."""

    result: str
    """`succeeded`, `failed` or `canceled`; empty where it ended before it could say."""
    steps: tuple[Step, ...] = ()
    messages: tuple[Message, ...] = ()
    guardrails: str = ""
    """The project's file of guardrails, as its configuration names it."""
    network_before: tuple[tuple[str, Mapping[str, Any]], ...] = ()
    """Type token and inputs of the resources of a network that the stack has, of those that may cost by the hour."""
    network_after: tuple[tuple[str, Mapping[str, Any]], ...] = ()
    """Those that it will have."""
    log: str = ""
    """What it has said on stderr."""

    @property
    def failed(self) -> bool:
        """Whether nothing may be concluded from what is missing in it."""
        return self.result != SUCCEEDED


def read_events(lines: Iterable[str]) -> Preview:
    """The preview; lines that are no events are skipped, for a plugin or a wrapper may print some."""
    result = guardrails = ""
    steps: dict[str, Step] = {}
    networks: dict[str, dict[str, tuple[str, Mapping[str, Any]]]] = {"old": {}, "new": {}}
    messages: dict[Message, None] = {}
    for line in lines:
        event = _object(line)
        if summary := _part(event, "summaryEvent"):
            result = _text(summary, "result")
        elif prelude := _part(event, "preludeEvent"):
            guardrails = _text(_part(prelude, "config"), GUARDRAILS)
        elif metadata := _part(_part(event, "resourcePreEvent"), "metadata"):
            if step := _step(metadata):
                steps.setdefault(step.urn, step)
            for side, network in networks.items():
                if resource := _of_network(metadata, side):
                    network.setdefault(_text(metadata, "urn"), resource)
        elif message := _diagnostic(_part(event, "diagnosticEvent")) or _policy(_part(event, "policyEvent")):
            messages[message] = None
    before, after = (tuple(network.values()) for network in networks.values())
    return Preview(result, tuple(steps.values()), tuple(messages), guardrails, before, after)


def _step(metadata: Mapping[str, Any]) -> Step | None:
    operation = _STEPS.get(_text(metadata, "op"))
    if operation is None or _text(metadata, "type") == "pulumi:pulumi:Stack":
        return None
    found = Step(operation, _text(metadata, "urn"), {})
    if not (operation == "delete" and found.is_job):
        return found
    return Step(operation, found.urn, _part(_part(metadata, "old"), "outputs"))


def _of_network(metadata: Mapping[str, Any], side: str) -> tuple[str, Mapping[str, Any]] | None:
    """The resource, if it may cost by the hour, as it is on one side of the update."""
    kind, state = _text(metadata, "type"), _part(metadata, side)
    if kind not in PAID or _text(metadata, "op") not in _OWN or not state:
        return None
    return kind, _part(state, "inputs")


def _diagnostic(event: Mapping[str, Any]) -> Message | None:
    severity, text = _text(event, "severity"), _text(event, "message").strip()
    if severity not in {"error", "warning"} or not text or event.get("ephemeral"):
        return None
    return Message(severity, text, _text(event, "urn"))


def _policy(event: Mapping[str, Any]) -> Message | None:
    text = _text(event, "message").strip()
    if not text:
        return None
    severity = "error" if _text(event, "enforcementLevel") == "mandatory" else "warning"
    return Message(severity, text, _text(event, "resourceUrn"), _text(event, "policyName") or "policy")


def _object(line: str) -> Mapping[str, Any]:
    try:
        found: object = json.loads(line) if line.lstrip().startswith("{") else None
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _part(event: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = event.get(name)
    return found if isinstance(found, dict) else {}


def _text(event: Mapping[str, Any], name: str) -> str:
    found = event.get(name)
    return found if isinstance(found, str) else ""
