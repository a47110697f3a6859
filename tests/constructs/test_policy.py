"""The execution role's policy: enough for its jobs, and nothing beside."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from policy_cases import ACCOUNT, CASES, SCOPE, SMALLEST, Call, Case, channel

from localaws.server.policies import allowed
from sagemaker_constructs.addresses.ecr import EcrImage
from sagemaker_constructs.addresses.partitions import PARTITIONS
from sagemaker_constructs.api.spec import TrainingJobSpec
from sagemaker_constructs.permissions.locations import AddressRefusedError
from sagemaker_constructs.permissions.member_paths import feature_members, role_members
from sagemaker_constructs.permissions.needs import Needs, needs_of
from sagemaker_constructs.permissions.policy import (
    LONGEST_POLICY,
    PolicyTooLongError,
    policy_document,
    trust_document,
)
from sagemaker_constructs.permissions.previewing import preview_policy
from sagemaker_constructs.permissions.scope import Scope
from sagemaker_constructs.permissions.statements import ROWS, statements
from sagemaker_constructs.permissions.trust import trust_problem

if TYPE_CHECKING:
    from pathlib import Path

    from sagemaker_constructs.addresses.partitions import Partition

every_case = pytest.mark.parametrize("case", CASES.values(), ids=CASES)


def document(case: Case) -> dict[str, Any]:
    """The policy of a case."""
    return json.loads(policy_document(needs_of([role_members(case.job)]) | case.also, case.scope))


def passes(policy: dict[str, Any], call: Call) -> bool:
    """Whether a policy allows a call."""
    return allowed([policy], call.action, call.resource, dict(call.context))


@every_case
def test_allows_what_the_job_needs(case: Case) -> None:
    """Every action that SageMaker takes for the job is allowed."""
    policy = document(case)

    assert [str(call) for call in case.needed if not passes(policy, call)] == []


@every_case
def test_denies_what_lies_beside(case: Case) -> None:
    """Other buckets, sibling prefixes, other repositories, other keys and stronger actions stay shut."""
    policy = document(case)

    assert [str(call) for call in case.denied if passes(policy, call)] == []


@every_case
def test_no_statement_is_idle(case: Case) -> None:
    """Without any one of its statements the policy lacks something that the job needs."""
    policy = document(case)

    for dropped in policy["Statement"]:
        rest = {**policy, "Statement": [each for each in policy["Statement"] if each is not dropped]}
        assert any(not passes(rest, call) for call in case.needed), dropped["Sid"]


@every_case
def test_every_resource_of_every_statement_has_its_reason(case: Case) -> None:
    """A statement on `*` comes from a row that says why AWS takes nothing narrower."""
    reasons = {row.sid: row.reason for row in ROWS}

    wide = [each["Sid"] for each in document(case)["Statement"] if "*" in each["Resource"]]
    assert all(reasons[sid] for sid in wide)


def test_only_rows_on_every_resource_have_a_reason() -> None:
    """The table of reasons is no longer than it must be."""
    wide = {each["Sid"] for case in CASES.values() for each in document(case)["Statement"] if "*" in each["Resource"]}

    assert {row.sid for row in ROWS if row.reason} == wide


def test_every_row_is_used_and_has_a_source() -> None:
    """Each row of the table appears in some case, and names the page that it rests on."""
    sids = {sid for case in CASES.values() for sid in (each["Sid"] for each in document(case)["Statement"])}

    assert [row.sid for row in ROWS if not any(sid.startswith(row.sid) for sid in sids)] == []
    assert all(row.source for row in ROWS)


@every_case
def test_names_are_letters_and_digits_unique_and_sorted(case: Case) -> None:
    """IAM takes no other statement names, and a policy's text must not depend on chance."""
    sids = [each["Sid"] for each in document(case)["Statement"]]

    assert all(sid.isalnum() and sid.isascii() for sid in sids)
    assert sids == sorted(set(sids))
    for each in document(case)["Statement"]:
        assert each["Action"] == sorted(each["Action"])
        assert each["Resource"] == sorted(each["Resource"])


