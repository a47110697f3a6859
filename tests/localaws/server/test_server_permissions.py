"""IAM: how policies are evaluated, and what a job may do with its role where that is enforced."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError
from server_support import REGION, TRUST, Server, Trainer, channel, end, start

from localaws.server.policies import allowed, matches

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


@pytest.mark.parametrize(
    ("value", "pattern", "expected"),
    [
        ("arn:aws:s3:::b/train/1", "arn:aws:s3:::b/train/*", True),
        ("arn:aws:s3:::b/train2/1", "arn:aws:s3:::b/train/*", False),
        ("a*b", "a${*}b", True),
        ("axb", "a${*}b", False),
        ("axb", "a?b", True),
        ("a[b]", "a[b]", True),
        ("ab", "a[b]", False),
        ("a\nb", "a*b", True),
        ("home/anna", "home/${aws:username}", True),
        ("home/otto", "home/${aws:username}", False),
        ("home/anna", "home/${aws:nothing}", False),
    ],
)
def test_patterns(value: str, pattern: str, *, expected: bool) -> None:
    """Wildcards, the characters themselves, and variables."""
    assert matches(value, pattern, {"aws:username": "anna"}) is expected


def policy(effect: str = "Allow", **members: Any) -> dict[str, Any]:
    """A policy of one statement about everything."""
    statement = {"Effect": effect, "Action": "*", "Resource": "*", **members}
    return {"Version": "2012-10-17", "Statement": statement}


@pytest.mark.parametrize(
    ("documents", "expected"),
    [
        ([], False),
        ([policy()], True),
        ([policy(), policy("Deny")], False),
        ([policy(Action=["s3:Get*"])], True),
        ([policy(Action="S3:getobject")], True),
        ([policy(Action="s3:Put*")], False),
        ([{"Statement": [{"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}]}], True),
        ([{"Statement": [{"Effect": "Allow", "NotAction": "s3:*", "Resource": "*"}]}], False),
        ([{"Statement": [{"Effect": "Allow", "Action": "*", "NotResource": "arn:aws:s3:::b/*"}]}], False),
    ],
)
def test_statements(documents: list[Mapping[str, Any]], *, expected: bool) -> None:
    """One allows, none denies; case counts in resources, not in actions."""
    assert allowed(documents, "s3:GetObject", "arn:aws:s3:::b/k") is expected


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ({"StringEquals": {"S3:Prefix": "a/"}}, True),
        ({"StringEquals": {"s3:prefix": ["b/", "a/"]}}, True),
        ({"StringEquals": {"s3:prefix": "a"}}, False),
        ({"StringLike": {"s3:prefix": "a*"}}, True),
        ({"StringEquals": {"aws:absent": "a"}}, False),
        ({"StringEqualsIfExists": {"aws:absent": "a"}}, True),
        ({"Bool": {"aws:SecureTransport": "true"}}, True),
        ({"Bool": {"aws:SecureTransport": "false"}}, False),
        ({"Null": {"aws:absent": "true"}}, True),
        ({"Null": {"s3:prefix": "true"}}, False),
        ({"ForAnyValue:StringEquals": {"kms:ResourceAliases": "alias/two"}}, True),
        ({"ForAllValues:StringEquals": {"kms:ResourceAliases": "alias/two"}}, False),
        ({"ForAllValues:StringEquals": {"aws:absent": "alias/two"}}, True),
        ({"DateGreaterThan": {"aws:CurrentTime": "2020-01-01"}}, False),
        ({"StringEquals": {"s3:prefix": "a/"}, "Bool": {"aws:SecureTransport": "false"}}, False),
    ],
)
def test_conditions(condition: dict[str, Any], *, expected: bool) -> None:
    """All must hold; what is not known here never does."""
    context: dict[str, str | tuple[str, ...]] = {
        "s3:prefix": "a/",
        "aws:SecureTransport": "true",
        "kms:ResourceAliases": ("alias/one", "alias/two"),
    }

    assert allowed([policy(Condition=condition)], "s3:ListBucket", "arn:aws:s3:::b", context) is expected


@pytest.fixture(scope="module")
def enforcing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that holds jobs to their roles."""
    server = start(tmp_path_factory.mktemp("enforcing"), LOCALAWS_ENFORCE_IAM="1")
    server.client("s3").create_bucket(Bucket="data", CreateBucketConfiguration={"LocationConstraint": REGION})
    server.client("s3").put_object(Bucket="data", Key="input/table.csv", Body=b"1,2\n")
    server.client("logs").create_log_group(logGroupName="/aws/sagemaker/TrainingJobs")
    yield server
    assert end(server) == ""


