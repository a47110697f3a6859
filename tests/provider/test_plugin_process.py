"""The plugin process as the engine starts it, spoken to by gRPC: real pickling, real marshalling, real threads."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
import uuid
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import grpc
import pytest
from google.protobuf import json_format, struct_pb2
from pulumi.dynamic.dynamic import serialize_provider
from pulumi.runtime.proto import provider_pb2 as messages
from pulumi.runtime.proto import provider_pb2_grpc

from sagemaker_constructs.providers import DEBUG, TrainingJobProvider
from tests.samples import SMALL, program

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.local_aws import LocalAws

UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
"""How the engine writes a value that is not known yet."""
STORED = "gASVPQAAAAAAAACMHnNhZ2VtYWtlcl9jb25zdHJ1Y3RzLnByb3ZpZGVyc5SME1RyYWluaW5nSm9iUHJvdmlkZXKUk5QpgZQu"
"""The provider as every state has it: the names of the module and of the class, and nothing else."""


def struct(values: dict[str, Any]) -> struct_pb2.Struct:
    """The values as the engine sends them."""
    return json_format.ParseDict(values, struct_pb2.Struct())


@dataclass
class Plugin:
    """A running plugin process."""

    process: subprocess.Popen[str]
    calls: Any
    errors: Path
    """What it writes to stderr: an account of its imports, and what it tells the user."""

    def check(self, news: dict[str, Any], olds: dict[str, Any] | None = None) -> Any:
        """Check; the inputs as they come back, or the failures."""
        request = messages.CheckRequest(olds=struct(stored(olds) if olds else {}), news=struct(stored(news)))
        answer = self.calls.Check(request)
        return [failure.reason for failure in answer.failures] or plain(answer.inputs)

    def diff(self, name: str, olds: dict[str, Any], news: dict[str, Any]) -> Any:
        """Diff."""
        return self.calls.Diff(messages.DiffRequest(id=name, olds=struct(stored(olds)), news=struct(stored(news))))

    def create(self, properties: dict[str, Any]) -> tuple[str, dict[str, Any]]:
        """Create: the identifier and the outputs."""
        answer = self.calls.Create(messages.CreateRequest(properties=struct(stored(properties))))
        return answer.id, plain(answer.properties)

    def read(self, name: str, properties: dict[str, Any]) -> Any:
        """Read."""
        return self.calls.Read(messages.ReadRequest(id=name, properties=struct(stored(properties))))

    def delete(self, name: str, properties: dict[str, Any]) -> None:
        """Delete."""
        self.calls.Delete(messages.DeleteRequest(id=name, properties=struct(stored(properties))))

    def imports(self) -> set[str]:
        """The modules that it has loaded so far."""
        lines = self.errors.read_text().splitlines()
        return {line.rpartition("|")[2].strip() for line in lines if line.startswith("import time:")}

    def said(self) -> list[str]:
        """What it told the user."""
        return [line for line in self.errors.read_text().splitlines() if not line.startswith("import time:")]


def stored(properties: dict[str, Any]) -> dict[str, Any]:
    """The properties with the provider beside them, as they travel."""
    return {**properties, "__provider": STORED}


def plain(properties: struct_pb2.Struct) -> dict[str, Any]:
    """The properties that came back, without the provider."""
    values = json_format.MessageToDict(properties)
    assert values.pop("__provider") == STORED
    return values


@pytest.fixture
def plugin(local_aws: LocalAws, tmp_path: Path) -> Iterator[Plugin]:
    """A plugin process, configured as in a stack on the embedded AWS. Nobody is at its engine's address."""
    errors = tmp_path / "stderr"
    with errors.open("w") as file:
        process = subprocess.Popen(
            [sys.executable, "-u", "-X", "importtime", "-m", "pulumi.dynamic", "127.0.0.1:1"],
            stdout=subprocess.PIPE,
            stderr=file,
            text=True,
            cwd=tmp_path,
            env={name: value for name, value in os.environ.items() if name != DEBUG},
        )
    assert process.stdout
    with process, grpc.insecure_channel(f"127.0.0.1:{process.stdout.readline().strip()}") as channel:
        calls = provider_pb2_grpc.ResourceProviderStub(channel)
        calls.Configure(messages.ConfigureRequest(args=struct(local_aws.configuration(maxRetries="0"))))
        yield Plugin(process, calls, errors)
        process.terminate()


