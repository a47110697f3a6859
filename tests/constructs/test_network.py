"""The network: what is created, what is used of existing resources, and which arguments are refused."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from graphs import graph
from hypothesis import given, settings
from hypothesis import strategies as st
from policy_cases import ACCESS_POINT, CASES, SMALLEST
from pulumi import Output

from sagemaker_constructs import TrainingNetwork
from sagemaker_constructs.api.instances import candidates, most_instances
from sagemaker_constructs.api.spec import TrainingJobSpec
from sagemaker_constructs.network.address_plan import NetworkRefusedError

if TYPE_CHECKING:
    from random import Random

SELF = "sagemaker-constructs:index:TrainingNetwork"


def test_the_default_has_no_route_to_the_internet() -> None:
    """Two private subnets, S3's gateway endpoint, and a group that allows traffic between the instances."""
    found = graph(lambda: TrainingNetwork("n"))

    assert found.counts() == {
        "RouteTable": 1,
        "RouteTableAssociation": 2,
        "SecurityGroup": 1,
        "SecurityGroupEgressRule": 2,
        "SecurityGroupIngressRule": 1,
        "Subnet": 2,
        "TrainingNetwork": 1,
        "Vpc": 1,
        "VpcEndpoint": 1,
    }
    assert {each.parent for each in found.placed if each.type != SELF} == {SELF}
    assert {name: inputs["cidrBlock"] for name, inputs in found.of("Subnet").items()} == {
        "n-0": "10.0.0.0/20",
        "n-1": "10.0.16.0/20",
    }
    assert [inputs["availabilityZone"] for _, inputs in sorted(found.of("Subnet").items())] == [
        "eu-west-1a",
        "eu-west-1b",
    ]
    assert not any(inputs["mapPublicIpOnLaunch"] for inputs in found.of("Subnet").values())
    (endpoint,) = found.of("VpcEndpoint").values()
    assert endpoint["serviceName"] == "com.amazonaws.eu-west-1.s3"
    assert endpoint["routeTableIds"] == ["n-private-id"]
    assert "policy" not in endpoint


def test_the_instances_of_a_job_reach_each_other_and_s3() -> None:
    """One rule in and two out, and nobody else's."""
    found = graph(lambda: TrainingNetwork("n"))

    group = {"securityGroupId": "n-id", "referencedSecurityGroupId": "n-id", "ipProtocol": "-1"}
    assert found.of("SecurityGroupIngressRule")["n-self"].items() >= group.items()
    assert found.of("SecurityGroupEgressRule")["n-self"].items() >= group.items()
    s3 = {"prefixListId": "pl-s3", "ipProtocol": "tcp", "fromPort": 443, "toPort": 443}
    assert found.of("SecurityGroupEgressRule")["n-s3"].items() >= s3.items()


def test_nat_gateways_are_created_on_request() -> None:
    """A NAT gateway for each of the first zones, each private subnet with a route table that leads to one."""
    found = graph(lambda: TrainingNetwork("n", zones=3, nat_gateways=2))

    counts = found.counts()
    assert [counts[name] for name in ("NatGateway", "Eip", "InternetGateway", "Subnet")] == [2, 2, 1, 5]
    assert {
        name: inputs.get("natGatewayId", inputs.get("gatewayId")) for name, inputs in found.of("Route").items()
    } == {
        "n-public": "n-id",
        "n-0": "n-0-id",
        "n-1": "n-1-id",
    }
    assert {name: inputs["routeTableId"] for name, inputs in found.of("RouteTableAssociation").items()} == {
        "n-0": "n-private-0-id",
        "n-1": "n-private-1-id",
        "n-2": "n-private-0-id",
        "n-0-public": "n-public-id",
        "n-1-public": "n-public-id",
    }
    assert sorted(found.of("SecurityGroupEgressRule")) == ["n-internet", "n-self"]


def test_endpoints_follow_from_what_the_jobs_use() -> None:
    """A credential function needs Lambda's, an experiment SageMaker's; a plain job needs none."""
    used = [TrainingJobSpec.from_members(CASES[name].members) for name in ("private registry", "experiment")]
    plain = TrainingJobSpec.from_members(SMALLEST)

    assert sorted(graph(lambda: TrainingNetwork("n", spec=used)).of("VpcEndpoint")) == [
        "n-lambda",
        "n-s3",
        "n-sagemaker-api",
        "n-sagemaker-metrics",
    ]
    assert sorted(graph(lambda: TrainingNetwork("n", spec=plain)).of("VpcEndpoint")) == ["n-s3"]


