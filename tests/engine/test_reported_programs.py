"""Programs and commands that people reported of other libraries: each has to work, and to go on working."""

from __future__ import annotations

import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from localaws.trial import QUICK, Trial

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.engine

SPEC = """
import pulumi
import pulumi_aws as aws
from pulumi import Output, ResourceOptions
from sagemaker_constructs import *
config = pulumi.Config()

def spec(**members):
    return TrainingJobSpec(**{
        "role_arn": "arn:aws:iam::123456789012:role/trial",
        "algorithm_specification": AlgorithmSpecification(
            training_image="123456789012.dkr.ecr.eu-west-1.amazonaws.com/train:1", training_input_mode="File"),
        "output_data_config": OutputDataConfig(s3_output_path="s3://trial-data/models"),
        "resource_config": ResourceConfig(instance_type="ml.m5.large", instance_count=1, volume_size_in_gb=1),
        **members})
"""
NAMES = """
NAMES = ["with space", "team/model:v1", "UPPER_Case_x", "a"*200, "-lead", "9digits", "ünïcödé-模型", "dots.and.dots",
         "x__y--z", "emoji🚀", "tab\\tx", "模型", "__"]
for number, name in enumerate(NAMES):
    TrainingJob(name, spec(hyper_parameters={"i": number}))
"""
OPTIONS = """
star = TrainingJob("star", spec(tags={"a": "1"}), opts=ResourceOptions(replace_on_changes=["*"]))
TrainingResult("star", star, opts=ResourceOptions(replace_on_changes=["*"]))
IGNORED = {"whole": "hyper_parameters", "key": "hyper_parameters.depth", "all": "*", "no": "nonsense"}
for name, ignored in IGNORED.items():
    depth = (config.get("depth") if name != "no" else None) or "4"
    TrainingJob(name, spec(hyper_parameters={"depth": depth}), opts=ResourceOptions(ignore_changes=[ignored]))
"""
AUTOMATION = """
import threading
from pulumi import automation as auto

def program():
    pulumi.export("m", TrainingJob("m", spec(hyper_parameters={"s": pulumi.get_stack()})).result().model_artifacts)

def go(name):
    stack = auto.create_or_select_stack(stack_name=name, project_name="trial", program=program)
    stack.set_config("aws:region", auto.ConfigValue("eu-west-1"))
    stack.up()
    print(name, stack.up(expect_no_changes=True).outputs["m"].value)

threads = [threading.Thread(target=go, args=(name,)) for name in ("one", "two")]
for each in threads:
    each.start()
for each in threads:
    each.join()
"""
HOOK = """
def refuse(args):
    raise Exception("the budget is used up")

hook = pulumi.ResourceHook("hook", refuse)
hooks = pulumi.ResourceHookBinding(**{config.get("when"): [hook]}) if config.get("when") else None
TrainingJob("m", spec(), opts=ResourceOptions(hooks=hooks)).result()
"""
PROVIDER = """
small = TrainingJobSpec(
    algorithm_specification=AlgorithmSpecification(
        training_image="123456789012.dkr.ecr.eu-west-1.amazonaws.com/train:1", training_input_mode="File"),
    output_data_config=OutputDataConfig(s3_output_path="s3://trial-data/models"),
    resource_config=ResourceConfig(instance_type="ml.m5.large", instance_count=1, volume_size_in_gb=1))
explicit = ResourceOptions(provider=aws.Provider("eu", region="eu-west-1"))
bucket = TrainingBucket("Team_Data " + "b" * 60, force_destroy=True, opts=explicit)
network = TrainingNetwork("n" * 60, spec=small, flow_log_retention_in_days=7, opts=explicit)
Training("my trainer " + "t" * 60, small, network=network, buckets=[bucket], opts=explicit)
TrainingKey("my key", opts=explicit)
"""


@pytest.fixture
def odd_folder(tmp_path: Path) -> Iterator[Trial]:
    """A project in a folder of a name that few programs expect, with its program in a nested folder."""
    folder = tmp_path / "pfade mit Leerzeichen & ünïcödé 模型"
    (folder / "infra" / "program").mkdir(parents=True)
    trial = Trial(folder, QUICK)
    settings = folder / "Pulumi.yaml"
    settings.write_text(f"{settings.read_text()}main: infra/program\n")
    trial.furnish()
    yield trial
    trial.end()


def test_any_name_and_any_length_of_project_and_stack(cloud: Trial) -> None:
    """Names of jobs are valid and stay; the owner's tag fits; two names that become one share a job."""
    settings = cloud.root / "Pulumi.yaml"
    settings.write_text(settings.read_text().replace("name: trial", f"name: {'p' * 100}"))
    cloud.program(SPEC + NAMES)
    stack = ("--stack", "S.tack_-" + "s" * 92)
    cloud.run("up", *stack, "--yes", "--skip-preview")
    jobs = cloud.jobs()
    assert len(jobs) == 13
    assert all(re.fullmatch(r"[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}", name) for name in jobs)
    cloud.run("preview", *stack, "--expect-no-changes")
    cloud.run("destroy", *stack, "--yes", "--skip-preview")
    assert cloud.jobs().keys() == jobs.keys()


