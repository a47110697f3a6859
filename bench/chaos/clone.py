"""One person's checkout of the project: the same program under the same names, in a backend of its own.

Input: where the local AWS and the proxy are; the jobs to declare. Output: what each command printed, and what the state
records.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from localaws.engine.installation import ready_engine
from localaws.environment import Project, for_pulumi, make_folders
from localaws.trial import REGION, Outcome

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_PROJECT = """\
name: trial
runtime: python
config:
  aws:region: {{value: {region}}}
  aws:maxRetries: {{value: "1"}}
  aws:endpoints: {{value: [{{sagemaker: "{proxy}", sts: "{proxy}"}}]}}
"""
_PROGRAM = """\
import json
from pathlib import Path
from sagemaker_constructs import AlgorithmSpecification, OutputDataConfig, ResourceConfig, TrainingJob, TrainingJobSpec

for name, (version, on_delete) in json.loads(Path("jobs.json").read_text()).items():
    TrainingJob(name, TrainingJobSpec(
        role_arn="arn:aws:iam::123456789012:role/trial",
        algorithm_specification=AlgorithmSpecification(
            training_image="123456789012.dkr.ecr.eu-west-1.amazonaws.com/train:1", training_input_mode="File"),
        hyper_parameters={"version": version},
        output_data_config=OutputDataConfig(s3_output_path="s3://trial-data/models"),
        resource_config=ResourceConfig(instance_type="ml.m5.large", instance_count=1, volume_size_in_gb=1),
    ), on_delete=on_delete)
"""
_STACK = ("--stack", "trial")
_NOW = ("--yes", "--skip-preview", "--continue-on-error")


class Job(NamedTuple):
    """A declared job."""

    version: str = "1"
    """A hyperparameter: jobs of another version are other models."""
    on_delete: str = "stop"


class Clone:
    """A checkout of the project, in its own folder, with its own backend and Pulumi folder.

    Args:
        root: an empty folder.
        aws: the URL of the local AWS.
        proxy: the URL at which SageMaker and STS are reached.
    """

    def __init__(self, root: Path, aws: str, proxy: str) -> None:
        self.root = root
        project = Project(root)
        make_folders(project)
        (root / "Pulumi.yaml").write_text(_PROJECT.format(region=REGION, proxy=proxy))
        (root / "__main__.py").write_text(_PROGRAM)
        self._engine = ready_engine()
        self._environment = {
            **for_pulumi(os.environ, project, urlsplit(aws).port, self._engine, sys.executable),
            "NO_COLOR": "1",
        }
        self.run("stack", "init", "trial")

    def declare(self, jobs: Mapping[str, Job]) -> None:
        """Let the program declare these jobs, by the names of their resources."""
        (self.root / "jobs.json").write_text(json.dumps(jobs))

    def begin(self, command: str) -> subprocess.Popen[str]:
        """Begin `up` or `destroy`."""
        return self._popen(command, *_STACK, *_NOW)

    def up(self, *words: str) -> Outcome:
        """`pulumi up`, which goes on with other resources where one fails."""
        return self.run("up", *_STACK, *_NOW, *words)

    def destroy(self) -> Outcome:
        """`pulumi destroy`, likewise."""
        return self.run("destroy", *_STACK, *_NOW)

    def cancel(self) -> Outcome:
        """`pulumi cancel`: release the lock of a command that was killed."""
        return self.run("cancel", "--yes", *_STACK)

    def recorded(self) -> dict[str, str]:
        """The job of each resource in the state."""
        exported = self.run("stack", "export", *_STACK).text
        resources = json.loads(exported[exported.index("{") :])["deployment"].get("resources", [])
        return {
            each["urn"].rpartition("::")[2]: each["outputs"]["training_job_name"]
            for each in resources
            if each["type"].endswith(":TrainingJob")
        }

    def run(self, *words: str) -> Outcome:
        """Run a Pulumi command."""
        process = self._popen(*words)
        text, _ = process.communicate(timeout=900)
        return Outcome(process.returncode, text)

    def _popen(self, *words: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [self._engine, *words],
            cwd=self.root,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
