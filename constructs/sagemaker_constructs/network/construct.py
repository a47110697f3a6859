"""`TrainingNetwork`: the part of a VPC in which training jobs run, and from which nothing leaves but to S3."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast

import pulumi_aws as aws
from pulumi import ComponentResource, Output, ResourceOptions

from sagemaker_constructs.api.operation import VpcConfig
from sagemaker_constructs.api.spec import TrainingJobSpec
from sagemaker_constructs.network import resources
from sagemaker_constructs.network.addresses import NetworkRefusedError, public_blocks, subnet_blocks
from sagemaker_constructs.network.endpoints import chosen_services
from sagemaker_constructs.network.flow_logs import flow_log
from sagemaker_constructs.network.lookups import fitting_subnets, fitting_vpc, zone_names
from sagemaker_constructs.network.resources import Parts
from sagemaker_constructs.permissions.needs import needs_of, relevant

if TYPE_CHECKING:
    from sagemaker_constructs.api.deferred import Input

_DEFAULT_RANGE = "10.0.0.0/16"


class TrainingNetwork(ComponentResource):
    """Private subnets over several zones, a gateway endpoint for S3, and a security group of the jobs' machines.

    By default there is no internet gateway and no NAT: what a container may reach is S3, the other machines of its
    job, and services that have an interface endpoint. What exists already can be given: a VPC to make the subnets in,
    or subnets, or subnets and security groups. It is looked up, and refused where no job could run in it.

    Args:
        name: the resource's name, and the `Name` tag of what it makes.
        spec: the job, or the jobs, that run here. What they use decides the defaults below.
        vpc: a VPC to make the subnets in, or its id. Default: a new one.
        subnets: subnets to use as they are, or their ids. Default: new ones.
        security_groups: security groups to use as they are, or their ids. Default: a new one.
        cidr_block: IPv4 range of the VPC, or a free one in the VPC that is given: /24 or larger, /20 with NAT gateways.
            Default for a new VPC `10.0.0.0/16`.
        zones: how many Availability Zones, each with one subnet, or their names. Default 2.
        instances: machines of the largest job; a subnet must have two addresses for each. Default: as many as the spec
            says, otherwise 1.
        interface_endpoints: services that the container calls, such as `ecr.dkr` or `logs`. Default: those that the
            spec uses, and none in subnets that are given; SageMaker itself fetches the image and writes the log from
            outside the VPC. Each costs about 0.01 USD an hour in each zone.
        s3_buckets: names of the buckets that the S3 endpoint lets through beside those of the spec; an empty list for
            those of the spec only. Default: every bucket.
        nat_gateways: how many NAT gateways lead to the internet, at most one a zone. Each costs about 0.05 USD an hour
            and 0.05 USD a GB. Default 0.
        flow_log_retention_in_days: keep a record of the VPC's traffic in CloudWatch Logs for so long. Default: none.
        check: whether what is given is looked up in the preview. Default true.
        tags: tags of everything that it makes.
        opts: the usual resource options.

    Raises:
        NetworkRefusedError: the range has no room for the zones or the machines, the arguments do not go together, the
            Region has fewer zones, or no job could run in what is given. A ValueError.
    """

    vpc_id: Output[str]
    subnet_ids: Sequence[Output[str]]
    security_group_ids: Sequence[Output[str]]
    vpc_config: VpcConfig
    """What a job's spec says to run here."""

    def __init__(
        self,
        name: str,
        *,
        spec: TrainingJobSpec | Iterable[TrainingJobSpec] = (),
        vpc: aws.ec2.Vpc | Input[str] | None = None,
        subnets: Sequence[aws.ec2.Subnet | Input[str]] | None = None,
        security_groups: Sequence[aws.ec2.SecurityGroup | Input[str]] | None = None,
        cidr_block: str | None = None,
        zones: int | Sequence[str] = 2,
        instances: int | None = None,
        interface_endpoints: Iterable[str] | None = None,
        s3_buckets: Iterable[Input[str]] | None = None,
        nat_gateways: int = 0,
        flow_log_retention_in_days: int | None = None,
        check: bool = True,
        tags: Mapping[str, str] | None = None,
        opts: ResourceOptions | None = None,
    ) -> None:
        jobs = [each.to_members() for each in ([spec] if isinstance(spec, TrainingJobSpec) else spec)]
        machines = instances or max((_machines(job) for job in jobs), default=1)
        services = _services(jobs, interface_endpoints, given=subnets is not None)
        super().__init__("sagemaker-constructs:index:TrainingNetwork", name, {}, opts)
        parts = Parts(name, self, tags or {})
        s3: aws.ec2.VpcEndpoint | None = None
        if subnets is not None:
            _refuse("subnets", vpc=vpc, cidr_block=cidr_block, s3_buckets=s3_buckets, nat_gateways=nat_gateways or None)
            ids, groups = [_id(each) for each in subnets], [_id(each) for each in security_groups or ()]
            found = fitting_subnets(self, ids, groups, machines) if check else ids
            self.subnet_ids = [Output.from_input(each) for each in found]
            self.vpc_id = aws.ec2.get_subnet_output(id=self.subnet_ids[0], opts=parts.asked).vpc_id
        else:
            block = _block(name, vpc, cidr_block)
            blocks = subnet_blocks(block, zones if isinstance(zones, int) else len(zones), instances=machines)
            public = _public_blocks(block, nat_gateways, len(blocks))
            places = zone_names(self, zones) if isinstance(zones, int) else zones
            if vpc is None:
                self.vpc_id = resources.new_vpc(parts, block).id
            else:
                self.vpc_id = fitting_vpc(self, _id(vpc), block) if check else Output.from_input(_id(vpc))
            tables = resources.route_tables(parts, self.vpc_id, max(len(public), 1))
            made = resources.subnets(parts, self.vpc_id, blocks, places, tables, looked_up=isinstance(zones, int))
            self.subnet_ids = [each.id for each in made]
            s3 = resources.s3_endpoint(parts, self.vpc_id, tables, _buckets(jobs, s3_buckets), services)
            if public:
                resources.nat_gateways(parts, self.vpc_id, public, made, tables)
        if security_groups is None:
            group = resources.security_group(parts, self.vpc_id, s3, internet=nat_gateways > 0)
            self.security_group_ids = [group.id]
        else:
            self.security_group_ids = [Output.from_input(_id(each)) for each in security_groups]
        resources.interface_endpoints(parts, self.vpc_id, services, self.subnet_ids, self.security_group_ids)
        if flow_log_retention_in_days is not None:
            flow_log(parts, self.vpc_id, flow_log_retention_in_days)
        self.vpc_config = VpcConfig(security_group_ids=self.security_group_ids, subnets=self.subnet_ids)
        self.register_outputs({"vpc_id": self.vpc_id, "vpc_config": self.vpc_config.to_members()})


