"""Creates the network of training jobs: `TrainingNetwork`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pulumi_aws as aws  # noqa: TC002  the SDK evaluates a resource's annotations
from pulumi import ComponentResource, Output, ResourceOptions

from sagemaker_constructs.api.operation import VpcConfig
from sagemaker_constructs.network import vpc as resources
from sagemaker_constructs.network.argument_rules import check_rules
from sagemaker_constructs.network.arguments import NetworkArguments, read_network_arguments
from sagemaker_constructs.network.endpoints import default_services, unique_services
from sagemaker_constructs.network.existing import checked_subnets, checked_vpc, vpc_of
from sagemaker_constructs.network.file_systems import ports_of
from sagemaker_constructs.network.flow_logs import flow_log
from sagemaker_constructs.network.parent import Parent
from sagemaker_constructs.network.security_groups import file_system_rules, security_group
from sagemaker_constructs.network.zones import zone_names
from sagemaker_constructs.permissions.member_paths import role_members
from sagemaker_constructs.permissions.needs import needs_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sagemaker_constructs.api.deferred import Input
    from sagemaker_constructs.api.spec import TrainingJobSpec


class TrainingNetwork(ComponentResource):
    """Private subnets in several Availability Zones, an S3 gateway endpoint, and a security group of the instances.

    By default there is neither an internet gateway nor a NAT gateway: a container can reach S3, the other instances of
    its job, and services with an interface endpoint. An existing VPC, or existing subnets, with or without existing
    security groups, can be used instead; they are looked up, and refused if no job could run in them.

    Args:
        name: the resource's name, and the `Name` tag of its children.
        spec: the job, or the jobs, that run in the network. What they use decides the defaults below.
        vpc: an existing VPC, or its id, in which to create the subnets. Default: a new VPC.
        subnets: existing subnets, or their ids. Default: new subnets.
        security_groups: existing security groups, or their ids. Default: a new security group.
        cidr_block: IPv4 range of the new VPC, or an unused range in the existing one: /24 or larger, /20 or larger with
            NAT gateways. Default for a new VPC: `10.0.0.0/16`.
        zones: the number of Availability Zones, 1 to 15, or their names. Each zone has one subnet. The last letter of a
            named zone decides which part of the range it has, whichever other zones there are. The first zones get the
            NAT gateways. Default: 2.
        instances: instances of the largest job, at least 1. A subnet must have two IP addresses for each. Default: as
            in the spec, otherwise 1.
        interface_endpoints: services that containers call, such as `ecr.dkr` or `logs`. Default: the services that the
            spec uses, and none in existing subnets. SageMaker itself pulls the image and writes the log, from outside
            the VPC. Each endpoint costs about 0.01 USD an hour in each zone. S3 needs none.
        s3_buckets: names of the buckets that the S3 gateway endpoint allows beside those of the spec; an empty list
            allows those of the spec only. May be an Output of a list. Default: every bucket.
        nat_gateways: the number of NAT gateways, at most one for each zone. Each costs about 0.05 USD an hour and 0.05
            USD a GB. Default: 0.
        flow_log_retention_in_days: keep a flow log of the VPC in CloudWatch Logs for this number of days, one that
            CloudWatch Logs accepts, such as 7, 30, 90 or 365. Default: no flow log.
        check: whether to look up existing resources in the preview. Default: true.
        tags: tags of all resources of the network.
        opts: the usual resource options. Existing resources are looked up after those in `depends_on`: name the routes
            and endpoints there that subnets of the same program require.

    Raises:
        NetworkRefusedError: arguments are wrong or cannot be combined, the range has too few addresses, the Region has
            fewer zones, or no job could run in the existing network. The error lists every mistake.
    """

    vpc_id: Output[str]
    subnet_ids: Sequence[Output[str]]
    security_group_ids: Sequence[Output[str]]
    vpc_config: VpcConfig
    """The `vpc_config` of a spec whose job runs in this network."""

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
        given = {
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
        arguments = read_network_arguments(name, spec, tags, given)
        check_rules(arguments)
        services = _services(arguments)
        super().__init__("sagemaker-constructs:index:TrainingNetwork", name, {}, opts)
        parent = Parent(name, self, tags or {}, opts.depends_on if opts else None)
        s3: aws.ec2.VpcEndpoint | None = None
        groups = [_id(each) for each in arguments.security_groups or ()]
        if arguments.subnets is not None:
            ids = [_id(each) for each in arguments.subnets]
            if check:
                count = arguments.instances_per_subnet
                self.subnet_ids, self.vpc_id = checked_subnets(parent, ids, groups, count, endpoints=bool(services))
            else:
                self.subnet_ids, self.vpc_id = [Output.from_input(each) for each in ids], vpc_of(parent, ids[0])
        else:
            zone_ids = zone_names(parent, arguments.zones, check=check)
            if vpc is None:
                self.vpc_id = resources.new_vpc(parent, arguments.ip_range).id
            elif check:
                self.vpc_id = checked_vpc(parent, _id(vpc), groups, arguments.ip_range, nat_gateways=nat_gateways > 0)
            else:
                self.vpc_id = Output.from_input(_id(vpc))
            nat_slots = arguments.slots[:nat_gateways]
            tables = resources.route_tables(parent, self.vpc_id, nat_slots)
            private = {slot: arguments.plan.private[slot] for slot in arguments.slots}
            created = resources.subnets(
                parent, self.vpc_id, private, zone_ids, tables, looked_up=isinstance(zones, int)
            )
            self.subnet_ids = [each.id for each in created]
            s3 = resources.s3_endpoint(parent, self.vpc_id, tables, _buckets(arguments), services)
            if nat_slots:
                public = {slot: arguments.plan.public[slot] for slot in nat_slots}
                resources.nat_gateways(parent, self.vpc_id, public, created, tables)
        if arguments.security_groups is None:
            group = security_group(parent, self.vpc_id, s3, internet=nat_gateways > 0)
            ports = ports_of(arguments.jobs)
            if ports:
                new_vpc = arguments.subnets is None and vpc is None
                block = arguments.ip_range if new_vpc else resources.vpc_block(parent, self.vpc_id)
                file_system_rules(parent, group, ports, block, internet=nat_gateways > 0)
            self.security_group_ids = [group.id]
        else:
            self.security_group_ids = [Output.from_input(each) for each in groups]
        resources.interface_endpoints(parent, self.vpc_id, services, self.subnet_ids, self.security_group_ids)
        if flow_log_retention_in_days is not None:
            flow_log(parent, self.vpc_id, flow_log_retention_in_days)
        self.vpc_config = VpcConfig(security_group_ids=self.security_group_ids, subnets=self.subnet_ids)
        self.register_outputs({"vpc_id": self.vpc_id, "vpc_config": self.vpc_config.to_members()})


def _id(value: aws.ec2.Vpc | aws.ec2.Subnet | aws.ec2.SecurityGroup | Input[str]) -> Input[str]:
    return value if isinstance(value, str | Output) else value.id


def _services(arguments: NetworkArguments) -> list[str]:
    if arguments.interface_endpoints is not None:
        return unique_services(arguments.interface_endpoints)
    return default_services(arguments.jobs) if arguments.subnets is None else []


def _buckets(arguments: NetworkArguments) -> Output[list[str]] | None:
    """The buckets that the S3 gateway endpoint allows; None for all buckets."""
    if arguments.s3_buckets is None:
        return None

    def allowed(known: Mapping[str, Any]) -> list[str]:
        return sorted({*arguments.checked_buckets(known["more"]), *needs_of(known["jobs"]).buckets})

    return Output.all(jobs=[role_members(each) for each in arguments.jobs], more=arguments.s3_buckets).apply(allowed)
