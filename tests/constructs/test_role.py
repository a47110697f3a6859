"""The role as a program creates it: its children, what a preview knows, and existing roles."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pulumi_aws as aws
import pytest
from graphs import ACCOUNT, graph, nothing
from policy_cases import CASES, SMALLEST, channel
from pulumi import UNKNOWN, Output, RunError
from pulumi.output import Unknown

import sagemaker_constructs
from sagemaker_constructs import TrainingBucket, TrainingKey, TrainingNetwork, TrainingRole
from sagemaker_constructs.api.spec import TrainingJobSpec
from sagemaker_constructs.permissions.policy import RoleRefusedError
from stacks.sample import penguins
from stacks.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Mapping

SPEC = TrainingJobSpec.from_members(SMALLEST)
SELF = "sagemaker-constructs:index:TrainingRole"
ARN = f"arn:aws:iam::{ACCOUNT}:role/team/trainer"


def statements(policy: str) -> dict[str, Mapping[str, Any]]:
    """The statements of a policy, by name."""
    return {each["Sid"]: each for each in json.loads(policy)["Statement"]}


def test_a_role_has_one_policy() -> None:
    """Both are children of the component and have its name."""
    found = graph(lambda: TrainingRole("r", SPEC))

    assert found.counts() == {"Role": 1, "RolePolicy": 1, "TrainingRole": 1}
    assert [(each.name, each.parent) for each in found.placed if each.type != SELF] == [("r", SELF), ("r", SELF)]
    assert found.of("RolePolicy")["r"]["role"] == "r"
    trust = json.loads(found.of("Role")["r"]["assumeRolePolicy"])
    assert trust["Statement"][0]["Condition"]["StringEquals"] == {"aws:SourceAccount": ACCOUNT}


def test_everything_that_can_be_said_of_a_role() -> None:
    """Path, boundary, tags, managed policies, and what no request tells."""
    found = graph(
        lambda: TrainingRole(
            "r",
            [SPEC],
            also_reads=[Output.from_input("s3://pictures/cats/")],
            read_keys=["alias/pictures"],
            write_keys=[TrainingKey("k")],
            policies=["arn:aws:iam::aws:policy/ReadOnlyAccess"],
            path="/teams/",
            permissions_boundary="arn:aws:iam::123456789012:policy/boundary",
            tags={"team": "vision"},
        )
    )

    role = found.of("Role")["r"]
    assert (role["path"], role["permissionsBoundary"]) == ("/teams/", "arn:aws:iam::123456789012:policy/boundary")
    assert role["tags"] == {"team": "vision"}
    assert found.of("RolePolicyAttachment")["r-ReadOnlyAccess"]["policyArn"] == "arn:aws:iam::aws:policy/ReadOnlyAccess"
    policy = statements(found.of("RolePolicy")["r"]["policy"])
    assert policy["InputObjects"]["Resource"] == ["arn:aws:s3:::pictures/cats/*"]
    assert policy["WriteKey"]["Resource"] == [f"arn:aws:service:eu-west-1:{ACCOUNT}:k"]
    assert policy["ReadKeyByAlias"]["Resource"] == [f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/*"]


def test_the_network_of_the_job_counts() -> None:
    """A network beside the spec is part of what the role is for."""

    def build() -> None:
        network = TrainingNetwork("n")
        TrainingRole("r", SPEC, network=network)

    policy = statements(graph(build).of("RolePolicy")["r"]["policy"])
    assert policy["OwnInterfaces"]["Condition"] == {
        "ArnLike": {"ec2:Subnet": ["arn:aws:ec2:eu-west-1:*:subnet/n-0-id", "arn:aws:ec2:eu-west-1:*:subnet/n-1-id"]}
    }


def test_jobs_may_run_in_another_region() -> None:
    """The policy and the trust are for that one."""
    found = graph(lambda: TrainingRole("r", SPEC, region="us-east-1"))

    logs = statements(found.of("RolePolicy")["r"]["policy"])["Logs"]
    assert all(":us-east-1:" in arn for arn in logs["Resource"])
    assert ":us-east-1:" in found.of("Role")["r"]["assumeRolePolicy"]


@pytest.mark.parametrize(("reads", "said"), [([], True), (["s3://pictures/cats/"], False)])
def test_a_manifest_without_the_prefix_of_its_objects_is_a_warning(reads: list[str], *, said: bool) -> None:
    """The role cannot know, and the job would fail after it has begun."""
    spec = TrainingJobSpec.from_members(CASES["manifests"].members)

    found = graph(lambda: TrainingRole("r", spec, also_reads=reads))
    assert (
        any(
            "s3://data/lists/train.manifest: this role cannot read the objects that a manifest lists" in each
            for each in found.logged
        )
        is said
    )


def test_the_role_of_the_sample_allows_what_the_sample_needs() -> None:
    """The stack's own job, with its spot checkpoints."""
    image = f"{ACCOUNT}.dkr.ecr.eu-west-1.amazonaws.com/sagemaker-xgboost:1.7-1"
    answers = {"aws:sagemaker/getPrebuiltEcrImage:getPrebuiltEcrImage": {"registryPath": image}}
    values = Settings(
        rounds=1,
        max_depth=1,
        instance_type="ml.m5.large",
        instance_count=1,
        spot=True,
        max_runtime_in_seconds=60,
        zones=1,
        disposable=True,
    )

    found = graph(lambda: TrainingRole("r", penguins(values, TrainingBucket("data"))), answers)
    policy = statements(found.of("RolePolicy")["r"]["policy"])
    assert {sid: each["Resource"] for sid, each in policy.items() if sid.endswith("Objects")} == {
        "CheckpointObjects": ["arn:aws:s3:::data/checkpoints/*"],
        "InputObjects": ["arn:aws:s3:::data/data/train/*", "arn:aws:s3:::data/data/validation/*"],
        "OutputObjects": ["arn:aws:s3:::data/models/*"],
    }
    assert policy["Image"]["Resource"] == [f"arn:aws:ecr:eu-west-1:{ACCOUNT}:repository/sagemaker-xgboost"]