def test_the_provider_is_stored_by_name() -> None:
    """Neither name may ever change: each state that there is would be of no use."""
    assert serialize_provider(TrainingJobProvider()) == STORED
    text = base64.b64decode(STORED)
    assert b"sagemaker_constructs.providers" in text
    assert b"TrainingJobProvider" in text


def test_a_job_lives_through_the_plugin(plugin: Plugin, local_aws: LocalAws) -> None:
    """Checked, created, compared, read, deleted; what comes out of one call goes into the next as it is."""
    prefix = f"model-{uuid.uuid4().hex[:6]}"
    declared = program(name_prefix=prefix, role_arn=local_aws.role, on_delete="delete")
    inputs = plugin.check(declared)
    assert inputs["resource_config"] == SMALL["resource_config"]

    name, outputs = plugin.create(inputs)
    assert name == inputs["training_job_name"]
    assert {key: outputs[key] for key in inputs} == inputs
    assert (outputs["training_job_status"], outputs["adopted"]) == ("InProgress", False)

    assert plugin.check(declared, inputs) == inputs
    same = plugin.diff(name, outputs, inputs)
    assert (same.changes, list(same.replaces)) == (messages.DiffResponse.DIFF_UNKNOWN, [])
    other = plugin.diff(name, outputs, {**inputs, "hyper_parameters": {"depth": "5"}})
    assert list(other.replaces) == ["hyper_parameters"]

    read = plugin.read(name, outputs)
    assert read.id == name
    assert not read.HasField("inputs")
    refreshed = plain(read.properties)
    assert refreshed["creation_time"]

    plugin.delete(name, refreshed)
    assert name not in {job["name"] for job in local_aws.server.control("GET", "jobs")}
    assert local_aws.calls()["SageMaker.CreateTrainingJob"] == 1
    assert any(
        "the job is replaced because hyper_parameters.depth changed (4 → 5), which defines the model" in line
        for line in plugin.said()
    )


def test_what_is_not_known_yet_stays_so(plugin: Plugin) -> None:
    """At any depth, and in what follows from it; a diff of it is no error."""
    inputs = plugin.check(program(hyper_parameters={"depth": UNKNOWN}, role_arn=UNKNOWN))
    assert inputs["hyper_parameters"] == {"depth": UNKNOWN}
    for name in ("arn", "fingerprint", "model_artifacts", "role_arn", "training_job_name"):
        assert inputs[name] == UNKNOWN
    recorded = {**plugin.check(program()), "adopted": False}
    found = plugin.diff("nobody", recorded, inputs)
    assert sorted(found.replaces) == ["hyper_parameters"]


def test_null_is_absent(plugin: Plugin) -> None:
    """The engine may send it at any depth."""
    with_nulls = program()
    with_nulls["environment"] = {"A": None}
    with_nulls["resource_config"] = {**SMALL["resource_config"], "keep_alive_period_in_seconds": None}
    for output in ("arn", "adopted", "training_job_status"):
        with_nulls[output] = None
    with_nulls["vpc_config"] = None
    inputs = plugin.check(with_nulls)
    plain_inputs = plugin.check(program())
    assert inputs["resource_config"] == SMALL["resource_config"]
    assert (inputs["training_job_name"], inputs["fingerprint"]) == (
        plain_inputs["training_job_name"],
        plain_inputs["fingerprint"],
    )
    assert "vpc_config" not in inputs


def test_mistakes_come_back_without_secrets(plugin: Plugin) -> None:
    """As text only, for the engine prints the values of the properties that failures name."""
    wrong = program(
        resource_config={"instance_type": "hidden", "instance_count": 1.5, "volume_size_in_gb": 10},
        secret_members=["resource_config.instance_type"],
    )
    reasons = plugin.check(wrong)
    assert len(reasons) == 2
    assert reasons[0].startswith("resource_config.instance_type: got a secret, expected")
    assert reasons[1] == "resource_config.instance_count: got 1.5, expected a whole number"


def test_an_error_is_one_line_without_a_traceback(plugin: Plugin, local_aws: LocalAws) -> None:
    """What was asked, what AWS said, what to do."""
    local_aws.fault("quota", "CreateTrainingJob")
    inputs = plugin.check(program(name_prefix=f"model-{uuid.uuid4().hex[:6]}", role_arn=local_aws.role))
    with pytest.raises(grpc.RpcError) as caught:
        plugin.create(inputs)
    text = str(caught.value.details())
    assert text.strip().count("\n") == 0
    assert "Traceback" not in text
    assert (
        f"CreateTrainingJob for job '{inputs['training_job_name']}': ResourceLimitExceeded: The account-level" in text
    )
    assert "Ask for a higher quota" in text


