"""Gives an ECR repository an address in the domain of its partition."""

from __future__ import annotations

from typing import Any

from moto.ecr import models

from sagemaker_constructs.addresses.ecr import EcrImage
from sagemaker_constructs.addresses.partitions import partition_of


class AddressedRepository(models.Repository):
    """A repository whose URI ends in the domain of its Region's partition."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        partition = partition_of(self.region_name)
        if partition is not None:
            self.uri = EcrImage(self.registry_id, self.region_name, partition, self.name).uri
