"""Checks the rules between members, each a row of `RULES`.

Input: the members of a job. Output: what AWS refuses although each member is valid by itself, and advice on what AWS
accepts but is probably a mistake.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sagemaker_constructs.api.deferred import UNKNOWN, is_deferred
from sagemaker_constructs.api.mistakes import Mistake, shown
from sagemaker_constructs.api.rule_context import NO_CONTEXT, RuleContext
from sagemaker_constructs.api.rules import addresses, algorithm, channels, debugging, instances, limits, serverless
from sagemaker_constructs.api.rules.rule import Reader, Rule, broken_rules, indexed
from sagemaker_constructs.api.tree import value_at

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sagemaker_constructs.api.tree import Path

RULES: tuple[Rule, ...] = (
    *algorithm.RULES,
    *channels.RULES,
    *instances.RULES,
    *limits.RULES,
    *serverless.RULES,
    *debugging.RULES,
    *addresses.RULES,
)
"""Every rule, in the order in which mistakes are listed."""

_INDEX = indexed(RULES)


def check_rules(members: Mapping[str, Any], context: RuleContext = NO_CONTEXT) -> tuple[list[Mistake], list[Mistake]]:
    """The mistakes that AWS refuses, and advice, both in the order of the table.

    Args:
        members: validated, under their snake_case names. A value that is not known yet postpones its rules.
        context: what the rules may use beside them.
    """
    job = Reader({**dict.fromkeys(context.supplied_later, UNKNOWN), **members}, context)
    refused: list[Mistake] = []
    advice: list[Mistake] = []
    for rule, path in broken_rules(_INDEX, job):
        (refused if rule.refused else advice).append(_mistake(rule, path, members, context))
    return refused, advice


def _mistake(rule: Rule, path: Path, members: Mapping[str, Any], context: RuleContext) -> Mistake:
    if rule.problem:
        return Mistake(path, problem=rule.problem)
    value = value_at(members, path)
    if value is None:
        return Mistake(path, "nothing", rule.expected)
    if is_deferred(value):
        return Mistake(path, "a value that is not known yet", rule.expected)
    expected = rule.explain(value, context) if rule.explain else None
    return Mistake(path, shown(value, path), expected or rule.expected)


__all__ = ["RULES", "Rule", "check_rules"]