def test_a_preview_with_an_unknown_bucket_knows_the_trust() -> None:
    """The policy is unknown then, and nothing breaks."""

    def build() -> None:
        bucket = aws.s3.Bucket("b")
        spec = TrainingJobSpec.from_members(
            {**SMALLEST, "input_data_config": [channel("train", s3_uri=Output.concat("s3://", bucket.id, "/train/"))]}
        )
        TrainingRole("r", spec)

    found = graph(build, preview=True)
    assert isinstance(found.of("RolePolicy")["r"]["policy"], Unknown)
    assert json.loads(found.of("Role")["r"]["assumeRolePolicy"])


def test_secrets_of_the_job_do_not_make_the_policy_one() -> None:
    """A reviewer can read what changes in it."""

    def build() -> None:
        members = {
            **SMALLEST,
            "hyper_parameters": {"token": Output.secret("t")},
            "environment": {"unknown": Output.from_input(UNKNOWN)},
            "algorithm_specification": {
                **SMALLEST["algorithm_specification"],
                "container_arguments": [Output.secret("a")],
            },
        }
        TrainingRole("r", TrainingJobSpec.from_members(members))

    assert statements(graph(build, preview=True).of("RolePolicy")["r"]["policy"])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            {"policies": "arn:aws:iam::aws:policy/P"},
            "policies: got 'arn:aws:iam::aws:policy/P', expected a list, each item the ARN of",
        ),
        (
            {"read_keys": "alias/data"},
            "read_keys: got 'alias/data', expected a list, each item the ARN, id or alias of a KMS key",
        ),
        (
            {"write_keys": "alias/data"},
            "write_keys: got 'alias/data', expected a list, each item the ARN, id or alias of a KMS key",
        ),
        ({"also_reads": "s3://data/"}, "also_reads: got 's3://data/', expected a list, each item an S3 address"),
        (
            {"also_reads": Output.from_input("s3://data/")},
            "also_reads: got 's3://data/', expected a list, each item an S3 address",
        ),
        (
            {"pull_through_caches": "docker-hub"},
            "pull_through_caches: got 'docker-hub', expected a list, each item the prefix of ECR repositories",
        ),
        ({"read_keys": ["alias/data", None]}, r"read_keys\[1\]: got None, expected the ARN, id or alias of a KMS key"),
        (
            {"policies": Output.from_input(["arn:aws:iam::aws:policy/P"])},
            "policies: got one Output, expected a list, each item",
        ),
        ({"read_keys": "a", "write_keys": "b"}, "TrainingRole 'r': 2 mistakes"),
        (
            {"policies": ["ReadOnlyAccess"]},
            r"policies\[0\]: got 'ReadOnlyAccess', expected the ARN of a managed policy",
        ),
        ({"permissions_boundary": "boundary"}, "permissions_boundary: got 'boundary', expected the ARN of a managed"),
        ({"path": "teams"}, "path: got 'teams', expected an IAM path"),
        ({"region": 7}, "region: got 7, expected the name of a Region"),
        ({"tags": ["a"]}, "tags: got a list, expected a mapping of strings to strings"),
        ({"tags": {"a": 1}}, "tags.a: got 1, expected a string"),
        ({"also_reads": ["data/train/"]}, "S3 address: got 'data/train/', expected s3://bucket/key"),
    ],
)
def test_a_string_is_not_taken_for_a_list(arguments: dict[str, Any], message: str) -> None:
    """It would be taken apart into its characters. The program's own error, without a traceback."""
    with pytest.raises(RunError, match=message):
        graph(lambda: TrainingRole("r", SPEC, **arguments))


