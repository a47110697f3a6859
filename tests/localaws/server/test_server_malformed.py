"""Requests whose content makes no sense: deep documents, malformed ARNs, faults that would break the server."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from raw_requests import exchange, message, signed
from server_support import REGION

if TYPE_CHECKING:
    from server_support import Server


def call(server: Server, target: str, body: bytes, service: str = "sagemaker") -> tuple[int, dict[str, Any]]:
    """Calls an operation of the JSON protocol with any body."""
    headers = (f"X-Amz-Target: {target}", "Content-Type: application/x-amz-json-1.1", signed(service))
    answer = exchange(server, message("POST /", *headers, body=body))
    return answer.status, json.loads(answer.body)


def nested(opening: bytes, closing: bytes, depth: int) -> bytes:
    """A document that is nested so deeply."""
    return opening * depth + b"{}" + closing * depth


@pytest.mark.parametrize(
    ("target", "service", "body"),
    [
        ("SageMaker.CreateTrainingJob", "sagemaker", nested(b"[", b"]", 100_000)),
        ("SageMaker.CreateTrainingJob", "sagemaker", nested(b'{"a":', b"}", 100_000)),
        (
            "SageMaker.Search",
            "sagemaker",
            b'{"Resource":"TrainingJob","SearchExpression":%b}' % nested(b'{"SubExpressions":[', b"]}", 900),
        ),
        ("AmazonSSM.GetParameter", "ssm", nested(b"[", b"]", 100_000)),
        ("ServiceQuotasV20190624.ListServiceQuotas", "servicequotas", nested(b"[", b"]", 100_000)),
    ],
)
def test_a_deep_document_is_a_validation_error(guarded: Server, target: str, service: str, body: bytes) -> None:
    """Of training jobs as of what moto serves."""
    assert call(guarded, target, body, service) == (
        400,
        {
            "__type": "ValidationException",
            "message": "The request is nested too deeply.",
            "Message": "The request is nested too deeply.",
        },
    )


@pytest.mark.parametrize("depth", [900, 100_000])
def test_a_deep_document_is_refused_by_the_own_routes(guarded: Server, depth: int) -> None:
    """As JSON, like every mistake there."""
    answer = exchange(guarded, message("POST /_localaws/faults", body=nested(b"[", b"]", depth)))

    assert answer.status == 400
    assert "error" in json.loads(answer.body)


@pytest.mark.parametrize("operation", ["ListTags", "AddTags", "DeleteTags"])
@pytest.mark.parametrize(
    "arn", ["arn:", "arn:aws", "arn:::::", f"arn:aws:sagemaker:{REGION}:123456789012:job", "arn:aws:x:y:z:a/b/c:d"]
)
def test_a_malformed_arn_is_a_validation_error(guarded: Server, operation: str, arn: str) -> None:
    """Whether it is none, or one of nothing that is known."""
    members = {"ResourceArn": arn, "Tags": [{"Key": "a", "Value": "b"}], "TagKeys": ["a"]}
    status, error = call(guarded, f"SageMaker.{operation}", json.dumps(members).encode())

    assert (status, error["__type"]) == (400, "ValidationException")


@pytest.mark.parametrize(
    ("service", "query", "code"),
    [
        ("sns", "Action=Subscribe&TopicArn=arn:aws&Protocol=sqs&Endpoint=x", "ValidationException"),
        (
            "iam",
            "Action=SimulatePrincipalPolicy&PolicySourceArn=arn:&ActionNames.member.1=s3:GetObject",
            "NoSuchEntity",
        ),
        ("iam", "Action=SimulatePrincipalPolicy", "NoSuchEntity"),
    ],
)
def test_no_service_breaks_on_a_malformed_arn(guarded: Server, service: str, query: str, code: str) -> None:
    """What moto does not check is the request's mistake, not the server's."""
    headers = ("Content-Type: application/x-www-form-urlencoded", signed(service))
    answer = exchange(guarded, message("POST /", *headers, body=query.encode()))

    assert 400 <= answer.status < 500
    assert f"<Code>{code}</Code>" in answer.body


@pytest.mark.parametrize(
    "fault",
    [
        b'{"kind": "error", "parameters": {"status": 99999}}',
        b'{"kind": "delay", "parameters": {"seconds": Infinity}}',
    ],
)
def test_a_fault_that_breaks_the_server_is_refused(guarded: Server, fault: bytes) -> None:
    """A status that HTTP does not have, a delay without an end."""
    assert exchange(guarded, message("POST /_localaws/faults", body=fault)).status == 400
    assert guarded.control("GET", "faults") == []