IMAGE = {"TrainingImage": f"123456789012.dkr.ecr.{REGION}.amazonaws.com/train:1", "TrainingInputMode": "File"}


def outcome(
    server: Server, name: str, inline: dict[str, Any], managed: dict[str, Any], boundary: dict[str, Any] | None = None
) -> dict[str, Any]:
    """How a job ends whose role has these policies."""
    iam = server.client("iam")

    def created(suffix: str, document: dict[str, Any]) -> str:
        policy = iam.create_policy(PolicyName=f"{name}-{suffix}", PolicyDocument=json.dumps(document))
        return policy["Policy"]["Arn"]

    bound = {"PermissionsBoundary": created("boundary", boundary)} if boundary else {}
    role = iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(TRUST), **bound)["Role"]["Arn"]
    iam.put_role_policy(RoleName=name, PolicyName="inline", PolicyDocument=json.dumps(inline))
    iam.attach_role_policy(RoleName=name, PolicyArn=created("managed", managed))
    trainer = Trainer(server.client("sagemaker"), role, "data")
    return trainer.wait(trainer.create(AlgorithmSpecification=IMAGE, InputDataConfig=[channel("s3://data/input/")]))


def test_a_role_that_allows_all_is_enough(enforcing: Server) -> None:
    """By inline and managed policies together."""
    reads = policy(Action=["s3:List*", "s3:Get*", "ecr:*"])
    writes = policy(Action=["s3:Put*", "logs:*"])

    assert outcome(enforcing, "enough", reads, writes)["TrainingJobStatus"] == "Completed"


@pytest.mark.parametrize(
    ("name", "missing", "reason"),
    [
        ("list", "s3:ListBucket", 'has "s3:ListBucket" permissions on bucket "data"'),
        ("get", "s3:GetObject", "Access denied for s3://data/input/table.csv"),
        ("put", "s3:PutObject", "Artifact upload failed"),
        ("pull", "ecr:BatchGetImage", 'has "ecr:BatchGetImage" permissions'),
        ("token", "ecr:GetAuthorizationToken", 'has "ecr:GetAuthorizationToken" permissions'),
    ],
)
def test_what_a_role_lacks_is_why_the_job_fails(enforcing: Server, name: str, missing: str, reason: str) -> None:
    """In the manner of AWS's reasons."""
    failed = outcome(enforcing, name, policy(), policy("Deny", Action=missing))

    assert failed["TrainingJobStatus"] == "Failed"
    assert reason in failed["FailureReason"]


REGISTRY = "us-west-2"
"""The Region whose registry has a repository, with one image."""


@pytest.fixture(scope="module")
def digest(enforcing: Server) -> str:
    """The digest of the image `trees:1`."""
    ecr = enforcing.client("ecr", region=REGISTRY)
    ecr.create_repository(repositoryName="trees")
    manifest = json.dumps({"schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json"})
    pushed = ecr.put_image(repositoryName="trees", imageManifest=manifest, imageTag="1")
    return pushed["image"]["imageId"]["imageDigest"]


@pytest.fixture(scope="module")
def puller(enforcing: Server) -> Trainer:
    """Jobs in the Region of the registry, whose role may do everything."""
    enforcing.client("s3", region=REGISTRY).create_bucket(
        Bucket="data-beside-the-registry", CreateBucketConfiguration={"LocationConstraint": REGISTRY}
    )
    iam = enforcing.client("iam")
    role = iam.create_role(RoleName="puller", AssumeRolePolicyDocument=json.dumps(TRUST))["Role"]["Arn"]
    iam.put_role_policy(RoleName="puller", PolicyName="all", PolicyDocument=json.dumps(policy()))
    return Trainer(enforcing.client("sagemaker", region=REGISTRY), role, "data-beside-the-registry")


@pytest.mark.parametrize(
    ("image", "status"),
    [
        ("trees:1", "Completed"),
        ("trees@{digest}", "Completed"),
        ("trees:2@{digest}", "Completed"),
        ("trees", "Failed"),
        ("trees:2", "Failed"),
        ("trees:1@sha256:0", "Failed"),
        ("forest:1", "Failed"),
    ],
)
def test_an_image_that_is_not_in_a_registry_in_use_is_not_pulled(
    puller: Trainer, digest: str, image: str, status: str
) -> None:
    """Its repository must be there, with its digest if it has one, else with its tag."""
    address = f"123456789012.dkr.ecr.{REGISTRY}.amazonaws.com/{image.format(digest=digest)}"

    described = puller.wait(puller.create(AlgorithmSpecification={**IMAGE, "TrainingImage": address}))

    assert described["TrainingJobStatus"] == status
    assert ("Cannot pull algorithm container" in described.get("FailureReason", "")) == (status == "Failed")


