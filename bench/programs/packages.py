"""The same as `properties`, with a job's packages: pydantic in both processes, and a client that asks SageMaker once.

Less than that, no job resource can cost that validates what is declared and compares it with the jobs that exist.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from bench.programs.properties import SameProperties, SamePropertiesProvider

if TYPE_CHECKING:
    from pulumi import dynamic


class Model(BaseModel):
    """A model with one member: pydantic loads most of itself with the first one."""

    member: int


class AskingProvider(SamePropertiesProvider):
    """Asks SageMaker for its jobs when it is configured."""

    def configure(self, req: dynamic.ConfigureRequest) -> None:
        """Ask, with the loader of models that takes least time."""
        from botocore.session import Session  # noqa: PLC0415  not in the program

        from sagemaker_constructs.aws.service_models import use_service_models  # noqa: PLC0415

        del req
        session = Session()
        use_service_models(session)
        client: Any = session.create_client("sagemaker", region_name="eu-west-1")
        client.search(Resource="TrainingJob")


class SamePackages(SameProperties, module="bench", name="SamePackages"):
    """A resource that is nothing."""

    provider = AskingProvider


def deploy(count: int) -> None:
    """So many nothings."""
    for number in range(count):
        SamePackages(f"nothing{number}")
