"""The calls to AWS, against the embedded one and against recorded refusals."""

# pyright: reportPrivateUsage=false
# What is sent depends on how a client is made, which no caller sees.

from __future__ import annotations

import contextlib
import json
import re
import time
import uuid
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.exceptions import (
    CredentialRetrievalError,
    NoCredentialsError,
    ParamValidationError,
    ProfileNotFound,
    ReadTimeoutError,
    UnauthorizedSSOTokenError,
)
from botocore.stub import Stubber

from sagemaker_constructs.api.spec import TrainingJobSpec
from sagemaker_constructs.api.tag_keys import OWNER_TAG, STATE_TAG
from sagemaker_constructs.aws import training_jobs
from sagemaker_constructs.aws.account import AwsAccountReader
from sagemaker_constructs.aws.answers import LOG_GROUP
from sagemaker_constructs.aws.clients import _seconds
from sagemaker_constructs.aws.errors import ServiceError
from sagemaker_constructs.aws.pace import Pace
from sagemaker_constructs.aws.protocols import LogEvent
from sagemaker_constructs.aws.settings import AwsSettings, aws_settings
from sagemaker_constructs.aws.training_jobs import AwsTrainingJobs
from sagemaker_constructs.reconcile.decisions import Adopt, on_existing
from tests.localaws.server.server_support import TRUST
from tests.samples import REGION, SMALL

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from tests.local_aws import LocalAws


ACCESS_POINT = "arn:aws:s3:eu-west-1:123456789012:accesspoint/ours"
CREATE = TrainingJobSpec.from_members({**SMALL, "training_job_name": "a"}).to_wire()


@pytest.fixture(scope="module")
def jobs(shared_aws: LocalAws) -> AwsTrainingJobs:
    """The jobs of the embedded AWS; a call is tried once."""
    return AwsTrainingJobs(shared_aws.settings(maxRetries="0"), REGION)


@pytest.fixture
def name() -> str:
    """A name that nobody has."""
    return f"job-{uuid.uuid4().hex[:12]}"


@pytest.fixture(scope="module")
def client() -> Any:
    """A SageMaker that nobody calls."""
    return boto3.client("sagemaker", region_name=REGION, aws_access_key_id="test", aws_secret_access_key="test")


@pytest.fixture
def answers(client: Any) -> Iterator[tuple[AwsTrainingJobs, Stubber]]:
    """Jobs whose SageMaker says what the test says."""
    jobs = AwsTrainingJobs(AwsSettings(), REGION)
    jobs._clients["sagemaker"] = client
    with Stubber(client) as stub:
        yield jobs, stub
        stub.assert_no_pending_responses()


def test_all_jobs_of_a_state_that_still_run_are_found(jobs: AwsTrainingJobs, shared_aws: LocalAws, name: str) -> None:
    """Search has a hundred on a page."""
    names = {f"{name}-{number}" for number in range(101)}
    for each in names:
        tags = [{"Key": STATE_TAG, "Value": name}]
        jobs.create({**CREATE, "TrainingJobName": each, "RoleArn": shared_aws.role, "Tags": tags})
    found = jobs.unfinished(name)
    for each in names:
        jobs.stop(each)
    assert {each.name for each in found} == names
    assert jobs.unfinished(name) == []


def test_the_life_of_a_job(local_aws: LocalAws, jobs: AwsTrainingJobs, name: str) -> None:
    """Created, described, tagged, found by its owner, stopped, deleted, gone."""
    owner = f"organization/project/{name}"
    tags = [{"Key": OWNER_TAG, "Value": owner}]
    assert jobs.describe(name) is None
    arn = jobs.create({**local_aws.request(name, role_arn=local_aws.role), "Tags": tags})
    found = jobs.describe(name)
    assert found
    assert (found.arn, found.status) == (arn, "InProgress")
    assert on_existing(found, {**SMALL, "role_arn": local_aws.role}, by_hand=False, strict=True) == Adopt()

    jobs.add_tags(arn, {"a": "1", "b": "2"})
    jobs.delete_tags(arn, ["a"])
    assert jobs.tags(arn) == {OWNER_TAG: owner, "b": "2"}
    found, following = jobs.search(owner, None)
    assert [(each.name, each.tags) for each in found] == [(name, {OWNER_TAG: owner, "b": "2"})]
    assert following is None

    jobs.stop(name)
    while (job := jobs.describe(name)) and job.running:
        pass
    jobs.stop(name)
    jobs.delete(name)
    assert jobs.describe(name) is None
    jobs.delete(name)
    jobs.stop(name)


