"""Corrects moto: a table of its methods and classes that are replaced, one row each.

What moto lacks altogether is not here but beside it: see `localaws.server.application`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from moto.ec2.models import security_groups
from moto.ec2.models.nat_gateways import NatGatewayBackend
from moto.ec2.models.vpcs import VPCEndPoint
from moto.ecr import models as ecr
from moto.iam import models as iam
from moto.logs.responses import LogsResponse
from moto.moto_server import werkzeug_app
from moto.s3.models import FakeBucket
from moto.s3.responses import S3Response

from localaws.server.accounts import account_of
from localaws.server.moto_patches.bucket_policies import get_permission
from localaws.server.moto_patches.bucket_tags import put_bucket
from localaws.server.moto_patches.gateway_endpoints import modify_endpoint
from localaws.server.moto_patches.image_digests import DigestedImage
from localaws.server.moto_patches.log_events import filter_log_events
from localaws.server.moto_patches.nat_gateways import delete_nat_gateway
from localaws.server.moto_patches.object_tags import tags_of_object
from localaws.server.moto_patches.repository_addresses import AddressedRepository
from localaws.server.moto_patches.security_group_rules import DescribedRule

NONE_FOUND = "no issue found; seen in moto 5.2.5"


@dataclass(frozen=True)
class Patch:
    """One attribute of moto that is replaced.

    Attributes:
        owner: The class or module of moto that has the attribute.
        attribute: Its name.
        replacement: What takes its place.
        what: What moto does otherwise than AWS.
        removable: When the row, with its module, can be removed. A test of each row fails when that is so.
        issue: Where it is reported to moto.
    """

    owner: Any
    attribute: str
    replacement: Any
    what: str
    removable: str
    issue: str = NONE_FOUND

    @property
    def name(self) -> str:
        """What is replaced, in short: `NatGatewayBackend.delete_nat_gateway`."""
        return f"{self.owner.__name__.rpartition('.')[2]}.{self.attribute}"


PATCHES = (
    Patch(
        werkzeug_app,
        "DISABLE_GLOBAL_CORS",
        True,
        what="every answer lets a web page of any origin read it",
        removable="an answer has no CORS headers unless the bucket declares them",
    ),
    Patch(
        NatGatewayBackend,
        "delete_nat_gateway",
        delete_nat_gateway,
        what="a deleted NAT gateway keeps its network interface and its elastic IP, which block deleting its subnet",
        removable="DeleteNatGateway deletes the interface and disassociates the address",
    ),
    Patch(
        VPCEndPoint,
        "modify",
        modify_endpoint,
        what="route tables that are added to a gateway endpoint, or removed, keep their routes as they were",
        removable="ModifyVpcEndpoint creates and deletes the routes to the endpoint",
    ),
    Patch(
        security_groups,
        "SecurityGroupRule",
        DescribedRule,
        what="a rule whose other side is a group or a prefix list loses its description",
        removable="DescribeSecurityGroupRules returns the description of such a rule",
    ),
    Patch(
        FakeBucket,
        "get_permission",
        get_permission,
        what="conditions of a bucket policy are ignored, so that a denial of plain HTTP denies everything",
        removable="S3 evaluates the conditions of a bucket policy, aws:SecureTransport among them",
    ),
    Patch(
        S3Response,
        "_bucket_response_put",
        put_bucket,
        what="tags in the request of CreateBucket are ignored; the official plugin sends them there",
        removable="CreateBucket stores the tags of CreateBucketConfiguration",
    ),
    Patch(
        S3Response,
        "_tagging_from_xml",
        tags_of_object,
        what="PutObjectTagging with an empty TagSet, which removes the tags, is answered with an internal error",
        removable="PutObjectTagging accepts an empty TagSet",
    ),
    Patch(
        ecr,
        "Image",
        DigestedImage,
        what="the digest of an image covers its layers only, and is random where there are none",
        removable="the digest that ECR computes is the SHA-256 of the whole manifest",
    ),
    Patch(
        ecr,
        "Repository",
        AddressedRepository,
        what="the URI of a repository ends in amazonaws.com in every partition",
        removable="CreateRepository in cn-north-1 returns a URI in amazonaws.com.cn",
    ),
    Patch(
        iam,
        "get_account_id_from",
        account_of,
        what="the first call loads AWS's managed policies for each of eight partitions: a second of processor time",
        removable="to look for an access key creates no state of a partition that nobody uses",
    ),
    Patch(
        LogsResponse,
        "filter_log_events",
        filter_log_events,
        what="FilterLogEvents ignores logStreamNamePrefix, and returns stream after stream, not in the order of time",
        removable="FilterLogEvents honours logStreamNamePrefix and orders the events of all streams by time",
    ),
)


def install() -> None:
    """Replace everything in the table; to do it again changes nothing."""
    for patch in PATCHES:
        setattr(patch.owner, patch.attribute, patch.replacement)
