"""DescribeTrainingJob, ListTrainingJobs, Search and tags."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest
from server_support import LASTING, Trainer, channel, refusal

if TYPE_CHECKING:
    from mypy_boto3_sagemaker import SageMakerClient
    from server_support import Server

EVERYTHING: dict[str, Any] = {
    "HyperParameters": {"depth": "5", "empty": ""},
    "Environment": {"STAGE": "test"},
    "StoppingCondition": {"MaxRuntimeInSeconds": 600, "MaxWaitTimeInSeconds": 600},
    "EnableManagedSpotTraining": True,
    "EnableNetworkIsolation": True,
    "EnableInterContainerTrafficEncryption": True,
    "CheckpointConfig": {"S3Uri": "s3://data/checkpoints", "LocalPath": "/opt/ml/checkpoints"},
    "DebugHookConfig": {"S3OutputPath": "s3://data/debug", "CollectionConfigurations": [{"CollectionName": "losses"}]},
    "TensorBoardOutputConfig": {"S3OutputPath": "s3://data/board"},
    "ExperimentConfig": {"ExperimentName": "experiment"},
    "ProfilerConfig": {"S3OutputPath": "s3://data/profile", "ProfilingIntervalInMilliseconds": 500},
    "RetryStrategy": {"MaximumRetryAttempts": 2},
    "RemoteDebugConfig": {"EnableRemoteDebug": True},
    "InfraCheckConfig": {"EnableInfraCheck": False},
}


def contains(shown: Any, sent: Any) -> bool:
    """Whether everything that was sent is shown, however much was added."""
    if isinstance(sent, dict):
        return all(name in shown and contains(shown[name], value) for name, value in sent.items())  # pyright: ignore[reportUnknownVariableType]
    return shown == sent


def test_every_member_that_was_sent_is_described(trainer: Trainer) -> None:
    """All but Tags and SessionChainingConfig come back as they were sent."""
    unseen = {"Tags": [{"Key": "a", "Value": "b"}], "SessionChainingConfig": {"EnableSessionTagChaining": False}}
    described = trainer.describe(trainer.create(**EVERYTHING, **unseen))

    assert contains(described, EVERYTHING)
    assert not described.keys() & unseen.keys()


def test_the_service_fills_in_what_was_not_sent(trainer: Trainer) -> None:
    """Defaults of switches, output, channels and stopping condition; no result and no time before the start."""
    job = trainer.create(
        StoppingCondition=None,
        InputDataConfig=[channel("s3://data/input")],
        Environment=LASTING,
    )
    described = trainer.describe(job)

    assert described["StoppingCondition"] == {"MaxRuntimeInSeconds": 86400}
    assert described["OutputDataConfig"]["CompressionType"] == "GZIP"
    assert described["OutputDataConfig"]["KmsKeyId"] == ""
    assert described["InputDataConfig"][0]["CompressionType"] == "None"
    assert described["EnableNetworkIsolation"] is False
    assert described["AlgorithmSpecification"]["EnableSageMakerMetricsTimeSeries"] is False
    assert (described["TrainingJobStatus"], described["SecondaryStatus"]) == ("InProgress", "Starting")
    absent = {"TrainingStartTime", "TrainingEndTime", "ModelArtifacts", "FailureReason", "WarmPoolStatus"}
    assert not described.keys() & absent


def test_the_service_adds_the_metrics_of_its_own_algorithms(trainer: Trainer) -> None:
    """To AWS's images only, and only where the request has no definitions."""
    repository = "dkr.ecr.eu-central-1.amazonaws.com/linear-learner:1"
    theirs: dict[str, Any] = {"TrainingImage": f"664544806723.{repository}", "TrainingInputMode": "File"}
    own = theirs | {"TrainingImage": f"123456789012.{repository}"}
    declared = theirs | {"MetricDefinitions": [{"Name": "loss", "Regex": "loss=([0-9.]+)"}]}
    done = trainer.wait(trainer.create(AlgorithmSpecification=theirs))
    added = done["AlgorithmSpecification"]["MetricDefinitions"]

    assert {"Name": "train:progress", "Regex": r"#progress_metric: host=\S+, completed (\S+) %"} in added
    assert [each["MetricName"] for each in done["FinalMetricDataList"]] == [each["Name"] for each in added]
    assert (
        "MetricDefinitions"
        not in trainer.describe(trainer.create(AlgorithmSpecification=own))["AlgorithmSpecification"]
    )
    described = trainer.describe(trainer.create(AlgorithmSpecification=declared))["AlgorithmSpecification"]
    assert described["MetricDefinitions"] == declared["MetricDefinitions"]


