"""The mocks for unit tests of a user's stack, and the document that shows them."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pulumi
import pytest
from policy_cases import SMALLEST
from pulumi import Output

from sagemaker_constructs import NoResultError, Training, TrainingJob, TrainingJobSpec
from sagemaker_constructs.api.mistakes import DeclarationError
from sagemaker_constructs.stack_mocks import StackMocks
from tests.constructs.graphs import with_mocks
from tests.docs.blocks import blocks
from tests.docs.rows import smallest_stack

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

ROLE = "arn:aws:iam::123456789012:role/train"


def spec(**members: Any) -> TrainingJobSpec:
    """The smallest job."""
    given: Any = {**SMALLEST, "role_arn": ROLE, **members}
    return TrainingJobSpec(**given)


def run(mocks: StackMocks, program: Callable[[], Output[Any]], *, preview: bool = False) -> Any:
    """What an output of a program is in the end."""
    pulumi.runtime.set_all_config({"aws:region": "eu-west-1"})
    seen: list[Any] = []
    with_mocks(mocks, lambda: program().apply(seen.append), preview=preview)
    return seen[0]


def test_the_example_of_the_document_passes(tmp_path: Path) -> None:
    """As a user runs it: beside the README's program, with pytest."""
    (example,) = (block.text for block in blocks() if block.key == ("docs/unit-tests.md", "import pulumi"))
    (tmp_path / "penguins.py").write_text(smallest_stack())
    (tmp_path / "test_penguins.py").write_text(example)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_penguins.py"]
    done = subprocess.run(command, cwd=tmp_path, check=False, capture_output=True, text=True)
    assert (done.returncode, "1 passed" in done.stdout) == (0, True), done.stdout


@pytest.mark.parametrize("preview", [False, True])
def test_a_job_has_its_planned_name_and_addresses(preview: bool) -> None:
    """Those of a preview, which are those of an update."""
    mocks = StackMocks(region="eu-central-1", account="210987654321")

    def program() -> Output[Any]:
        image = SMALLEST["algorithm_specification"]["training_image"].replace("eu-west-1", "eu-central-1")
        algorithm = {"training_image": image, "training_input_mode": "File"}
        job = TrainingJob("m", spec(algorithm_specification=algorithm), region="eu-central-1")
        return Output.all(job.training_job_name, job.arn, job.model_artifacts)

    name, arn, model = run(mocks, program, preview=preview)
    assert name.startswith("m-")
    assert arn.endswith(f":training-job/{name}")
    assert model == f"s3://models/penguins/{name}/output/model.tar.gz"
    assert bool(mocks.jobs.jobs) is not preview


def test_a_failure_fails_the_result() -> None:
    """With AWS's words."""
    mocks = StackMocks(failures={"m": "AlgorithmError: no data"})
    with pytest.raises(NoResultError, match="no data"):
        run(mocks, lambda: TrainingJob("m", spec()).result().model_artifacts)


def test_a_lack_of_capacity_starts_the_fallback() -> None:
    """Which has metrics of its own."""
    mocks = StackMocks(failures={"m": "CapacityError: none"}, metrics={"m-fallback-1": {"loss": 0.5}})
    other = spec(resource_config={**SMALLEST["resource_config"], "instance_type": "ml.m5.xlarge"})
    assert run(mocks, lambda: TrainingJob("m", spec()).result(fallbacks=[other]).final_metrics) == {"loss": 0.5}


def test_a_mistake_is_raised() -> None:
    """One that only the provider can know."""
    machines = {"instance_type": "ml.m5.large", "instance_count": -1, "volume_size_in_gb": 1}

    def program() -> Output[Any]:
        return TrainingJob("m", spec(resource_config=Output.from_input(machines))).arn

    with pytest.raises(DeclarationError, match="instance_count"):
        run(StackMocks(), program)


def test_a_secret_stays_one_and_reaches_the_request() -> None:
    """As under the engine."""
    mocks = StackMocks()

    def program() -> Output[Any]:
        job = TrainingJob("m", spec(environment={"A": Output.secret("swordfish")}))

        async def secret() -> list[Any]:
            return [await job.environment.is_secret(), await job.arn.is_secret()]

        found: Any = secret()
        return Output.from_input(found)

    assert run(mocks, program) == [True, False]
    assert mocks.inputs["TrainingJob", "m"]["environment"] == {"A": "swordfish"}


def test_a_whole_training_is_made() -> None:
    """With its role, whose policy is readable."""
    mocks = StackMocks()
    members: dict[str, Any] = {name: value for name, value in SMALLEST.items() if name != "role_arn"}
    run(mocks, lambda: Training("t", TrainingJobSpec(**members)).model_artifacts)
    assert "s3:PutObject" in mocks.inputs["RolePolicy", "t"]["policy"]
    assert mocks.inputs["TrainingJob", "t"]["role_arn"] == "arn:aws:iam::123456789012:role/t"
