"""Reads the property bag of a declared training job: what the engine stores between the program and the provider.

Input: a bag as the engine hands it over: the members of CreateTrainingJob under their snake_case names, the options of
the resource, what was planned, and, in outputs, the job as it was seen last. Output: its parts, typed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

from sagemaker_constructs.addresses.arns import parse_arn
from sagemaker_constructs.api.credentials import credentials_in
from sagemaker_constructs.api.deferred import has_deferred
from sagemaker_constructs.api.mistakes import CONFIDENTIAL, HIDDEN, Mistake
from sagemaker_constructs.api.spec import TrainingJobSpec
from sagemaker_constructs.api.tree import mapped
from sagemaker_constructs.aws.answers import NOT_NEEDED, secret_texts
from sagemaker_constructs.aws.errors import ReconcileError
from sagemaker_constructs.reconcile.decisions import declared_changes
from sagemaker_constructs.reconcile.declared_values import foreign_paths
from sagemaker_constructs.reconcile.identity import Identity
from sagemaker_constructs.reconcile.options import OPTIONS, StoredOptions

if TYPE_CHECKING:
    from sagemaker_constructs.reconcile.changes import Change

_MEMBERS = frozenset(TrainingJobSpec.model_fields)
_FOREIGN = f"{HIDDEN}, for a transform has set it"
PLANNED = ("arn", "fingerprint", "model_artifacts", "training_job_name")
"""Properties that `check` plans, so that they are known in a preview."""


@dataclass(frozen=True)
class Properties:
    """One bag, by its parts."""

    bag: Mapping[str, Any]

    @cached_property
    def members(self) -> dict[str, Any]:
        """The declared members of the request; the name among them only where it was given by hand.

        Tags are a list, as in the API.
        """
        members = {name: _whole(value) for name, value in self.declared_members().items()}
        if self.has_tag_mapping:
            members["tags"] = [{"key": key, "value": value} for key, value in members["tags"].items()]
        return members

    def declared_members(self) -> dict[str, Any]:
        """The same with the floats that the engine makes of integers, as validation takes them."""
        named = self.named_by_hand
        bag = self.bag.items()
        return {
            name: value
            for name, value in bag
            if name in _MEMBERS and value is not None and (named or name != "training_job_name")
        }

    @cached_property
    def options(self) -> StoredOptions:
        """The options, with the default of each that is absent."""
        return StoredOptions.recorded(self.bag)

    @property
    def named_by_hand(self) -> bool:
        """Whether the user chose the job's name; otherwise it is planned from a prefix."""
        return self.bag.get("name_prefix") is None

    @property
    def declared_as(self) -> str:
        """Type path and name of the resource. Raises ReconcileError where they are missing."""
        name = self.bag.get("declared_as")
        if not isinstance(name, str):
            raise ReconcileError(
                "declared_as is missing among the properties of the job: TrainingJob and TrainingFallback of this "
                "version of sagemaker_constructs set it"
            )
        return name

    @property
    def training_job_name(self) -> str:
        """The job's name: planned, given, or that of the job that exists."""
        return cast("str", self.bag.get("training_job_name"))

    @property
    def arn(self) -> str:
        """The job's ARN, as planned or recorded; empty where there is none."""
        arn = self.bag.get("arn")
        return arn if isinstance(arn, str) else ""

    @property
    def region(self) -> str:
        """The job's Region. Where a damaged state lacks it, that of the recorded ARN; empty where it lacks both."""
        arn = parse_arn(self.arn)
        return self.bag.get("region") or (arn.region if arn else "")

    @property
    def fingerprint(self) -> str:
        """The fingerprint of the members that define the model, as `check` planned it."""
        return cast("str", self.bag.get("fingerprint"))

    @property
    def training_job_status(self) -> str:
        """The status that was recorded last."""
        return self.bag.get("training_job_status") or ""

    @property
    def started(self) -> bool:
        """Whether a job was started or adopted, by the recorded outputs; a fallback may not have been needed."""
        return self.training_job_status not in ("", NOT_NEEDED)

    @property
    def adopted(self) -> bool:
        """Whether another stack owns the job."""
        return bool(self.bag.get("adopted"))

    @property
    def claim(self) -> str | None:
        """What the job's claim tag says while this resource has the job."""
        return self.bag.get("claim") or None

    @property
    def contents(self) -> dict[str, str]:
        """Digests of the input data and the image when the job was started."""
        return dict(self.bag.get("contents") or {})

    @property
    def identity(self) -> Identity:
        """The identity of the state that owns the job; an empty one in states of earlier versions."""
        return Identity.parse(self.bag.get("state_identity"))

    @property
    def state(self) -> str:
        """The same, as the job's tag says it."""
        return self.identity.state

    @property
    def has_tag_mapping(self) -> bool:
        """Whether the tags are a mapping, as programs and their transformations have it.

        A list where an earlier version recorded them, or where a tag's key is not known in the program.
        """
        return isinstance(self.bag.get("tags"), Mapping)

    @property
    def tags(self) -> dict[str, str]:
        """The declared tags."""
        tags = self.bag.get("tags") or []
        return dict(tags) if isinstance(tags, Mapping) else {tag["key"]: tag["value"] for tag in tags}

    @property
    def default_tags(self) -> dict[str, str]:
        """The stack's own tags for everything that it makes."""
        return dict(self.options.default_tags or {})

    @property
    def secret_paths(self) -> tuple[str, ...]:
        """Paths, without list positions, of the values that the program marked as secret."""
        paths = self.options.secret_members
        return tuple(paths) if isinstance(paths, list | tuple) else ()

    @property
    def secrets(self) -> frozenset[str]:
        """The values that the program marked as secret, as AWS repeats them."""
        tree = {**self.members, "default_tags": self.bag.get("default_tags")}
        return secret_texts(
            mapped(tree, lambda leaf: str(leaf) if type(leaf) in {int, float} else leaf), self.secret_paths
        )

    def option_mistakes(self) -> list[Mistake]:
        """What is wrong with the options."""
        return StoredOptions.mistakes({name: self.bag[name] for name in OPTIONS if self.bag.get(name) is not None})

    def presentable(self, mistakes: Iterable[Mistake]) -> list[Mistake]:
        """The mistakes without a value that the program marked as secret, or that a transform has put in."""
        foreign = foreign_paths(self.bag)

        def without_secret(mistake: Mistake) -> Mistake:
            path = _without_positions(mistake)
            if not mistake.got or not is_within(path, (*self.secret_paths, *foreign)):
                return mistake
            return replace(mistake, got="a secret" if is_within(path, self.secret_paths) else _FOREIGN)

        return [without_secret(each) for each in mistakes]

    def shown(self, plain: str, value: Any) -> str:
        """A value for a person's eyes, by its path without list positions; a secret is not shown.

        Of the members that people put credentials into, hyperparameters are shown where they look like none.
        """
        if value is None:
            return "nothing"
        if has_deferred(value):
            return "a value that is not known yet"
        member, _, key = plain.partition(".")
        ordinary = member == "hyper_parameters" and bool(key) and not credentials_in({member: {key: value}})
        if is_within(plain, self.secret_paths) or (CONFIDENTIAL.intersection(plain.split(".")) and not ordinary):
            return HIDDEN
        return value if ordinary and _is_number(value) else repr(value)


def changes_of(recorded: Properties, declared: Properties) -> tuple[Change, ...]:
    """What is declared beside what is recorded; to write down by hand the name that the job has is no change."""
    before = dict(recorded.members)
    if declared.named_by_hand:
        before["training_job_name"] = recorded.training_job_name
    return declared_changes(before, declared.members)


def _is_number(value: Any) -> bool:
    """Whether a hyperparameter, which is a text in the API, is a number."""
    try:
        float(value)
    except (TypeError, ValueError):
        return False
    return isinstance(value, str)


def _whole(value: Any) -> Any:
    """Whole floats as integers, at any depth: the API has no other numbers, and the engine no integers."""
    kind = type(value)
    if kind is str:
        return value
    if kind is float:
        return int(value) if value.is_integer() else value
    if kind is dict:
        return {key: _whole(item) for key, item in value.items()}
    return [_whole(item) for item in value] if kind is list else value


def _without_positions(mistake: Mistake) -> str:
    return ".".join(part for part in mistake.path if isinstance(part, str))


def is_within(plain: str, prefixes: Iterable[str]) -> bool:
    """Whether a path without list positions is one of others, or lies below one."""
    return any(plain == prefix or plain.startswith(f"{prefix}.") for prefix in prefixes)