def _id(value: aws.ec2.Vpc | aws.ec2.Subnet | aws.ec2.SecurityGroup | Input[str]) -> Input[str]:
    return value if isinstance(value, str | Output) else value.id


def _refuse(given: str, **beside: object) -> None:
    wrong = [name for name, value in beside.items() if value is not None]
    if wrong:
        raise NetworkRefusedError(f"{', '.join(wrong)}: got them beside {given}, expected none: those decide it")


def _block(name: str, vpc: object, block: str | None) -> str:
    if vpc is not None and block is None:
        raise NetworkRefusedError(f"TrainingNetwork {name!r}: got vpc and no cidr_block, expected a free range in it")
    return block or _DEFAULT_RANGE


def _public_blocks(block: str, gateways: int, zones: int) -> tuple[str, ...]:
    if not 0 <= gateways <= zones:
        raise NetworkRefusedError(f"nat_gateways: got {gateways}, expected at most one for each of {zones} zones")
    return public_blocks(block, gateways) if gateways else ()


def _services(jobs: Iterable[Mapping[str, Any]], asked: Iterable[str] | None, *, given: bool) -> list[str]:
    if asked is not None:
        return list(asked)
    return [] if given else chosen_services(jobs)


def _machines(job: Mapping[str, Any]) -> int:
    """How many machines a job has, as far as that is known while the program runs."""
    resource = job.get("resource_config")
    if not isinstance(resource, Mapping):
        return 1
    config = cast("Mapping[str, Any]", resource)
    groups = _counts(config.get("instance_groups"))
    preferred = _counts(config.get("instance_preferences"))
    return max(sum(groups), *preferred, *_counts([config]), 1)


def _counts(machines: Any) -> list[int]:
    """The instance counts that are known while the program runs."""
    each = (
        [item.get("instance_count") for item in machines if isinstance(item, Mapping)]
        if isinstance(machines, list)
        else []
    )
    return [int(count) for count in each if isinstance(count, int | float)]


def _buckets(jobs: Iterable[Mapping[str, Any]], more: Iterable[Input[str]] | None) -> Output[list[str]] | None:
    """The buckets of the jobs and those beside them; None where none are singled out."""
    if more is None:
        return None
    named = Output.all(jobs=[relevant(each) for each in jobs], more=list(more))
    return named.apply(lambda known: sorted({*known["more"], *needs_of(known["jobs"]).buckets}))
