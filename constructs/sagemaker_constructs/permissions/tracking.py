"""What a job is based on and what keeps its record: hub, model registry, MLflow, experiments."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sagemaker_constructs.permissions.row import Place, Row, Target, Targets, named

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sagemaker_constructs.permissions.needs import Needs


def _mlflow(kind: str) -> Targets:
    def targets(needs: Needs, _: Place) -> Iterator[Target]:
        yield Target(arn for arn in needs.mlflow if f":{kind}/" in arn)

    return targets


def _functions(needs: Needs, _: Place) -> Iterator[Target]:
    yield Target(arn for arn in needs.evaluators if ":lambda:" in arn)


def _hub_contents(needs: Needs, _: Place) -> Iterator[Target]:
    """The hub and the content; the content's ARN ends with a version where the request's does not."""
    contents = needs.hub_contents | needs.base_models | needs.evaluators
    arns = [arn for arn in contents if ":hub-content/" in arn]
    hubs = (re.sub(r":hub-content/([^/]+)/.*", r":hub/\1", arn) for arn in arns)
    yield Target((*hubs, *arns, *(f"{arn}/*" for arn in arns)))


def _base_models(suffix: str) -> Targets:
    """AWS's own buckets of the Region, which hold the models of the public hub: the open ones, and the gated ones."""

    def targets(needs: Needs, place: Place) -> Iterator[Target]:
        if needs.base_models:
            kinds = ("jumpstart-cache-prod", "jumpstart-private-cache-prod")
            yield Target(f"arn:{place.partition}:s3:::{kind}-{place.region}{suffix}" for kind in kinds)

    return targets


def _packages(needs: Needs, _: Place) -> Iterator[Target]:
    groups = needs.package_groups
    yield Target([*groups, *(f"{arn.replace(':model-package-group/', ':model-package/')}/*" for arn in groups)])


def _experiment(kind: str, use: str) -> Targets:
    def targets(needs: Needs, place: Place) -> Iterator[Target]:
        yield Target(place.arn("sagemaker", f"{kind}/{name.lower()}") for name in getattr(needs, use))

    return targets


def _components(needs: Needs, place: Place) -> Iterator[Target]:
    """A job's own component is named after the job, and a run's after experiment and run; ARNs are lower case."""
    if needs.experiments or needs.runs:
        jobs = (f"{name.lower()}-aws-training-job" for name in needs.job_names)
        names = [*jobs, *(f"*{run.lower()}" for run in needs.runs)]
        yield Target(place.arn("sagemaker", f"experiment-trial-component/{name}") for name in names)


def _own_metrics(needs: Needs, place: Place) -> Iterator[Target]:
    if needs.experiments or needs.runs:
        yield Target(place.arn("sagemaker", f"training-job/{name.lower()}") for name in needs.job_names)


def _associations(needs: Needs, place: Place) -> Iterator[Target]:
    if needs.trials:
        targets = (*_components(needs, place), *_experiment("experiment-trial", "trials")(needs, place))
        yield Target(resource for target in targets for resource in target.resources)


ROWS: tuple[Row, ...] = (
    Row("Evaluator", ("lambda:InvokeFunction",), _functions, "model-customize-open-weight-prereq"),
    Row("HubContent", ("sagemaker:DescribeHubContent",), _hub_contents, "model-customize-open-weight-prereq"),
    Row("BaseModelObjects", ("s3:GetObject",), _base_models("/*"), "model-customize-open-weight-prereq"),
    Row("BaseModelList", ("s3:ListBucket",), _base_models(""), "model-customize-open-weight-prereq"),
    Row("ModelPackage", ("sagemaker:CreateModelPackage",), _packages, "model-registry"),
    Row("SourcePackage", ("sagemaker:DescribeModelPackage",), named("source_packages"), "model-registry"),
    Row(
        "TrackingServer",
        (
            "sagemaker-mlflow:CreateExperiment",
            "sagemaker-mlflow:CreateRun",
            "sagemaker-mlflow:GetExperiment",
            "sagemaker-mlflow:GetExperimentByName",
            "sagemaker-mlflow:GetRun",
            "sagemaker-mlflow:LogBatch",
            "sagemaker-mlflow:LogInputs",
            "sagemaker-mlflow:LogMetric",
            "sagemaker-mlflow:LogModel",
            "sagemaker-mlflow:LogOutputs",
            "sagemaker-mlflow:LogParam",
            "sagemaker-mlflow:SetTag",
            "sagemaker-mlflow:UpdateRun",
        ),
        _mlflow("mlflow-tracking-server"),
        "mlflow-create-tracking-server-iam",
    ),
    Row("TrackingApp", ("sagemaker:CallMlflowAppApi",), _mlflow("mlflow-app"), "mlflow-app-setup-prerequisites-iam"),
    Row("Experiment", ("sagemaker:DescribeExperiment",), _experiment("experiment", "experiments"), "experiments"),
    Row("ExperimentTrial", ("sagemaker:DescribeTrial",), _experiment("experiment-trial", "trials"), "experiments"),
    Row("ExperimentTrialComponents", ("sagemaker:AssociateTrialComponent",), _associations, "experiments"),
    Row(
        "ExperimentComponent",
        ("sagemaker:BatchPutMetrics", "sagemaker:DescribeTrialComponent", "sagemaker:UpdateTrialComponent"),
        _components,
        "experiments",
    ),
    Row("JobMetrics", ("sagemaker:BatchPutMetrics",), _own_metrics, "experiments"),
)
