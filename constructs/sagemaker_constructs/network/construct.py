"""`TrainingNetwork`: the part of a VPC in which training jobs run, and from which nothing leaves but to S3."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pulumi_aws as aws  # noqa: TC002  the SDK evaluates a resource's annotations
from pulumi import ComponentResource, Output, ResourceOptions

from sagemaker_constructs.api.operation import VpcConfig
from sagemaker_constructs.network import vpc as resources
from sagemaker_constructs.network.address_plan import MOST_ZONES, NetworkRefusedError, public_blocks, subnet_blocks
from sagemaker_constructs.network.arguments import SEVERAL, Asked, asked_for
from sagemaker_constructs.network.endpoints import chosen_services, distinct
from sagemaker_constructs.network.existing import fitting_subnets, fitting_vpc, vpc_of, zone_names
from sagemaker_constructs.network.file_systems import ports_of
from sagemaker_constructs.network.flow_logs import flow_log
from sagemaker_constructs.network.security_groups import file_system_rules, security_group
from sagemaker_constructs.network.vpc import Parts
from sagemaker_constructs.permissions.needs import needs_of, relevant
from sagemaker_constructs.program.arguments import listed_specs, refuse, several

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sagemaker_constructs.api.deferred import Input
    from sagemaker_constructs.api.spec import TrainingJobSpec


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
        zones: how many Availability Zones, each with one subnet, or their names, by whose last letter each keeps its
            place in the range whichever others there are. The first ones get the NAT gateways. Default 2.
        instances: machines of the largest job, at least 1; a subnet must have two addresses for each. Default: as many
            as the spec says, otherwise 1.
        interface_endpoints: services that the container calls, such as `ecr.dkr` or `logs`. Default: those that the
            spec uses, and none in subnets that are given; SageMaker itself fetches the image and writes the log from
            outside the VPC. Each costs about 0.01 USD an hour in each zone. Not S3, which the gateway endpoint reaches.
        s3_buckets: names of the buckets that the S3 endpoint lets through beside those of the spec; an empty list for
            those of the spec only. May be one Output of a list. Default: every bucket.
        nat_gateways: how many NAT gateways lead to the internet, at most one a zone. Each costs about 0.05 USD an hour
            and 0.05 USD a GB. Default 0.
        flow_log_retention_in_days: keep a record of the VPC's traffic in CloudWatch Logs for so long: a number of days
            that CloudWatch knows, such as 7, 30, 90 or 365. Default: none.
        check: whether what is given is looked up in the preview. Default true.
        tags: tags of everything that it makes.
        opts: the usual resource options. What is given is looked up after what `depends_on` names: name the routes and
            endpoints by which subnets of the same program fit.

    Raises:
        NetworkRefusedError: an argument is none of what it takes or does not go with another, the range has no room for
            the machines, the Region has fewer zones, or no job could run in what is given.
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
        s3_buckets: Input[Iterable[Input[str]]] | None = None,
        nat_gateways: int = 0,
        flow_log_retention_in_days: int | None = None,
        check: bool = True,
        tags: Mapping[str, str] | None = None,
        opts: ResourceOptions | None = None,
    ) -> None:
        specs, wrong_specs = listed_specs(spec)
        jobs = [each.to_members() for each in specs]
        arguments = {
            "vpc": vpc,
            "subnets": subnets,
            "security_groups": security_groups,
            "cidr_block": cidr_block,
            "zones": zones,
            "instances": instances,
            "interface_endpoints": interface_endpoints,
            "s3_buckets": s3_buckets,
            "nat_gateways": nat_gateways,
            "flow_log_retention_in_days": flow_log_retention_in_days,
        }
        asked, wrong = asked_for(jobs, arguments, tags)
        refuse(NetworkRefusedError, f"TrainingNetwork {name!r}", [*wrong_specs, *wrong])
        services = _services(jobs, asked)
        super().__init__("sagemaker-constructs:index:TrainingNetwork", name, {}, opts)
        parts = Parts(name, self, tags or {}, opts.depends_on if opts else None)
        s3: aws.ec2.VpcEndpoint | None = None
        groups = [_id(each) for each in asked.security_groups or ()]
        if asked.subnets is not None:
            ids = [_id(each) for each in asked.subnets]
            found = fitting_subnets(parts, ids, groups, asked.machines, endpoints=bool(services)) if check else ids
            self.subnet_ids = [Output.from_input(each) for each in found]
            self.vpc_id = vpc_of(parts, found[0])
        else:
            every = subnet_blocks(asked.block, MOST_ZONES, instances=asked.machines)
            blocks = {place: every[place] for place in asked.places}
            ways_out = asked.places[:nat_gateways]
            zone_ids = zone_names(parts, asked.zones) if check or isinstance(asked.zones, int) else asked.zones
            if vpc is None:
                self.vpc_id = resources.new_vpc(parts, asked.block).id
            elif check:
                self.vpc_id = fitting_vpc(parts, _id(vpc), groups, asked.block, way_out=nat_gateways > 0)
            else:
                self.vpc_id = Output.from_input(_id(vpc))
            tables = resources.route_tables(parts, self.vpc_id, ways_out)
            made = resources.subnets(parts, self.vpc_id, blocks, zone_ids, tables, looked_up=isinstance(zones, int))
            self.subnet_ids = [each.id for each in made]
            s3 = resources.s3_endpoint(parts, self.vpc_id, tables, _buckets(name, jobs, asked.s3_buckets), services)
            if ways_out:
                every = public_blocks(asked.block, MOST_ZONES)
                public = {place: every[place] for place in ways_out}
                resources.nat_gateways(parts, self.vpc_id, public, made, tables)
        if asked.security_groups is None:
            group = security_group(parts, self.vpc_id, s3, internet=nat_gateways > 0)
            ports = ports_of(jobs)
            if ports:
                own = asked.subnets is None and vpc is None
                block = asked.block if own else resources.vpc_block(parts, self.vpc_id)
                file_system_rules(parts, group, ports, block, internet=nat_gateways > 0)
            self.security_group_ids = [group.id]
        else:
            self.security_group_ids = [Output.from_input(_id(each)) for each in asked.security_groups]
        resources.interface_endpoints(parts, self.vpc_id, services, self.subnet_ids, self.security_group_ids)
        if flow_log_retention_in_days is not None:
            flow_log(parts, self.vpc_id, flow_log_retention_in_days)
        self.vpc_config = VpcConfig(security_group_ids=self.security_group_ids, subnets=self.subnet_ids)
        self.register_outputs({"vpc_id": self.vpc_id, "vpc_config": self.vpc_config.to_members()})


def _id(value: aws.ec2.Vpc | aws.ec2.Subnet | aws.ec2.SecurityGroup | Input[str]) -> Input[str]:
    return value if isinstance(value, str | Output) else value.id


def _services(jobs: Iterable[Mapping[str, Any]], asked: Asked) -> list[str]:
    if asked.interface_endpoints is not None:
        return distinct(asked.interface_endpoints)
    return chosen_services(jobs) if asked.subnets is None else []


def _buckets(name: str, jobs: Iterable[Mapping[str, Any]], more: Any) -> Output[list[str]] | None:
    """The buckets of the jobs and those beside them; None where none are singled out."""
    if more is None:
        return None

    def named(known: Mapping[str, Any]) -> list[str]:
        lists, wrong = several(SEVERAL, {"s3_buckets": known["more"]})  # again, now that Outputs are known
        refuse(NetworkRefusedError, f"TrainingNetwork {name!r}", wrong)
        return sorted({*lists["s3_buckets"], *needs_of(known["jobs"]).buckets})

    return Output.all(jobs=[relevant(each) for each in jobs], more=more).apply(named)
