"""Where a job's images come from."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sagemaker_constructs.permissions.row import ROLE_PAGE, Place, Row, Target, anywhere, named

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sagemaker_constructs.permissions.needs import Needs

_ECR = re.compile(
    r"(?P<account>\d{12})\.dkr[.-]ecr(?:-fips)?\.(?P<region>[a-z0-9-]+)"
    r"\.(?:amazonaws\.com(?:\.cn)?|on\.aws)/(?P<repository>[^:@]+)"
)


def repository(image: str) -> tuple[str, str, str] | None:
    """Account, Region and repository of an image in ECR; None for another registry's."""
    match = _ECR.match(image)
    return (match["account"], match["region"], match["repository"]) if match else None


def _repositories(needs: Needs, place: Place, *, cached: bool = False) -> Iterator[str]:
    caches = tuple(f"{prefix.rstrip('/')}/" for prefix in needs.caches)
    for account, region, name in filter(None, map(repository, needs.images)):
        if not cached or name.startswith(caches):
            yield f"arn:{place.partition}:ecr:{region}:{account}:repository/{name}"


def _images(needs: Needs, place: Place) -> Iterator[Target]:
    yield Target(_repositories(needs, place))


def _cached_images(needs: Needs, place: Place) -> Iterator[Target]:
    yield Target(_repositories(needs, place, cached=True))


ROWS: tuple[Row, ...] = (
    Row(
        "Image",
        ("ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"),
        _images,
        ROLE_PAGE,
    ),
    Row(
        "ImageCache",
        ("ecr:BatchImportUpstreamImage", "ecr:CreateRepository"),
        _cached_images,
        "ECR User Guide: pull-through-cache",
    ),
    Row(
        "ImageToken",
        ("ecr:GetAuthorizationToken",),
        anywhere(lambda needs: [image for image in needs.images if repository(image)]),
        ROLE_PAGE,
        reason="ecr:GetAuthorizationToken has no resource type",
    ),
    Row(
        "ImageCredentials",
        ("lambda:InvokeFunction",),
        named("credential_functions"),
        "docker-containers-adapt-your-own-private-registry-authentication",
    ),
)