def test_buckets_of_one_name_get_two_statements() -> None:
    """`my-tables` and `my.tables` come to the same letters, and keep each its own prefixes."""
    policy = document(CASES["inputs"])

    sids = [each["Sid"] for each in policy["Statement"] if each["Sid"].startswith("ListMyTables")]
    assert sids == ["ListMyTables", "ListMyTables2"]


def test_what_a_wider_prefix_covers_is_said_once() -> None:
    """A prefix below another one adds nothing to the policy."""
    job = {
        **SMALLEST,
        "input_data_config": [channel("all", s3_uri="s3://data/"), channel("some", s3_uri="s3://data/train/")],
    }

    found = {each.sid: each for each in statements(needs_of([job]), SCOPE)}
    assert found["InputObjects"].resources == ("arn:aws:s3:::data/*",)
    assert found["ListData"].condition == {}


def test_a_job_without_a_name_may_write_any_jobs_log() -> None:
    """Beside one with a name: nobody knows yet how it will be named."""
    named = {**SMALLEST, "training_job_name": "birds"}

    found = {each.sid: each for each in statements(needs_of([named, SMALLEST]), SCOPE)}
    assert [each.rpartition(":")[2] for each in found["Logs"].resources if "log-stream" in each] == ["*"]


def test_several_jobs_share_one_policy() -> None:
    """The statements of two jobs are one list, the longer only by what differs."""
    other = {**SMALLEST, "output_data_config": {"s3_output_path": "s3://models/whales"}}

    one = json.loads(policy_document(needs_of([SMALLEST]), SCOPE))
    both = json.loads(policy_document(needs_of([SMALLEST, other]), SCOPE))
    assert [each["Sid"] for each in one["Statement"]] == [each["Sid"] for each in both["Statement"]]
    outputs = next(each for each in both["Statement"] if each["Sid"] == "OutputObjects")
    assert outputs["Resource"] == ["arn:aws:s3:::models/penguins/*", "arn:aws:s3:::models/whales/*"]


def test_a_policy_that_iam_would_refuse_is_refused_with_a_way_out() -> None:
    """The length is counted as IAM counts it."""
    jobs = [
        {**SMALLEST, "output_data_config": {"s3_output_path": f"s3://models/{number:0200}"}} for number in range(50)
    ]

    with pytest.raises(PolicyTooLongError, match=f"50 jobs, expected at most {LONGEST_POLICY:,}.*several roles"):
        policy_document(needs_of(jobs), SCOPE, jobs=len(jobs))


def test_an_address_that_is_not_in_s3_is_refused() -> None:
    """Another host's address can be in no policy."""
    job = {**SMALLEST, "output_data_config": {"s3_output_path": "https://example.com/models"}}

    with pytest.raises(AddressRefusedError, match="expected s3://bucket/key"):
        policy_document(needs_of([job]), SCOPE)


def test_nothing_secret_reaches_the_policy() -> None:
    """Of a job's members only those are kept that a role depends on."""
    spec = TrainingJobSpec.from_members(
        {
            **CASES["rules"].members,
            "hyper_parameters": {"token": "secret"},
            "environment": {"TOKEN": "secret"},
            "algorithm_specification": {**SMALLEST["algorithm_specification"], "container_arguments": ["secret"]},
        }
    )

    assert "secret" not in json.dumps(role_members(spec.to_members()))
    assert needs_of([role_members(spec.to_members())]) == needs_of([spec.to_members()])