@pytest.mark.parametrize("argument", ["spec", "also_reads"])
def test_a_secret_that_is_no_address_is_refused_without_being_shown(argument: str) -> None:
    """The error names what is expected."""

    def build() -> None:
        secret = Output.secret("http://swordfish/train")
        source = {"s3_data_type": "S3Prefix", "s3_uri": secret}
        channel = {"channel_name": "train", "data_source": {"s3_data_source": source}}
        members = {**SMALLEST, "input_data_config": [channel]} if argument == "spec" else SMALLEST
        TrainingRole(
            "r", TrainingJobSpec.from_members(members), also_reads=[secret] if argument == "also_reads" else []
        )

    with pytest.raises(RunError, match=r"S3 address: got '.*', expected s3://bucket/key") as caught:
        graph(build)

    assert "swordfish" not in str(caught.value)


def test_an_output_may_stand_for_a_list() -> None:
    """Where no resource is made for each item."""

    def build() -> None:
        TrainingRole(
            "r",
            SPEC,
            also_reads=Output.from_input(["s3://pictures/cats/"]),
            read_keys=Output.from_input(["alias/pictures"]),
        )

    policy = statements(graph(build).of("RolePolicy")["r"]["policy"])
    assert policy["InputObjects"]["Resource"] == ["arn:aws:s3:::pictures/cats/*"]
    assert policy["ReadKeyByAlias"]["Condition"]["ForAnyValue:StringEquals"] == {
        "kms:ResourceAliases": ["alias/pictures"]
    }


def test_the_keys_of_buckets_are_allowed_for_what_the_jobs_do_there() -> None:
    """One reads, one writes, one does neither; a bucket without a key of its own has nothing to allow."""

    def build() -> None:
        buckets = {name: TrainingBucket(name, key=TrainingKey(f"{name}-key")) for name in ("data", "models", "idle")}
        plain = TrainingBucket("plain")
        members: dict[str, Any] = {
            **SMALLEST,
            "input_data_config": [
                channel("train", s3_uri=buckets["data"].uri("train/")),
                channel("plain", s3_uri=plain.uri("train/")),
            ],
            "output_data_config": {"s3_output_path": buckets["models"].uri("penguins")},
        }
        TrainingRole("r", TrainingJobSpec.from_members(members), buckets=[*buckets.values(), plain])

    policy = statements(graph(build).of("RolePolicy")["r"]["policy"])
    assert policy["ReadKey"]["Resource"] == [f"arn:aws:service:eu-west-1:{ACCOUNT}:data-key"]
    assert policy["WriteKey"]["Resource"] == [f"arn:aws:service:eu-west-1:{ACCOUNT}:models-key"]
    assert "idle" not in json.dumps(policy)


def test_a_bucket_is_one_of_this_library() -> None:
    """Another one does not say what it is encrypted with."""
    other: Any = ["my-bucket"]
    with pytest.raises(RoleRefusedError, match=r"buckets\[0\]: got 'my-bucket', expected a TrainingBucket"):
        graph(lambda: TrainingRole("r", SPEC, buckets=other))


def test_managed_policies_may_be_resources() -> None:
    """Their ARNs are attached."""

    def build() -> None:
        TrainingRole("r", SPEC, policies=[aws.iam.Policy("p", policy="{}")])

    assert graph(build).of("RolePolicyAttachment")["r-p"]["policyArn"] == f"arn:aws:service:eu-west-1:{ACCOUNT}:p"


THIRD, FOURTH = "a policy of the same program", "an Output"
AWS, OWN = "arn:aws:iam::aws:policy/service-role/First", f"arn:aws:iam::{ACCOUNT}:policy/team/Second"


def attachments(*policies: str) -> dict[str, Any]:
    """The attachments of a role with these policies by their names."""

    def build() -> None:
        fourth = Output.from_input(f"arn:aws:iam::{ACCOUNT}:policy/Fourth")
        made: dict[str, Any] = {THIRD: aws.iam.Policy("third", policy="{}"), FOURTH: fourth}
        TrainingRole("r", SPEC, policies=[made.get(each, each) for each in policies])

    return {name: each["policyArn"] for name, each in graph(build).of("RolePolicyAttachment").items()}


def test_taking_a_policy_out_or_turning_the_list_round_moves_no_other() -> None:
    """One that moved would be detached: the engine attaches under the new name first, and detaches the old one last."""
    policies = [AWS, OWN, THIRD, FOURTH]
    every = attachments(*policies)

    assert sorted(every) == ["r-First", "r-Second", "r-output", "r-third"]
    assert attachments(*reversed(policies)) == every
    for left_out in range(len(policies)):
        rest = attachments(*policies[:left_out], *policies[left_out + 1 :])
        assert rest.items() <= every.items()
        assert len(rest) == 3