def test_what_is_not_known_yet_counts_as_used() -> None:
    """A whole structure that is one Output, too."""

    def build() -> None:
        experiment = Output.from_input({"experiment_name": "birds"})
        TrainingNetwork("n", spec=TrainingJobSpec.from_members({**SMALLEST, "experiment_config": experiment}))

    found = graph(build)
    assert sorted(found.of("VpcEndpoint")) == ["n-s3", "n-sagemaker-api", "n-sagemaker-metrics"]


def file_system(kind: Any) -> TrainingJobSpec:
    """A job that reads a file system of a kind, and is given its network later."""
    source = {
        "file_system_id": "fs-00000000000000001",
        "file_system_type": kind,
        "file_system_access_mode": "ro",
        "directory_path": "/data",
    }
    channel = {"channel_name": "train", "data_source": {"file_system_data_source": source}}
    return TrainingJobSpec.built({**SMALLEST, "input_data_config": [channel]})


BLOCK = "10.4.0.0/16"
NFS, LUSTRE, CLIENTS = ("n-nfs", 2049, 2049), ("n-lustre", 988, 988), ("n-lustre-clients", 1018, 1023)


@pytest.mark.parametrize(
    ("kind", "out", "into"),
    [
        ("EFS", {NFS}, set[Any]()),
        ("FSxLustre", {LUSTRE, CLIENTS}, {LUSTRE, CLIENTS}),
        (Output.from_input("EFS"), {NFS, LUSTRE, CLIENTS}, {LUSTRE, CLIENTS}),
    ],
)
def test_the_instances_reach_the_file_systems_of_their_jobs(kind: Any, out: set[Any], into: set[Any]) -> None:
    """Within the VPC, by the ports of their kind; Lustre calls back."""
    found = graph(lambda: TrainingNetwork("n", spec=file_system(kind), cidr_block=BLOCK))

    def ports(direction: str) -> set[Any]:
        rules = found.of(f"SecurityGroup{direction}Rule").items()
        return {(name, each["fromPort"], each["toPort"]) for name, each in rules if each.get("cidrIpv4") == BLOCK}

    assert ports("Egress") == out
    assert ports("Ingress") == into


def test_with_nat_gateways_file_systems_need_no_egress_rule() -> None:
    """Everything may go out then; what Lustre calls in is opened all the same."""
    found = graph(lambda: TrainingNetwork("n", spec=file_system("FSxLustre"), nat_gateways=1))

    assert sorted(found.of("SecurityGroupEgressRule")) == ["n-internet", "n-self"]
    assert sorted(found.of("SecurityGroupIngressRule")) == ["n-lustre", "n-lustre-clients", "n-self"]


def test_a_job_without_file_systems_has_no_rules_for_them() -> None:
    """Nor has a group from elsewhere."""
    plain = graph(lambda: TrainingNetwork("n", spec=TrainingJobSpec.from_members(SMALLEST)))
    given = graph(
        lambda: TrainingNetwork(
            "n", spec=file_system("EFS"), vpc="vpc-1", cidr_block=BLOCK, security_groups=["sg-1"], check=False
        )
    )

    assert sorted(plain.of("SecurityGroupEgressRule")) == ["n-s3", "n-self"]
    assert given.of("SecurityGroupEgressRule") == {}


def test_endpoints_stand_in_every_subnet_and_in_the_jobs_group() -> None:
    """So that the rule between the machines covers them."""
    endpoint = graph(lambda: TrainingNetwork("n", interface_endpoints=["ecr.dkr"])).of("VpcEndpoint")["n-ecr-dkr"]

    assert endpoint["serviceName"] == "com.amazonaws.eu-west-1.ecr.dkr"
    assert endpoint["subnetIds"] == ["n-0-id", "n-1-id"]
    assert endpoint["securityGroupIds"] == ["n-id"]
    assert endpoint["privateDnsEnabled"] is True


def test_the_s3_endpoint_is_limited_on_request() -> None:
    """To the buckets of the jobs, those beside them, and where ECR is called its layers' bucket."""
    spec = TrainingJobSpec.from_members(CASES["checkpoints"].members)
    found = graph(
        lambda: TrainingNetwork("n", spec=spec, s3_buckets=["tables"], interface_endpoints=["ecr.dkr", "ecr.api"])
    )

    policy = json.loads(found.of("VpcEndpoint")["n-s3"]["policy"])
    assert {each["Resource"][0]: each["Action"] for each in policy["Statement"]} == {
        "arn:aws:s3:::models": ["s3:*"],
        "arn:aws:s3:::tables": ["s3:*"],
        "arn:aws:s3:::prod-eu-west-1-starport-layer-bucket": ["s3:GetObject"],
    }


