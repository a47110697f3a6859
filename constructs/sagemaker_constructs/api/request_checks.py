"""Checks what concerns several members of a request together, each of which is valid by itself.

Input: validated members. Output: broken rules, hyperparameters that an algorithm refuses, credentials, and advice.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sagemaker_constructs.api.credentials import credentials_in
from sagemaker_constructs.api.hyper_parameters import hyper_parameter_mistakes
from sagemaker_constructs.api.rules import check_rules

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sagemaker_constructs.api.root import Findings
    from sagemaker_constructs.api.rule_context import RuleContext


def findings(members: Mapping[str, Any], context: RuleContext) -> Findings:
    """Mistakes that AWS refuses, and advice."""
    refused, advice = check_rules(members, context)
    refused += hyper_parameter_mistakes(members, complete=not context.supplied_later)
    return [*refused, *credentials_in(members)], advice
