"""Plans a job's name, and what follows from it, before the job exists; and composes what the state records of it.

Input: a declaration and its validated members. Output: the inputs that `check` returns, the outputs of `create`,
`read` and `update`, and the request of CreateTrainingJob. The engine drops nulls, so absent texts are empty.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from sagemaker_constructs.addresses.arns import Arn, parse_arn
from sagemaker_constructs.api.deferred import UNKNOWN, is_deferred
from sagemaker_constructs.api.members import kind_of
from sagemaker_constructs.api.spec import TrainingJobSpec
from sagemaker_constructs.api.tag_keys import CONTENT_TAGS
from sagemaker_constructs.api.wire import wire_form
from sagemaker_constructs.reconcile.bag import PLANNED, Properties
from sagemaker_constructs.reconcile.decisions import declared_changes
from sagemaker_constructs.reconcile.effects import needs_new_job
from sagemaker_constructs.reconcile.fingerprint import fingerprint_of, planned_name
from sagemaker_constructs.reconcile.job_tags import all_tags, claim_tag
from sagemaker_constructs.reconcile.options import OPTIONS

if TYPE_CHECKING:
    from sagemaker_constructs.aws.answers import ExistingJob

_EMPTY: Mapping[str, Callable[[], Any]] = {
    "structure": dict,
    "map": dict,
    "list": list,
    "string": str,
    "boolean": bool,
}
"""What stands for an absent member, by its type: an output that is not there would be unknown in every preview."""


def planned(
    declared: Properties, members: Mapping[str, Any], before: Properties, name: str | None = None
) -> dict[str, Any]:
    """The inputs that `check` returns: validated members, options, and what is known of the job beforehand.

    Args:
        declared: the properties as the program has them.
        members: the validated members.
        before: the inputs of the job that the resource has.
        name: the name for the next run, where the first name of this configuration is taken.
    """
    bag = {**{name: declared.bag[name] for name in OPTIONS if name in declared.bag}, **members}
    if declared.has_tag_mapping:  # otherwise the engine would no longer know which of them are secrets
        bag["tags"] = {tag["key"]: tag["value"] for tag in members["tags"]}
    fingerprint = fingerprint_of(members, declared.options.strict, declared.secret_paths)
    bag["fingerprint"] = UNKNOWN if fingerprint is None else fingerprint
    if not declared.named_by_hand:
        bag["training_job_name"] = name or _name_before(declared, members, before) or _first_name(declared, fingerprint)
    addresses = _planned_addresses(bag)
    if before.arn and (before.training_job_name, before.region) == (bag["training_job_name"], bag.get("region")):
        addresses["arn"] = before.arn  # the job stays, although its next run may have a role that is not known yet
    return {**bag, **addresses}


def planned_again(declared: Properties) -> Properties:
    """The declaration with the name that it has by its own members, which a policy or a transform may have changed.

    The engine applies both after `check` has planned the name; the job must not carry the name of another model.
    """
    fingerprint = fingerprint_of(declared.members, declared.options.strict, declared.secret_paths)
    if fingerprint == declared.fingerprint or is_deferred(declared.bag.get("fingerprint")):
        return declared
    return Properties({**declared.bag, **planned(declared, declared.members, Properties({}))})


def name_with_secrets(declared: Properties) -> str | None:
    """The name that versions until 8ba15e4 planned, where secrets entered the fingerprint; None without secrets."""
    if declared.named_by_hand or not declared.secret_paths:
        return None
    return _first_name(declared, fingerprint_of(declared.members, declared.options.strict))


def renamed(inputs: Mapping[str, Any], name: str) -> dict[str, Any]:
    """Planned inputs under another name."""
    bag = {**inputs, "training_job_name": name}
    return {**bag, **_planned_addresses(bag)}


def as_first_run(declared: Properties) -> Properties:
    """The declaration under the name that its first run has, whatever the present run is called."""
    if declared.named_by_hand or is_deferred(declared.bag.get("fingerprint")):
        return declared
    return Properties({**declared.bag, "training_job_name": _first_name(declared, declared.fingerprint)})


def recorded(
    declared: Properties, existing: ExistingJob, *, adopted: bool, claim: str | None, contents: Mapping[str, str]
) -> dict[str, Any]:
    """The outputs: everything declared, for `read` and `delete` receive nothing else, and the job as it is."""
    bag = {
        **declared.bag,
        **existing.outputs(declared.secret_paths),
        "adopted": adopted,
        "claim": claim or "",
        "contents": dict(contents),
    }
    bag["model_artifacts"] = existing.model_artifacts or _planned_addresses(bag).get("model_artifacts")
    return bag


def only_read(bag: Mapping[str, Any], existing: ExistingJob, tags: Mapping[str, str]) -> dict[str, Any]:
    """The outputs of a job that is read and not declared: its members as the service repeats them, empty or not."""
    fields = TrainingJobSpec.model_fields.items()
    absent = {name: _EMPTY[kind_of(field.rebuild_annotation()).type]() for name, field in fields}
    known = {"model_artifacts": existing.model_artifacts or "", "adopted": True, "claim": ""}
    return {**bag, **absent, **existing.members, **existing.outputs(), **known, "tags": dict(sorted(tags.items()))}


def inputs_of(outputs: Mapping[str, Any]) -> dict[str, Any]:
    """The inputs that belong to the outputs, the name that the job came to have among them."""
    names = (*TrainingJobSpec.model_fields, *OPTIONS, *PLANNED)
    bag = {name: outputs[name] for name in names if outputs.get(name) is not None}
    return {**bag, **_planned_addresses(bag)}


def request(declared: Properties, name: str, *, claim: str, contents: Mapping[str, str]) -> dict[str, Any]:
    """The wire form of CreateTrainingJob, with the stack's default tags and the library's own."""
    digests = {CONTENT_TAGS[kind]: digest for kind, digest in contents.items()}
    tags = {**all_tags(declared), **claim_tag(claim), **digests}
    return {
        **wire_form({**declared.members, "training_job_name": name}),
        "Tags": [{"Key": key, "Value": value} for key, value in tags.items()],
    }


def _first_name(declared: Properties, fingerprint: str | None) -> Any:
    """The name of the first run of a configuration; unknown while a member that defines the model is."""
    return UNKNOWN if fingerprint is None else planned_name(declared.bag["name_prefix"], fingerprint)


def _name_before(declared: Properties, members: Mapping[str, Any], before: Properties) -> str | None:
    """The name that was planned for the same job before: neither another prefix nor another algorithm renames it."""
    if before.named_by_hand or is_deferred(before.training_job_name):
        return None
    strict = declared.options.strict
    changed = any(needs_new_job(each.plain, strict) for each in declared_changes(before.members, members))
    return None if changed else before.training_job_name


def _planned_addresses(bag: Mapping[str, Any]) -> dict[str, Any]:
    """The job's ARN and its model's address, which follow from its name.

    SageMaker writes `<S3OutputPath>/<job name>/output/model.tar.gz`, without compression a folder (OutputDataConfig).
    """
    name, role, region, output = (
        bag.get(key) for key in ("training_job_name", "role_arn", "region", "output_data_config")
    )
    addresses: dict[str, Any] = {"arn": UNKNOWN, "model_artifacts": UNKNOWN}
    if is_deferred(name):
        return addresses
    role = parse_arn(role) if isinstance(role, str) else None
    if role and isinstance(region, str):
        addresses["arn"] = Arn(role.partition, "sagemaker", region, role.account, f"training-job/{name}").text
    path, compression = map((output if isinstance(output, Mapping) else {}).get, ("s3_output_path", "compression_type"))
    if isinstance(path, str) and not is_deferred(compression):
        leaf = "model/" if compression == "NONE" else "model.tar.gz"
        addresses["model_artifacts"] = f"{path.rstrip('/')}/{name}/output/{leaf}"
    return addresses
