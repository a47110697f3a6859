"""Existing networks: looked up, refused where no job could run, and warned of where something may be unintended."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pulumi_aws as aws
import pytest
from graphs import Graph, graph, nothing
from policy_cases import CASES
from pulumi import ResourceOptions

from sagemaker_constructs import TrainingNetwork
from sagemaker_constructs.api.spec import TrainingJobSpec
from sagemaker_constructs.network.address_plan import NetworkRefusedError
from sagemaker_constructs.network.existing_checks import ExistingNetwork, Subnet, errors, warnings

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

SUBNET = Subnet("subnet-1", "vpc-1", 100, frozenset({"endpoint"}), "eu-west-1a")


def around(*subnets: Subnet, **facts: Any) -> ExistingNetwork:
    """Subnets in a VPC with nothing special about it."""
    known: dict[str, Any] = {"groups": {"sg-1": "vpc-1"}, "tenancy": {"vpc-1": "default"}, "instances": 2, **facts}
    return ExistingNetwork(subnets=subnets, **known)


def subnet(
    identifier: str = "subnet-1", *, vpc: str = "vpc-1", addresses: int = 100, routes: str = "endpoint"
) -> Subnet:
    """A subnet, its routes separated by commas."""
    return Subnet(identifier, vpc, addresses, frozenset(routes.split(",")) - {""}, "eu-west-1a")


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (around(SUBNET), []),
        (around(subnet(routes="default")), []),
        (around(subnet(routes="endpoint,default,internet gateway")), []),
        (around(SUBNET, subnet("subnet-2", addresses=1)), []),
        (
            around(SUBNET, subnet("subnet-2", vpc="vpc-2")),
            ["got subnets of vpc-1 and vpc-2, expected subnets of one VPC"],
        ),
        (around(SUBNET, subnet("subnet-2"), endpoints=True), ["subnet-1 and subnet-2 are both in eu-west-1a"]),
        (around(SUBNET, groups={"sg-1": "vpc-3"}), ["security group sg-1: belongs to vpc-3, must belong to vpc-1"]),
        (around(SUBNET, tenancy={"vpc-1": "dedicated"}), ["vpc-1: tenancy is dedicated, must be default"]),
        (around(subnet(addresses=3)), ["got free IP addresses 3 in subnet-1, expected 4 in one subnet"]),
        (
            around(subnet(routes="")),
            ["subnet-1: its route table has neither an S3 gateway endpoint nor a default route"],
        ),
        (around(subnet(routes="default,internet gateway")), ["subnet-1: is a public subnet"]),
        (around(subnet(addresses=0, routes="")), ["expected 4 in one subnet", "has neither"]),
    ],
)
def test_what_no_job_could_run_in(found: ExistingNetwork, expected: list[str]) -> None:
    """Each reason is a sentence, and all are given."""
    assert len(errors(found)) == len(expected)
    assert all(part in sentence for part, sentence in zip(expected, errors(found), strict=True))


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (around(SUBNET), []),
        (
            around(SUBNET, subnet("subnet-2", addresses=3)),
            ["subnet-2: has 3 free IP addresses, and 2 instances require 4"],
        ),
        (
            around(subnet(routes="endpoint,default,internet gateway")),
            ["they can reach gateway endpoints, and nothing else"],
        ),
    ],
)
def test_what_may_be_unintended_is_a_warning(found: ExistingNetwork, expected: list[str]) -> None:
    """A job can run there, perhaps not as intended."""
    assert len(warnings(found)) == len(expected)
    assert all(part in sentence for part, sentence in zip(expected, warnings(found), strict=True))


def account(
    *,
    addresses: int = 100,
    routes: Mapping[str, str] | None = None,
    main: Mapping[str, str] | None = None,
    endpoint: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """An account with `subnet-1`, whose own route table has `routes` (None: it has none), and with the main one.

    `endpoint` is the answer to a look-up of S3's gateway endpoint; by default it is in that table.
    """

    def tables(asked: Mapping[str, Any]) -> Mapping[str, Any]:
        wanted = {each["name"]: each["values"][0] for each in asked["filters"]}
        table = main or {} if wanted.pop("association.main", None) else routes
        wanted.pop("association.subnet-id", None)
        return {"ids": ["rtb-1"] if table is not None and wanted.items() <= table.items() else []}

    subnet_1 = {"id": "subnet-1", "vpcId": "vpc-1", "availableIpAddressCount": addresses, "availabilityZone": "a"}
    return {
        "aws:ec2/getSubnet:getSubnet": subnet_1,
        "aws:ec2/getVpc:getVpc": {
            "id": "vpc-1",
            "cidrBlock": "10.0.0.0/16",
            "instanceTenancy": "default",
            "cidrBlockAssociations": [{"cidrBlock": "10.0.0.0/16"}],
        },
        "aws:ec2/getSecurityGroup:getSecurityGroup": {"vpcId": "vpc-1"},
        "aws:ec2/getRouteTables:getRouteTables": tables,
        **(endpoint or {S3_ENDPOINT: {"routeTableIds": ["rtb-1"]}}),
    }


S3_ENDPOINT = "aws:ec2/getVpcEndpoint:getVpcEndpoint"
S3_ROUTE = {"route.gateway-id": "vpce-*"}
PUBLIC_ROUTE = {"route.gateway-id": "igw-*", "route.destination-cidr-block": "0.0.0.0/0"}


def given(answers: Mapping[str, Any], build: Callable[[], TrainingNetwork]) -> Graph:
    """The graph of a network, and what its subnets come to."""
    return graph(lambda: build().vpc_config.subnets, answers)


def test_subnets_and_groups_are_used_as_they_are() -> None:
    """Nothing is made."""
    found = given(
        account(routes=S3_ROUTE),
        lambda: TrainingNetwork("n", subnets=["subnet-1"], security_groups=["sg-1"]),
    )

    assert found.counts() == {"TrainingNetwork": 1}


def test_a_subnet_is_looked_up_once() -> None:
    """Its VPC and its routes come from one lookup."""
    found = given(account(routes=S3_ROUTE), lambda: TrainingNetwork("n", subnets=["subnet-1"]))

    assert [token for token, _ in found.asked].count("aws:ec2/getSubnet:getSubnet") == 1


def test_subnets_get_a_group_where_none_is_given() -> None:
    """The group belongs to the subnets' VPC, and leads to S3 by whatever way there is."""
    found = given(account(routes=S3_ROUTE), lambda: TrainingNetwork("n", subnets=["subnet-1"]))

    assert found.counts() == {
        "SecurityGroup": 1,
        "SecurityGroupEgressRule": 2,
        "SecurityGroupIngressRule": 1,
        "TrainingNetwork": 1,
    }
    assert found.of("SecurityGroup")["n"]["vpcId"] == "vpc-1"
    assert found.of("SecurityGroupEgressRule")["n-s3"]["cidrIpv4"] == "0.0.0.0/0"


