"""`framework_image`: the address of an image of AWS's with a framework."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pulumi import InvokeOutputOptions, Output

from sagemaker_constructs.addresses.framework_images import NoImageError, Processor, framework_image_in
from sagemaker_constructs.api.mistakes import DeclarationError
from sagemaker_constructs.program import current_scope

if TYPE_CHECKING:
    from pulumi import ProviderResource, Resource

    from sagemaker_constructs.api.deferred import Input


def framework_image(
    framework: str,
    version: str,
    *,
    processor: Processor = "cpu",
    region: Input[str] | None = None,
    parent: Resource | None = None,
    provider: ProviderResource | None = None,
) -> Output[str]:
    """The registry path of an image that runs a `TrainingCode` in script mode.

    Args:
        framework: `pytorch`, `scikit-learn`, `tensorflow` or `xgboost`.
        version: that of the framework, as AWS writes it: `2.8.0`, `1.4-2`. It also decides the version of Python.
        processor: `gpu` for instances with one. Default: `cpu`.
        region: the job's Region. Default: that of the provider, or the stack's.
        parent: a resource whose provider decides the Region. Default: the stack.
        provider: the `aws.Provider` that decides the Region. Default: the stack's.

    Raises:
        DeclarationError: AWS has no such image in the Region. The error lists what there is.
    """
    opts = InvokeOutputOptions(parent=parent, provider=provider)
    known = Output.from_input(region) if region is not None else current_scope.region(opts)
    return known.apply(lambda name: _uri(name, framework, version, processor))


def _uri(region: str, framework: str, version: str, processor: Processor) -> str:
    try:
        return framework_image_in(region, framework, version, processor).uri
    except NoImageError as error:
        raise DeclarationError(f"framework_image: {error}") from None
