"""One composition, four environments: each stack file is complete, and the composition is the same in all of them."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from string import ascii_lowercase
from typing import TYPE_CHECKING, Any

import pulumi
import pytest
import yaml

from localaws.server.price_list import PRODUCTS
from localaws.server.pricing import priced
from sagemaker_constructs.cost.formula import job_cost
from sagemaker_constructs.cost.prices import read_prices
from sagemaker_constructs.guardrails.document import parse
from sagemaker_constructs.guardrails.judge import Findings, judged, stack_violations
from sagemaker_constructs.guardrails.rule import Job
from sagemaker_constructs.network.address_plan import MOST_ZONES
from stacks.sample import deploy
from stacks.settings import Settings, SettingsError, settings
from tests.constructs.graphs import graph

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.constructs.graphs import Graph

ROOT = Path(__file__).parent.parent.parent
ENVIRONMENTS = ("local", "dev", "staging", "prod")
IMAGE = "141502667606.dkr.ecr.eu-west-1.amazonaws.com/sagemaker-xgboost:1.7-1"
ANSWERS = {"aws:sagemaker/getPrebuiltEcrImage:getPrebuiltEcrImage": {"registryPath": IMAGE}}


def zones(count: int) -> dict[str, Any]:
    """The answer of a Region with so many zones."""
    names = [f"eu-west-1{letter}" for letter in ascii_lowercase[:count]]
    return {"aws:index/getAvailabilityZones:getAvailabilityZones": {"names": names}}


def configuration(environment: str) -> dict[str, str]:
    """What the engine makes of Pulumi.yaml and the stack's file: text, the defaults filled in."""
    declared = yaml.safe_load((ROOT / "Pulumi.yaml").read_text())
    chosen = yaml.safe_load((ROOT / "stacks" / f"Pulumi.{environment}.yaml").read_text())["config"]
    defaults = {f"{declared['name']}:{key}": each["default"] for key, each in declared["config"].items()}
    values = {**defaults, **chosen}
    return {key.replace(declared["name"], "project"): _text(value) for key, value in values.items()}


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


@pytest.fixture(autouse=True)
def _no_configuration() -> Iterator[None]:
    """The configuration is the process's, and goes with the test."""
    yield
    pulumi.runtime.set_all_config({})


def sample(environment: str) -> Graph:
    """What the composition places in an environment."""
    pulumi.runtime.set_all_config(configuration(environment))
    return graph(deploy, ANSWERS)


def test_every_file_of_the_folder_is_an_environment() -> None:
    """And there is no environment without one."""
    files = {file.name for file in (ROOT / "stacks").glob("Pulumi.*.yaml")}
    assert files == {f"Pulumi.{environment}.yaml" for environment in ENVIRONMENTS}


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_the_composition_is_the_same_in_every_environment(environment: str) -> None:
    """Its values are complete and none is unknown, and only the number of zones makes more resources."""
    counts = sample(environment).counts()
    zones = {"local": 2, "dev": 2, "staging": 3, "prod": 3}[environment]
    assert counts == {
        "Bucket": 1,
        "BucketLifecycleConfiguration": 1,
        "BucketObjectv2": 2,
        "BucketOwnershipControls": 1,
        "BucketPolicy": 1,
        "BucketPublicAccessBlock": 1,
        "BucketServerSideEncryptionConfiguration": 1,
        "BucketVersioning": 1,
        "Role": 1,
        "RolePolicy": 1,
        "RouteTable": 1,
        "RouteTableAssociation": zones,
        "SecurityGroup": 1,
        "SecurityGroupEgressRule": 2,
        "SecurityGroupIngressRule": 1,
        "StateIdentity": 1,
        "Subnet": zones,
        "TrainingBucket": 1,
        "TrainingJob": 1,
        "TrainingNetwork": 1,
        "TrainingResult": 1,
        "TrainingRole": 1,
        "Vpc": 1,
        "VpcEndpoint": 1,
    }


def test_only_what_may_be_lost_is_disposable() -> None:
    """Destroying staging or prod never deletes the models."""
    kept = {each: sample(each).of("Bucket")["penguins"]["forceDestroy"] for each in ENVIRONMENTS}
    assert kept == {"local": True, "dev": True, "staging": False, "prod": False}


def test_what_is_protected_stays_with_its_jobs() -> None:
    """In prod, `destroy` deletes no bucket, and leaves the jobs as they are."""
    for environment in ENVIRONMENTS:
        found, protected = sample(environment), environment == "prod"
        assert {each.protected for each in found.placed if each.type.endswith(":Bucket")} == {protected}
        assert found.of("TrainingJob")["penguins"]["on_delete"] == ("retain" if protected else "stop")


