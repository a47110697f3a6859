"""Asks IAM whether a role may take actions on resources, for all jobs of a role at once.

Input: a client of IAM, a role, and the questions. Output: for each question the actions that are denied. One
SimulatePrincipalPolicy call combines every action with every resource, so that the questions of a role share a call
unless their conditions contradict each other, or the answer would exceed one page.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from math import ceil
from typing import TYPE_CHECKING, Any, NamedTuple

from sagemaker_constructs.aws.clients import asking
from sagemaker_constructs.aws.responses import member

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

_ANY = frozenset({"s3:prefix"})
"""Keys of which the values of several questions are given together. A bucket's prefixes are those of its own statement,
so that one of another bucket is seldom among them."""
_PAGE = 1000
"""Results that a page of an answer has at most (SimulatePrincipalPolicy, MaxItems)."""


class Question(NamedTuple):
    """Whether a role may take some actions on some resources, in a context of condition keys and their values."""

    actions: tuple[str, ...]
    resources: tuple[str, ...]
    context: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass
class Call:
    """One call: every action on every resource, in one context."""

    kinds: list[Kind] = field(default_factory=list["Kind"])
    actions: dict[str, None] = field(default_factory=dict[str, None])
    resources: dict[str, None] = field(default_factory=dict[str, None])
    context: dict[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])

    def takes(self, question: Question) -> bool:
        """Whether the question fits: its context is that of its actions here, and no more pages are read."""
        actions, resources = {*self.actions, *question.actions}, {*self.resources, *question.resources}
        apart = _pages(self.actions, self.resources) + _pages(question.actions, question.resources)
        return self._same_context(question) and _pages(actions, resources) <= apart

    def _same_context(self, question: Question) -> bool:
        """Whether nothing would be allowed, or denied, because of the context of another question."""
        if any(self.context.get(key, values) != values for key, values in question.context if key not in _ANY):
            return False
        keys = {key for key, _ in question.context}
        shared = (kind for kind in self.kinds if set(kind[0]).intersection(question.actions))
        return all({key for key, _ in context} == keys for _, context in shared)

    def add(self, question: Question) -> None:
        """Answer this question, too."""
        self.kinds.append(_kind(question))
        self.actions |= dict.fromkeys(question.actions)
        self.resources |= dict.fromkeys(question.resources)
        for key, values in question.context:
            self.context[key] = tuple(dict.fromkeys((*self.context.get(key, ()), *values)))


Kind = tuple[tuple[str, ...], tuple[tuple[str, tuple[str, ...]], ...]]
"""The actions and the context of questions, which are asked about all their resources together."""


def calls_for(questions: Iterable[Question]) -> list[Call]:
    """The calls that answer the questions."""
    resources: dict[Kind, dict[str, None]] = {}
    for question in questions:
        resources.setdefault(_kind(question), {}).update(dict.fromkeys(question.resources))
    calls: list[Call] = []
    for (actions, context), asked in resources.items():
        question = Question(actions, tuple(asked), context)
        call = next((each for each in calls if each.takes(question)), None)
        if call is None:
            calls.append(call := Call())
        call.add(question)
    return calls


def denied(iam: Any, role_arn: str, questions: Collection[Question]) -> dict[Question, tuple[str, ...]]:
    """SimulatePrincipalPolicy: for each question the actions that the role may not take on one of its resources."""
    refused: dict[Kind, frozenset[tuple[str, str]]] = {}
    for call in calls_for(questions):
        with asking("SimulatePrincipalPolicy", f"role {role_arn!r}"):
            pairs = frozenset(_refused(iam, role_arn, call))
        refused |= dict.fromkeys(call.kinds, pairs)
    return {
        question: tuple(
            sorted(
                action
                for action in question.actions
                if any((action, resource) in refused[_kind(question)] for resource in question.resources)
            )
        )
        for question in questions
    }


def _kind(question: Question) -> Kind:
    return question.actions, question.context


def _pages(actions: Collection[str], resources: Collection[str]) -> int:
    return ceil(len(actions) * len(resources) / _PAGE)


def _refused(iam: Any, role_arn: str, call: Call) -> Iterator[tuple[str, str]]:
    """The pairs of an action and a resource that are denied."""
    context: list[Mapping[str, Any]] = [
        {"ContextKeyName": key, "ContextKeyValues": list(values), "ContextKeyType": "stringList"}
        for key, values in call.context.items()
    ]
    pages = iam.get_paginator("simulate_principal_policy").paginate(
        PolicySourceArn=role_arn,
        ActionNames=list(call.actions),
        ResourceArns=list(call.resources),
        ContextEntries=context,
        PaginationConfig={"PageSize": _PAGE},
    )
    for page in pages:
        for each in member(page, "EvaluationResults", list):
            if member(each, "EvalDecision", str) != "allowed":
                yield member(each, "EvalActionName", str), member(each, "EvalResourceName", str)
