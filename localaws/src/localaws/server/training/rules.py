"""Validates the members of CreateTrainingJob together: rows of a condition and AWS's message."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from localaws.server.errors import validation

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

Request = dict[str, Any]

DEFAULT_RUNTIME = 86_400
LONGEST_RUNTIME = 28 * 86_400
ACCESS_KEY = re.compile(r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b")


@dataclass(frozen=True)
class Rule:
    """A rule: the request is refused with the message if `broken` is true."""

    message: str
    broken: Callable[[Request], bool]


def resources(request: Request) -> Request:
    """The ResourceConfig, empty where there is none."""
    return request.get("ResourceConfig", {})


def algorithm(request: Request) -> Request:
    """The AlgorithmSpecification, empty where there is none."""
    return request.get("AlgorithmSpecification", {})


def runtime(request: Request) -> int:
    """MaxRuntimeInSeconds, in seconds, or its default of a day."""
    return request.get("StoppingCondition", {}).get("MaxRuntimeInSeconds", DEFAULT_RUNTIME)


def wait(request: Request) -> int | None:
    """MaxWaitTimeInSeconds, in seconds."""
    return request.get("StoppingCondition", {}).get("MaxWaitTimeInSeconds")


def spot(request: Request) -> bool:
    """Whether the job runs on Spot capacity."""
    return request.get("EnableManagedSpotTraining", False)


def serverless(request: Request) -> bool:
    """Whether SageMaker chooses image and instances itself."""
    return "ServerlessJobConfig" in request


def sources(request: Request) -> list[Request]:
    """The data source of each input channel."""
    return [channel["DataSource"] for channel in request.get("InputDataConfig", [])]


def from_s3(request: Request) -> list[Request]:
    """The data sources that are in S3."""
    return [source for source in sources(request) if "S3DataSource" in source]


def repeated(items: Iterable[str]) -> bool:
    """Whether something occurs twice."""
    listed = list(items)
    return len(set(listed)) < len(listed)


def tag_keys(tags: Iterable[Request]) -> list[str]:
    """The keys of tags as a request has them."""
    return [tag["Key"] for tag in tags]


def compiles(expression: str) -> bool:
    """Whether a text is a valid regular expression."""
    try:
        re.compile(expression)
    except re.error:
        return False
    return True


SIZES = ("InstanceType", "InstanceGroups", "InstancePreferences")

RULES: tuple[Rule, ...] = (
    Rule(
        "AlgorithmSpecification is required unless ServerlessJobConfig is specified.",
        lambda r: not serverless(r) and "AlgorithmSpecification" not in r,
    ),
    Rule(
        "ResourceConfig is required unless ServerlessJobConfig is specified.",
        lambda r: not serverless(r) and "ResourceConfig" not in r,
    ),
    Rule(
        "You can't specify values for both TrainingImage and AlgorithmName in AlgorithmSpecification.",
        lambda r: "TrainingImage" in algorithm(r) and "AlgorithmName" in algorithm(r),
    ),
    Rule(
        "You must specify either TrainingImage or AlgorithmName in AlgorithmSpecification.",
        lambda r: not serverless(r) and not algorithm(r).keys() & {"TrainingImage", "AlgorithmName"},
    ),
    Rule(
        "Invalid ResourceConfig. Specify exactly one of InstanceType, InstanceGroups and InstancePreferences.",
        lambda r: "ResourceConfig" in r and sum(1 for name in SIZES if resources(r).get(name)) != 1,
    ),
    Rule(
        "Invalid ResourceConfig. InstanceCount must be greater than or equal to 1.",
        lambda r: (
            ("InstanceType" in resources(r) and resources(r).get("InstanceCount", 1) < 1)
            or any(group["InstanceCount"] < 1 for group in resources(r).get("InstanceGroups", []))
        ),
    ),
    Rule(
        "Invalid ResourceConfig. Instance group names must be unique.",
        lambda r: repeated(group["InstanceGroupName"] for group in resources(r).get("InstanceGroups", [])),
    ),
    Rule(
        "Invalid MaxWaitTimeInSeconds. It is only supported when EnableManagedSpotTraining is set to true",
        lambda r: not spot(r) and wait(r) is not None,
    ),
    Rule(
        "Invalid MaxWaitTimeInSeconds. It must be present and be greater than or equal to MaxRuntimeInSeconds "
        "when EnableManagedSpotTraining is set to true",
        lambda r: spot(r) and (wait(r) or 0) < runtime(r),
    ),
    Rule(
        f"Invalid MaxRuntimeInSeconds. It must be less than or equal to {LONGEST_RUNTIME}",
        lambda r: runtime(r) > LONGEST_RUNTIME,
    ),
    Rule(
        "Invalid KeepAlivePeriodInSeconds. Warm pools are not supported when EnableManagedSpotTraining is set to true",
        lambda r: spot(r) and bool(resources(r).get("KeepAlivePeriodInSeconds")),
    ),
    Rule(
        "Invalid InputDataConfig. Channel names must be unique.",
        lambda r: repeated(channel["ChannelName"] for channel in r.get("InputDataConfig", [])),
    ),
    Rule(
        "Invalid DataSource. Specify exactly one of S3DataSource, FileSystemDataSource and DatasetSource.",
        lambda r: any(len(source) != 1 for source in sources(r)),
    ),
    Rule(
        "Some channels have assigned instance groups while others not.",
        lambda r: len({bool(source["S3DataSource"].get("InstanceGroupNames")) for source in from_s3(r)}) > 1,
    ),
    Rule(
        "Invalid VpcConfig. A VpcConfig is required when an input channel uses FileSystemDataSource.",
        lambda r: "VpcConfig" not in r and any("FileSystemDataSource" in source for source in sources(r)),
    ),
    Rule(
        "Invalid VpcConfig. A VpcConfig is required when TrainingRepositoryAccessMode is Vpc.",
        lambda r: (
            "VpcConfig" not in r
            and algorithm(r).get("TrainingImageConfig", {}).get("TrainingRepositoryAccessMode") == "Vpc"
        ),
    ),
    Rule(
        "Invalid MetricDefinitions. Every Regex must be a valid regular expression.",
        lambda r: not all(compiles(metric["Regex"]) for metric in algorithm(r).get("MetricDefinitions", [])),
    ),
    Rule(
        "Invalid HyperParameters. Do not include security-sensitive information, such as access keys.",
        lambda r: any(ACCESS_KEY.search(value) for value in r.get("HyperParameters", {}).values()),
    ),
)

TAG_RULES: tuple[Rule, ...] = (
    Rule(
        "Invalid Tags. Tag keys that begin with aws: are reserved.",
        lambda r: any(key.lower().startswith("aws:") for key in tag_keys(r.get("Tags", []))),
    ),
    Rule(
        "Invalid Tags. Tag keys must be unique.",
        lambda r: repeated(tag_keys(r.get("Tags", []))),
    ),
)


def check(request: Request, rules: Iterable[Rule]) -> None:
    """Applies rules in order.

    Raises:
        ServiceError: ValidationException with the text of the first rule that is broken.
    """
    for rule in rules:
        if rule.broken(request):
            raise validation(rule.message)