@pytest.mark.parametrize("host", [f"dkr.ecr-fips.{REGISTRY}.amazonaws.com", f"dkr-ecr.{REGISTRY}.on.aws"])
@pytest.mark.usefixtures("digest")
def test_an_image_is_looked_up_by_every_host_of_its_registry(puller: Trainer, host: str) -> None:
    """FIPS and dual-stack endpoints are the same registry."""
    address = f"123456789012.{host}/forest:1"

    described = puller.wait(puller.create(AlgorithmSpecification={**IMAGE, "TrainingImage": address}))

    assert "Cannot pull algorithm container" in described.get("FailureReason", "")


def test_a_boundary_bounds(enforcing: Server) -> None:
    """What it does not allow is not allowed."""
    failed = outcome(enforcing, "bounded", policy(), policy(), boundary=policy(Action="logs:*"))

    assert failed["TrainingJobStatus"] == "Failed"


def test_without_logs_a_job_runs_all_the_same(enforcing: Server) -> None:
    """It only leaves no log."""
    described = outcome(enforcing, "silent", policy(), policy("Deny", Action="logs:PutLogEvents"))

    assert described["TrainingJobStatus"] == "Completed"
    streams = enforcing.client("logs").describe_log_streams(
        logGroupName="/aws/sagemaker/TrainingJobs", logStreamNamePrefix=described["TrainingJobName"]
    )
    assert streams["logStreams"] == []


def test_policies_are_simulated(enforcing: Server) -> None:
    """SimulatePrincipalPolicy decides as enforcement does, conditions included."""
    iam = enforcing.client("iam")
    role = iam.create_role(RoleName="simulated", AssumeRolePolicyDocument=json.dumps(TRUST))["Role"]["Arn"]
    listing = policy(Action="s3:ListBucket", Condition={"StringLike": {"s3:prefix": "a/*"}})
    iam.put_role_policy(RoleName="simulated", PolicyName="p", PolicyDocument=json.dumps(listing))

    def decided(prefix: str) -> dict[str, str]:
        answer = iam.simulate_principal_policy(
            PolicySourceArn=role,
            ActionNames=["s3:ListBucket", "s3:GetObject"],
            ResourceArns=["arn:aws:s3:::b"],
            ContextEntries=[{"ContextKeyName": "s3:prefix", "ContextKeyValues": [prefix], "ContextKeyType": "string"}],
        )
        return {each["EvalActionName"]: each["EvalDecision"] for each in answer["EvaluationResults"]}

    assert decided("a/x") == {"s3:ListBucket": "allowed", "s3:GetObject": "implicitDeny"}
    assert decided("b/x")["s3:ListBucket"] == "implicitDeny"


def test_training_machines_have_quotas(enforcing: Server) -> None:
    """As Service Quotas names them."""
    pages = enforcing.client("service-quotas").get_paginator("list_service_quotas").paginate(ServiceCode="sagemaker")
    quotas = {each["QuotaName"]: each["Value"] for page in pages for each in page["Quotas"]}

    assert quotas["ml.m5.large for training job usage"] == 8
    assert quotas["ml.m5.large for spot training job usage"] == 8
    assert quotas["ml.m5.large for training warm pool usage"] == 0


def test_nobody_can_simulate_a_role_that_is_not_there(enforcing: Server) -> None:
    """IAM's own refusal."""
    with pytest.raises(ClientError, match="NoSuchEntity"):
        enforcing.client("iam").simulate_principal_policy(
            PolicySourceArn="arn:aws:iam::123456789012:role/nobody", ActionNames=["s3:ListBucket"]
        )


def test_a_bucket_that_takes_tls_only_can_be_used(enforcing: Server) -> None:
    """Loopback counts as safe; another condition, or none, still shuts."""
    s3 = enforcing.client("s3")
    s3.create_bucket(Bucket="shut", CreateBucketConfiguration={"LocationConstraint": REGION})
    tls = policy("Deny", Principal="*", Condition={"Bool": {"aws:SecureTransport": "false"}})
    s3.put_bucket_policy(Bucket="shut", Policy=json.dumps(tls))
    s3.put_object(Bucket="shut", Key="k", Body=b"")

    s3.put_bucket_policy(Bucket="shut", Policy=json.dumps(policy("Deny", Principal="*")))
    with pytest.raises(ClientError):
        s3.put_object(Bucket="shut", Key="k", Body=b"")
