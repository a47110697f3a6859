"""The property bag of a declared training job: what the engine stores, between the program and the provider.

A bag has the members of CreateTrainingJob under their snake_case names, the options of the resource, and what was
planned for it. Input: a bag as the engine hands it over. Output: its parts, or the bag that is stored next.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, cast, get_args

from pulumi import UNKNOWN

from sagemaker_constructs.api.credentials import credentials_in
from sagemaker_constructs.api.deferred import is_deferred
from sagemaker_constructs.api.members import kind_of
from sagemaker_constructs.api.mistakes import CONFIDENTIAL, Mistake
from sagemaker_constructs.api.spec import TrainingJobSpec
from sagemaker_constructs.api.tag_keys import CONTENT_TAGS
from sagemaker_constructs.aws.answers import ExistingJob
from sagemaker_constructs.reconcile.decisions import OnDelete, OnFailure, OnMissing, declared_changes
from sagemaker_constructs.reconcile.effects import needs_new_job
from sagemaker_constructs.reconcile.fingerprint import fingerprint_of, planned_name
from sagemaker_constructs.reconcile.job_tags import all_tags, claim_tag

if TYPE_CHECKING:
    from sagemaker_constructs.reconcile.changes import Change

OPTIONS = (
    "default_tags",
    "name_prefix",
    "on_delete",
    "on_failure",
    "on_missing",
    "owner",
    "pin_image",
    "region",
    "retrain_on_new_data",
    "secret_members",
    "strict",
)
"""Properties that are about the resource, not about the request."""
CHOICES: Mapping[str, tuple[str, ...]] = {
    "on_delete": get_args(OnDelete),
    "on_failure": get_args(OnFailure),
    "on_missing": get_args(OnMissing),
}
"""What the options may be."""
_REGION = re.compile(r"[a-z]{2,4}(-[a-z]+){1,3}-\d{1,2}")
"""The form of a Region's name; which there are changes by the year."""
_EMPTY: Mapping[str, Callable[[], Any]] = {
    "structure": dict,
    "map": dict,
    "list": list,
    "string": str,
    "boolean": bool,
}
"""What stands for an absent member, by its type: an output that is not there would be unknown in every preview."""
_PLANNED = ("arn", "fingerprint", "model_artifacts", "training_job_name")