def test_the_s3_endpoint_lets_through_what_goes_to_access_points() -> None:
    """Under their ARNs, as policies must have them."""
    spec = TrainingJobSpec.from_members(CASES["access points"].members)
    policy = json.loads(
        graph(lambda: TrainingNetwork("n", spec=spec, s3_buckets=[])).of("VpcEndpoint")["n-s3"]["policy"]
    )

    train = f"{ACCESS_POINT}/train"
    assert [train, f"{train}/object/*"] in [each["Resource"] for each in policy["Statement"]]
    assert not any("s3alias" in resource for each in policy["Statement"] for resource in each["Resource"])


def test_traffic_is_recorded_on_request() -> None:
    """A flow log, its log group, and a role that may write into that group only."""
    found = graph(lambda: TrainingNetwork("n", flow_log_retention_in_days=7))

    assert found.of("LogGroup")["n-flow-log"]["retentionInDays"] == 7
    assert found.of("FlowLog")["n-flow-log"]["trafficType"] == "ALL"
    written = json.loads(found.of("RolePolicy")["n-flow-log"]["policy"])["Statement"][0]["Action"]
    assert written == ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"]
    trust = json.loads(found.of("Role")["n-flow-log"]["assumeRolePolicy"])
    assert trust["Statement"][0]["Condition"] == {"StringEquals": {"aws:SourceAccount": "123456789012"}}


def test_instances_are_counted_from_the_spec() -> None:
    """A range that is too small for the job is refused before anything is made."""
    resources = {**SMALLEST["resource_config"], "instance_count": 16}
    spec = TrainingJobSpec.from_members({**SMALLEST, "resource_config": resources})

    with pytest.raises(NetworkRefusedError, match="addresses for 5 instances, expected addresses for 16"):
        graph(lambda: TrainingNetwork("n", spec=spec, cidr_block="10.0.0.0/24"))


def test_more_zones_than_there_are_is_refused() -> None:
    """With those that there are."""
    with pytest.raises(
        NetworkRefusedError, match="got 4, expected at most 3, which are in the Region: eu-west-1a, eu-west-1b"
    ):
        graph(lambda: TrainingNetwork("n", zones=4).vpc_config.subnets)


def test_zones_can_be_named() -> None:
    """They are looked up unless that is switched off; one that the Region does not have is refused."""
    found = graph(lambda: TrainingNetwork("n", zones=["eu-west-1c"]))
    unseen = graph(lambda: TrainingNetwork("n", zones=["us-east-1f"], check=False))

    assert [inputs["availabilityZone"] for inputs in found.of("Subnet").values()] == ["eu-west-1c"]
    assert "aws:index/getAvailabilityZones:getAvailabilityZones" not in [token for token, _ in unseen.asked]
    with pytest.raises(
        NetworkRefusedError, match="zones: got us-east-1f, expected zones of the Region: eu-west-1a, eu-west-1b"
    ):
        graph(lambda: TrainingNetwork("n", zones=["us-east-1f"]))


LETTERS = st.lists(st.sampled_from("abcdefghijklmno"), unique=True, min_size=1, max_size=5)


def planned(letters: list[str], nat_gateways: int = 0) -> dict[str, tuple[str, str, str]]:
    """The zone and the block of each subnet, and what its route table is associated with, by its name."""
    zones = [f"eu-west-1{letter}" for letter in letters]
    found = graph(lambda: TrainingNetwork("n", zones=zones, nat_gateways=nat_gateways, check=False))
    return {
        name: (inputs["availabilityZone"], inputs["cidrBlock"], found.of("RouteTableAssociation")[name]["subnetId"])
        for name, inputs in found.of("Subnet").items()
    }


@settings(max_examples=20, deadline=None)
@given(LETTERS, LETTERS, st.randoms(use_true_random=False))
def test_a_further_zone_moves_no_subnet_wherever_it_is_named(some: list[str], more: list[str], random: Random) -> None:
    """Names and blocks of the zones that stay are as they were."""
    together = list({*some, *more})
    random.shuffle(together)

    assert planned(some).items() <= planned(together).items()
    assert planned(some, len(some)).items() <= planned(together, len(together)).items()


def test_zones_that_are_named_are_where_they_would_be_counted() -> None:
    """As far as the Region's letters have no gap."""
    named = graph(lambda: TrainingNetwork("n", zones=["eu-west-1b", "eu-west-1a"]))
    counted = graph(lambda: TrainingNetwork("n"))

    assert named.of("Subnet") == counted.of("Subnet")