def test_a_wrong_setting_is_one_line_too(local_aws: LocalAws, plugin: Plugin) -> None:
    """It is found with the first call that needs the provider."""
    wrong = {**local_aws.configuration(), "aws:assumeRoles": '[{"roleArn": "hidden"'}
    plugin.calls.Configure(messages.ConfigureRequest(args=struct(wrong)))
    with pytest.raises(grpc.RpcError) as caught:
        plugin.check(program())
    text = str(caught.value.details())
    assert text.strip().count("\n") == 0
    assert "aws:assumeRoles" in text
    assert "hidden" not in text


def test_what_is_learned_of_a_resource_is_kept_by_its_own_name(plugin: Plugin, local_aws: LocalAws) -> None:
    """A forced replacement is checked twice and not compared. No request says which resource it is about."""
    prefix = f"model-{uuid.uuid4().hex[:6]}"
    programs = [
        program(
            name_prefix=prefix, environment={"N": str(number)}, role_arn=local_aws.role, declared_as=f"job::{number}"
        )
        for number in range(8)
    ]
    inputs = [plugin.check(each) for each in programs]
    names = [plugin.create(each)[0] for each in inputs]
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(plugin.check, programs, inputs))
        again = list(threads.map(plugin.check, reversed(programs)))
    assert [each["training_job_name"] for each in reversed(again)] == [f"{name}-2" for name in names]


def test_two_resources_with_one_job_are_told_apart(plugin: Plugin, local_aws: LocalAws) -> None:
    """Another run is wanted of the one that is replaced, not of the one that is new."""
    declared = program(name_prefix=f"model-{uuid.uuid4().hex[:6]}", role_arn=local_aws.role)
    replaced, new = {**declared, "declared_as": "job::replaced"}, {**declared, "declared_as": "job::new"}
    inputs = plugin.check(replaced)
    name, _ = plugin.create(inputs)
    plugin.check(replaced, inputs)
    assert plugin.check(new)["training_job_name"] == name
    assert plugin.check(replaced)["training_job_name"] == f"{name}-2"


def test_a_resource_without_a_name_of_its_own_is_refused(plugin: Plugin) -> None:
    """Rather than taken for another one."""
    assert plugin.check({key: value for key, value in program().items() if key != "declared_as"}) == [
        "declared_as is required"
    ]


def test_a_refresh_compares_nothing(plugin: Plugin, local_aws: LocalAws) -> None:
    """What the engine asks after a read is told apart from what it asks after a check."""
    inputs = plugin.check(program(name_prefix=f"model-{uuid.uuid4().hex[:6]}", role_arn=local_aws.role))
    name, outputs = plugin.create(inputs)
    refreshed = plain(plugin.read(name, outputs).properties)
    deeper = {**inputs, "hyper_parameters": {"depth": "5"}}
    assert list(plugin.diff(name, refreshed, deeper).replaces) == []
    plugin.check(deeper, inputs)
    assert list(plugin.diff(name, refreshed, deeper).replaces) == ["hyper_parameters"]


def test_the_process_loads_no_more_than_it_needs(plugin: Plugin, local_aws: LocalAws) -> None:
    """No pulumi_aws at any time, which takes seconds; no construct, which only a program needs."""
    inputs = plugin.check(program(name_prefix=f"model-{uuid.uuid4().hex[:6]}", role_arn=local_aws.role))
    assert {"sagemaker_constructs.providers", "pydantic"} <= plugin.imports()
    plugin.create(inputs)
    created = plugin.imports()
    assert "botocore.session" in created
    assert {name for name in created if name.split(".")[0] in ("pulumi_aws", "localaws")} == set()
    assert {"sagemaker_constructs.job", "sagemaker_constructs.role", "sagemaker_constructs.network"} & created == set()


def test_the_steps_of_a_provider_are_loaded_when_it_is_configured(plugin: Plugin) -> None:
    """Its name is all that a program needs: of this library it loads nothing else."""
    source = "import json, sys, sagemaker_constructs.providers; print(json.dumps(sorted(sys.modules)))"
    modules = json.loads(subprocess.run([sys.executable, "-c", source], check=True, capture_output=True).stdout)
    loaded = {name for name in modules if name.split(".")[0] in ("sagemaker_constructs", "pulumi_aws", "boto3")}
    assert loaded == {"sagemaker_constructs", "sagemaker_constructs.providers"}
    plugin.check(program())
    assert "sagemaker_constructs.provider_steps" in plugin.imports()
