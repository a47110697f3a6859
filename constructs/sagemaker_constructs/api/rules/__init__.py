"""The rules between members, each a row of `RULES`.

Input: the members of a job. Output: what AWS refuses although each member is right by itself, and advice about what
it takes but nobody wants.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sagemaker_constructs.api.deferred import UNKNOWN, is_deferred
from sagemaker_constructs.api.mistakes import Mistake, shown
from sagemaker_constructs.api.rules import addresses as places
from sagemaker_constructs.api.rules import algorithm, channels, limits, machines, observers, serverless
from sagemaker_constructs.api.rules.rule import NO_CONTEXT, Reader, Rule, RuleContext
from sagemaker_constructs.api.tree import value_at

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sagemaker_constructs.api.tree import Path

RULES: tuple[Rule, ...] = (
    *algorithm.RULES,
    *channels.RULES,
    *machines.RULES,
    *limits.RULES,
    *serverless.RULES,
    *observers.RULES,
    *places.RULES,
)
"""Every rule, in the order in which its mistakes are listed."""


def check_rules(members: Mapping[str, Any], context: RuleContext = NO_CONTEXT) -> tuple[list[Mistake], list[Mistake]]:
    """What breaks the rules: first what AWS refuses, then advice, in the order of the table.

    Args:
        members: validated, under their snake_case names. A value that is not known yet postpones its rules.
        context: what the rules may use beside them.
    """
    job = Reader({**dict.fromkeys(context.supplied_later, UNKNOWN), **members}, context)
    refused: list[Mistake] = []
    advice: list[Mistake] = []
    for rule in RULES:
        found = refused if rule.refused else advice
        found += [Mistake(path, _got(members, path), rule.says) for path in rule.places(job)]
    return refused, advice


def _got(members: Mapping[str, Any], path: Path) -> str:
    value = value_at(members, path)
    if value is None:
        return "nothing"
    return "a value that is not known yet" if is_deferred(value) else shown(value, path)


__all__ = ["NO_CONTEXT", "RULES", "Rule", "RuleContext", "check_rules"]