def test_trust_is_for_jobs_of_this_account_and_region() -> None:
    """Nobody else's SageMaker can use the role, and no other kind of job."""
    trust = json.loads(trust_document(needs_of([feature_members(CASES["smallest"].job)]), SCOPE))

    assert trust["Statement"] == [
        {
            "Sid": "SageMaker",
            "Effect": "Allow",
            "Action": ["sts:AssumeRole"],
            "Principal": {"Service": "sagemaker.amazonaws.com"},
            "Condition": {
                "StringEquals": {"aws:SourceAccount": ACCOUNT},
                "ArnLike": {"aws:SourceArn": [f"arn:aws:sagemaker:eu-west-1:{ACCOUNT}:training-job/*"]},
            },
        }
    ]


def test_trust_widens_with_what_the_job_switches_on() -> None:
    """Rules run as processing jobs; chained session tags need sts:TagSession."""
    tags = {**SMALLEST, "session_chaining_config": {"enable_session_tag_chaining": True}}
    needs = needs_of([feature_members(CASES["rules"].job), feature_members(tags)])

    (statement,) = json.loads(trust_document(needs, SCOPE))["Statement"]
    assert statement["Action"] == ["sts:AssumeRole", "sts:TagSession"]
    assert [arn.split(":")[-1] for arn in statement["Condition"]["ArnLike"]["aws:SourceArn"]] == [
        "processing-job/*",
        "training-job/*",
    ]


@pytest.mark.parametrize(
    ("principal", "action", "effect", "trusted"),
    [
        ({"Service": "sagemaker.amazonaws.com"}, "sts:AssumeRole", "Allow", True),
        ({"Service": ["ec2.amazonaws.com", "sagemaker.amazonaws.com"]}, ["sts:*"], "Allow", True),
        ({"Service": "ec2.amazonaws.com"}, "sts:AssumeRole", "Allow", False),
        ({"AWS": "*"}, "sts:AssumeRole", "Allow", False),
        ("*", "sts:AssumeRole", "Allow", False),
        ({"Service": "sagemaker.amazonaws.com"}, "sts:TagSession", "Allow", False),
        ({"Service": "sagemaker.amazonaws.com"}, "sts:AssumeRole", "Deny", False),
    ],
)
def test_whether_a_role_trusts_sagemaker(principal: Any, action: Any, effect: str, *, trusted: bool) -> None:
    """The service must be named as principal of a statement that allows it to assume the role."""
    statement = {"Effect": effect, "Action": action, "Principal": principal}

    assert (trust_problem(json.dumps({"Statement": statement}), ACCOUNT) is None) is trusted
    assert trust_problem(trust_document(Needs(), SCOPE), ACCOUNT) is None
    assert trust_problem(trust_document(Needs(), SCOPE), ACCOUNT, SCOPE.region) is None


def source(account: str = ACCOUNT, region: str = "eu-west-1", resource: str = "training-job/*") -> dict[str, Any]:
    """A condition on the ARN of what SageMaker assumes the role for."""
    return {"ArnLike": {"aws:SourceArn": f"arn:aws:sagemaker:{region}:{account}:{resource}"}}


OTHER = "999999999999"
UNMATCHED = "the conditions of its trust policy match no training job"


@pytest.mark.parametrize(
    ("condition", "reason"),
    [
        ({"StringEquals": {"AWS:SourceAccount": [OTHER, ACCOUNT]}}, None),
        ({"StringEquals": {"aws:SourceAccount": OTHER}}, UNMATCHED),
        ({"StringNotEquals": {"aws:SourceAccount": ACCOUNT}}, UNMATCHED),
        ({"StringEquals": {"aws:PrincipalTag/team": "birds"}}, None),
        (source(), None),
        (source(resource="training-job/birds-*"), None),
        (source(region="*", resource="*"), None),
        (source(account=OTHER), UNMATCHED),
        (source(region="us-east-1"), UNMATCHED),
        (source(resource="processing-job/*"), UNMATCHED),
    ],
)
def test_conditions_that_no_training_job_meets_are_a_problem(condition: dict[str, Any], reason: str | None) -> None:
    """Conditions on what SageMaker sends are evaluated, others are not."""
    allow = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "sagemaker.amazonaws.com"}}
    found = trust_problem(json.dumps({"Statement": [{**allow, "Condition": condition}]}), ACCOUNT, "eu-west-1")

    assert (found or "None").startswith(str(reason))


