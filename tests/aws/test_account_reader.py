"""What is read of an account before a job starts: with how many calls, and what the answers mean."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sagemaker_constructs.api.spec import TrainingJobSpec
from sagemaker_constructs.aws.account import AwsAccountReader
from sagemaker_constructs.aws.errors import ServiceError
from sagemaker_constructs.aws.search_expressions import any_of
from sagemaker_constructs.aws.simulation import Question, calls_for, denied
from sagemaker_constructs.aws.training_jobs import AwsTrainingJobs
from tests.samples import REGION, SMALL

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.local_aws import LocalAws

CREATE = TrainingJobSpec.from_members({**SMALL, "training_job_name": "a"}).to_wire()
READ = Question(("s3:GetObject",), ("arn:aws:s3:::data/train/1",), ())
WRITE = Question(("s3:PutObject", "s3:AbortMultipartUpload"), ("arn:aws:s3:::models/1", "arn:aws:s3:::models/2"), ())
METRIC = Question(("cloudwatch:PutMetricData",), ("*",), (("cloudwatch:namespace", ("/aws/sagemaker",)),))
KEY = Question(("kms:Decrypt",), ("arn:aws:kms:eu-west-1:1:key/1",), (("kms:ViaService", ("s3",)),))
OTHER_KEY = Question(("kms:Decrypt",), ("arn:aws:kms:eu-west-1:1:key/2",), (("kms:ViaService", ("ec2",)),))
QUESTIONS = st.lists(
    st.builds(
        Question,
        st.lists(st.sampled_from(["a", "b", "c"]), min_size=1, unique=True).map(tuple),
        st.lists(st.integers(0, 3000).map(str), min_size=1, max_size=5, unique=True).map(tuple),
        st.sampled_from(
            [
                (),
                (("k", ("1",)),),
                (("k", ("2",)),),
                (("l", ("1",)),),
                (("s3:prefix", ("1",)),),
                (("s3:prefix", ("2",)),),
            ]
        ),
    ),
    max_size=30,
)


class Iam:
    """A role that may not take some actions on some resources, in some contexts."""

    def __init__(self, *refused: tuple[str, str, str | None]) -> None:
        self._refused = refused
        self.requests: list[dict[str, Any]] = []

    def get_paginator(self, operation: str) -> Iam:
        """The paginator of SimulatePrincipalPolicy."""
        assert operation == "simulate_principal_policy"
        return self

    def paginate(self, **request: Any) -> Iterator[dict[str, Any]]:
        """Two pages of the answer."""
        self.requests.append(request)
        values = {value for each in request["ContextEntries"] for value in each["ContextKeyValues"]}
        results = [
            {
                "EvalActionName": action,
                "EvalResourceName": resource,
                "EvalDecision": "implicitDeny" if self._refuses(action, resource, values) else "allowed",
            }
            for action in request["ActionNames"]
            for resource in request["ResourceArns"]
        ]
        yield {"EvaluationResults": results[::2]}
        yield {"EvaluationResults": results[1::2]}

    def _refuses(self, action: str, resource: str, values: set[str]) -> bool:
        return any((action, resource) == each[:2] and each[2] in {None, *values} for each in self._refused)


def test_a_role_is_asked_everything_in_one_call() -> None:
    """What it may not do is told by the question, whatever else the call combines."""
    iam = Iam(("s3:PutObject", "arn:aws:s3:::models/2", None), ("s3:GetObject", "arn:aws:s3:::models/1", None))

    found = denied(iam, "role", [READ, WRITE, METRIC, KEY])

    assert found == {READ: (), WRITE: ("s3:PutObject",), METRIC: (), KEY: ()}
    assert len(iam.requests) == 1


def test_conditions_that_contradict_each_other_are_asked_apart() -> None:
    """One call has one value for a key of the context."""
    iam = Iam(("kms:Decrypt", "arn:aws:kms:eu-west-1:1:key/2", "ec2"))

    assert denied(iam, "role", [READ, KEY, OTHER_KEY]) == {READ: (), KEY: (), OTHER_KEY: ("kms:Decrypt",)}
    assert len(iam.requests) == 2


def test_prefixes_of_several_buckets_are_asked_together() -> None:
    """Otherwise each job would cost a call."""
    listings = [
        Question(("s3:ListBucket",), (f"arn:aws:s3:::data-{number}",), (("s3:prefix", (f"train/{number}",)),))
        for number in range(78)
    ]
    (call,) = calls_for(listings)
    assert len(call.context["s3:prefix"]) == 78


def test_a_condition_of_one_question_allows_no_other() -> None:
    """A role that may use a key through S3 alone may not use it otherwise."""
    assert len(calls_for([KEY, Question(("kms:Decrypt",), ("arn:aws:kms:eu-west-1:1:key/3",), ())])) == 2


@given(QUESTIONS)
def test_every_question_is_in_a_call_and_none_costs_more_pages(questions: list[Question]) -> None:
    """With its own context; IAM returns at most a thousand results a page."""
    calls = calls_for(questions)

    for actions, resources, context in questions:
        (call,) = [each for each in calls if (actions, context) in each.kinds]
        assert set(actions) <= set(call.actions)
        assert set(resources) <= set(call.resources)
        for key, values in context:
            assert set(values) == set(call.context[key]) or (
                key == "s3:prefix" and set(values) < set(call.context[key])
            )
        for others, other in call.kinds:
            assert dict(other).keys() == dict(context).keys() or not set(others) & set(actions)
    pages = sum(-(-len(call.actions) * len(call.resources) // 1000) for call in calls)
    assert pages <= len({(each.actions, each.context) for each in questions})


def test_a_role_that_does_not_exist_is_told_by_another_question(local_aws: LocalAws) -> None:
    """It is not refused anything."""
    reader = AwsAccountReader(local_aws.settings(), REGION)

    assert reader.denied("arn:aws:iam::123456789012:role/nobody", [READ]) == {}
    assert reader.trust_policy("arn:aws:iam::123456789012:role/nobody") is None
    assert reader.denied(local_aws.role, [READ]) == {READ: ("s3:GetObject",)}


def test_hundreds_of_names_are_looked_up_with_a_few_calls(local_aws: LocalAws) -> None:
    """Those that jobs have are found, whatever the others are."""
    jobs = AwsTrainingJobs(local_aws.settings(), REGION)
    names = [f"name-{uuid.uuid4().hex}" for _ in range(700)]
    for name in names[::350]:
        jobs.create({**CREATE, "TrainingJobName": name, "RoleArn": local_aws.role})
        jobs.stop(name)
    local_aws.server.control("DELETE", "calls")
    assert AwsAccountReader(local_aws.settings(), REGION).in_use(names) == set(names[::350])
    assert local_aws.calls() == {"SageMaker.Search": 2}


@given(st.lists(st.text("abc-", min_size=1, max_size=63), max_size=900))
def test_an_expression_of_names_is_as_long_as_search_allows(names: list[str]) -> None:
    """And has each name once, in order."""
    expressions = any_of(names)
    filters = [each for expression in expressions for each in expression["Filters"]]
    assert all(len(expression["Filters"]) <= 20 for expression in expressions)
    assert all(len(each["Value"]) <= 1024 for each in filters)
    assert [name for each in filters for name in each["Value"].split(",")] == names


def test_a_bucket_tells_its_region(local_aws: LocalAws) -> None:
    """With one call."""
    local_aws.server.client("s3", region="us-east-1").create_bucket(Bucket="far")
    reader = AwsAccountReader(local_aws.settings(), REGION)

    assert reader.bucket_region("bucket") == REGION
    assert reader.bucket_region("far") == "us-east-1"


@pytest.mark.parametrize(
    ("status", "headers", "expected"),
    [
        (403, {"x-amz-bucket-region": "us-east-1"}, "us-east-1"),
        (301, {"x-amz-bucket-region": "us-east-1"}, "us-east-1"),
        (404, {}, None),
        (404, {"x-amz-bucket-region": "us-east-1"}, None),
        (403, {}, ServiceError),
    ],
)
def test_a_bucket_that_may_not_be_looked_into_tells_its_region(
    local_aws: LocalAws, monkeypatch: pytest.MonkeyPatch, status: int, headers: dict[str, str], expected: Any
) -> None:
    """S3 answers a HEAD that it refuses with the bucket's Region, and with no error code."""
    from botocore.exceptions import ClientError  # noqa: PLC0415  as in the reader

    class Refusing:
        def head_bucket(self, **_: Any) -> Any:
            metadata = {"HTTPStatusCode": status, "HTTPHeaders": headers}
            answer: Any = {"Error": {"Code": str(status)}, "ResponseMetadata": metadata}
            raise ClientError(answer, "HeadBucket")

    reader = AwsAccountReader(local_aws.settings(), REGION)

    def client(_: str) -> Refusing:
        return Refusing()

    monkeypatch.setattr(reader, "_client", client)
    if expected is ServiceError:
        with pytest.raises(ServiceError):
            reader.bucket_region("data")
    else:
        assert reader.bucket_region("data") == expected