def test_a_name_is_used_once(local_aws: LocalAws, jobs: AwsTrainingJobs, name: str) -> None:
    """And the error knows it."""
    request = local_aws.request(name, role_arn=local_aws.role)
    jobs.create(request)
    with pytest.raises(ServiceError) as caught:
        jobs.create(request)
    assert caught.value.name_taken
    assert str(caught.value).startswith(f"CreateTrainingJob for job '{name}': ResourceInUse: Training job names must")


def test_a_search_has_a_hundred_jobs_a_page(answers: tuple[AwsTrainingJobs, Stubber]) -> None:
    """By the owner's tag, the newest first; the next page is asked for by its token."""
    jobs, stub = answers
    expected = {
        "Resource": "TrainingJob",
        "SearchExpression": {"Filters": [{"Name": f"Tags.{OWNER_TAG}", "Operator": "Equals", "Value": "o/p/s"}]},
        "MaxResults": 100,
        "SortBy": "CreationTime",
        "SortOrder": "Descending",
    }
    found = {
        "TrainingJobName": "a",
        "TrainingJobArn": "arn:aws:sagemaker:eu-west-1:123456789012:training-job/a",
        "TrainingJobStatus": "Completed",
        "CreationTime": datetime(2026, 1, 1, tzinfo=UTC),
        "Tags": [{"Key": "k", "Value": "v"}],
    }
    page = [{"TrainingJob": found}] * 100
    stub.add_response("search", {"Results": page, "NextToken": "next"}, expected)
    stub.add_response("search", {"Results": page[:50]}, {**expected, "NextToken": "next"})
    first, following = jobs.search("o/p/s", None)
    second, last = jobs.search("o/p/s", following)
    assert (len(first), len(second), last) == (100, 50, None)
    assert first[0].tags == {"k": "v"}


@pytest.mark.parametrize("age", [0, 7200])
def test_a_role_has_its_own_arn_and_its_age_by_the_services_clock(monkeypatch: pytest.MonkeyPatch, age: int) -> None:
    """A path that the given ARN lacks is part of it, and this machine's clock may be wrong."""
    iam = boto3.client("iam", region_name="eu-west-1", aws_access_key_id="a", aws_secret_access_key="b")
    jobs = AwsTrainingJobs(AwsSettings(), "eu-west-1")
    monkeypatch.setattr(jobs, "client", {"iam": iam}.__getitem__)
    now = datetime(2020, 1, 1, tzinfo=UTC)
    role = {"Path": "/p/", "RoleName": "r", "RoleId": "a" * 16, "Arn": "arn:aws:iam::1:role/p/r"}
    answer = {
        "Role": {**role, "CreateDate": now - timedelta(seconds=age), "AssumeRolePolicyDocument": "%7B%7D"},
        "ResponseMetadata": {"HTTPHeaders": {"date": "Wed, 01 Jan 2020 00:00:00 GMT"}},
    }
    with Stubber(iam) as stub:
        stub.add_response("get_role", answer, {"RoleName": "r"})
        found = jobs.role("arn:aws:iam::1:role/r")
    assert found is not None
    assert (found.arn, found.age) == ("arn:aws:iam::1:role/p/r", age)


def test_a_role_under_another_path_is_none_to_a_preview(local_aws: LocalAws) -> None:
    """IAM finds it by its name all the same, but a job of the shortened ARN would be refused."""
    name = f"role-{uuid.uuid4().hex[:12]}"
    iam = local_aws.server.client("iam", region=REGION)
    made = iam.create_role(RoleName=name, Path="/service-role/", AssumeRolePolicyDocument=json.dumps(TRUST))["Role"]
    reader = AwsAccountReader(local_aws.settings(), REGION)
    assert json.loads(reader.trust_policy(made["Arn"]) or "") == TRUST
    assert reader.trust_policy(made["Arn"].replace("service-role/", "")) is None