def test_the_service_evaluates_rules_in_processing_jobs(trainer: Trainer) -> None:
    """Each has one of its own, and a volume of 0 GB where none was asked for."""
    rules = [{"RuleConfigurationName": name, "RuleEvaluatorImage": "rules"} for name in ("LossNotDecreasing", "B")]
    described = trainer.describe(
        trainer.create(
            DebugHookConfig={"S3OutputPath": "s3://data/debug"},
            DebugRuleConfigurations=rules,
            ProfilerConfig={"S3OutputPath": "s3://data/profile"},
            ProfilerRuleConfigurations=[rules[0] | {"VolumeSizeInGB": 30}],
        )
    )
    arns = [each["RuleEvaluationJobArn"] for each in described["DebugRuleEvaluationStatuses"]]

    assert [each["VolumeSizeInGB"] for each in described["DebugRuleConfigurations"]] == [0, 0]
    assert [each["VolumeSizeInGB"] for each in described["ProfilerRuleConfigurations"]] == [30]
    assert len(set(arns)) == 2
    prefix = f"arn:aws:sagemaker:eu-central-1:123456789012:processing-job/{described['TrainingJobName']}"
    assert arns[0].startswith(f"{prefix}-lossnotdecreasing-")


def test_the_instances_that_were_chosen_are_described_once_they_run(trainer: Trainer) -> None:
    """The first of the preferred types, with its own number or that of the job."""
    preferred = [("ml.m5.xlarge", 2), ("ml.m5.large", 4)]
    each_its_own: dict[str, Any] = {
        "InstancePreferences": [{"InstanceType": name, "InstanceCount": count} for name, count in preferred],
        "VolumeSizeInGB": 10,
    }
    one_for_all = {
        "InstancePreferences": [{"InstanceType": "ml.m5.large"}],
        "InstanceCount": 3,
        "VolumeSizeInGB": 10,
    }
    jobs = [trainer.create(ResourceConfig=resources) for resources in (each_its_own, one_for_all)]
    starting = trainer.describe(jobs[0])["ResourceConfig"]
    ended = [trainer.wait(job)["ResourceConfig"] for job in jobs]

    assert starting == each_its_own
    assert ended == [
        each_its_own | {"SelectedInstanceType": "ml.m5.xlarge", "SelectedInstanceCount": 2},
        one_for_all | {"SelectedInstanceType": "ml.m5.large", "SelectedInstanceCount": 3},
    ]


def test_regions_do_not_share_names(trainer: Trainer, server: Server) -> None:
    """A name is free in another Region."""
    name = trainer.create()
    other = server.client("sagemaker", region="us-east-1")

    assert "Requested resource not found." in refusal(other.describe_training_job, TrainingJobName=name)


def test_the_list_is_filtered_sorted_and_paged(trainer: Trainer, sagemaker: SageMakerClient) -> None:
    """Newest first unless asked otherwise; every job comes on exactly one page."""
    names = [trainer.create(TrainingJobName=f"listed-{number}") for number in range(3)]
    paginator = sagemaker.get_paginator("list_training_jobs")

    def pages(**choice: Any) -> list[list[str]]:
        found = paginator.paginate(NameContains="listed-", PaginationConfig={"PageSize": 2}, **choice)
        return [[job["TrainingJobName"] for job in page["TrainingJobSummaries"]] for page in found]

    assert pages() == [[names[2], names[1]], [names[0]]]
    assert pages(SortBy="Name", SortOrder="Ascending") == [names[:2], names[2:]]
    assert pages(CreationTimeAfter=time.time() + 60) == [[]]


