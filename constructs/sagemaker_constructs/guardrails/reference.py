"""Writes the table of the guardrails for the documentation.

Input: the table of the rules. Output: Markdown.
"""

from __future__ import annotations

from sagemaker_constructs.guardrails.rules import GUARDRAILS


def guardrail_table() -> str:
    """A row for each rule: its limit, what it means, and whether AWS enforces it too."""
    rows = [
        f"| `{rule.name}` | `{_yaml(rule.example)}` | {rule.sentence} | "
        f"{f'no: {rule.beyond_aws}' if rule.beyond_aws else ', '.join(f'`{key}`' for key in rule.keys)} |\n"
        for rule in GUARDRAILS
    ]
    return "| rule | for example | | condition keys by which AWS refuses it, too |\n|---|---|---|---|\n" + "".join(rows)


def _yaml(limit: object) -> str:
    """A limit as the file has it."""
    if isinstance(limit, list):
        return f"[{', '.join(repr(each) if each.endswith('*') else each for each in limit)}]"
    return str(limit).lower()
