"""Allows a job to pull its images."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sagemaker_constructs.permissions.statement_row import ROLE_PAGE, StatementRow, Target, every_resource, named_arns

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sagemaker_constructs.permissions.needs import Needs
    from sagemaker_constructs.permissions.scope import Scope

_ECR = re.compile(
    r"(?P<account>\d{12})\.dkr[.-]ecr(?:-fips)?\.(?P<region>[a-z0-9-]+)"
    r"\.(?:amazonaws\.com(?:\.cn)?|on\.aws)/(?P<repository>[^:@]+)"
)


def repository(image: str) -> tuple[str, str, str] | None:
    """Account, Region and repository of an image in ECR; None for an image of another registry."""
    match = _ECR.match(image)
    return (match["account"], match["region"], match["repository"]) if match else None


def _repositories(needs: Needs, scope: Scope, *, cached: bool = False) -> Iterator[str]:
    caches = tuple(f"{prefix.rstrip('/')}/" for prefix in needs.caches)
    for account, region, name in filter(None, map(repository, needs.images)):
        if not cached or name.startswith(caches):
            yield f"arn:{scope.partition}:ecr:{region}:{account}:repository/{name}"


def _images(needs: Needs, scope: Scope) -> Iterator[Target]:
    yield Target(_repositories(needs, scope))


def _cached_images(needs: Needs, scope: Scope) -> Iterator[Target]:
    yield Target(_repositories(needs, scope, cached=True))


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
        every_resource(lambda needs: [image for image in needs.images if repository(image)]),
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