def test_a_page_is_cut_before_its_status_is_looked_at(trainer: Trainer, sagemaker: SageMakerClient) -> None:
    """As with AWS, a page can be empty although a later one is not."""
    done = trainer.create(TrainingJobName="paged-1")
    trainer.wait(done)
    trainer.create(TrainingJobName="paged-2", Environment=LASTING)

    found = sagemaker.list_training_jobs(NameContains="paged-", StatusEquals="Completed", MaxResults=1)

    assert found["TrainingJobSummaries"] == []
    assert "NextToken" in found


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ({"Filters": [{"Name": "Tags.team", "Operator": "Equals", "Value": "red"}]}, {"search-a", "search-b"}),
        ({"Filters": [{"Name": "Tags.team", "Operator": "NotExists"}]}, {"search-c"}),
        ({"Filters": [{"Name": "HyperParameters.depth", "Operator": "Equals", "Value": "5"}]}, {"search-a"}),
        (
            {"Filters": [{"Name": "TrainingJobName", "Operator": "In", "Value": "search-b,search-c"}]},
            {"search-b", "search-c"},
        ),
        (
            {"Filters": [{"Name": "ResourceConfig.InstanceCount", "Operator": "GreaterThan", "Value": "1"}]},
            {"search-b"},
        ),
        (
            {
                "Filters": [
                    {"Name": "Tags.team", "Operator": "Equals", "Value": "red"},
                    {"Name": "TrainingJobStatus", "Operator": "Equals", "Value": "InProgress"},
                ]
            },
            {"search-a", "search-b"},
        ),
        (
            {
                "Operator": "Or",
                "Filters": [{"Name": "TrainingJobName", "Operator": "Equals", "Value": "search-c"}],
                "SubExpressions": [{"Filters": [{"Name": "HyperParameters.depth"}]}],
            },
            {"search-a", "search-c"},
        ),
        ({"Filters": [{"Name": "CreationTime", "Operator": "LessThan", "Value": "2020-01-01T00:00:00Z"}]}, set()),
    ],
)
def test_search_finds_by_any_property(
    searchable: SageMakerClient, expression: dict[str, Any], expected: set[str]
) -> None:
    """Tags, nested members, numbers, times, and/or."""
    only_ours = {"Filters": [{"Name": "TrainingJobName", "Operator": "Contains", "Value": "search-"}]}
    answer = searchable.search(
        Resource="TrainingJob",
        SearchExpression={"SubExpressions": [only_ours, expression]},  # pyright: ignore[reportArgumentType]
    )

    assert {found.get("TrainingJob", {}).get("TrainingJobName") for found in answer["Results"]} == expected


@pytest.mark.parametrize(
    "name", ["NoSuchThing", "ResourceConfig.NoSuchThing", "TrainingJobName.a", "Tag.team", "Tags."]
)
def test_search_knows_the_properties_of_a_training_job(sagemaker: SageMakerClient, name: str) -> None:
    """Anything else is refused, wherever it stands: it would match nothing, in silence."""
    one: dict[str, Any] = {"Filters": [{"Name": name, "Operator": "NotExists"}]}
    nested = {"NestedFilters": [{"NestedPropertyName": "InputDataConfig", "Filters": one["Filters"]}]}
    refused = f"ValidationException: Unknown property name: {name}"
    for expression in (one, {"SubExpressions": [{"SubExpressions": [one]}]}, nested):
        assert refusal(sagemaker.search, Resource="TrainingJob", SearchExpression=expression) == refused
    assert refusal(sagemaker.search, Resource="TrainingJob", SortBy=name) == refused


@pytest.mark.parametrize(
    "name", ["Tags.a.b", "Metrics.loss", "HyperParameters.a.b", "InputDataConfig.DataSource.S3DataSource.S3Uri", "Tags"]
)
def test_search_finds_nothing_by_what_no_job_has(sagemaker: SageMakerClient, name: str) -> None:
    """The names of tags, metrics and hyperparameters are the user's, dots included."""
    expression = {"Filters": [{"Name": name, "Operator": "Equals", "Value": "123454321"}]}
    assert sagemaker.search(Resource="TrainingJob", SearchExpression=expression)["Results"] == []  # pyright: ignore[reportArgumentType]