@pytest.mark.parametrize(
    ("denial", "denied"),
    [
        ({"Principal": {"Service": "sagemaker.amazonaws.com"}}, True),
        ({"Principal": "*"}, True),
        ({"Principal": {"AWS": "*"}}, True),
        ({"Principal": {"Service": "ec2.amazonaws.com"}}, False),
        ({"Principal": "*", "Action": "sts:TagSession"}, False),
        ({"Principal": "*", "Condition": {"StringNotEquals": {"aws:SourceAccount": ACCOUNT}}}, False),
        ({"Principal": "*", "Condition": {"StringEquals": {"aws:SourceAccount": ACCOUNT}}}, True),
        ({"Principal": "*", "Condition": {"StringEquals": {"aws:PrincipalTag/team": "birds"}}}, False),
        ({"Principal": "*", "Condition": source()}, True),
        ({"Principal": "*", "Condition": source(resource="training-job/birds-*")}, False),
    ],
)
def test_a_denial_that_certainly_applies_is_a_problem(denial: dict[str, Any], *, denied: bool) -> None:
    """A denial overrides what allows."""
    trust = json.loads(trust_document(Needs(), SCOPE))
    trust["Statement"].append({"Effect": "Deny", "Action": "sts:AssumeRole", **denial})

    assert trust_problem(json.dumps(trust), ACCOUNT, SCOPE.region) == ("its trust policy denies it" if denied else None)


REGIONS = {
    "aws": "eu-west-1",
    "aws-cn": "cn-north-1",
    "aws-us-gov": "us-gov-west-1",
    "aws-eusc": "eusc-de-east-1",
    "aws-iso": "us-iso-east-1",
    "aws-iso-b": "us-isob-east-1",
    "aws-iso-e": "eu-isoe-west-1",
    "aws-iso-f": "us-isof-south-1",
}
every_partition = pytest.mark.parametrize("partition", PARTITIONS, ids=lambda each: each.name)


@every_partition
@pytest.mark.parametrize("fips", [False, True])
@pytest.mark.parametrize("dual_stack", [False, True])
def test_images_are_pulled_in_every_partition(partition: Partition, *, fips: bool, dual_stack: bool) -> None:
    """From every host that a registry has there."""
    region = REGIONS[partition.name]
    image = EcrImage(ACCOUNT, region, partition, "team/train", tag="1", fips=fips, dual_stack=dual_stack).uri
    job = {**SMALLEST, "algorithm_specification": {"training_image": image, "training_input_mode": "File"}}

    found = {each.sid: each for each in statements(needs_of([job]), Scope(partition.name, region, ACCOUNT))}
    assert found["Image"].resources == (f"arn:{partition.name}:ecr:{region}:{ACCOUNT}:repository/team/train",)
    assert found["ImageToken"].resources == ("*",)


@every_partition
def test_addresses_of_hosts_are_read_in_every_partition(partition: Partition) -> None:
    """The bucket and the key are the same as those of an s3:// address."""
    region = REGIONS[partition.name]
    scope = Scope(partition.name, region, ACCOUNT)
    hosts = (f"data.s3.{region}.{partition.dns_suffix}", f"s3.{region}.{partition.dns_suffix}/data")

    for host in hosts:
        job = {**SMALLEST, "input_data_config": [channel("train", s3_uri=f"https://{host}/a%20b/")]}
        found = {each.sid: each for each in statements(needs_of([job]), scope)}
        assert found["InputObjects"].resources == (f"arn:{partition.name}:s3:::data/a b/*",)
        assert found["ListData"].condition == {"StringLike": {"s3:prefix": ["a b/*"]}}


