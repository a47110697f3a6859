"""The mocks for unit tests of a user's stack, and the document that shows them."""

from __future__ import annotations

import asyncio
import gc
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
    """As a user runs it: beside the README's program, with pytest, several scenarios in one process, no warning."""
    texts = {block.language: block.text for block in blocks() if block.document == "docs/unit-tests.md"}
    (tmp_path / "__main__.py").write_text(smallest_stack())
    (tmp_path / "test_penguins.py").write_text(texts["python"])
    (tmp_path / "pyproject.toml").write_text(texts["toml"])
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_penguins.py"]
    done = subprocess.run(command, cwd=tmp_path, check=False, capture_output=True, text=True)
    assert (done.returncode, "3 passed" in done.stdout, "warning" in done.stdout) == (0, True, False), done.stdout


def test_each_run_is_a_new_one(tmp_path: Path) -> None:
    """With its own mocks and configuration; a module beside the program makes its resources each time."""
    (tmp_path / "__main__.py").write_text("import pulumi\nfrom jobs_of_run import job\npulumi.export('arn', job.arn)\n")
    (tmp_path / "jobs_of_run.py").write_text(
        "import pulumi\nfrom sagemaker_constructs import TrainingJob\n"
        "from tests.constructs.test_stack_mocks import spec\n"
        "job = TrainingJob('m', spec(hyper_parameters={'depth': pulumi.Config('p').require('depth')}))\n"
    )
    first, second = StackMocks(), StackMocks()
    exports = [mocks.run(tmp_path, config={"p:depth": depth})["arn"] for mocks, depth in ((first, "1"), (second, "2"))]
    assert len({*exports}) == 2
    assert [mocks.inputs["TrainingJob", "m"]["hyper_parameters"]["depth"] for mocks in (first, second)] == ["1", "2"]
    assert "jobs_of_run" not in sys.modules
    assert str(tmp_path) not in sys.path


def test_a_run_leaves_the_settings_as_they_were() -> None:
    """Those of a test that uses `set_mocks` itself."""
    pulumi.runtime.set_all_config({"mine:key": "value"})
    StackMocks().run(lambda: TrainingJob("m", spec()), config={"mine:key": "other"})
    assert pulumi.Config("mine").get("key") == "value"


def test_many_jobs_leave_the_process_as_it_was() -> None:
    """The SDK registers them in several threads at once."""
    before = gc.get_threshold()
    for _ in range(2):
        StackMocks().run(lambda: [TrainingJob(f"m{number}", spec()).result() for number in range(30)])
        assert (hasattr(sys, "tracebacklimit"), gc.get_threshold()) == (False, before)


def test_a_run_needs_no_event_loop() -> None:
    """Another test may have left none, by `asyncio.run`."""
    asyncio.run(asyncio.sleep(0))
    StackMocks().run(lambda: TrainingJob("m", spec()))


def test_a_preview_exports_what_is_known() -> None:
    """And leaves out the rest."""

    def program() -> None:
        job = TrainingJob("m", spec())
        pulumi.export("name", job.training_job_name)
        pulumi.export("metrics", job.result().final_metrics)

    exports = StackMocks().run(program, preview=True)
    assert set(exports) == {"name"}


@pytest.mark.parametrize("argument", [{"failures": {"n": "AlgorithmError: x"}}, {"metrics": {"n": {"loss": 1.0}}}])
def test_a_name_that_no_job_has_is_refused(argument: dict[str, Any]) -> None:
    """Otherwise a test of a failure would see a success."""
    with pytest.raises(ValueError, match=rf"{next(iter(argument))}: no job has the name 'n'; the jobs are \['m'\]"):
        StackMocks(**argument).run(lambda: TrainingJob("m", spec()))


def test_inputs_that_are_missing_name_those_that_there_are() -> None:
    """The near ones, where there are any."""
    mocks = StackMocks()
    mocks.run(lambda: TrainingJob("m", spec()))
    with pytest.raises(KeyError, match="no resource TrainingJob n; near it are: TrainingJob m"):
        _ = mocks.inputs["TrainingJob", "n"]
    with pytest.raises(KeyError, match=r"there are: .*TrainingJob m"):
        _ = mocks.inputs["Queue", "letters"]


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


GUARDRAILS = """\
owners: the platform team
rules: {instance_types: [ml.c5.*], max_cost_per_job: 3}
environments: {dev: {instance_types: [ml.m5.*]}}
"""


def test_what_a_guardrail_forbids_is_raised(tmp_path: Path) -> None:
    """All at once, by the rules of the stack; the file is found beside the Pulumi.yaml above the program."""
    program = tmp_path / "program" / "__main__.py"
    program.parent.mkdir()
    program.write_text(
        "from sagemaker_constructs import TrainingJob\nfrom tests.constructs.test_stack_mocks import spec\n"
        "TrainingJob('m', spec())\n"
    )
    (tmp_path / "Pulumi.yaml").touch()
    (tmp_path / "guardrails.yaml").write_text(GUARDRAILS)
    config = {"sagemaker-constructs:guardrails": "guardrails.yaml"}
    with pytest.raises(DeclarationError, match=r"(?s)expected ml\.c5\.\*.*the test gives no such price"):
        StackMocks().run(program, config=config)
    prices = {"ml.m5.large": "0.1", "VolumeUsage.gp2": "0.1"}
    mocks = StackMocks(prices=prices)
    mocks.run(program, config=config, stack="dev")
    assert len(mocks.jobs.started) == 1
    with pytest.raises(DeclarationError, match=r"a maximum cost of \$4\.84, expected at most \$3\.00"):
        StackMocks(prices={**prices, "ml.m5.large": "0.2"}).run(program, config=config, stack="dev", preview=True)


def test_a_preview_tells_of_every_job_that_is_refused(tmp_path: Path) -> None:
    """The engine's ends with the first; results do not wait for what does not start."""
    (tmp_path / "guardrails.yaml").write_text("{owners: us, rules: {require_network_isolation: true}}")

    def program() -> None:
        for name in ("a", "b", "c"):
            TrainingJob(name, spec(enable_network_isolation=name == "b")).result()

    config = {"sagemaker-constructs:guardrails": str(tmp_path / "guardrails.yaml")}
    with pytest.raises(DeclarationError) as caught:
        StackMocks().run(program, config=config, preview=True)
    assert [line.partition(",")[0] for line in str(caught.value).splitlines()] == [
        "'a': enable_network_isolation: got False",
        "'c': enable_network_isolation: got False",
    ]


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
