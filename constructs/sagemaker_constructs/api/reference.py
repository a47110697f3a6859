"""Writes the reference in Markdown: tables of members, rules and hyperparameters.

Input: the shapes, the rules, the algorithms, and the effect of a change to each member. Output: text for the docs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sagemaker_constructs.algorithms.xgboost import XGBOOST
from sagemaker_constructs.api.constraints import Whole
from sagemaker_constructs.api.members import Kind, Member, all_members
from sagemaker_constructs.api.rules import RULES
from sagemaker_constructs.api.spec import TrainingJobSpec

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_TYPES = {"integer": "whole number", "boolean": "true or false"}
_UNITS = {"string": "characters", "list": "items", "map": "pairs"}


def member_table(effects: Mapping[str, str]) -> str:
    """A row for each member at every depth: path, type, limits, the effect of a change, and documentation.

    Args:
        effects: the effect of a change, by the path of the member without `[]`. It also applies to members below it.
    """
    return _table(
        ("Member", "Type", "Limits", "A change", "Description"),
        (
            (f"`{path}`", type_text(member.kind), limits_text(member), _effect(effects, path), member.documentation)
            for path, member in all_members(TrainingJobSpec)
        ),
    )


def rule_table() -> str:
    """A row for each rule between members: its member, the rule, whether AWS refuses the request, and the source."""
    return _table(
        ("Name", "Member", "Rule", "", "Source"),
        (
            (
                f"`{rule.name}`",
                f"`{rule.reads[0]}`",
                rule.problem or f"must be {rule.expected}",
                "refused" if rule.refused else "advice",
                rule.source,
            )
            for rule in RULES
        ),
    )


def hyper_parameter_table() -> str:
    """A row for each hyperparameter of XGBoost: its name, its other name, what it must be, and what it requires."""
    others = {name: alias for alias, name in XGBOOST.aliases.items()}
    return _table(
        ("Name", "Also", "Value", "Rules"),
        (
            (
                f"`{row.name}`",
                f"`{others[row.name]}`" if row.name in others else "",
                row.expected + (", required" if row.required else ""),
                "; ".join(each.problem for each in XGBOOST.combinations if each.names[0] == row.name),
            )
            for row in XGBOOST.rows
        ),
    )


def type_text(kind: Kind) -> str:
    """The type of a member as text."""
    if kind.shape:
        return kind.shape.__name__
    if kind.choices:
        return " or ".join(f"`{choice}`" for choice in kind.choices)
    if kind.type == "list" and kind.item:
        return f"list of {type_text(kind.item)}"
    if kind.type == "map" and kind.item:
        return f"mapping to {type_text(kind.item)}"
    return _TYPES.get(kind.type, kind.type)


def limits_text(member: Member) -> str:
    """The limits of a member as text, and whether it is required."""
    limits = member.kind.limits
    words = ["required"] if member.required else []
    if limits is not None:
        unit = _UNITS.get(member.kind.type, "")
        low, high = limits.minimum, limits.maximum
        low = low if isinstance(limits, Whole) else low or None  # no minimum of a length is a minimum of 0
        bounds = {
            (True, True): f"{low} to {high}",
            (True, False): f"at least {low}",
            (False, True): f"at most {high}",
        }.get((low is not None, high is not None))
        words += [f"{bounds} {unit}".rstrip()] if bounds else []
    return ", ".join(words)


def _effect(effects: Mapping[str, str], path: str) -> str:
    member = path.replace("[]", "")
    while member and member not in effects:
        member = member.rpartition(".")[0]
    return effects.get(member, "")


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "".join(f"| {' | '.join(_cell(cell) for cell in line)} |\n" for line in lines)


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", r"\|")