def test_file_systems_are_reached_in_the_range_of_the_vpc() -> None:
    """Which is looked up."""
    spec = TrainingJobSpec.from_members(CASES["file systems"].members)
    found = given(account(routes=S3_ROUTE), lambda: TrainingNetwork("n", spec=spec, subnets=["subnet-1"]))

    assert found.of("SecurityGroupEgressRule")["n-nfs"]["cidrIpv4"] == "10.0.0.0/16"


def test_the_main_route_table_counts_for_subnets_without_one() -> None:
    """As in EC2."""
    given(account(main=S3_ROUTE), lambda: TrainingNetwork("n", subnets=["subnet-1"]))


@pytest.mark.parametrize(
    ("answers", "reason"),
    [
        (account(routes={}), "has neither"),
        (account(routes={}, main=S3_ROUTE), "has neither"),
        (account(main=PUBLIC_ROUTE), "public subnet"),
        (account(routes=S3_ROUTE, endpoint={S3_ENDPOINT: {"routeTableIds": ["rtb-2"]}}), "has neither"),
        (
            account(routes=S3_ROUTE, endpoint=nothing(S3_ENDPOINT, "no matching EC2 VPC Endpoint")),
            "has neither",
        ),
        (account(routes=S3_ROUTE, addresses=1), "expected 2 in one subnet"),
    ],
)
def test_subnets_in_which_no_job_could_run_are_refused(answers: Mapping[str, Any], reason: str) -> None:
    """Before a job is started in them."""
    with pytest.raises(NetworkRefusedError, match=reason):
        given(answers, lambda: TrainingNetwork("n", subnets=["subnet-1"]))


def test_an_endpoint_that_cannot_be_identified_counts_as_s3s() -> None:
    """A VPC may have several, and the lookup may be denied."""
    several = nothing(S3_ENDPOINT, "multiple EC2 VPC Endpoints matched")
    given(account(routes=S3_ROUTE, endpoint=several), lambda: TrainingNetwork("n", subnets=["subnet-1"]))


def test_the_look_up_can_be_switched_off() -> None:
    """For programs without the permission."""
    found = given(
        account(routes={}),
        lambda: TrainingNetwork("n", subnets=["subnet-1"], security_groups=["sg-1"], check=False),
    )

    assert "aws:ec2/getRouteTables:getRouteTables" not in [token for token, _ in found.asked]


