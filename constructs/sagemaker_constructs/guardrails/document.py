"""Reads the file of the guardrails: the rules of each environment, and the waivers.

Input: YAML. Output: `Guardrails`, or everything that is wrong with it, a sentence each.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from hashlib import sha256
from typing import TYPE_CHECKING, Annotated, Any

import yaml
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    PrivateAttr,
    StringConstraints,
    ValidationError,
    create_model,
)

from sagemaker_constructs.guardrails.mistakes import no_yaml, sentences
from sagemaker_constructs.guardrails.rules import BY_NAME, GUARDRAILS

_Text = Annotated[str, StringConstraints(strict=True, min_length=1)]


def _rule(name: str) -> str:
    if name not in BY_NAME:
        raise ValueError(f"one of {', '.join(BY_NAME)}")
    return name


class _Part(BaseModel):
    model_config = ConfigDict(defer_build=True, extra="forbid", frozen=True)


if TYPE_CHECKING:
    Limits = _Part
else:
    Limits = create_model("Limits", __base__=_Part, **{rule.name: (rule.type | None, None) for rule in GUARDRAILS})
"""A limit for each guardrail; one that is absent, or null, does not hold."""


class Waiver(_Part):
    """An exception from one rule, for one job, for some time."""

    rule: Annotated[_Text, AfterValidator(_rule)]
    """Name of the guardrail."""
    job: _Text
    """The job's name without its fingerprint: its `name_prefix`, or the name that was given by hand."""
    reason: _Text
    """Why."""
    until: date
    """The last day on which it holds."""
    environment: _Text | None = None
    """The environment in which it holds. Default: every one."""

    def applies(self, rule: str, job: str, environment: str) -> bool:
        """Whether it is for this rule and this job, expired or not."""
        return (rule, job) == (self.rule, self.job) and self.environment in (None, environment)


class Guardrails(_Part):
    """The file."""

    owners: _Text
    """Who may change the file: what CODEOWNERS says of it."""
    rules: Limits = Field(default_factory=Limits)
    """The limits of every environment."""
    environments: Mapping[str, Limits] = {}
    """By name of the stack: limits that replace those of every environment."""
    waivers: tuple[Waiver, ...] = ()
    _digest: str = PrivateAttr(default="")

    @property
    def digest(self) -> str:
        """Tells the file's content from another."""
        return self._digest

    @classmethod
    def of(cls, content: Any, text: str) -> Guardrails:
        """What a file says. Raises ValidationError.

        Args:
            content: its content, as YAML has it.
            text: the same as it is written.
        """
        made = cls.model_validate(content)
        made._digest = sha256(text.encode()).hexdigest()[:12]  # noqa: SLF001  of this class
        return made

    def waivers_of(self, rule: str, job: str, environment: str) -> list[Waiver]:
        """The waivers of a rule for a job, those that have expired among them."""
        return [each for each in self.waivers if each.applies(rule, job, environment)]

    def limits(self, environment: str) -> dict[str, Any]:
        """The limits that hold in an environment, by guardrail, in the order of the table."""
        given = self.environments.get(environment)
        changed = {name: getattr(given, name) for name in given.model_fields_set} if given else {}
        limits = {**{rule.name: getattr(self.rules, rule.name) for rule in GUARDRAILS}, **changed}
        return {name: limit for name, limit in limits.items() if limit is not None and limit is not False}


class GuardrailsError(ValueError):
    """The file is not one of guardrails. `mistakes` lists everything that is wrong with it, a sentence each."""

    def __init__(self, file: str, *mistakes: str) -> None:
        self.file = file
        self.mistakes = mistakes
        several = [f"{len(mistakes)} mistakes", *(f"  - {each}" for each in mistakes)]
        super().__init__(f"{file}: " + "\n".join(mistakes if len(mistakes) == 1 else several))


class _Loader(yaml.SafeLoader):
    """Refuses a key that stands twice in a mapping, of which YAML allows one: a reviewer may have read the other."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        """The mapping."""
        marks: dict[str, yaml.Mark] = {}
        for key in (key for key, _ in node.value if isinstance(key, yaml.ScalarNode)):
            if (before := marks.setdefault(key.value, key.start_mark)) is not key.start_mark:
                problem = f"{key.value!r} stands in line {before.line + 1} already"
                raise yaml.constructor.ConstructorError(None, None, problem, key.start_mark)
        return super().construct_mapping(node, deep)


def parse(text: str, file: str) -> Guardrails:
    """The guardrails in a file's text. Raises GuardrailsError."""
    try:
        content = yaml.load(text, _Loader)  # noqa: S506  a SafeLoader
        if not isinstance(content, Mapping):
            raise GuardrailsError(file, "must be a mapping with owners and rules")
        return Guardrails.of(content, text)
    except yaml.YAMLError as error:
        raise GuardrailsError(file, no_yaml(error)) from None
    except ValidationError as error:
        names = {"file": Guardrails.model_fields, "waiver": Waiver.model_fields}
        raise GuardrailsError(file, *sentences(error, BY_NAME, names)) from None