@dataclass(frozen=True, slots=True)
class Properties:
    """One bag, by its parts."""

    bag: Mapping[str, Any]

    @property
    def members(self) -> dict[str, Any]:
        """The declared members of the request; the name among them only where it was given by hand."""
        members = {name: _whole(self.bag[name]) for name in TrainingJobSpec.model_fields if name in self.bag}
        if not self.named_by_hand:
            members.pop("training_job_name", None)
        return {name: value for name, value in members.items() if value is not None}

    @property
    def named_by_hand(self) -> bool:
        """Whether the user chose the job's name; otherwise it is planned from a prefix."""
        return self.bag.get("name_prefix") is None

    @property
    def training_job_name(self) -> str:
        """The job's name: planned, given, or that of the job that exists."""
        return cast("str", self.bag.get("training_job_name"))

    @property
    def fingerprint(self) -> str:
        """What `check` made of the members that define the model."""
        return cast("str", self.bag.get("fingerprint"))

    @property
    def training_job_status(self) -> str:
        """The status that was recorded last."""
        return self.bag.get("training_job_status") or ""

    @property
    def adopted(self) -> bool:
        """Whether another stack owns the job."""
        return bool(self.bag.get("adopted"))

    @property
    def claim(self) -> str | None:
        """What the job's claim says as long as this resource has it."""
        return self.bag.get("claim") or None

    @property
    def region(self) -> str:
        """The Region of the job."""
        return cast("str", self.bag["region"])

    @property
    def owner(self) -> str:
        """The stack that declares the job."""
        return self.bag.get("owner") or ""

    @property
    def on_delete(self) -> OnDelete:
        """What `destroy` does with the job."""
        return self.bag.get("on_delete") or "stop"

    @property
    def on_failure(self) -> OnFailure:
        """What the next `up` does about a run that did not succeed."""
        return self.bag.get("on_failure") or "retrain"

    @property
    def on_missing(self) -> OnMissing:
        """What the next `up` does about a job that was deleted elsewhere."""
        return self.bag.get("on_missing") or "keep"

    @property
    def retrain_on_new_data(self) -> bool:
        """Whether other objects under the input prefixes mean a new job."""
        return bool(self.bag.get("retrain_on_new_data"))

    @property
    def pin_image(self) -> bool:
        """Whether another image under the same tag means a new job."""
        return bool(self.bag.get("pin_image"))

    @property
    def contents(self) -> dict[str, str]:
        """Digests of what lay behind the job's addresses when it was started."""
        return dict(self.bag.get("contents") or {})

    @property
    def strict(self) -> bool | list[str]:
        """Whether (or for which members) an `operates` change means a new job too."""
        return self.bag.get("strict") or False

    @property
    def tags(self) -> dict[str, str]:
        """The declared tags; an Output of a mapping is one until `check` has made it a list."""
        tags = self.bag.get("tags") or []
        return dict(tags) if isinstance(tags, Mapping) else {tag["key"]: tag["value"] for tag in tags}

    @property
    def default_tags(self) -> dict[str, str]:
        """The stack's own tags for everything that it makes."""
        return dict(self.bag.get("default_tags") or {})

    def as_new(self) -> Properties:
        """The same declaration under the name that its first run has, whatever the present run is called."""
        if self.named_by_hand or is_deferred(self.bag.get("fingerprint")):
            return self
        return Properties({**self.bag, "training_job_name": planned_name(self.bag["name_prefix"], self.fingerprint)})

    def option_mistakes(self) -> list[Mistake]:
        """What is wrong with the options."""
        found = [
            Mistake((option,), repr(self.bag[option]), f"one of {', '.join(map(repr, choices))}")
            for option, choices in CHOICES.items()
            if self.bag.get(option) not in (None, *choices)
        ]
        region = self.bag.get("region")
        if isinstance(region, str) and not _REGION.fullmatch(region):
            found.append(Mistake(("region",), repr(region), "the name of an AWS Region, such as 'eu-west-1'"))
        members = [] if isinstance(self.strict, bool) else self.strict
        unknown = [member for member in members if member not in TrainingJobSpec.model_fields]
        return found + [Mistake(("strict",), repr(member), "True, False, or members of the spec") for member in unknown]

    def presentable(self, mistakes: Iterable[Mistake]) -> list[Mistake]:
        """The mistakes without a value that the program marked as a secret."""
        secret = tuple(self.bag.get("secret_members") or ())
        return [replace(m, got="a secret") if _within(_plain(m), secret) else m for m in mistakes]

    def shown(self, plain: str, value: Any) -> str:
        """A value for a person's eyes, by its path without list positions; a secret's is not.

        Of what people put credentials into, hyperparameters are shown where they look like none.
        """
        if value is None:
            return "nothing"
        secret = tuple(self.bag.get("secret_members") or ())
        member, _, key = plain.partition(".")
        ordinary = member == "hyper_parameters" and bool(key) and not credentials_in({member: {key: value}})
        if _within(plain, secret) or (CONFIDENTIAL.intersection(plain.split(".")) and not ordinary):
            return "a value that is not shown"
        return repr(value)


def planned(
    declared: Properties, members: Mapping[str, Any], before: Properties, name: str | None = None
) -> dict[str, Any]:
    """The inputs that `check` returns: validated members, options, and what is known of the job beforehand.

    Args:
        declared: the properties as the program has them.
        members: the validated members.
        before: the inputs of the job that the resource has.
        name: the name for the next run, where another one of this configuration has used up the first.
    """
    bag = {**{name: declared.bag[name] for name in OPTIONS if name in declared.bag}, **members}
    fingerprint = fingerprint_of(members, declared.strict)
    bag["fingerprint"] = _known(fingerprint)
    if not declared.named_by_hand:
        bag["training_job_name"] = _known(
            name
            or _name_before(declared, members, before)
            or (fingerprint and planned_name(declared.bag["name_prefix"], fingerprint))
        )
    return {**bag, **_places(bag)}


def recorded(
    declared: Properties, existing: ExistingJob, *, adopted: bool, claim: str | None, contents: Mapping[str, str]
) -> dict[str, Any]:
    """The outputs: everything declared, for `read` and `delete` get nothing else, and the job as it is."""
    bag = {**declared.bag, **existing.outputs(), "adopted": adopted, "claim": claim or "", "contents": dict(contents)}
    bag["model_artifacts"] = existing.model_artifacts or _places(bag).get("model_artifacts")
    return bag


