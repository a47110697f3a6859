"""Records the state that `test_earlier_state.py` updates, by deploying `earlier_state/program.py`.

Run it at the commit whose state is wanted: `python tests/engine/record_state.py`.
Output: `state.json`, as `pulumi stack export` writes it; `jobs.json`, the requests and the ends of its jobs; and
`Pulumi.trial.yaml`, with the salt by which the secrets in the state can be read.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from localaws.trial import QUICK, Trial

if TYPE_CHECKING:
    from collections.abc import Iterator

RECORDED = Path(__file__).with_name("earlier_state")
PROGRAM = (RECORDED / "program.py").read_text()
CONFIG = "Pulumi.trial.yaml"
_SECRET = "correct-horse-battery"
_FAULTS = [
    {"kind": "capacity", "match": "without-capacity-*"},
    {"kind": "fail", "match": "failed-*"},
    {"kind": "fail", "match": "retried-*", "times": 1, "parameters": {"after": 0}},
]
_UNSTABLE = ("created", "modified", "sourcePosition", "stackTrace")
"""What the state says of the moment and of the machine."""
_REFRESHED = "urn:pulumi:trial::trial::pulumi-python:dynamic/sagemaker:TrainingJob::by-hand"


def furnish(trial: Trial) -> None:
    """Start the local AWS with what the program does not make: a bucket with data, a role, an image."""
    trial.furnish()
    trial.aws("s3").put_object(Bucket="trial-data", Key="train/a.csv", Body=b"1,2")
    ecr = trial.aws("ecr")
    ecr.create_repository(repositoryName="train")
    ecr.put_image(
        repositoryName="train",
        imageTag="1",
        imageManifest='{"schemaVersion": 2}',
        imageManifestMediaType="application/vnd.docker.distribution.manifest.v2+json",
    )


def record(folder: Path) -> None:
    """Deploy the program in an empty folder, and write down what came of it."""
    trial = Trial(folder, {**QUICK, "LOCALAWS_FAULTS": json.dumps(_FAULTS)})
    try:
        _deploy(trial)
        text = trial.state()
        shutil.copy(folder / ".localaws" / "stacks" / "trial" / CONFIG, RECORDED)
        (RECORDED / "state.json").write_text(_reduced(json.loads(text[text.index("{") :])))
        (RECORDED / "jobs.json").write_text(json.dumps(list(_jobs(trial)), indent=1) + "\n")
    finally:
        trial.end()


def _deploy(trial: Trial) -> None:
    """Deploy what is adopted, then the program until nothing changes any more, with one job refreshed."""
    trial.program(PROGRAM)
    furnish(trial)
    trial.run("up", "--stack", "other", "--yes", "--skip-preview")
    trial.run("stack", "init", "trial")
    trial.run("config", "set", "--secret", "phrase", _SECRET, "--stack", "trial")
    trial.config("aws:defaultTags", '{"tags": {"team": "research", "project": "trial"}}')
    trial.up()
    trial.up()  # a new run for the job that failed once
    trial.refresh("--target", _REFRESHED)
    trial.up("--expect-no-changes")


def _reduced(state: dict[str, Any]) -> str:
    """The state with one resource a line."""
    resources = state["deployment"].pop("resources")
    lines = [json.dumps({key: each[key] for key in each if key not in _UNSTABLE}) for each in resources]
    state["deployment"]["resources"] = []
    return json.dumps(state).replace('"resources": []', '"resources": [\n' + ",\n".join(lines) + "\n]") + "\n"


def _jobs(trial: Trial) -> Iterator[dict[str, Any]]:
    """Each job's request, with the tags that it has by now, and its end."""
    sagemaker = trial.aws("sagemaker")
    members = sagemaker.meta.service_model.operation_model("CreateTrainingJob").input_shape.members
    for name, status in trial.jobs().items():
        described = sagemaker.describe_training_job(TrainingJobName=name)
        tags = sagemaker.list_tags(ResourceArn=described["TrainingJobArn"])["Tags"]
        yield {
            "status": status,
            "failure_reason": described.get("FailureReason"),
            "request": {**{key: described[key] for key in described if key in members}, "Tags": tags},
        }


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as root:
        record(Path(root))