def test_options_that_ignore_or_replace_do_not_flap(cloud: Trial) -> None:
    """An ignored member keeps its value, and with it the job's name and fingerprint."""
    cloud.program(SPEC + OPTIONS)
    cloud.config("depth", "4")
    cloud.up()
    jobs = cloud.jobs().keys()
    cloud.config("depth", "9")
    cloud.refresh()
    cloud.up("--refresh", "--expect-no-changes")
    assert cloud.jobs().keys() == jobs

    cloud.config("aws:defaultTags", '{"tags": {"team": "vision"}}')
    cloud.up()
    (star,) = (name for name in jobs if name.startswith("star-"))
    assert f"{star}-2" in cloud.jobs()


def test_an_odd_folder_and_a_program_that_is_gone(odd_folder: Trial) -> None:
    """Refresh and destroy need no program; the running job is stopped, and its network goes."""
    program = odd_folder.root / "infra" / "program"
    (program / "mine.py").write_text("SECONDS = 600")
    main = "from mine import SECONDS\nTrainingJob('m', spec(environment={'LOCALAWS_SECONDS': SECONDS}))\n"
    (program / "__main__.py").write_text(f"{SPEC}{main}TrainingNetwork('n')")
    odd_folder.up()
    (name,) = odd_folder.jobs()
    (program / "__main__.py").unlink()
    odd_folder.refresh()
    odd_folder.destroy("--remove")
    odd_folder.await_job(name, "Stopped")
    assert odd_folder.aws("ec2").describe_vpcs(Filters=[{"Name": "is-default", "Values": ["false"]}])["Vpcs"] == []


def test_one_failure_of_three_and_a_preview_without_credentials(cloud: Trial) -> None:
    """The others get results, the next `up` trains the failed one again; a preview says once what it cannot see."""
    cloud.program(SPEC + 'for i in range(3):\n    TrainingJob(f"m{i}", spec(hyper_parameters={"i": i})).result()')
    cloud.fault("fail")
    assert cloud.up("--continue-on-error", expect=None).code != 0
    assert sorted(cloud.jobs().values()) == ["Completed", "Completed", "Failed"]
    results = [each for each in cloud.resources() if each["type"].endswith(":TrainingResult")]
    assert len(results) == 2
    cloud.up("--continue-on-error", "--refresh")
    assert sorted(cloud.jobs().values()) == ["Completed", "Completed", "Completed", "Failed"]

    cloud.fault("expired", "*", times=200)
    shown = cloud.preview().text
    diagnostics = shown[shown.index("Diagnostics:") :]
    assert diagnostics.count("warning:") == 1
    assert "ExpiredToken" in diagnostics


@pytest.mark.parametrize(("when", "recorded"), [("before_create", 0), ("after_create", 1)])
def test_a_hook_that_fails(cloud: Trial, when: str, recorded: int) -> None:
    """Before: nothing starts. After: the job is in the state, and the next `up` goes on with it."""
    cloud.program(SPEC + HOOK)
    cloud.config("when", when)
    refused = cloud.up(expect=None)
    assert refused.code != 0
    assert "the budget is used up" in refused.text
    assert len(cloud.jobs()) == recorded
    cloud.run("config", "rm", "when", "--stack", "trial")
    cloud.up()
    assert list(cloud.jobs().values()) == ["Completed"]


def test_without_default_providers_and_with_names_that_do_not_fit(cloud: Trial) -> None:
    """With an explicit `aws.Provider` nothing uses the default one. AWS gets names that it accepts."""
    cloud.program(SPEC + PROVIDER)
    cloud.run("config", "set", "--path", "pulumi:disable-default-providers[0]", "aws", "--stack", "trial")
    cloud.up()
    assert list(cloud.jobs().values()) == ["Completed"]
    roles = [each["RoleName"] for each in cloud.aws("iam").list_roles()["Roles"]]
    assert [name for name in roles if name.startswith("my-trainer-ttt")]
    assert [each for each in cloud.aws("s3").list_buckets()["Buckets"] if each["Name"].startswith("team-data-bbb")]
    cloud.up("--expect-no-changes")
    cloud.destroy()


def test_the_automation_api_in_two_threads(cloud: Trial) -> None:
    """Each stack has its own job, owner and wait."""
    (cloud.root / "Pulumi.yaml").unlink()
    exported = cloud.run("env").text
    environment = dict(re.findall(r"export (\w+)='?([^'\n]*)'?", exported))
    (cloud.root / "deploy.py").write_text(SPEC.replace("config = pulumi.Config()", "") + AUTOMATION)
    done = subprocess.run(
        [sys.executable, "deploy.py"],
        cwd=cloud.root,
        env=cloud.environment(environment),
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert sorted(line.split()[0] for line in done.stdout.splitlines()) == ["one", "two"]
    assert list(cloud.jobs().values()) == ["Completed", "Completed"]
