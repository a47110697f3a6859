"""Parses the address of an image in a private ECR registry.

Input: an image as a request names it. Output: an `EcrImage`, or None where the image is in another registry.

Sources: ECR User Guide, "ecr-requests" and "Registries"; General Reference, ECR endpoints.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from sagemaker_constructs.addresses.partitions import REGION_FORM, Partition, partition_at, partition_of

_ADDRESS = re.compile(
    r"(?P<account>\d{12})\.dkr(?P<separator>[.-])ecr(?P<fips>-fips)?"
    rf"\.(?P<region>{REGION_FORM})\.(?P<suffix>[a-z0-9.-]+)"
    r"/(?P<repository>[^:@]+)(?::(?P<tag>[^@]+))?(?:@(?P<digest>.+))?",
    re.ASCII | re.DOTALL | re.IGNORECASE,
)
_RESEMBLING = re.compile(
    r"(?P<account>[^./]*)\.dkr(?P<separator>[.-])ecr(?P<fips>-fips)?\.(?P<region>[^./]*)", re.ASCII | re.IGNORECASE
)

_ACCOUNT = re.compile(r"\d{12}", re.ASCII)


@dataclass(frozen=True, slots=True)
class EcrImage:
    """An image in a private ECR registry."""

    account: str
    region: str
    partition: Partition
    repository: str
    tag: str | None = None
    digest: str | None = None
    fips: bool = False
    """Whether the registry is reached by its FIPS endpoint."""
    dual_stack: bool = False
    """Whether the registry is reached over IPv4 and IPv6."""

    @property
    def pulled_tag(self) -> str | None:
        """The tag that is pulled; None where a digest is, which counts before a tag."""
        return None if self.digest else self.tag or "latest"

    @property
    def host(self) -> str:
        """The registry's host."""
        return _host(self.account, self.region, self.partition, fips=self.fips, dual_stack=self.dual_stack)

    @property
    def uri(self) -> str:
        """The whole address."""
        tag, digest = f":{self.tag}" if self.tag else "", f"@{self.digest}" if self.digest else ""
        return f"{self.host}/{self.repository}{tag}{digest}"


def parse_image(image: str) -> EcrImage | None:
    """The parts of an image's address; None for an image of another registry, ECR Public among them."""
    found = _ADDRESS.fullmatch(image)
    if found is None:
        return None
    region, suffix, dual_stack = found["region"].lower(), found["suffix"].lower(), found["separator"] == "-"
    partition = partition_at(region, suffix)
    if partition is None or suffix != _suffix(partition, dual_stack=dual_stack):
        return None
    return EcrImage(
        account=found["account"],
        region=region,
        partition=partition,
        repository=found["repository"],
        tag=found["tag"],
        digest=found["digest"],
        fips=found["fips"] is not None,
        dual_stack=dual_stack,
    )


def has_digest(image: str) -> bool:
    """Whether the address of an image, in whatever registry, names the image's digest."""
    return "@" in image


def image_mistake(image: str) -> str | None:
    """What is wrong with an image that resembles one in ECR, in a sentence; None for ECR's and for others.

    Without this, a host with the suffix of another partition would count as another registry.
    """
    found = _RESEMBLING.match(image)
    if found is None or parse_image(image):
        return None
    account, region, dual_stack = found["account"], found["region"].lower(), found["separator"] == "-"
    partition = partition_of(region)
    if partition is None:
        return "an ECR image is at <account>.dkr.ecr.<region>.<DNS suffix of the partition>/<repository>[:tag][@digest]"
    known = account if _ACCOUNT.fullmatch(account) else "<account>"
    host = _host(known, region, partition, fips=found["fips"] is not None, dual_stack=dual_stack)
    return f"an ECR image in {region} is at {host}/<repository>[:tag][@digest]"


def _suffix(partition: Partition, *, dual_stack: bool) -> str:
    return partition.resource_dns_suffix if dual_stack else partition.dns_suffix


def _host(account: str, region: str, partition: Partition, *, fips: bool, dual_stack: bool) -> str:
    name = ("dkr-ecr" if dual_stack else "dkr.ecr") + ("-fips" if fips else "")
    return f"{account}.{name}.{region}.{_suffix(partition, dual_stack=dual_stack)}"
