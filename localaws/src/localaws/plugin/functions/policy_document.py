"""Renders IAM policy documents as the official provider does."""

import json
import zlib
from typing import Any, Final

from localaws.plugin.aws import Aws
from localaws.plugin.errors import RefusedError
from localaws.plugin.function import Function
from localaws.plugin.values import Properties

VERSION: Final = "2012-10-17"
LISTS: Final = {
    "actions": "Action",
    "notActions": "NotAction",
    "resources": "Resource",
    "notResources": "NotResource",
}
PRINCIPALS: Final = {"principals": "Principal", "notPrincipals": "NotPrincipal"}
ORDER: Final = ("Sid", "Effect", *LISTS.values(), *PRINCIPALS.values(), "Condition")
"""Members of a statement, in the order in which they are written."""


def _policy_document(_aws: Aws, arguments: Properties) -> Properties:
    sources = [json.loads(text) for text in arguments.get("sourcePolicyDocuments", ())]
    declared: Properties = {
        "Version": arguments.get("version") or VERSION,
        "Id": arguments.get("policyId"),
        "Statement": [_statement(each) for each in arguments.get("statements", ())],
    }
    _refuse_repeated([statement for source in sources for statement in _statements(source)], "sourcePolicyDocuments")
    _refuse_repeated(declared["Statement"], "statements")
    merged: Properties = {}
    for document in (*sources, declared, *map(json.loads, arguments.get("overridePolicyDocuments", ()))):
        merged = _merged(merged, document)
    text = _text(merged, indent=2)
    return {
        **arguments,
        "id": str(zlib.crc32(text.encode())),
        "json": text,
        "minifiedJson": _text(merged, separators=(",", ":")),
        "version": declared["Version"],
    }


def _statement(declared: Properties) -> Properties:
    statement: Properties = {"Sid": declared.get("sid"), "Effect": declared.get("effect") or "Allow"}
    for key, member in LISTS.items():
        if declared.get(key):
            statement[member] = _descending([_variable(value) for value in declared[key]])
    for key, member in PRINCIPALS.items():
        if declared.get(key):
            statement[member] = _principals(declared[key])
    if declared.get("conditions"):
        statement["Condition"] = _conditions(declared["conditions"])
    return _ordered(statement)


def _ordered(statement: Properties) -> Properties:
    return {member: statement[member] for member in ORDER if statement.get(member)}


def _descending(values: list[str]) -> str | list[str]:
    """A single value alone; several without repetition, in the provider's order, which is descending."""
    return _alone(sorted(set(values), reverse=True))


def _alone(values: list[str]) -> str | list[str]:
    return values[0] if len(values) == 1 else values


def _variable(value: str) -> str:
    """`&{…}` stands for a policy variable, as `${…}` is taken in Terraform."""
    return value.replace("&{", "${")


def _principals(principals: list[Properties]) -> Any:
    kinds: dict[str, list[str]] = {}
    for each in principals:
        kinds.setdefault(each["type"], []).extend(map(_variable, each["identifiers"]))
    if kinds == {"*": ["*"]}:
        return "*"
    return {kind: _descending(identifiers) for kind, identifiers in sorted(kinds.items())}


def _conditions(conditions: list[Properties]) -> Properties:
    tests: dict[str, dict[str, list[str]]] = {}
    for each in conditions:
        tests.setdefault(each["test"], {}).setdefault(each["variable"], []).extend(map(_variable, each["values"]))
    return {
        test: {name: _alone(values) for name, values in sorted(variables.items())}
        for test, variables in sorted(tests.items())
    }


def _merged(document: Properties, later: Properties) -> Properties:
    """Both documents in one: a later statement takes the place of an earlier one with the same Sid."""
    statements = _statements(document)
    places = {statement["Sid"]: place for place, statement in enumerate(statements) if "Sid" in statement}
    for statement in _statements(later):
        if statement.get("Sid") in places:
            statements[places[statement["Sid"]]] = statement
        else:
            statements.append(statement)
    members = {
        "Version": max(document.get("Version", ""), later.get("Version", "")),
        "Id": later.get("Id") or document.get("Id"),
        "Statement": statements,
    }
    return {member: value for member, value in members.items() if value}


def _statements(document: Properties) -> list[Properties]:
    statements = document.get("Statement", [])
    return [_ordered(statement) for statement in (statements if isinstance(statements, list) else [statements])]


def _refuse_repeated(statements: list[Properties], argument: str) -> None:
    names = [statement["Sid"] for statement in statements if "Sid" in statement]
    if repeated := sorted({name for name in names if names.count(name) > 1}):
        raise RefusedError(f"each Sid must be unique in `{argument}`; repeated: {', '.join(repeated)}")


def _text(document: Properties, **form: Any) -> str:
    """As Go writes JSON: with <, > and & escaped."""
    text = json.dumps(document, ensure_ascii=False, **form)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


FUNCTIONS: Final[dict[str, Function]] = {"aws:iam/getPolicyDocument:getPolicyDocument": _policy_document}
