"""Records previews of the engine on the local AWS: what the tests and the docs of the review show.

Input: nothing; the folder to write may be given (default `tests/review/recorded`). Output: for each preview the events
that a review reads, without most of the states, and the decision file.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from localaws.trial import QUICK, TRUST, Trial
from sagemaker_constructs.cost.network import PAID
from sagemaker_constructs.review.files import Files
from sagemaker_constructs.review.preview import preview

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_PROGRAM = """\
import pulumi
from sagemaker_constructs import (
    AlgorithmSpecification, OutputDataConfig, ResourceConfig, TrainingJob, TrainingJobSpec, TrainingNetwork,
)

config = pulumi.Config()
network = TrainingNetwork("penguins", zones=2, instances=1, interface_endpoints=config.get_object("endpoints") or [])
spec = TrainingJobSpec(
    algorithm_specification=AlgorithmSpecification(
        training_image="123456789012.dkr.ecr.eu-west-1.amazonaws.com/train:1", training_input_mode="File"
    ),
    hyper_parameters={"depth": config.get("depth") or 4},
    output_data_config=OutputDataConfig(s3_output_path="s3://trial-data/models"),
    resource_config=ResourceConfig(
        instance_type=config.get("instance_type") or "ml.m5.large",
        instance_count=int(config.get("instance_count") or 1),
        volume_size_in_gb=10,
    ),
    role_arn="arn:aws:iam::123456789012:role/" + (config.get("role") or "training"),
)
if not config.get_bool("removed"):
    TrainingJob("penguins", spec, network=network)
"""
_GUARDRAILS = """\
owners: "@acme/ml-platform"
rules: {instance_types: [ml.m5.*], max_cost_per_job: 5}
"""
_KEPT = ("preludeEvent", "resourcePreEvent", "diagnosticEvent", "policyEvent", "summaryEvent")
_OF_A_DELETED_JOB = ("training_job_name", "training_job_status", "adopted", "on_delete", "owner", "declared_as")
_ALL = """{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}"""


class _Stacks:
    """The stacks of the recording, and their project."""

    def __init__(self, trial: Trial, target: Path) -> None:
        self._trial = trial
        self._target = target
        self._launcher = trial.root / "launcher"
        self._launcher.write_text(f'#!/bin/sh\nexec {subprocess.list2cmdline(trial.command())} "$@"\n')
        self._launcher.chmod(0o700)

    def new(self, stack: str, **config: str) -> None:
        """A stack with nothing in it."""
        self._trial.run("stack", "init", stack)
        self.configure(stack, **config)

    def configure(self, stack: str, **config: str) -> None:
        """Set values; an empty one is removed."""
        for name, value in config.items():
            words = ("set", name, value) if value else ("rm", name)
            self._trial.run("config", *words, "--stack", stack)

    def up(self, stack: str) -> str:
        """Deploy a stack, and wait for its job; the job's name."""
        before = self._trial.jobs()
        self._trial.run("up", "--stack", stack, "--yes", "--skip-preview")
        (name,) = self._trial.jobs().keys() - before.keys()
        self._trial.await_job(name, "Completed")
        return name

    def record(self, name: str, stack: str) -> None:
        """Preview a stack, and keep what a review reads of it."""
        files = Files(self._trial.root / "previews", stack)
        preview(files, str(self._launcher))
        kept = Files(self._target, name)
        events = [json.dumps(each) for each in _reviewed(files.events)]
        kept.events.write_text("\n".join(events) + "\n", encoding="utf-8")
        kept.decisions.unlink(missing_ok=True)
        if files.decisions.exists():
            kept.decisions.write_bytes(files.decisions.read_bytes())


def _reviewed(file: Path) -> Iterator[dict[str, Any]]:
    """The events that a review reads."""
    for line in file.read_text(encoding="utf-8").splitlines():
        event = json.loads(line)
        kind = next((each for each in _KEPT if each in event), None)
        if kind is None or event[kind].get("severity", "").startswith(("debug", "info")):
            continue
        if kind == "resourcePreEvent":
            yield {kind: {"metadata": _without_states(event[kind]["metadata"])}}
        elif kind == "preludeEvent":
            config = {name: value for name, value in event[kind]["config"].items() if not name.startswith("aws:s")}
            yield {kind: {"config": config}}
        else:
            yield {kind: event[kind]}


def _without_states(metadata: Mapping[str, Any]) -> dict[str, Any]:
    """A step without its states, but what a network costs by, and what a deleted job had."""
    kept: dict[str, Any] = {name: metadata[name] for name in ("op", "urn", "type")}
    deletes_job = metadata["op"] == "delete" and "sagemaker:Training" in metadata["type"]
    for side in ("old", "new"):
        state = metadata.get(side) or {}
        if metadata["type"] in PAID and state:
            names = ("vpcEndpointType", "subnetIds", "region")
            kept[side] = {"inputs": {name: state["inputs"][name] for name in names if name in state["inputs"]}}
        elif deletes_job and state:
            kept[side] = {"outputs": {name: state["outputs"].get(name) for name in _OF_A_DELETED_JOB}}
    return kept


def record(trial: Trial, target: Path) -> None:
    """Every preview, in an order in which each needs few updates before it."""
    stacks = _Stacks(trial, target)
    stacks.new("dev", endpoints='["ssm"]')
    stacks.record("first", "dev")
    stacks.up("dev")
    stacks.record("unchanged", "dev")
    stacks.configure("dev", depth="5")
    stacks.record("changed", "dev")
    stacks.configure("dev", depth="", role="another")
    stacks.record("role", "dev")
    stacks.configure("dev", role="", endpoints='["ssm", "sts"]')
    stacks.record("network", "dev")
    stacks.configure("dev", endpoints='["ssm"]', removed="true")
    stacks.record("removed", "dev")

    stacks.new("staging")
    stacks.record("adopted", "staging")
    (trial.root / "guardrails.yaml").write_text(_GUARDRAILS)
    stacks.configure("staging", instance_type="ml.p3.2xlarge", **{"sagemaker-constructs:guardrails": "guardrails.yaml"})
    stacks.record("forbidden", "staging")
    stacks.configure("staging", instance_type="m5.large", instance_count="0", **{"sagemaker-constructs:guardrails": ""})
    stacks.record("failed", "staging")

    trial.fault("capacity")
    stacks.new("prod", depth="6")
    trial.run("up", "--stack", "prod", "--yes", "--skip-preview")
    (name,) = (name for name, status in trial.jobs().items() if status != "Completed")
    trial.await_job(name, "Failed")
    stacks.record("rerun", "prod")


def main() -> None:
    """Write the folder."""
    target = Path(sys.argv[1] if len(sys.argv) > 1 else "tests/review/recorded").resolve()
    with tempfile.TemporaryDirectory() as folder:
        trial = Trial(Path(folder), QUICK)
        try:
            trial.furnish(role="training")
            iam = trial.aws("iam")
            iam.create_role(RoleName="another", AssumeRolePolicyDocument=TRUST)
            for role in ("training", "another"):
                iam.put_role_policy(RoleName=role, PolicyName="all", PolicyDocument=_ALL)
            trial.program(_PROGRAM)
            os.chdir(trial.root)
            os.environ.update(trial.environment())
            record(trial, target)
        finally:
            trial.end()


if __name__ == "__main__":
    main()