def test_subnets_are_made_in_a_vpc_that_is_given() -> None:
    """With a route table, an endpoint and a group of their own."""
    found = given(account(), lambda: TrainingNetwork("n", vpc="vpc-1", cidr_block="10.0.128.0/20"))

    assert "Vpc" not in found.counts()
    assert {inputs["vpcId"] for inputs in found.of("Subnet").values()} == {"vpc-1"}
    assert sorted(inputs["cidrBlock"] for inputs in found.of("Subnet").values()) == ["10.0.128.0/24", "10.0.129.0/24"]


def test_a_range_outside_the_vpc_is_refused() -> None:
    """With the range that the VPC has."""
    with pytest.raises(
        NetworkRefusedError, match=r"got 10.1.0.0/20, expected a part of 10.0.0.0/16, the range of vpc-1"
    ):
        given(account(), lambda: TrainingNetwork("n", vpc="vpc-1", cidr_block="10.1.0.0/20"))


def of_another_vpc() -> dict[str, Any]:
    """An account whose security group belongs to another VPC than its subnet."""
    return {**account(), "aws:ec2/getSecurityGroup:getSecurityGroup": {"vpcId": "vpc-2"}}


def test_a_security_group_of_another_vpc_is_refused_beside_a_vpc() -> None:
    """As it is beside subnets."""
    with pytest.raises(NetworkRefusedError, match=r"sg-1: belongs to vpc-2, must belong to vpc-1"):
        given(
            of_another_vpc(),
            lambda: TrainingNetwork("n", vpc="vpc-1", cidr_block="10.0.128.0/20", security_groups=["sg-1"]),
        )


@pytest.mark.parametrize(("own", "refused"), [({}, True), ({"tag:Name": "n-public"}, False)])
def test_a_vpc_with_an_internet_gateway_takes_no_other(own: Mapping[str, str], *, refused: bool) -> None:
    """Unless it is the network's own, of an earlier update."""

    def build() -> Graph:
        return given(
            account(routes={**PUBLIC_ROUTE, **own}),
            lambda: TrainingNetwork("n", vpc="vpc-1", cidr_block="10.0.128.0/20", nat_gateways=1),
        )

    if refused:
        with pytest.raises(NetworkRefusedError, match="nat_gateways must be 0: vpc-1 already has an internet gateway"):
            build()
    else:
        assert build().counts()["InternetGateway"] == 1


@pytest.mark.parametrize(
    ("arguments", "missing", "message"),
    [
        (
            {"subnets": ["subnet-1"]},
            "aws:ec2/getSubnet:getSubnet",
            "subnets: got 'subnet-1', expected the id of an existing one",
        ),
        (
            {"subnets": ["subnet-1"], "check": False},
            "aws:ec2/getSubnet:getSubnet",
            "subnets: got 'subnet-1', expected the id of an existing one",
        ),
        (
            {"subnets": ["subnet-1"], "security_groups": ["sg-1"]},
            "aws:ec2/getSecurityGroup:getSecurityGroup",
            "security_groups: got 'sg-1', expected the id of an existing one",
        ),
        ({"vpc": "vpc-1", "cidr_block": "10.0.0.0/20"}, "aws:ec2/getVpc:getVpc", "vpc: got 'vpc-1', expected the id"),
        ({}, "aws:index/getAvailabilityZones:getAvailabilityZones", "zones: got 2, expected zones that can be looked"),
    ],
)
def test_a_failed_lookup_is_one_sentence(arguments: dict[str, Any], missing: str, message: str) -> None:
    """The argument, the id, what is expected, and what AWS says; no traceback of an invoke."""
    with pytest.raises(NetworkRefusedError, match=message) as refused:
        given({**account(routes=S3_ROUTE), **nothing(missing)}, lambda: TrainingNetwork("n", **arguments))

    assert str(refused.value).endswith("; the lookup failed: 1 error: * not found")


def after_a_route(answers: Mapping[str, Any], *, preview: bool) -> Graph:
    """A network in subnets that fit by a route of the same program, which takes its time."""

    def build() -> Any:
        route = aws.ec2.Route("r", route_table_id="rtb-1", gateway_id="igw-1")
        options = ResourceOptions(depends_on=[route])
        return TrainingNetwork("n", subnets=["subnet-1"], security_groups=["sg-1"], opts=options).vpc_config.subnets

    return graph(build, answers, preview=preview)


def test_what_is_given_is_looked_up_after_what_makes_it_fit() -> None:
    """In an update, when it is there."""
    found = after_a_route(account(routes=S3_ROUTE), preview=False)

    assert "aws:ec2/getSubnet:getSubnet" in [token for token, _ in found.asked]


def test_a_preview_does_not_look_up_what_is_still_to_be_made_to_fit() -> None:
    """It would be refused for what the update is about to do."""
    found = after_a_route(account(routes={}), preview=True)

    assert "aws:ec2/getSubnet:getSubnet" not in [token for token, _ in found.asked]
