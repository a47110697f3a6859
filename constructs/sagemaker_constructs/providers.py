"""Names the dynamic providers of `TrainingJob` and the other resources, and passes the engine's calls to their steps.

Every state stores the name of this module and of its classes; neither may ever change. A program needs only the names,
so this module loads nothing else: what a provider does is in `provider_steps.py`, loaded when the engine first calls.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any, ClassVar

from pulumi import dynamic

if TYPE_CHECKING:
    from collections.abc import Callable

    from sagemaker_constructs.aws.prices import PriceLists
    from sagemaker_constructs.aws.settings import AwsSettings

DEBUG = "SAGEMAKER_CONSTRUCTS_DEBUG"
"""Environment variable: set to anything, errors come with their traceback."""


class Provider(dynamic.ResourceProvider):
    """What the providers share. Stored by name alone."""

    serialize_as_secret_always = False
    kind: ClassVar[str]
    """The resource whose provider it is."""
    connect: ClassVar[Callable[[AwsSettings, str], Any] | None] = None
    """How a test reaches the jobs of a Region; None for AWS."""
    price_lists: ClassVar[type[PriceLists] | None] = None
    """How a test reads the price lists; None for those of AWS."""

    def configure(self, req: dynamic.ConfigureRequest) -> None:
        """Begin in the process that the engine has started for providers alone; once."""
        from sagemaker_constructs.garbage import collect_less  # noqa: PLC0415  not in a program

        if DEBUG not in os.environ:
            sys.tracebacklimit = 0  # an error is its message
        collect_less()
        self.begin(req.config.get)

    def begin(self, config: Callable[[str], Any]) -> None:
        """Load the steps, and read the stack's settings. The process stays as it is, for it may be that of a test.

        Args:
            config: looks a key of the stack's configuration up.
        """
        from sagemaker_constructs.provider_steps import STEPS  # noqa: PLC0415  not in a program

        provider = type(self)
        self._steps = STEPS[self.kind](config, provider.connect, provider.price_lists)

    def check(self, _olds: dict[str, Any], news: dict[str, Any]) -> dynamic.CheckResult:
        """Validate the inputs, and plan what follows from them."""
        return self._steps.check(_olds, news)

    def diff(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> dynamic.DiffResult:
        """Whether the resource is replaced."""
        return self._steps.diff(_id, _olds, _news)

    def create(self, props: dict[str, Any]) -> dynamic.CreateResult:
        """Create what is declared."""
        return self._steps.create(props)

    def read(self, id_: str, props: dict[str, Any]) -> dynamic.ReadResult:
        """Read what exists."""
        return self._steps.read(id_, props)

    def update(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> dynamic.UpdateResult:
        """Record what is declared now, and change what can be changed in place."""
        return self._steps.update(_id, _olds, _news)

    def delete(self, _id: str, _props: dict[str, Any]) -> None:
        """Delete what exists, as far as that is wanted."""
        self._steps.delete(_id, _props)


class TrainingJobProvider(Provider):
    """The provider of `TrainingJob`."""

    kind = "TrainingJob"


class TrainingFallbackProvider(Provider):
    """The provider of `TrainingFallback`."""

    kind = "TrainingFallback"


class StateIdentityProvider(Provider):
    """The provider of `StateIdentity`."""

    kind = "StateIdentity"


class TrainingResultProvider(Provider):
    """The provider of `TrainingResult`."""

    kind = "TrainingResult"
