"""Answers IAM's SimulatePrincipalPolicy for roles, which moto lacks."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING
from uuid import uuid4

from moto.iam.exceptions import NotFoundException
from werkzeug.wrappers import Response

from localaws.server.errors import ServiceError
from localaws.server.policies import allowed
from localaws.server.training.permissions import documents

if TYPE_CHECKING:
    from collections.abc import Iterator

    from localaws.server.calls import Call

NAMESPACE = "https://iam.amazonaws.com/doc/2010-05-08/"


def simulate(call: Call) -> Response:
    """The decision for each action on each resource, by the policies of a role and its boundary.

    Raises:
        ServiceError: NoSuchEntity, if the role does not exist.
    """
    role = call.parameters.get("PolicySourceArn", [""])[0]
    try:
        bounds = documents(call.account, call.region, role)
    except NotFoundException as error:
        raise ServiceError("NoSuchEntity", f"The role {role} cannot be found.", 404) from error
    context = dict(entries(call))
    results = "".join(
        member(action, resource, all(allowed(bound, action, resource, context) for bound in bounds))
        for action in numbered(call, "ActionNames")
        for resource in list(numbered(call, "ResourceArns")) or ["*"]
    )
    body = (
        f'<SimulatePrincipalPolicyResponse xmlns="{NAMESPACE}"><SimulatePrincipalPolicyResult>'
        f"<IsTruncated>false</IsTruncated><EvaluationResults>{results}</EvaluationResults>"
        f"</SimulatePrincipalPolicyResult><ResponseMetadata><RequestId>{uuid4()}</RequestId></ResponseMetadata>"
        "</SimulatePrincipalPolicyResponse>"
    )
    return Response(body, content_type="text/xml")


def member(action: str, resource: str, passes: bool) -> str:
    """One result."""
    return (
        f"<member><EvalActionName>{escape(action)}</EvalActionName>"
        f"<EvalResourceName>{escape(resource)}</EvalResourceName>"
        f"<EvalDecision>{'allowed' if passes else 'implicitDeny'}</EvalDecision></member>"
    )


def numbered(call: Call, name: str) -> Iterator[str]:
    """The members of a list, in the query protocol's numbering."""
    number = 1
    while (key := f"{name}.member.{number}") in call.parameters:
        yield call.parameters[key][0]
        number += 1


def entries(call: Call) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The condition keys of the request with their values."""
    number = 1
    while (key := f"ContextEntries.member.{number}.ContextKeyName") in call.parameters:
        yield call.parameters[key][0], tuple(numbered(call, f"ContextEntries.member.{number}.ContextKeyValues"))
        number += 1