LIMITS_OF_THE_LINTER = {
    ("INVALID_ARN", ":aws:hub"): "AWS's own hub has the account `aws` (pattern of BaseModelArn in the service model)",
    ("RESOURCE_MISMATCH", "access points.json"): "its data know S3's actions on buckets and objects only",
    ("RESOURCE_MISMATCH", "ecr:BatchImportUpstreamImage"): "its data of April 2025 lack the repository",
    ("RESOURCE_MISMATCH", "sagemaker:BatchPutMetrics"): "its data lack the trial component",
    ("RESOURCE_MISMATCH", "s3express:CreateSession"): "it takes the slash in the bucket's ARN for a key",
    ("UNKNOWN_ACTION", "sagemaker-mlflow:LogOutputs"): "its data are older",
    ("UNKNOWN_ACTION", "sagemaker:CallMlflowAppApi"): "its data are older",
    ("UNKNOWN_CONDITION_FOR_ACTION", "kms:ResourceAliases"): "its data lack the condition keys of keys",
}
"""What it finds wrong and AWS does not, by the kind of finding and a part of it."""


def lint(folder: Path, policies: dict[str, str]) -> list[dict[str, Any]]:
    """What the linter finds in the policies; the table's rows are left out."""
    for name, text in policies.items():
        (folder / f"{name}.json").write_text(text)
    # A process of its own: the linter's import leaves files open and warns of its use of pkg_resources.
    linter = [sys.executable, "-W", "ignore", "-m", "parliament.cli", "--json", "--directory", str(folder)]
    done = subprocess.run(linter, capture_output=True, text=True, timeout=60, check=False)
    assert done.stderr == ""
    findings = [json.loads(line) for line in done.stdout.splitlines()]
    return [
        each
        for each in findings
        if not any(each["issue"] == issue and part in str(each) for issue, part in LIMITS_OF_THE_LINTER)
    ]


def test_the_linter_finds_nothing(tmp_path: Path) -> None:
    """Parliament knows every action, its resource types and condition keys: nothing is misspelled or idle."""
    policies = {
        name: policy_document(needs_of([role_members(case.job)]) | case.also, case.scope)
        for name, case in CASES.items()
    }

    assert lint(tmp_path, policies) == []


def test_the_policy_for_previews_only_reads(tmp_path: Path) -> None:
    """The linter knows its actions, and none of them changes anything."""
    document = preview_policy(Scope("aws", "eu-west-1", "123456789012"))
    found = lint(tmp_path, {"previews": json.dumps(document)})
    assert [each for each in found if each["issue"] != "RESOURCE_STAR"] == [], "names are not known before"
    names = [action.partition(":")[2] for each in document["Statement"] for action in each["Action"]]
    reading = ("BatchGet", "Describe", "Get", "List", "Search", "Simulate")
    assert [name for name in names if not name.startswith(reading)] == []


def test_the_linter_would_find_a_mistake(tmp_path: Path) -> None:
    """A misspelled action does not pass."""
    text = policy_document(needs_of([SMALLEST]), SCOPE).replace("s3:PutObject", "s3:PutObjekt")

    assert [each["issue"] for each in lint(tmp_path, {"misspelled": text})] == ["UNKNOWN_ACTION"]


def test_the_code_of_script_mode_is_read_and_a_model_written_where_hyperparameters_say() -> None:
    """AWS's framework containers fetch the one with the role and write the other while they run."""
    job = {
        **SMALLEST,
        "hyper_parameters": {
            "sagemaker_submit_directory": '"s3://code/src/sourcedir.tar.gz"',
            "model_dir": "s3://code/live",
        },
    }
    policy = json.loads(policy_document(needs_of([role_members(job)]), SCOPE))
    assert allowed([policy], "s3:GetObject", "arn:aws:s3:::code/src/sourcedir.tar.gz")
    assert not allowed([policy], "s3:GetObject", "arn:aws:s3:::code/src/other.tar.gz")
    assert allowed([policy], "s3:PutObject", "arn:aws:s3:::code/live/model")
