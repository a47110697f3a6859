"""Allows a job to use the hub, the model registry, MLflow and experiments."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sagemaker_constructs.addresses.arns import Arn, parse_arn
from sagemaker_constructs.permissions.statement_row import StatementRow, Target, Targets, named_arns

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sagemaker_constructs.permissions.needs import Needs
    from sagemaker_constructs.permissions.scope import Scope


def _parsed(arns: Iterable[str], kind: str) -> list[Arn]:
    """The ARNs of resources of a kind."""
    return [arn for arn in map(parse_arn, sorted(arns)) if arn and arn.resource.startswith(kind)]


def _mlflow(kind: str) -> Targets:
    def targets(needs: Needs, _: Scope) -> Iterator[Target]:
        yield Target(arn.text for arn in _parsed(needs.mlflow, f"{kind}/"))

    return targets


def _functions(needs: Needs, _: Scope) -> Iterator[Target]:
    yield Target(arn.text for arn in _parsed(needs.evaluators, "function:"))


def _hub_contents(needs: Needs, _: Scope) -> Iterator[Target]:
    """Hub and hub content. The ARN in a request may omit the version, which the content's own ARN has."""
    contents = _parsed(needs.hub_contents | needs.base_models | needs.evaluators, "hub-content/")
    hubs = (replace(arn, resource=f"hub/{arn.resource.split('/')[1]}") for arn in contents)
    versions = (replace(arn, resource=f"{arn.resource}/*") for arn in contents)
    yield Target(arn.text for arn in (*hubs, *contents, *versions))


def _base_models(suffix: str) -> Targets:
    """AWS's own buckets in the Region, which contain the open and the gated models of the public hub."""

    def targets(needs: Needs, scope: Scope) -> Iterator[Target]:
        if needs.base_models:
            kinds = ("jumpstart-cache-prod", "jumpstart-private-cache-prod")
            yield Target(f"arn:{scope.partition}:s3:::{kind}-{scope.region}{suffix}" for kind in kinds)

    return targets


def _packages(needs: Needs, _: Scope) -> Iterator[Target]:
    groups = _parsed(needs.package_groups, "model-package-group/")
    packages = (replace(arn, resource=f"model-package/{arn.resource_name}/*") for arn in groups)
    yield Target(arn.text for arn in (*groups, *packages))


def _experiment(kind: str, use: str) -> Targets:
    def targets(needs: Needs, scope: Scope) -> Iterator[Target]:
        yield Target(scope.arn("sagemaker", f"{kind}/{name.lower()}") for name in getattr(needs, use))

    return targets


def _components(needs: Needs, scope: Scope) -> Iterator[Target]:
    """A job's own trial component is named after the job, a run's after experiment and run; ARNs are lower case."""
    if needs.experiments or needs.runs:
        jobs = (f"{name.lower()}-aws-training-job" for name in needs.job_names)
        names = [*jobs, *(f"*{run.lower()}" for run in needs.runs)]
        yield Target(scope.arn("sagemaker", f"experiment-trial-component/{name}") for name in names)


def _own_metrics(needs: Needs, scope: Scope) -> Iterator[Target]:
    if needs.experiments or needs.runs:
        yield Target(scope.arn("sagemaker", f"training-job/{name.lower()}") for name in needs.job_names)


def _associations(needs: Needs, scope: Scope) -> Iterator[Target]:
    if needs.trials:
        targets = (*_components(needs, scope), *_experiment("experiment-trial", "trials")(needs, scope))
        yield Target(resource for target in targets for resource in target.resources)


ROWS: tuple[StatementRow, ...] = (
    StatementRow("Evaluator", ("lambda:InvokeFunction",), _functions, "model-customize-open-weight-prereq"),
    StatementRow("HubContent", ("sagemaker:DescribeHubContent",), _hub_contents, "model-customize-open-weight-prereq"),
    StatementRow("BaseModelObjects", ("s3:GetObject",), _base_models("/*"), "model-customize-open-weight-prereq"),
    StatementRow("BaseModelList", ("s3:ListBucket",), _base_models(""), "model-customize-open-weight-prereq"),
    StatementRow("ModelPackage", ("sagemaker:CreateModelPackage",), _packages, "model-registry"),
    StatementRow("SourcePackage", ("sagemaker:DescribeModelPackage",), named_arns("source_packages"), "model-registry"),
    StatementRow(
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
    StatementRow(
        "TrackingApp", ("sagemaker:CallMlflowAppApi",), _mlflow("mlflow-app"), "mlflow-app-setup-prerequisites-iam"
    ),
    StatementRow(
        "Experiment", ("sagemaker:DescribeExperiment",), _experiment("experiment", "experiments"), "experiments"
    ),
    StatementRow(
        "ExperimentTrial", ("sagemaker:DescribeTrial",), _experiment("experiment-trial", "trials"), "experiments"
    ),
    StatementRow("ExperimentTrialComponents", ("sagemaker:AssociateTrialComponent",), _associations, "experiments"),
    StatementRow(
        "ExperimentComponent",
        ("sagemaker:BatchPutMetrics", "sagemaker:DescribeTrialComponent", "sagemaker:UpdateTrialComponent"),
        _components,
        "experiments",
    ),
    StatementRow("JobMetrics", ("sagemaker:BatchPutMetrics",), _own_metrics, "experiments"),
)