def test_a_role_is_missing_only_where_iam_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who may not look is told so."""
    iam = boto3.client("iam", region_name="eu-west-1", aws_access_key_id="a", aws_secret_access_key="b")
    jobs = AwsTrainingJobs(AwsSettings(), "eu-west-1")
    monkeypatch.setattr(jobs, "client", {"iam": iam}.__getitem__)
    with Stubber(iam) as stub:
        stub.add_client_error("get_role", "NoSuchEntity")
        assert jobs.role("arn:aws:iam::1:role/p/r") is None
        stub.add_client_error("get_role", "AccessDenied")
        with pytest.raises(ServiceError, match="AccessDenied"):
            jobs.role("arn:aws:iam::1:role/p/r")


@pytest.mark.parametrize(
    ("method", "arguments", "operation"),
    [
        ("describe", ["a"], "DescribeTrainingJob"),
        ("create", [CREATE], "CreateTrainingJob"),
        ("stop", ["a"], "StopTrainingJob"),
        ("delete", ["a"], "DeleteTrainingJob"),
        ("update", ["a", {}], "UpdateTrainingJob"),
        ("tags", ["arn"], "ListTags"),
        ("add_tags", ["arn", {}], "AddTags"),
        ("delete_tags", ["arn", ["key"]], "DeleteTags"),
        ("search", ["o/p/s", None], "Search"),
    ],
)
def test_every_refusal_is_one_sentence_on_what_was_asked(
    answers: tuple[AwsTrainingJobs, Stubber], method: str, arguments: list[Any], operation: str
) -> None:
    """With AWS's code and words, and nothing of botocore's behind it."""
    jobs, stub = answers
    stub.add_client_error(re.sub(r"(?<!^)([A-Z])", r"_\1", operation).lower(), "AccessDeniedException", "You may not.")
    with pytest.raises(
        ServiceError, match=rf"^{operation} for .*: AccessDeniedException: You may not\. Grant"
    ) as caught:
        getattr(jobs, method)(*arguments)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


def test_not_found_is_a_validation_exception(answers: tuple[AwsTrainingJobs, Stubber]) -> None:
    """Against AWS's own model; other such exceptions stay errors."""
    jobs, stub = answers
    stub.add_client_error("describe_training_job", "ValidationException", "Requested resource not found.")
    stub.add_client_error("describe_training_job", "ValidationException", "1 validation error detected")
    assert jobs.describe("a") is None
    with pytest.raises(ServiceError, match="1 validation error detected"):
        jobs.describe("a")


def test_a_stop_that_comes_too_late_is_no_error(answers: tuple[AwsTrainingJobs, Stubber]) -> None:
    """Nor is one of a job that is gone; another refusal is."""
    jobs, stub = answers
    for said in (
        "The request was rejected because the training job is in status Stopped",
        "Requested resource not found.",
        "1 validation error detected",
    ):
        stub.add_client_error("stop_training_job", "ValidationException", said)
    jobs.stop("a")
    jobs.stop("a")
    with pytest.raises(ServiceError, match="1 validation error detected"):
        jobs.stop("a")


@pytest.mark.parametrize(
    ("raised", "code"),
    [
        (ReadTimeoutError(endpoint_url="http://127.0.0.1"), "Unreachable"),
        (NoCredentialsError(), "NoCredentials"),
        (ProfileNotFound(profile="dev"), "NoCredentials"),
        (UnauthorizedSSOTokenError(), "NoCredentials"),
        (CredentialRetrievalError(provider="sso", error_msg="expired"), "NoCredentials"),
        (ParamValidationError(report="Missing required parameter\nand more"), "ParamValidationError"),
    ],
)
def test_what_botocore_raises_by_itself_is_one_sentence_too(raised: Exception, code: str) -> None:
    """A request that botocore refuses is not an unreachable AWS, which would be taken for a reason not to look."""

    class Client:
        def describe_training_job(self, **_: Any) -> Any:
            raise raised

    jobs = AwsTrainingJobs(AwsSettings(), REGION)
    jobs._clients["sagemaker"] = Client()
    with pytest.raises(ServiceError) as caught:
        jobs.describe("a")
    assert (caught.value.code, caught.value.no_access) == (code, code != "ParamValidationError")
    assert "\n" not in str(caught.value)


def test_nobody_there_is_said(local_aws: LocalAws) -> None:
    """With what to check."""
    endpoints = json.dumps([{"sagemaker": "http://127.0.0.1:1"}])
    jobs = AwsTrainingJobs(local_aws.settings(endpoints=endpoints, maxRetries="0"), REGION)
    with pytest.raises(ServiceError, match=r"Unreachable: .*Check the network, aws:region and aws:endpoints") as caught:
        jobs.describe("a")
    assert caught.value.unanswered


