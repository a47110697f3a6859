"""`getPolicyDocument`, as the official provider renders it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import grpc
import pytest

if TYPE_CHECKING:
    from plugin_support import Engine

TOKEN = "aws:iam/getPolicyDocument:getPolicyDocument"


def _statement(engine: Engine, **statement: Any) -> Any:
    return json.loads(engine.invoke(TOKEN, statements=[statement])["json"])["Statement"][0]


def test_a_trust_policy_is_rendered_to_the_letter(engine: Engine) -> None:
    """Two spaces, the provider's order of members, single values alone."""
    document = engine.invoke(
        TOKEN,
        statements=[
            {
                "actions": ["sts:AssumeRole"],
                "principals": [{"type": "Service", "identifiers": ["sagemaker.amazonaws.com"]}],
                "conditions": [{"test": "StringEquals", "variable": "aws:SourceAccount", "values": ["123456789012"]}],
            }
        ],
    )

    assert document["json"] == (
        "{\n"
        '  "Version": "2012-10-17",\n'
        '  "Statement": [\n'
        "    {\n"
        '      "Effect": "Allow",\n'
        '      "Action": "sts:AssumeRole",\n'
        '      "Principal": {\n'
        '        "Service": "sagemaker.amazonaws.com"\n'
        "      },\n"
        '      "Condition": {\n'
        '        "StringEquals": {\n'
        '          "aws:SourceAccount": "123456789012"\n'
        "        }\n"
        "      }\n"
        "    }\n"
        "  ]\n"
        "}"
    )
    assert document["minifiedJson"] == json.dumps(json.loads(document["json"]), separators=(",", ":"))


def test_several_values_are_sorted_downwards_and_once(engine: Engine) -> None:
    """The provider's own order."""
    statement = _statement(engine, sid="Data", effect="Deny", actions=["a:X", "a:Z", "a:X"], resources=["*"])

    assert statement == {"Sid": "Data", "Effect": "Deny", "Action": ["a:Z", "a:X"], "Resource": "*"}


@pytest.mark.parametrize(
    ("principals", "rendered"),
    [
        ([{"type": "*", "identifiers": ["*"]}], "*"),
        ([{"type": "AWS", "identifiers": ["*"]}], {"AWS": "*"}),
        (
            [{"type": "AWS", "identifiers": ["b"]}, {"type": "AWS", "identifiers": ["a"]}],
            {"AWS": ["b", "a"]},
        ),
    ],
)
def test_principals_are_grouped_by_type(engine: Engine, principals: Any, rendered: Any) -> None:
    """Everybody is a star only as type and identifier."""
    assert _statement(engine, principals=principals)["Principal"] == rendered


def test_policy_variables_keep_their_order_in_conditions(engine: Engine) -> None:
    """`&{…}` becomes `${…}`, and a condition's values are not sorted."""
    condition = {"test": "StringLike", "variable": "s3:prefix", "values": ["z/&{aws:username}", "a"]}

    statement = _statement(engine, resources=["arn:&{aws:userid}"], conditions=[condition])

    assert statement["Resource"] == "arn:${aws:userid}"
    assert statement["Condition"] == {"StringLike": {"s3:prefix": ["z/${aws:username}", "a"]}}


def test_documents_are_merged_by_sid(engine: Engine) -> None:
    """A statement takes the place of a source's with its Sid, and an override's takes its place."""
    source = json.dumps({"Version": "2012-10-17", "Statement": [{"Sid": "A", "Effect": "Allow", "Action": "a:Source"}]})
    override = json.dumps({"Statement": {"Sid": "B", "Effect": "Deny", "Action": "a:Override"}})

    document = engine.invoke(
        TOKEN,
        sourcePolicyDocuments=[source],
        statements=[{"sid": "A", "actions": ["a:Own"]}, {"sid": "B", "actions": ["a:Own"]}],
        overridePolicyDocuments=[override],
    )

    actions = [(each["Sid"], each["Action"]) for each in json.loads(document["json"])["Statement"]]
    assert actions == [("A", "a:Own"), ("B", "a:Override")]


def test_a_repeated_sid_is_refused(engine: Engine) -> None:
    """With the argument and the Sid."""
    with pytest.raises(grpc.RpcError, match="each Sid must be unique in `statements`; repeated: A"):
        engine.invoke(TOKEN, statements=[{"sid": "A", "actions": ["a:B"]}, {"sid": "A", "actions": ["a:C"]}])