@pytest.mark.parametrize(
    ("policies", "what"),
    [
        ([AWS, OWN, AWS], "2 named 'First'"),
        ([Output.from_input(AWS), Output.from_input(OWN)], "2 named 'output'"),
    ],
)
def test_policies_that_no_name_tells_apart_are_refused(policies: list[Any], what: str) -> None:
    """By their position in the list they would detach each other."""
    with pytest.raises(RoleRefusedError, match=f"policies: got {what}, expected unique names"):
        graph(lambda: TrainingRole("r", SPEC, policies=policies))


def trusting(principal: str) -> dict[str, Any]:
    """An account whose role is trusted by a service."""
    trust = {"Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": principal}}]}
    return {"aws:iam/getRole:getRole": {"arn": ARN, "name": "trainer", "assumeRolePolicy": json.dumps(trust)}}


@pytest.mark.parametrize("wrap", [str, Output.from_input])
def test_an_existing_role_is_not_changed(wrap: Any) -> None:
    """Nothing is placed; on request it is looked at, now or when its ARN is known."""
    found = graph(lambda: TrainingRole.from_existing(wrap(ARN), check=True).arn, trusting("sagemaker.amazonaws.com"))

    assert found.placed == []
    assert found.asked == [("aws:iam/getRole:getRole", {"name": "trainer"})]


def test_a_role_that_does_not_trust_sagemaker_is_refused() -> None:
    """No job could run with it."""
    with pytest.raises(RoleRefusedError, match=r"does not let sagemaker\.amazonaws\.com assume it"):
        graph(lambda: TrainingRole.from_existing(ARN, check=True), trusting("ec2.amazonaws.com"))


def test_a_role_of_another_path_or_account_is_refused() -> None:
    """A look-up by name finds whichever role of the stack's account has it."""
    for arn in (f"arn:aws:iam::{ACCOUNT}:role/trainer", "arn:aws:iam::999999999999:role/team/trainer"):
        with pytest.raises(RoleRefusedError, match=f"role: got '{arn}', expected '{ARN}', the role of that name"):
            graph(lambda arn=arn: TrainingRole.from_existing(arn, check=True), trusting("sagemaker.amazonaws.com"))


def test_a_failed_lookup_of_a_role_is_one_sentence() -> None:
    """With its ARN, and without the traceback of an invoke."""
    with pytest.raises(
        RoleRefusedError, match=f"role: got '{ARN}', expected an existing role .*; the lookup failed: not found"
    ):
        graph(lambda: TrainingRole.from_existing(ARN, check=True), nothing("aws:iam/getRole:getRole", "not found"))


def test_without_check_a_role_is_not_looked_up() -> None:
    """Its ARN is enough."""
    found = graph(lambda: TrainingRole.from_existing(ARN).name)

    assert found.asked == []


def test_an_output_that_is_no_role_is_refused_when_it_is_known() -> None:
    """Before it is looked up."""
    with pytest.raises(RoleRefusedError, match=r"role: got 'trainer', expected the ARN of a role"):
        graph(lambda: TrainingRole.from_existing(Output.from_input("trainer"), check=True).arn)


@pytest.mark.parametrize("role", [None, "trainer", 7, f"arn:aws:iam::{ACCOUNT}:user/me"])
def test_what_is_not_a_role_is_refused(role: Any) -> None:
    """At once, and not as a missing attribute."""
    with pytest.raises(RoleRefusedError, match=r"role: got .*, expected the ARN of a role, or a role resource"):
        TrainingRole.from_existing(role)


@pytest.mark.parametrize("spec", [None, "x", [None], Output.from_input(SPEC)])
def test_what_is_no_job_is_refused(spec: Any) -> None:
    """A role is made from what jobs need."""
    with pytest.raises(RoleRefusedError, match=r"spec(\[0\])?: got .*, expected .*TrainingJobSpec"):
        graph(lambda: TrainingRole("r", spec))


def test_every_case_can_be_placed() -> None:
    """The construct and the pure function come to the same."""

    def build() -> None:
        for name, case in CASES.items():
            TrainingRole(name, TrainingJobSpec.from_members(case.members))

    assert len(graph(build).of("RolePolicy")) == len(CASES)


@pytest.mark.parametrize(
    "name", ["AddressRefusedError", "NetworkRefusedError", "PolicyTooLongError", "RoleRefusedError"]
)
def test_the_errors_of_the_constructs_are_public_and_shown_without_a_traceback(name: str) -> None:
    """A RunError, which Pulumi prints; no ValueError, which the SDK wraps where a resource waits for an Output."""
    error = getattr(sagemaker_constructs, name)

    assert issubclass(error, RunError)
    assert not issubclass(error, ValueError)