@pytest.mark.parametrize(("retries", "passes"), [("2", True), ("1", False)])
def test_max_retries_is_how_often_a_call_is_tried_again(local_aws: LocalAws, retries: str, passes: bool) -> None:
    """As in pulumi-aws: tries after the first."""
    jobs = AwsTrainingJobs(local_aws.settings(maxRetries=retries), REGION)
    local_aws.fault("throttle", "DescribeTrainingJob", times=2)
    if passes:
        assert jobs.describe("nobody") is None
    else:
        with pytest.raises(ServiceError, match="ThrottlingException"):
            jobs.describe("nobody")
    assert local_aws.calls()["SageMaker.DescribeTrainingJob"] == int(retries) + 1


def test_each_operation_has_a_pace_of_its_own(local_aws: LocalAws, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is throttled is noted for it alone."""
    slowed: list[str] = []

    class Noting(Pace):
        def attach(self, client: Any, operation: str, throttled: Collection[str]) -> None:
            self.operation = operation
            super().attach(client, operation, throttled)

        def throttled(self, at: int) -> None:
            slowed.append(self.operation)
            super().throttled(at)

    monkeypatch.setattr(training_jobs, "Pace", Noting)
    jobs = AwsTrainingJobs(local_aws.settings(maxRetries="1"), REGION)
    for operation in ("DescribeTrainingJob", "Search"):
        local_aws.fault("throttle", operation, times=1)
    assert jobs.describe("nobody") is None
    assert jobs.search("nobody", None) == ([], None)
    assert slowed == ["DescribeTrainingJob", "Search"]


def test_a_call_is_tried_ten_times_by_default(local_aws: LocalAws) -> None:
    """Those of SageMaker are paced by ourselves."""
    settings = local_aws.settings(retryMode=None)
    assert AwsTrainingJobs(settings, REGION).client("sagemaker").meta.config.retries == {
        "mode": "standard",
        "total_max_attempts": 10,
    }


@pytest.mark.parametrize(
    ("key", "accounts", "sentence"),
    [
        (
            "allowedAccountIds",
            ["012345678901"],
            "account 123456789012, and aws:allowedAccountIds has only 012345678901",
        ),
        ("forbiddenAccountIds", ["123456789012"], "aws:forbiddenAccountIds has 123456789012"),
    ],
)
def test_a_wrong_account_is_refused_before_anything_is_asked_of_it(
    local_aws: LocalAws, key: str, accounts: list[str], sentence: str
) -> None:
    """And it is not taken for a lack of access, which would let a preview pass."""
    jobs = AwsTrainingJobs(local_aws.settings(**{key: json.dumps(accounts)}), REGION)
    with pytest.raises(ServiceError, match=sentence) as caught:
        jobs.create({"TrainingJobName": "a"})
    assert not caught.value.no_access
    assert set(local_aws.calls()) == {"sts.GetCallerIdentity"}


def test_the_right_account_is_let_through(local_aws: LocalAws) -> None:
    """Asked for once, however many calls follow."""
    accounts = json.dumps(["123456789012"])
    jobs = AwsTrainingJobs(local_aws.settings(allowedAccountIds=accounts), REGION)
    assert jobs.describe("nobody") is None
    assert jobs.describe("nobody") is None
    assert local_aws.calls()["sts.GetCallerIdentity"] == 1


def test_roles_are_assumed_in_a_chain(local_aws: LocalAws) -> None:
    """Each with the credentials of the one before; the last one's account is the account."""
    roles = [
        {"roleArn": "arn:aws:iam::111111111111:role/first", "duration": "1h30m", "externalId": "external"},
        {"roleArn": "arn:aws:iam::222222222222:role/second", "sessionName": "deploy", "tags": {"a": "b"}},
    ]
    settings = local_aws.settings(assumeRoles=json.dumps(roles), allowedAccountIds='["222222222222"]')
    assert AwsTrainingJobs(settings, REGION).describe("nobody") is None
    assert local_aws.calls()["sts.AssumeRole"] == 2


def test_a_role_that_cannot_be_assumed_is_named(local_aws: LocalAws) -> None:
    """Not the call that would have come next."""
    local_aws.fault("denied", "AssumeRole")
    settings = local_aws.settings(assumeRoles='[{"roleArn": "arn:aws:iam::111111111111:role/first"}]')
    with pytest.raises(ServiceError, match=r"^AssumeRole for arn:aws:iam::111111111111:role/first: AccessDenied"):
        AwsTrainingJobs(settings, REGION).describe("nobody")


@pytest.mark.parametrize(("text", "seconds"), [("1h30m", 5400), ("900s", 900), ("1h", 3600), ("1h0m1s", 3601)])
def test_durations_are_in_the_notation_of_go(text: str, seconds: int) -> None:
    """As pulumi-aws has them."""
    assert _seconds(text) == seconds


def test_the_keys_of_the_stack_go_before_those_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """boto3's own chain only serves where nothing is configured."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "environment")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "environment")
    configured = aws_settings({"aws:accessKey": "stack", "aws:secretKey": "stack", "aws:token": "token"}.get)
    for settings, key, token in ((configured, "stack", "token"), (AwsSettings(), "environment", None)):
        client = AwsTrainingJobs(settings, REGION).client("sagemaker")
        credentials = client._request_signer._credentials
        assert (credentials.access_key, credentials.token) == (key, token)
        assert client.meta.region_name == REGION


def test_objects_are_listed_whatever_their_keys(jobs: AwsTrainingJobs) -> None:
    """A key may have what ends the path of a URL."""
    found = list(jobs.objects("s3://bucket/train/"))
    assert [(key, size) for key, size, _ in found] == [("train/a", 4), ("train/b#1?x", 4)]
    assert [key for key, *_ in jobs.objects("s3://bucket/train/b#1")] == ["train/b#1?x"]
    assert list(jobs.objects("s3://bucket/nothing")) == []
    assert len(list(jobs.objects("s3://bucket"))) == 2
    with pytest.raises(ServiceError, match="NoSuchBucket"):
        list(jobs.objects("s3://no-such-bucket/train"))


def test_objects_are_listed_at_an_https_address(jobs: AwsTrainingJobs) -> None:
    """Virtual-hosted or by path, with the key decoded."""
    for address in (
        "bucket.s3.eu-west-1.amazonaws.com",
        "s3.eu-west-1.amazonaws.com/bucket",
        "bucket.s3.amazonaws.com",
    ):
        assert [key for key, *_ in jobs.objects(f"https://{address}/train/b%231")] == ["train/b#1?x"]


@pytest.mark.parametrize(
    ("uri", "bucket"),
    [
        (f"s3://{ACCESS_POINT}/train/", ACCESS_POINT),
        ("https://ours-123456789012.s3-accesspoint.eu-west-1.amazonaws.com/train/", ACCESS_POINT),
    ],
)
def test_objects_are_listed_behind_an_access_point(uri: str, bucket: str) -> None:
    """Which S3 takes as the bucket, by its ARN."""
    s3 = boto3.client("s3", region_name=REGION, aws_access_key_id="test", aws_secret_access_key="test")
    jobs = AwsTrainingJobs(AwsSettings(), REGION)
    jobs._clients["s3"] = s3
    with Stubber(s3) as stub:
        contents = [{"Key": "train/a", "Size": 4, "ETag": "e"}]
        stub.add_response("list_objects_v2", {"Contents": contents}, {"Bucket": bucket, "Prefix": "train/"})
        assert list(jobs.objects(uri)) == [("train/a", 4, "e")]


def test_a_log_is_that_of_one_job(local_aws: LocalAws, jobs: AwsTrainingJobs, name: str) -> None:
    """Not those of others in the group, which all jobs share; one that never came to log has none."""
    assert jobs.log_events(name, 0, None) == ([], None)
    assert jobs.last_log_events(name, 2) == []
    logs = local_aws.server.client("logs", region=REGION)
    _log_stream(logs, f"{name}/algo-1-1", "first", "second", "third")
    _log_stream(logs, f"{name}-2/algo-1-1", "of another")
    events, following = jobs.log_events(name, 0, None)
    assert ([event.line for event in events], following) == (["first", "second", "third"], None)
    assert jobs.log_events(name, events[-1].time + 1, None) == ([], None)
    assert [(event.line, event.host) for event in jobs.last_log_events(name, 2)] == [
        ("second", "algo-1"),
        ("third", "algo-1"),
    ]


def test_a_page_of_a_log_is_asked_for_by_its_token() -> None:
    """With the same time; a page may be empty though others follow, and has what was asked for only."""
    logs = boto3.client("logs", region_name=REGION, aws_access_key_id="test", aws_secret_access_key="test")
    jobs = AwsTrainingJobs(AwsSettings(), REGION)
    jobs._clients["logs"] = logs
    asked = {"logGroupName": LOG_GROUP, "logStreamNamePrefix": "a/", "startTime": 7}
    other, own = (
        {"eventId": each, "timestamp": 8, "message": each, "logStreamName": f"{each}/algo-2-17"} for each in "ba"
    )
    with Stubber(logs) as stub:
        stub.add_response("filter_log_events", {"events": [], "nextToken": "more"}, asked)
        stub.add_response("filter_log_events", {"events": [other, own]}, {**asked, "nextToken": "more"})
        assert jobs.log_events("a", 7, None) == ([], "more")
        assert jobs.log_events("a", 7, "more") == ([LogEvent("a", 8, "a", "algo-2")], None)


def test_the_last_lines_are_not_those_of_an_earlier_job_of_the_name(
    local_aws: LocalAws, jobs: AwsTrainingJobs, name: str
) -> None:
    """A name is free again once its job was deleted; its log stays."""
    logs = local_aws.server.client("logs", region=REGION)
    for machine in range(5):
        _log_stream(logs, f"{name}/algo-{machine}-1", "of the earlier one")
    jobs.create({**local_aws.request(name, role_arn=local_aws.role), "Environment": {"LOCALAWS_SECONDS": "60"}})
    assert jobs.last_log_events(name, 10) == []
    _log_stream(logs, f"{name}/algo-1-2", "of this one")
    assert [event.line for event in jobs.last_log_events(name, 10)] == ["of this one"]
    jobs.stop(name)


def _log_stream(logs: Any, stream: str, *lines: str) -> None:
    """What a machine prints."""
    with contextlib.suppress(logs.exceptions.ResourceAlreadyExistsException):
        logs.create_log_group(logGroupName=LOG_GROUP)
    logs.create_log_stream(logGroupName=LOG_GROUP, logStreamName=stream)
    events = [{"timestamp": int(time.time() * 1000), "message": line} for line in lines]
    logs.put_log_events(logGroupName=LOG_GROUP, logStreamName=stream, logEvents=events)


def test_an_image_outside_ecr_or_with_its_digest_has_none(jobs: AwsTrainingJobs, local_aws: LocalAws) -> None:
    """Nobody is asked."""
    for image in ("docker.example/train:1", f"{REPOSITORY}@sha256:{'0' * 64}", f"{REPOSITORY}:1@sha256:{'0' * 64}"):
        assert jobs.image_digest(image) is None
    assert local_aws.calls() == {}


def test_the_digest_behind_a_tag(jobs: AwsTrainingJobs, local_aws: LocalAws) -> None:
    """ECR says it; a tag that is not there is an error."""
    ecr = local_aws.server.client("ecr", region=REGION)
    ecr.create_repository(repositoryName="team/train")
    put = ecr.put_image(repositoryName="team/train", imageManifest=MANIFEST, imageTag="1")
    assert jobs.image_digest(f"{REPOSITORY}:1") == put["image"]["imageId"]["imageDigest"]
    for host in ("dkr-ecr.eu-west-1.on.aws", "dkr.ecr-fips.eu-west-1.amazonaws.com"):
        assert jobs.image_digest(f"123456789012.{host}/team/train:1") == put["image"]["imageId"]["imageDigest"]
    with pytest.raises(ServiceError, match="the repository has no such tag"):
        jobs.image_digest(REPOSITORY)


REPOSITORY = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/team/train"
MANIFEST = json.dumps(
    {
        "schemaVersion": 2,
        "mediaType": "application/vnd.docker.distribution.manifest.v2+json",
        "config": {
            "mediaType": "application/vnd.docker.container.image.v1+json",
            "size": 1,
            "digest": f"sha256:{'1' * 64}",
        },
        "layers": [],
    }
)


def test_only_the_jobs_own_interfaces_are_seen(local_aws: LocalAws, jobs: AwsTrainingJobs, name: str) -> None:
    """Not those of the run with the suffix, and not those of others in the same subnet."""
    network = {"vpc_config": {"security_group_ids": [local_aws.group], "subnets": [local_aws.subnet]}}
    for each in (name, f"{name}-2", f"other-{name}"):
        jobs.create(local_aws.request(each, role_arn=local_aws.role, **network))
    held = {each: jobs.network_interfaces([local_aws.subnet], each) for each in (name, f"{name}-2", f"other-{name}")}
    assert [len(ids) for ids in held.values()] == [1, 1, 1]
    assert len({identity for ids in held.values() for identity in ids}) == 3
    assert jobs.network_interfaces(["subnet-of-another"], name) == []
    for each in held:
        jobs.stop(each)
