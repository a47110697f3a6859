"""Builds a CreateTrainingJob request fluently, and sends it with boto3.

Input: members, one method call each. Output: a `TrainingJobSpec`, or the response of SageMaker. The methods are
generated from the members of the API: one that sets each member, and one more that adds to each collection.
`request.pyi` declares them for editors and type checkers; `tests/constructs/request_stub.py` generates it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Protocol, cast

from sagemaker_constructs.api.credentials import without_credentials
from sagemaker_constructs.api.deferred import is_deferred
from sagemaker_constructs.api.members import Kind, Member, members_of
from sagemaker_constructs.api.mistakes import InvalidRequest, Mistake
from sagemaker_constructs.api.spec import TrainingJobSpec
from sagemaker_constructs.api.tags import tag_list
from sagemaker_constructs.api.tree import leaves, mapped
from sagemaker_constructs.aws.clients import sagemaker_client

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sagemaker_constructs.aws.clients import Session

RETRIES = 2
"""How often `send` retries by default, after throttling and failures of the service."""

Customization = Callable[[dict[str, Any]], dict[str, Any]]
"""Takes the request in wire form and returns the request to send."""


class Client(Protocol):
    """A boto3 SageMaker client, or any object with its `create_training_job`."""

    @property
    def create_training_job(self) -> Any:
        """Sends the request."""
        ...


@dataclass(frozen=True, slots=True, repr=False)
class CreateTrainingJob:
    """A fluent builder of a request for a training job. Every method returns a new builder and changes nothing.

    ```python
    response = (
        CreateTrainingJob()
        .training_job_name("churn-1")
        .role_arn(role_arn)
        .algorithm_specification(training_image=image, training_input_mode="File")
        .add_hyper_parameter("max_depth", 5)
        .add_input_data_config(Channel.s3("train", "s3://bucket/train"))
        .output_data_config(s3_output_path="s3://bucket/models")
        .resource_config(instance_type="ml.m5.xlarge", instance_count=1)
        .send()
    )
    ```
    """

    members: Mapping[str, Any] = field(default_factory=dict[str, Any])
    """The members that were set."""
    customizations: tuple[Customization, ...] = ()
    """Functions that change the request before it is sent."""

    def customize(self, customization: Customization) -> CreateTrainingJob:
        """Change the request after it was validated and before it is sent, for example to set a member that is new.

        The function gets the wire form and returns the request to send. Several are applied in order.
        """
        return replace(self, customizations=(*self.customizations, customization))

    def build(self) -> TrainingJobSpec:
        """The spec with the members that were set. Raises `InvalidRequest` with every mistake."""
        return TrainingJobSpec(**dict(self.members))

    def send(self, via: Client | Session | None = None, *, retries: int | None = None) -> Any:
        """Validate the request, send it, and return the response, which has the job's ARN.

        Args:
            via: a boto3 SageMaker client, or a session that creates one. Default: boto3's default session.
            retries: how often to retry after throttling or a failure of the service. Default: 2. Cannot be combined
                with a client, which has its own configuration.

        Raises:
            InvalidRequest: AWS would refuse the request, or a value is not known yet. It lists every mistake.
            ValueError: `retries` together with a client.
        """
        request = TrainingJobSpec.complete(self.members).to_request()
        unknown = [
            Mistake(leaf.path, "an Output", "a value that is already known")
            for leaf in leaves(request)
            if is_deferred(leaf.value)
        ]
        if unknown:
            raise InvalidRequest(type(self).__name__, unknown)
        for customization in self.customizations:
            request = customization(request)
        return _client(via, retries).create_training_job(**request)

    def __repr__(self) -> str:
        shown = without_credentials(self.members)
        return f"{type(self).__name__}({', '.join(f'{name}={value!r}' for name, value in shown.items())})"


def _setting(member: Member) -> Callable[..., CreateTrainingJob]:
    def set_member(request: CreateTrainingJob, value: Any = None, /, **members: Any) -> CreateTrainingJob:
        return _with(request, member, _one_of(member.kind, value, members))

    return _named(set_member, member.name, member.documentation)


def _adding_item(member: Member, item: Kind) -> Callable[..., CreateTrainingJob]:
    def add_item(request: CreateTrainingJob, value: Any = None, /, **members: Any) -> CreateTrainingJob:
        items = _present(request, member)
        if isinstance(items, Mapping):
            items = tag_list(cast("Mapping[str, Any]", items))
        return _with(request, member, [*items, _one_of(item, value, members)])

    return _named(add_item, adding_name(member), f"Add one item. {member.documentation}")


def _adding_pair(member: Member) -> Callable[..., CreateTrainingJob]:
    def add_pair(request: CreateTrainingJob, key: str, value: Any) -> CreateTrainingJob:
        return _with(request, member, {**_present(request, member), key: value})

    return _named(add_pair, adding_name(member), f"Add one pair. {member.documentation}")


def adding_name(member: Member) -> str:
    """The name of the method that adds to a collection: `add_tag` for `tags`."""
    return f"add_{member.name.removesuffix('s')}"


def _one_of(kind: Kind, value: Any, members: Mapping[str, Any]) -> Any:
    """The value itself, or the structure with the given members."""
    if members and value is not None:
        raise TypeError("a value cannot be combined with members")
    return kind.shape(**members) if kind.shape and value is None else value


def _present(request: CreateTrainingJob, member: Member) -> Any:
    collection = request.members.get(member.name)
    if is_deferred(collection):
        raise TypeError(f"{member.name} was set to an Output: items cannot be added to a value that is not known yet")
    return collection if collection is not None else {} if member.kind.type == "map" else []


def _with(request: CreateTrainingJob, member: Member, value: Any) -> CreateTrainingJob:
    """The request with a copy of the value, which the caller may change later."""
    return replace(request, members={**request.members, member.name: mapped(value)})


def _named(method: Callable[..., CreateTrainingJob], name: str, documentation: str) -> Callable[..., CreateTrainingJob]:
    method.__name__, method.__qualname__ = name, f"{CreateTrainingJob.__name__}.{name}"
    method.__doc__ = documentation
    return method


def _methods(member: Member) -> Iterator[Callable[..., CreateTrainingJob]]:
    yield _setting(member)
    if member.kind.type == "list" and member.kind.item:
        yield _adding_item(member, member.kind.item)
    if member.kind.type == "map":
        yield _adding_pair(member)


for _member in members_of(TrainingJobSpec):
    for _method in _methods(_member):
        setattr(CreateTrainingJob, _method.__name__, _method)


def _client(via: Client | Session | None, retries: int | None) -> Client:
    if hasattr(via, "create_training_job"):
        if retries is not None:
            raise ValueError("retries cannot be combined with a client, which has its own: give a session instead")
        return cast("Client", via)
    return sagemaker_client(cast("Session | None", via), RETRIES if retries is None else retries)
