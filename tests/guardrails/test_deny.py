"""The policy with which AWS refuses what the guardrails refuse."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
import yaml

from localaws.server.policies import effects
from sagemaker_constructs.guardrails.__main__ import main
from sagemaker_constructs.guardrails.condition_keys import CONDITION_KEYS, CREATE, UPDATE, WITHOUT_GUARDRAIL
from sagemaker_constructs.guardrails.deny import deny_policy
from sagemaker_constructs.guardrails.document import parse
from sagemaker_constructs.guardrails.rules import GUARDRAILS
from tests.guardrails.guardrail_cases import BROKEN, KEPT
from tests.samples import SMALL

EVERY: dict[str, Any] = {rule.name: rule.example for rule in GUARDRAILS}
"""A limit for every rule."""


def policy(rules: Any, waivers: Any = ()) -> list[Any]:
    """The statements."""
    text = json.dumps({"owners": "us", "rules": rules, "waivers": list(waivers)})
    return deny_policy(parse(text, ""), "prod")["Statement"]


def keys(statements: list[Any]) -> set[str]:
    """The condition keys that they use."""
    used = {key for each in statements for block in each["Condition"].values() for key in block}
    return {"aws:RequestTag/${TagKey}" if key.startswith("aws:RequestTag/") else key for key in used}


def known_to_aws(action: str) -> set[str]:
    """The condition keys of an action in the newest list at hand."""
    spec = find_spec("parliament")
    assert spec is not None
    assert spec.origin is not None
    file = Path(spec.origin).parent / "iam_definition.json"
    (service,) = (each for each in json.loads(file.read_text()) if each["prefix"] == "sagemaker")
    (privilege,) = (each for each in service["privileges"] if f"sagemaker:{each['privilege']}" == action)
    return {key for each in privilege["resource_types"] for key in each["condition_keys"]}


@pytest.mark.parametrize("action", [CREATE, UPDATE])
def test_every_condition_key_of_aws_is_in_the_list(action: str) -> None:
    """A new one comes with a guardrail, or with the reason why there is none."""
    listed = {key for key, actions in CONDITION_KEYS.items() if action in actions}
    assert known_to_aws(action) - listed == set()


def test_every_key_is_used_or_has_a_reason_not_to_be() -> None:
    """Never both."""
    used = keys(policy(EVERY))
    assert used | WITHOUT_GUARDRAIL.keys() == CONDITION_KEYS.keys()
    assert used & WITHOUT_GUARDRAIL.keys() == set()


@pytest.mark.parametrize("rule", GUARDRAILS, ids=lambda rule: rule.name)
def test_a_rule_is_enforced_by_aws_or_says_why_not(rule: Any) -> None:
    """Both are in the documentation."""
    assert bool(policy({rule.name: EVERY[rule.name]})) != bool(rule.beyond_aws)


def test_the_statements() -> None:
    """As they were reviewed."""
    assert policy({"instance_types": ["ml.m5.*"], "max_runtime_in_seconds": 3600, "require_volume_key": True})[:3] == [
        {
            "Sid": "InstanceTypes1",
            "Effect": "Deny",
            "Action": ["sagemaker:CreateTrainingJob", "sagemaker:UpdateTrainingJob"],
            "Resource": "arn:aws:sagemaker:*:*:training-job/*",
            "Condition": {"ForAnyValue:StringNotLike": {"sagemaker:InstanceTypes": ["ml.m5.*"]}},
        },
        {
            "Sid": "MaxRuntimeInSeconds1",
            "Effect": "Deny",
            "Action": ["sagemaker:CreateTrainingJob"],
            "Resource": "arn:aws:sagemaker:*:*:training-job/*",
            "Condition": {"NumericGreaterThan": {"sagemaker:MaxRuntimeInSeconds": "3600"}},
        },
        {
            "Sid": "MaxRuntimeInSeconds2",
            "Effect": "Deny",
            "Action": ["sagemaker:CreateTrainingJob"],
            "Resource": "arn:aws:sagemaker:*:*:training-job/*",
            "Condition": {"Null": {"sagemaker:MaxRuntimeInSeconds": "true"}},
        },
    ]


def test_a_waiver_is_an_exception_that_ends_by_itself() -> None:
    """The job's runs are left out, and denied after the last day."""
    waiver = {"rule": "require_vpc", "job": "penguins", "reason": "a trial", "until": "2026-12-31"}
    rule, after = policy({"require_vpc": True}, [waiver])
    prefix = "arn:aws:sagemaker:*:*:training-job/penguins"
    runs = [prefix, *(f"{prefix}-????????????{number}" for number in ("", "-?", "-??"))]
    assert rule["NotResource"] == after["Resource"] == runs
    assert "Resource" not in rule
    assert after["Condition"] == {
        "Null": {"sagemaker:VpcSubnets": "true"},
        "DateGreaterThanEquals": {"aws:CurrentTime": "2027-01-01T00:00:00Z"},
    }


