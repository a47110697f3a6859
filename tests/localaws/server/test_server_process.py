"""The server as a process: start, state file, end, and requests that no SDK would send."""

from __future__ import annotations

import http.client
import json
import signal
import subprocess
import sys
from typing import TYPE_CHECKING, Any
from urllib.request import Request, urlopen

import pytest
from server_support import LASTING, REGION, TRUST, Server, Trainer, end, start

from localaws.server.listener import Listener
from localaws.version import source_version

if TYPE_CHECKING:
    import socket
    from pathlib import Path

    from mypy_boto3_s3 import S3Client

AUTHORIZATION = "AWS4-HMAC-SHA256 Credential=test/20260101/eu-central-1/sagemaker/aws4_request, Signature=0"


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Runs a server that is expected not to start."""
    return subprocess.run(
        [sys.executable, "-m", "localaws.server", *arguments], capture_output=True, text=True, timeout=20, check=False
    )


def send(server: Server, body: bytes, **headers: str) -> tuple[int, str, dict[str, Any]]:
    """Sends a request as it is; status, content type and JSON come back."""
    connection = http.client.HTTPConnection("127.0.0.1", server.state["port"], timeout=10)
    connection.request("POST", "/", body, {name.replace("_", "-"): value for name, value in headers.items()})
    answer = connection.getresponse()
    content = json.loads(answer.read())
    connection.close()
    return answer.status, answer.getheader("Content-Type", ""), content


def test_the_state_file_says_what_the_health_route_says(server: Server) -> None:
    """Process, port, version and start."""
    assert server.control("GET", "health") == server.state
    assert server.state["pid"] == server.process.pid
    assert server.state["version"] == source_version()


def test_a_reset_of_moto_removes_the_jobs_too(tmp_path: Path) -> None:
    """As its tests do between two: the same names are free again, and what was running has no further effect."""
    server = start(tmp_path)
    client, iam = server.client("sagemaker"), server.client("iam")

    def train(name: str, **environment: str) -> None:
        role = iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(TRUST))["Role"]["Arn"]
        server.client("s3").create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION})
        trainer = Trainer(client, role, name)
        trainer.create(TrainingJobName="again", Environment=environment)
        if not environment:
            trainer.wait("again")

    train("before", LOCALAWS_SECONDS="1")
    with urlopen(Request(f"{server.url}/moto-api/reset", method="POST")) as answer:
        assert json.load(answer) == {"status": "ok"}
    assert client.list_training_jobs()["TrainingJobSummaries"] == []
    train("before")
    assert end(server) == ""


def test_a_signal_ends_the_server_cleanly(tmp_path: Path) -> None:
    """Faults come from the environment; SIGINT ends with code 0 and nothing on stderr."""
    server = start(tmp_path, LOCALAWS_FAULTS=json.dumps([{"kind": "throttle"}]))
    faults = server.control("GET", "faults")
    server.process.send_signal(signal.SIGINT)
    errors = end(server)

    assert faults == [{"kind": "throttle"}]
    assert (server.process.returncode, errors) == (0, "")


def test_a_port_in_use_is_said_in_one_sentence(server: Server) -> None:
    """Not a traceback."""
    port = str(server.state["port"])
    result = run("--port", port)

    assert result.returncode == 1
    assert result.stderr.count("\n") == 1
    assert f"port {port}" in result.stderr
    assert "in use" in result.stderr


def test_only_loopback_is_listened_on() -> None:
    """Nobody else's machine gets an AWS without passwords."""
    with pytest.raises(ValueError, match="loopback addresses only"):
        Listener("0.0.0.0", 0, lambda _environ, _start: [], body_limit=0)


@pytest.mark.parametrize(
    ("target", "body", "code"),
    [
        ("SageMaker.TrainHarder", b"{}", "UnknownOperationException"),
        ("SageMaker.CreateTrainingJob", b"{", "SerializationException"),
        ("SageMaker.CreateTrainingJob", b"[]", "SerializationException"),
        ("SageMaker.CreateTrainingJob", b"", "ValidationException"),
        ("SageMaker.StopPipelineExecution", b"{}", "ValidationException"),
        ("SageMaker.DescribeCluster", b'{"ClusterName": "c"}', "ValidationException"),
        ("Nonsense", b"\xff", "UnknownOperationException"),
    ],
)
def test_what_makes_no_sense_gets_an_aws_error(server: Server, target: str, body: bytes, code: str) -> None:
    """JSON with AWS's code, whatever was sent."""
    status, content_type, error = send(server, body, X_Amz_Target=target, Authorization=AUTHORIZATION)

    assert status in {400, 404}
    assert "json" in content_type
    assert error["__type"] == code


def test_a_request_without_a_signature_is_refused(server: Server) -> None:
    """Its Region is not known."""
    status, _, error = send(server, b"{}", X_Amz_Target="SageMaker.ListTrainingJobs")

    assert (status, error["__type"]) == (403, "MissingAuthenticationTokenException")


def test_a_connection_serves_many_requests(server: Server) -> None:
    """The connection stays open between requests."""
    connection = http.client.HTTPConnection("127.0.0.1", server.state["port"], timeout=10)
    sockets: set[socket.socket | None] = set()
    for _ in range(3):
        connection.request("GET", "/_localaws/health")
        connection.getresponse().read()
        sockets.add(connection.sock)
    connection.close()

    assert len(sockets) == 1
    assert None not in sockets


def test_large_and_chunked_bodies_arrive(server: Server, s3: S3Client, bucket: str) -> None:
    """What the SDK uploads is what it downloads; so is a body of unknown length."""
    content = bytes(range(256)) * 20_000
    s3.put_object(Bucket=bucket, Key="large", Body=content)
    connection = http.client.HTTPConnection("127.0.0.1", server.state["port"], timeout=10)
    scope = AUTHORIZATION.replace("sagemaker", "s3")
    connection.request(
        "PUT", f"/{bucket}/chunked", iter([b"one ", b"two"]), {"Authorization": scope}, encode_chunked=True
    )
    connection.getresponse().read()
    connection.close()

    assert s3.get_object(Bucket=bucket, Key="large")["Body"].read() == content
    assert s3.get_object(Bucket=bucket, Key="chunked")["Body"].read() == b"one two"
    assert s3.head_object(Bucket=bucket, Key="large")["ContentLength"] == len(content)


def test_calls_are_counted_by_operation(server: Server, trainer: Trainer) -> None:
    """Each service under its own name."""
    job = trainer.create()
    trainer.describe(job)
    server.client("ec2").describe_vpcs()
    server.client("s3").list_buckets()

    assert server.control("GET", "calls") == {
        "SageMaker.CreateTrainingJob": 1,
        "SageMaker.DescribeTrainingJob": 1,
        "ec2.DescribeVpcs": 1,
        "s3.GET": 1,
    }


def test_the_jobs_can_be_seen_at_a_glance(server: Server, trainer: Trainer) -> None:
    """Name, place and status."""
    job = trainer.create(Environment=LASTING)
    found = next(one for one in server.control("GET", "jobs") if one["name"] == job)

    assert found | {"secondary": ""} == {
        "name": job,
        "account": "123456789012",
        "region": "eu-central-1",
        "status": "InProgress",
        "secondary": "",
    }