def test_what_is_protected_is_not_disposable() -> None:
    """The two contradict each other."""
    values = {**configuration("prod"), "project:disposable": "true"}
    assert refused(values).splitlines()[1:] == [
        (
            "  - protected: got 'true', expected false in a stack that is disposable; set it: "
            "pulumi config set protected VALUE --stack stack"
        )
    ]


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_the_sample_complies_with_the_guardrails_of_its_environment(environment: str) -> None:
    """With the prices that the local AWS has."""
    members = sample(environment).of("TrainingJob")["penguins"]
    products = [json.dumps(priced(each)) for each in PRODUCTS if each.region == "eu-west-1"]
    prices = read_prices("eu-west-1", products, date(2026, 11, 26))
    cost = job_cost(members, prices, today=date(2026, 11, 26))
    assert cost.maximum is not None
    guardrails = parse((ROOT / "stacks" / "guardrails.yaml").read_text(), "")
    job = Job("penguins", members, {}, cost)
    assert judged(job, guardrails, environment, date(2026, 11, 26)) == Findings()
    assert stack_violations([cost], guardrails, environment) == ()


def test_every_environment_with_rules_of_its_own_exists() -> None:
    """A misspelt name would have those of all."""
    guardrails = parse((ROOT / "stacks" / "guardrails.yaml").read_text(), "")
    assert guardrails.environments.keys() <= set(ENVIRONMENTS)


def test_spot_comes_with_its_limit_and_checkpoints() -> None:
    """Where an environment chooses it, and nowhere else."""
    spot = sample("dev").of("TrainingJob")["penguins"]
    assert spot["enable_managed_spot_training"] is True
    assert spot["stopping_condition"] == {"max_runtime_in_seconds": 3600, "max_wait_time_in_seconds": 7200}
    assert spot["checkpoint_config"] == {"s3_uri": "s3://penguins/checkpoints"}
    plain = sample("prod").of("TrainingJob")["penguins"]
    assert plain["stopping_condition"] == {"max_runtime_in_seconds": 3600}
    assert "checkpoint_config" not in plain


def refused(configuration: dict[str, str]) -> str:
    """What `settings` says of a configuration that it refuses."""
    pulumi.runtime.set_all_config(configuration)
    with pytest.raises(SettingsError) as error:
        graph(settings)
    return str(error.value)


def test_every_mistake_is_reported_with_the_command_that_mends_it() -> None:
    """Wrong, missing and unknown values at once."""
    values = {**configuration("local"), "project:rounds": "0", "project:zones": "16", "project:spot": "maybe"}
    values["project:rouns"] = "50"
    del values["project:instance_type"]
    assert refused(values) == (
        "Configuration of stack 'stack': 5 mistake(s)\n"
        "  - rounds: got '0', expected greater than or equal to 1; set it: "
        "pulumi config set rounds VALUE --stack stack\n"
        "  - instance_type: missing; set it: pulumi config set instance_type VALUE --stack stack\n"
        "  - spot: got 'maybe', expected a valid boolean, unable to interpret input; set it: "
        "pulumi config set spot VALUE --stack stack\n"
        "  - zones: got '16', expected less than or equal to 15; set it: "
        "pulumi config set zones VALUE --stack stack\n"
        "  - rouns: unknown setting; remove it: pulumi config rm rouns --stack stack"
    )


def test_a_machine_type_and_a_runtime_that_sagemaker_does_not_have_are_among_the_mistakes() -> None:
    """They would be refused later, by the request of the job alone."""
    values = {"project:instance_type": "m5.large", "project:max_runtime_in_seconds": "2419201"}
    told = refused(configuration("local") | values)
    assert "instance_type: got 'm5.large', expected a text that matches pattern" in told
    assert "max_runtime_in_seconds: got '2419201', expected less than or equal to 2419200" in told


def test_the_engine_itself_checks_no_type() -> None:
    """It would report the first value of a wrong type, and the program none."""
    declared = yaml.safe_load((ROOT / "Pulumi.yaml").read_text())["config"]
    types = {name: each.get("type") for name, each in declared.items() if ":" not in name}
    assert set(types) == set(Settings.model_fields)
    assert set(types.values()) == {"string"}


def test_as_many_zones_are_accepted_as_the_network_takes() -> None:
    """The limit is the network's."""
    pulumi.runtime.set_all_config({**configuration("local"), "project:zones": str(MOST_ZONES)})
    assert len(graph(deploy, {**ANSWERS, **zones(MOST_ZONES)}).of("Subnet")) == MOST_ZONES


@pytest.mark.parametrize("variable", ["ROUNDS", "PULUMI_CONFIG_PROJECT_ROUNDS"])
def test_an_environment_variable_is_no_setting(variable: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the stack's configuration is read."""
    monkeypatch.setenv(variable, "7")
    values = configuration("local")
    del values["project:rounds"]
    assert "rounds: missing" in refused(values)


def test_settings_of_other_namespaces_are_left_alone() -> None:
    """They belong to providers and other programs."""
    pulumi.runtime.set_all_config({**configuration("prod"), "other:rounds": "7"})
    found: list[Settings] = []
    graph(lambda: found.append(settings()))
    assert [each.rounds for each in found] == [200]