def only_read(bag: Mapping[str, Any], existing: ExistingJob, tags: Mapping[str, str]) -> dict[str, Any]:
    """The outputs of a job that is read and not declared: its members as the service repeats them, empty or not."""
    fields = TrainingJobSpec.model_fields.items()
    absent = {name: _EMPTY[kind_of(field.rebuild_annotation()).type]() for name, field in fields}
    listed = [{"key": key, "value": value} for key, value in sorted(tags.items())]
    known = {"tags": listed, "model_artifacts": existing.model_artifacts or "", "adopted": True, "claim": ""}
    return {**bag, **absent, **existing.members, **existing.outputs(), **known}


def just_started(declared: Properties, name: str, arn: str) -> ExistingJob:  # noqa: ARG001
    """A job as it is in the moment after CreateTrainingJob: to ask AWS for it could fail, and lose it."""
    return ExistingJob.just_started({"TrainingJobName": name}, arn)


def inputs_of(outputs: Mapping[str, Any]) -> dict[str, Any]:
    """The inputs that belong to the outputs, the name that the job came to have among them."""
    bag = {
        name: outputs[name]
        for name in (*TrainingJobSpec.model_fields, *OPTIONS, *_PLANNED)
        if outputs.get(name) is not None
    }
    return {**bag, **_places(bag)}


def request(declared: Properties, name: str, *, claim: str, contents: Mapping[str, str]) -> dict[str, Any]:
    """The wire form of CreateTrainingJob, with the stack's default tags and ours."""
    spec = TrainingJobSpec.from_members({**declared.members, "training_job_name": name})
    found = {CONTENT_TAGS[kind]: digest for kind, digest in contents.items()}
    tags = {**all_tags(declared), **claim_tag(claim), **found}
    return {**spec.to_wire(), "Tags": [{"Key": key, "Value": value} for key, value in tags.items()]}


def changes_of(recorded: Properties, declared: Properties) -> tuple[Change, ...]:
    """What is declared beside what is recorded; to write down by hand the name that the job has is no change."""
    before = recorded.members
    if declared.named_by_hand:
        before["training_job_name"] = recorded.training_job_name
    return declared_changes(before, declared.members)


def _name_before(declared: Properties, members: Mapping[str, Any], before: Properties) -> str | None:
    """The name that was planned for the same job before: neither another prefix nor another way renames it."""
    if before.named_by_hand or is_deferred(before.training_job_name):
        return None
    changed = any(needs_new_job(each.plain, declared.strict) for each in declared_changes(before.members, members))
    return None if changed else before.training_job_name


def _places(bag: Mapping[str, Any]) -> dict[str, Any]:
    """The job's ARN and its model's address, which follow from its name.

    SageMaker writes `<S3OutputPath>/<job name>/output/model.tar.gz`, without compression a folder (OutputDataConfig).
    """
    name, role, region, output = (
        bag.get(key) for key in ("training_job_name", "role_arn", "region", "output_data_config")
    )
    places: dict[str, Any] = {"arn": UNKNOWN, "model_artifacts": UNKNOWN}
    if is_deferred(name):
        return places
    if isinstance(role, str) and isinstance(region, str):
        _, partition, _, _, account, _ = role.split(":", 5)
        places["arn"] = f"arn:{partition}:sagemaker:{region}:{account}:training-job/{name}"
    path, compression = map((output if isinstance(output, Mapping) else {}).get, ("s3_output_path", "compression_type"))
    if isinstance(path, str) and not is_deferred(compression):
        leaf = "model/" if compression == "NONE" else "model.tar.gz"
        places["model_artifacts"] = f"{path.rstrip('/')}/{name}/output/{leaf}"
    return places


def _known(value: str | None) -> Any:
    return UNKNOWN if value is None else value


def _whole(value: Any) -> Any:
    """Whole floats as integers, at any depth: the API has no other numbers, and the engine no integers."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, Mapping):
        return {key: _whole(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_whole(item) for item in value]
    return value


def _plain(mistake: Mistake) -> str:
    return ".".join(part for part in mistake.path if isinstance(part, str))


def _within(plain: str, prefixes: tuple[str, ...]) -> bool:
    return any(plain == prefix or plain.startswith(f"{prefix}.") for prefix in prefixes)