def test_search_has_what_was_modified_last_first(trainer: Trainer, sagemaker: SageMakerClient) -> None:
    """Unless the request says otherwise."""
    trainer.create(TrainingJobName="order-a", Environment={"LOCALAWS_SECONDS": "2"})
    trainer.create(TrainingJobName="order-b", Environment=LASTING)
    trainer.wait("order-a")
    expression = {"Filters": [{"Name": "TrainingJobName", "Operator": "Contains", "Value": "order-"}]}
    search: Any = sagemaker.search

    def found(**choice: Any) -> list[str]:
        answer = search(Resource="TrainingJob", SearchExpression=expression, **choice)
        return [each["TrainingJob"]["TrainingJobName"] for each in answer["Results"]]

    assert found() == ["order-a", "order-b"]
    assert found(SortBy="CreationTime") == ["order-b", "order-a"]
    assert found(SortBy="TrainingJobName", SortOrder="Ascending") == ["order-a", "order-b"]


@pytest.fixture(scope="session")
def searchable(sagemaker: SageMakerClient, role: str, bucket: str) -> SageMakerClient:
    """Three jobs that differ."""
    trainer = Trainer(sagemaker, role, bucket)
    lasting = {"Environment": LASTING}
    red = [{"Key": "team", "Value": "red"}]
    two = {"InstanceType": "ml.m5.large", "InstanceCount": 2, "VolumeSizeInGB": 10}
    trainer.create(TrainingJobName="search-a", Tags=red, HyperParameters={"depth": "5"}, **lasting)
    trainer.create(TrainingJobName="search-b", Tags=red, ResourceConfig=two, **lasting)
    trainer.create(TrainingJobName="search-c", **lasting)
    return sagemaker


def test_tags_are_added_overwritten_listed_and_deleted(trainer: Trainer) -> None:
    """AddTags merges, DeleteTags ignores what is not there."""
    sagemaker = trainer.sagemaker
    arn = trainer.describe(trainer.create(Tags=[{"Key": "a", "Value": "1"}]))["TrainingJobArn"]

    added = sagemaker.add_tags(ResourceArn=arn, Tags=[{"Key": "a", "Value": "2"}, {"Key": "b", "Value": ""}])
    sagemaker.delete_tags(ResourceArn=arn, TagKeys=["b", "c"])

    assert added["Tags"] == [{"Key": "a", "Value": "2"}, {"Key": "b", "Value": ""}]
    assert sagemaker.list_tags(ResourceArn=arn)["Tags"] == [{"Key": "a", "Value": "2"}]


def test_tags_have_rules_after_the_creation_too(trainer: Trainer) -> None:
    """Reserved keys, more than fifty, and jobs that are not there are refused."""
    arn = trainer.describe(trainer.create())["TrainingJobArn"]
    add = trainer.sagemaker.add_tags
    many = [{"Key": f"key-{number}", "Value": ""} for number in range(50)]
    add(ResourceArn=arn, Tags=many)  # pyright: ignore[reportArgumentType]

    assert "begin with aws:" in refusal(add, ResourceArn=arn, Tags=[{"Key": "aws:a", "Value": ""}])
    assert "more than 50 tags" in refusal(add, ResourceArn=arn, Tags=[{"Key": "one-more", "Value": ""}])
    assert "not found" in refusal(add, ResourceArn=f"{arn}-not", Tags=many)


def test_tags_belong_to_the_job_of_the_whole_arn(trainer: Trainer) -> None:
    """A name in another Region or account is another job."""
    arn = trainer.describe(trainer.create())["TrainingJobArn"]
    tags = trainer.sagemaker.list_tags

    assert "not found" in refusal(tags, ResourceArn=arn.replace("eu-central-1", "eu-west-1"))
    assert "not found" in refusal(tags, ResourceArn=arn.replace("123456789012", "210987654321"))
    assert "not found" in refusal(tags, ResourceArn=arn.replace("arn:aws:", "arn:aws-cn:"))


def test_other_resources_are_motos(sagemaker: SageMakerClient, role: str) -> None:
    """Tags and searches that are not about training jobs are handled by moto."""
    arn = sagemaker.create_model(ModelName="model", ExecutionRoleArn=role)["ModelArn"]
    sagemaker.add_tags(ResourceArn=arn, Tags=[{"Key": "a", "Value": "1"}])

    assert sagemaker.list_tags(ResourceArn=arn)["Tags"] == [{"Key": "a", "Value": "1"}]
    assert sagemaker.search(Resource="ModelPackage")["Results"] == []