@pytest.mark.parametrize("others", ["net-1", "net-public", "net-private", "net-0"])
def test_networks_with_similar_names_stand_beside_each_other(others: str) -> None:
    """No two children of a type have one name, for their parents' names are not in their URNs."""

    def build() -> None:
        TrainingNetwork("net", nat_gateways=2)
        TrainingNetwork(others, nat_gateways=2)

    names = [(each.type, each.name) for each in graph(build).placed]
    assert len(set(names)) == len(names)


def test_a_preview_knows_the_plan() -> None:
    """Blocks, zones and services are known before anything exists."""
    found = graph(lambda: TrainingNetwork("n", interface_endpoints=["logs"]), preview=True)

    assert found.of("Subnet")["n-1"]["cidrBlock"] == "10.0.16.0/20"
    assert found.of("VpcEndpoint")["n-logs"]["serviceName"] == "com.amazonaws.eu-west-1.logs"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"vpc": "vpc-1"}, "vpc requires cidr_block: an unused range in that VPC"),
        ({"subnets": ["subnet-1"], "vpc": "vpc-1"}, "vpc cannot be combined with subnets"),
        ({"subnets": ["s-1"], "vpc": "v", "s3_buckets": []}, "vpc and s3_buckets cannot be combined with subnets"),
        ({"subnets": ["subnet-1"], "nat_gateways": 1}, "nat_gateways cannot be combined with subnets"),
        ({"nat_gateways": 3}, "nat_gateways: got 3, expected 0 to 2, at most one for each zone"),
        ({"nat_gateways": -1}, "nat_gateways: got -1, expected 0 to 2"),
        ({"zones": 0}, "zones: got 0, expected 1 to 15"),
        ({"zones": 99}, "zones: got 99, expected 1 to 15"),
        ({"zones": 0, "subnets": ["subnet-1"]}, "zones: got 0, expected 1 to 15"),
        (
            {"zones": ["eu-west-1a", "eu-west-1-x-1a"]},
            "zones: got 'eu-west-1a' and 'eu-west-1-x-1a', expected different last letters",
        ),
        (
            {"zones": ["eu-west-1z"]},
            "zones: got 'eu-west-1z', expected names, not Outputs, that end in a letter from a to o",
        ),
        ({"zones": [""]}, r"zones\[0\]: got '', expected the name of an Availability Zone"),
        ({"subnets": ["subnet-1", "subnet-1"]}, "subnets: got 'subnet-1' 2 times, expected it once"),
        ({"security_groups": ["sg-1"]}, "security_groups requires vpc or subnets"),
        ({"zones": ["a", "b", "a"]}, "zones: got 'a' 2 times, expected it once"),
        ({"instances": 0}, "instances: got 0, expected at least 1"),
        ({"instances": -1, "subnets": ["subnet-1"]}, "instances: got -1, expected at least 1"),
        ({"subnets": []}, "subnets: got 0, expected 1 to 16"),
        (
            {"vpc": "v", "security_groups": [f"sg-{number}" for number in range(6)]},
            "security_groups: got 6, expected 1 to 5",
        ),
        ({"cidr_block": "10.0.0.1/16"}, "cidr_block: got '10.0.0.1/16'"),
        ({"cidr_block": "10.0.0.0/24", "nat_gateways": 1}, "cidr_block: got 10.0.0.0/24, expected a larger range"),
        ({"interface_endpoints": ["s3"]}, "interface_endpoints: 's3' must be left out: the gateway endpoint"),
        ({"interface_endpoints": ["ECR dkr"]}, "interface_endpoints: got 'ECR dkr', expected the name of a service"),
        (
            {"s3_buckets": ["s3://data/train"]},
            "s3_buckets: got 's3://data/train' as the name of a bucket, expected only lower case letters",
        ),
        ({"s3_buckets": [ACCESS_POINT]}, "s3_buckets: got 'arn:.*', expected the name of a bucket, not an ARN"),
        ({"flow_log_retention_in_days": 8}, "flow_log_retention_in_days: got 8, expected one of 1, 3, 5, 7"),
    ],
)
def test_arguments_that_nothing_can_be_made_of_are_refused(arguments: dict[str, Any], message: str) -> None:
    """At once, before anything is placed, with what to give instead."""
    with pytest.raises(NetworkRefusedError, match=message):
        graph(lambda: TrainingNetwork("n", **arguments))


