"""Defines the options of a training job's resource: one field each, with type, default and documentation.

Input: options as a program gives them, or as a state stores them. Output: `JobOptions`, or what is wrong with them. To
add an option is to add a field here: the constructs accept it, the provider stores and validates it, and `make docs`
writes the types of `program/job_options.py` and the table of docs/jobs.md from it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, PlainValidator, ValidationError
from pydantic_core import PydanticCustomError

from sagemaker_constructs.addresses.partitions import is_region_name
from sagemaker_constructs.api.deferred import Deferrable
from sagemaker_constructs.api.mistakes import Mistake, mistakes_of
from sagemaker_constructs.api.spec import TrainingJobSpec

OnDelete = Literal["stop", "delete", "retain"]
OnFailure = Literal["retrain", "keep"]
OnMissing = Literal["keep", "retrain"]


def _members(strict: object) -> object:
    """A member's name, or several, as a sorted list; True and False as they are."""
    names = [strict] if isinstance(strict, str) else strict
    if isinstance(names, bool):
        return names
    if not isinstance(names, Iterable) or isinstance(names, Mapping):
        raise PydanticCustomError("strict", "True, False, or names of members of the spec")
    listed = sorted(map(str, names))
    unknown = [name for name in listed if name not in TrainingJobSpec.model_fields]
    if unknown:
        raise PydanticCustomError(
            "strict",
            "names of members of the spec ({known}), which {unknown} is not",
            {"unknown": ", ".join(map(repr, unknown)), "known": ", ".join(TrainingJobSpec.model_fields)},
        )
    return listed


def _region(region: str) -> str:
    """The Region, where it has the form of one; which Regions exist changes by the year."""
    if not is_region_name(region):
        raise PydanticCustomError("region", "the name of an AWS Region, such as 'eu-west-1'")
    return region


Strict = Annotated[bool | str | Iterable[str], PlainValidator(_members)]
Region = Annotated[str, AfterValidator(_region)]


class JobOptions(BaseModel):
    """What a user decides about a job's resource, beside the request."""

    model_config = ConfigDict(defer_build=True, extra="forbid", frozen=True, strict=True)

    name_prefix: str | None = None
    """Prefix of the job's name. Default: the resource's name. Ignored where the spec names the job."""
    on_delete: OnDelete = "stop"
    """What destroying or replacing the resource does with its job: `stop` it if it runs and keep the record,
    `delete` the record too, or `retain` it as it is."""
    on_failure: OnFailure = "retrain"
    """What the next `up` does about a run that failed or was stopped: `retrain` or `keep`."""
    on_missing: OnMissing = "keep"
    """What the next `up` does about a job that was deleted elsewhere: `keep` the resource, or `retrain`."""
    strict: Strict = False
    """True, or top-level members (a name or several): a change that does not affect the model means a new job too."""
    retrain_on_new_data: bool = False
    """Whether other objects under the input prefixes mean a new job. At most 100,000 objects a prefix are compared."""
    pin_image: bool = False
    """Whether another image behind the same tag means a new job."""

    @classmethod
    def mistakes(cls, given: Mapping[str, Any]) -> list[Mistake]:
        """What is wrong with the options, all of it."""
        try:
            cls.model_validate(given)
        except ValidationError as error:
            return mistakes_of(error)
        return []

    @classmethod
    def recorded(cls, bag: Mapping[str, Any]) -> Self:
        """The options in a property bag, unvalidated: a state of an earlier version may lack some, or have others."""
        fields = cls.model_fields
        recorded = {name: bag[name] for name in fields if bag.get(name) is not None}
        return cls.model_construct(set(recorded), **{**_defaults(cls), **recorded})


class StoredOptions(JobOptions):
    """All properties of a job's resource that are not members of the request: the user's, and the construct's own."""

    declared_as: str
    """Type path and name of the resource, unique in its stack: the provider keeps by it what it learns between
    `check`, `diff` and `create`, and the job's claim tag says by it which resource has the job."""
    region: Annotated[Region, Deferrable()]
    """AWS Region of the job."""
    owner: str = ""
    """The stack: `organization/project/stack`."""
    state_identity: Annotated[str | None, Deferrable()] = None
    """The identity of the state that owns the job, and the backend where it is: output of the stack's
    `StateIdentity`."""
    default_tags: Annotated[Mapping[str, Annotated[str, Deferrable()]] | None, Deferrable()] = None
    """The stack's own tags for everything that it makes (`aws:defaultTags`)."""
    ignore_tags: Annotated[Mapping[str, list[str]] | None, Deferrable()] = None
    """Tags that others put on the job and that are left as they are, by `keys` and `key_prefixes`
    (`aws:ignoreTags`)."""
    aws_settings: Annotated[str | None, Deferrable()] = None
    """AWS settings of an explicit provider, as JSON; absent for the stack's own, which the engine gives."""
    secret_members: Annotated[list[str] | None, Deferrable()] = None
    """Paths, without list positions, of the values that are secrets: a provider receives them as plain values."""
    after: Annotated[str | None, Deferrable()] = None
    """Name of the run that a fallback stands by for; absent for a job."""


@cache
def _defaults(options: type[JobOptions]) -> Mapping[str, Any]:
    return {name: field.default for name, field in options.model_fields.items() if not field.is_required()}


OPTIONS = tuple(StoredOptions.model_fields)
"""Every property that is not a member of the request."""
