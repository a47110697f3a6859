"""Allows a job to pull its images."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sagemaker_constructs.addresses.ecr import parse_image
from sagemaker_constructs.permissions.scope import Scope
from sagemaker_constructs.permissions.statement_row import ROLE_PAGE, StatementRow, Target, every_resource, named_arns

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sagemaker_constructs.permissions.needs import Needs


def _repositories(needs: Needs, *, cached: bool = False) -> Iterator[str]:
    caches = tuple(f"{prefix.rstrip('/')}/" for prefix in needs.caches)
    for image in filter(None, map(parse_image, needs.images)):
        if not cached or image.repository.startswith(caches):
            registry = Scope(image.partition.name, image.region, image.account)
            yield registry.arn("ecr", f"repository/{image.repository}")


def _images(needs: Needs, _: Scope) -> Iterator[Target]:
    yield Target(_repositories(needs))


def _cached_images(needs: Needs, _: Scope) -> Iterator[Target]:
    yield Target(_repositories(needs, cached=True))


ROWS: tuple[StatementRow, ...] = (
    StatementRow(
        "Image",
        ("ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"),
        _images,
        ROLE_PAGE,
    ),
    StatementRow(
        "ImageCache",
        ("ecr:BatchImportUpstreamImage", "ecr:CreateRepository"),
        _cached_images,
        "ECR User Guide: pull-through-cache",
    ),
    StatementRow(
        "ImageToken",
        ("ecr:GetAuthorizationToken",),
        every_resource(lambda needs: list(_repositories(needs))),
        ROLE_PAGE,
        reason="ecr:GetAuthorizationToken has no resource type",
    ),
    StatementRow(
        "ImageCredentials",
        ("lambda:InvokeFunction",),
        named_arns("credential_functions"),
        "docker-containers-adapt-your-own-private-registry-authentication",
    ),
)
