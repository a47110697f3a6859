"""Projects of a team on one machine: another's secrets, a StackReference, a policy pack, under the real engine."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from localaws.stack_files import PLACEHOLDER
from localaws.trial import Trial

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.engine

STACK = """\
# The passphrase of this file is known to the team alone.
encryptionsalt: v1:zMZZTAaHCHQ=:v1:afkcRWiNzyLlQncm:LJYVxsOo/N0Fh4yQT7eqRDWztQfqag==
config:
  network:team:   vision  # as a person would write it
  network:password:
    secure: v1:NKbw8dIo8pwszL4Z:H2V1lZ5hdwBiEh+33ykJqIfbFS1EPfU=
"""

NETWORK = """
import pulumi
import pulumi_aws as aws
config = pulumi.Config()
pulumi.export("topic", aws.sns.Topic("done").arn)
pulumi.export("team", config.require("team"))
pulumi.export("length", config.require_secret("password").apply(len))
"""

TRAINING = """
import pulumi
import pulumi_aws as aws
network = pulumi.StackReference("organization/network/trial")
aws.ssm.Parameter("topic", name="/topic", type="String", value=network.require_output("topic"))
"""

POLICY_PACK = """
from concurrent.futures import ThreadPoolExecutor
import grpc
from google.protobuf import empty_pb2
from pulumi.runtime.proto import analyzer_pb2 as messages, analyzer_pb2_grpc, plugin_pb2

class Analyzer(analyzer_pb2_grpc.AnalyzerServicer):
    def GetAnalyzerInfo(self, request, context):
        policy = messages.PolicyInfo(name="no-topics", enforcementLevel=messages.MANDATORY)
        return messages.AnalyzerInfo(name="ours", version="0.0.1", policies=[policy])
    def GetPluginInfo(self, request, context):
        return plugin_pb2.PluginInfo(version="0.0.1")
    def Configure(self, request, context):
        return empty_pb2.Empty()
    def Analyze(self, request, context):
        found = [messages.AnalyzeDiagnostic(
            policyName="no-topics", policyPackName="ours", policyPackVersion="0.0.1", message="no topics at all",
            enforcementLevel=messages.MANDATORY)] if request.type == "aws:sns/topic:Topic" else []
        return messages.AnalyzeResponse(diagnostics=found)
    def AnalyzeStack(self, request, context):
        return messages.AnalyzeResponse()

server = grpc.server(ThreadPoolExecutor(4))
analyzer_pb2_grpc.add_AnalyzerServicer_to_server(Analyzer(), server)
print(server.add_insecure_port("127.0.0.1:0"), flush=True)
server.start()
server.wait_for_termination()
"""


def project(folder: Path, name: str, program: str) -> Trial:
    """A project of this name, whose local files are those of all projects beside it."""
    root = folder / name
    root.mkdir()
    trial = Trial(root, {"LOCALAWS_AWS_PLUGIN": "emulated", "LOCALAWS_FOLDER": str(folder / ".localaws")})
    (root / "Pulumi.yaml").write_text((root / "Pulumi.yaml").read_text().replace("name: trial", f"name: {name}"))
    trial.program(program)
    return trial


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trial]:
    """A deployed project whose stack file the team encrypts with another passphrase."""
    trial = project(tmp_path_factory.mktemp("work"), "network", NETWORK)
    (trial.root / "Pulumi.trial.yaml").write_text(STACK)
    trial.run("config", "set", "--secret", "password", "for local use", "--stack", "trial")
    trial.up()
    yield trial
    trial.end()


def test_a_stack_with_anothers_secrets_is_deployed(network: Trial) -> None:
    """With a secret for local use, or a placeholder; the team's file stays as it is, byte for byte."""
    assert network.outputs()["length"] == "[secret]"
    assert network.outputs()["team"] == "vision"
    network.run("config", "rm", "password", "--stack", "trial")
    assert PLACEHOLDER in network.run("config", "get", "password", "--stack", "trial").text

    assert (network.root / "Pulumi.trial.yaml").read_text() == STACK


def test_a_project_refers_to_the_stack_of_another(network: Trial) -> None:
    """Both are on one AWS, and in one backend."""
    training = project(network.root.parent, "training", TRAINING)
    training.up()

    status = training.run("status").text
    training.destroy()
    assert "network/trial (3 resources), trial (5 resources)" in status


def test_a_policy_pack_in_python_is_run(network: Trial) -> None:
    """From a folder, as `pulumi policy new` makes it; a mandatory violation fails the preview."""
    pack = network.root / "policy"
    pack.mkdir()
    (pack / "PulumiPolicy.yaml").write_text("runtime: python\nversion: 0.0.1\ndescription: rules\n")
    (pack / "__main__.py").write_text(POLICY_PACK)

    assert "no topics at all" in network.preview("--policy-pack", "policy", expect=1).text