def test_iam_accepts_the_policy(tmp_path: Path) -> None:
    """Every action, key and operator exists, and the identifiers differ."""
    statements = policy(EVERY, [{"rule": "require_vpc", "job": "a", "reason": "r", "until": "2026-12-31"}])
    (tmp_path / "policy.json").write_text(json.dumps({"Version": "2012-10-17", "Statement": statements}))
    linter = [sys.executable, "-W", "ignore", "-m", "parliament.cli", "--json", "--directory", str(tmp_path)]
    done = subprocess.run(linter, capture_output=True, text=True, timeout=60, check=False)
    assert (done.stdout, done.stderr) == ("", "")
    assert len({each["Sid"] for each in statements}) == len(statements)


def request_context(members: dict[str, Any], tags: dict[str, str]) -> dict[str, str | tuple[str, ...]]:
    """The condition keys of the request of a job, as AWS fills them."""
    resources, vpc = members.get("resource_config") or {}, members.get("vpc_config") or {}
    stopping = members.get("stopping_condition") or {}
    listed = [*resources.get("instance_groups", ()), resources] if resources else []
    debug = members.get("remote_debug_config") or {}
    context = {
        "InstanceTypes": tuple(each["instance_type"] for each in listed if "instance_type" in each),
        "MaxRuntimeInSeconds": stopping.get("max_runtime_in_seconds"),
        "KeepAlivePeriod": resources.get("keep_alive_period_in_seconds"),
        "VpcSubnets": tuple(vpc.get("subnets", ())),
        "VpcSecurityGroupIds": tuple(vpc.get("security_group_ids", ())),
        "VolumeKmsKey": resources.get("volume_kms_key_id"),
        "OutputKmsKey": members["output_data_config"].get("kms_key_id"),
        "NetworkIsolation": members.get("enable_network_isolation"),
        "InterContainerTrafficEncryption": members.get("enable_inter_container_traffic_encryption"),
        "EnableRemoteDebug": debug.get("enable_remote_debug"),
    }
    known = {f"sagemaker:{key}": value for key, value in context.items() if value not in (None, ())}
    requested = {f"aws:RequestTag/{key}": value for key, value in tags.items()}
    return {key: value if isinstance(value, tuple) else str(value) for key, value in {**known, **requested}.items()}


@pytest.mark.parametrize(
    ("rules", "members", "refused"),
    [*((rules, members, True) for rules, members, _ in BROKEN), *((rules, members, False) for rules, members in KEPT)],
)
def test_aws_refuses_what_the_preview_refuses(rules: str, members: dict[str, Any], *, refused: bool) -> None:
    """The same jobs, as far as AWS has a condition key."""
    limits = yaml.safe_load(rules)
    others = {name: value for name, value in members.items() if name not in {"tags", "cost"}}
    context = request_context({**SMALL, **others}, members.get("tags", {}))
    document = {"Statement": policy(limits)}
    denied = "Deny" in effects([document], CREATE, "arn:aws:sagemaker:eu-west-1:1:training-job/penguins", context)
    assert denied is (refused and not any(rule.beyond_aws for rule in GUARDRAILS if rule.name in limits))


@pytest.mark.parametrize(
    ("job", "day", "denied"),
    [
        ("penguins-0123456789ab", "2026-12-31", False),
        ("penguins-0123456789ab-12", "2026-12-31", False),
        ("penguins-0123456789ab", "2027-01-01", True),
        ("penguins-big-0123456789ab", "2026-12-31", True),
        ("whales-0123456789ab", "2026-12-31", True),
    ],
)
def test_aws_allows_what_is_waived_until_its_last_day(job: str, day: str, *, denied: bool) -> None:
    """And no other job."""
    waiver = {"rule": "require_vpc", "job": "penguins", "reason": "a trial", "until": "2026-12-31"}
    document = {"Statement": policy({"require_vpc": True}, [waiver])}
    context = {"aws:CurrentTime": f"{day}T12:00:00Z"}
    found = effects([document], CREATE, f"arn:aws:sagemaker:eu-west-1:1:training-job/{job}", context)
    assert ("Deny" in found) is denied


def test_the_command_prints_the_policy(tmp_path: Path) -> None:
    """Of one environment and partition."""
    file = tmp_path / "guardrails.yaml"
    file.write_text("owners: us\nrules: {}\nenvironments: {prod: {require_vpc: true}}\n")
    printed = json.loads(main([str(file), "prod", "aws-cn"]))
    assert printed["Statement"][0]["Resource"] == "arn:aws-cn:sagemaker:*:*:training-job/*"
    assert json.loads(main([str(file), "dev"]))["Statement"] == []


@pytest.mark.parametrize(
    ("arguments", "text"), [([], "Prints the IAM policy"), (["none.yaml", "prod"], "cannot be re")]
)
def test_the_command_says_what_is_wrong(arguments: list[str], text: str) -> None:
    """How it is called, and what of the file cannot be read."""
    with pytest.raises(SystemExit, match=text):
        main(arguments)