def test_all_mistakes_are_told_at_once() -> None:
    """Under the network's name."""
    with pytest.raises(NetworkRefusedError) as refused:
        graph(lambda: TrainingNetwork("n", zones=0, instances=-1, cidr_block="10.0.0.1/16", interface_endpoints=["s3"]))

    assert str(refused.value).startswith("TrainingNetwork 'n': 4 mistakes\n  - zones: got 0")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"subnets": 5}, "subnets: got 5, expected a list"),
        ({"subnets": "subnet-1"}, "subnets: got 'subnet-1', expected a list, each item a subnet id"),
        ({"security_groups": "sg-1"}, "security_groups: got 'sg-1', expected a list, each item a security group id"),
        (
            {"zones": "eu-west-1a"},
            "zones: got 'eu-west-1a', expected a list, each item the name of an Availability Zone",
        ),
        (
            {"interface_endpoints": "logs"},
            "interface_endpoints: got 'logs', expected a list, each item the name of a service",
        ),
        ({"s3_buckets": "tables"}, "s3_buckets: got 'tables', expected a list, each item the name of a bucket"),
        (
            {"zones": ["eu-west-1a"], "s3_buckets": Output.from_input("tables")},
            "s3_buckets: got 'tables', expected a list, each item the name of a bucket",
        ),
        ({"zones": True}, "zones: got True, expected a list, each item the name of an Availability Zone"),
        ({"zones": [Output.from_input("eu-west-1a")]}, "zones: got an Output, expected names, not Outputs"),
        ({"instances": True}, "instances: got True, expected a whole number"),
        ({"vpc": 7}, "vpc: got 7, expected a VPC id, or a VPC resource"),
        ({"tags": ["a"]}, "tags: got a list, expected a mapping of strings to strings"),
        ({"spec": "x"}, "spec: got 'x', expected a list, each item a TrainingJobSpec"),
        ({"spec": Output.from_input([])}, "spec: got one Output, expected a list, each item a TrainingJobSpec"),
        ({"instances": "2"}, "instances: got '2', expected a whole number, which cannot be an Output"),
        (
            {"cidr_block": Output.from_input("10.0.0.0/16")},
            "cidr_block: got an Output, expected an IPv4 range, which cannot be",
        ),
        ({"subnets": ["subnet-1", None]}, r"subnets\[1\]: got None, expected a subnet id"),
        (
            {"subnets": Output.from_input(["subnet-1"])},
            r"subnets: got one Output, .* as in subnets=\[ids\[0\], ids\[1\]\]",
        ),
    ],
)
def test_what_an_argument_does_not_take_is_refused(arguments: dict[str, Any], message: str) -> None:
    """A string is no list, and where every item makes a resource one Output is none either."""
    with pytest.raises(NetworkRefusedError, match=message):
        graph(lambda: TrainingNetwork("n", **arguments))


def test_an_output_may_stand_for_the_list_of_buckets() -> None:
    """Its items are looked at when they are known."""
    found = graph(lambda: TrainingNetwork("n", s3_buckets=Output.from_input(["tables"])))

    assert "arn:aws:s3:::tables" in found.of("VpcEndpoint")["n-s3"]["policy"]


def test_an_endpoint_is_made_once_however_it_is_written() -> None:
    """Two of a service could not have its private name both."""
    services = ["ecr.dkr", "com.amazonaws.eu-west-1.ecr.dkr", "com.amazonaws.{region}.logs", "logs"]
    found = graph(lambda: TrainingNetwork("n", interface_endpoints=services))

    assert sorted(found.of("VpcEndpoint")) == ["n-ecr-dkr", "n-logs", "n-s3"]


@pytest.mark.parametrize(
    ("resources", "machines"),
    [
        ({"instance_type": "ml.m5.large", "instance_count": 3}, [{"ml.m5.large": 3}]),
        (
            {
                "instance_groups": [
                    {"instance_type": "a", "instance_count": 2},
                    {"instance_type": "b", "instance_count": 3},
                    {"instance_type": "a", "instance_count": 1},
                ]
            },
            [{"a": 3, "b": 3}],
        ),
        ({"instance_preferences": [{"instance_type": "a"}], "instance_count": 4}, [{"a": 4}]),
        (
            {
                "instance_preferences": [
                    {"instance_type": "a", "instance_count": 2},
                    {"instance_type": "b", "instance_count": 8},
                ]
            },
            [{"a": 2}, {"b": 8}],
        ),
        ({"instance_type": Output.from_input("a"), "instance_count": Output.from_input(2)}, [{"": 1}]),
        (Output.from_input({}), []),
    ],
)
def test_the_instances_of_a_job_are_one_of_its_candidates(resources: Any, machines: list[dict[str, int]]) -> None:
    """Groups stand together; of the preferences one is taken; what is not known yet is one machine."""
    job = {"resource_config": resources}

    assert candidates(job) == machines
    assert most_instances(job) == max((sum(each.values()) for each in machines), default=1)
