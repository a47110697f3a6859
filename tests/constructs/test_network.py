"""The network: what is made, what is taken from outside, and what is refused."""

from __future__ import annotations

import json
from typing import Any

import pytest
from graphs import graph
from policy_cases import CASES, SMALLEST

from sagemaker_constructs import TrainingNetwork
from sagemaker_constructs.api.spec import TrainingJobSpec
from sagemaker_constructs.network.addresses import NetworkRefusedError

SELF = "sagemaker-constructs:index:TrainingNetwork"


def test_the_default_has_no_way_out() -> None:
    """Two private subnets, S3's gateway endpoint, and a group that lets the machines talk to each other."""
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
    assert endpoint["routeTableIds"] == ["n-id"]
    assert "policy" not in endpoint


def test_the_machines_of_a_job_reach_each_other_and_s3() -> None:
    """One rule in and two out, and nobody else's."""
    found = graph(lambda: TrainingNetwork("n"))

    group = {"securityGroupId": "n-id", "referencedSecurityGroupId": "n-id", "ipProtocol": "-1"}
    assert found.of("SecurityGroupIngressRule")["n-self"].items() >= group.items()
    assert found.of("SecurityGroupEgressRule")["n-self"].items() >= group.items()
    s3 = {"prefixListId": "pl-s3", "ipProtocol": "tcp", "fromPort": 443, "toPort": 443}
    assert found.of("SecurityGroupEgressRule")["n-s3"].items() >= s3.items()


def test_a_way_to_the_internet_is_asked_for() -> None:
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
        "n-0": "n-id",
        "n-1": "n-1-id",
        "n-2": "n-id",
        "n-public-0": "n-public-id",
        "n-public-1": "n-public-id",
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


def test_traffic_is_recorded_on_request() -> None:
    """A flow log, its log group, and a role that may write into that group only."""
    found = graph(lambda: TrainingNetwork("n", flow_log_retention_in_days=7))

    assert found.of("LogGroup")["n-flow-log"]["retentionInDays"] == 7
    assert found.of("FlowLog")["n-flow-log"]["trafficType"] == "ALL"
    trust = json.loads(found.of("Role")["n-flow-log"]["assumeRolePolicy"])
    assert trust["Statement"][0]["Condition"] == {"StringEquals": {"aws:SourceAccount": "123456789012"}}


def test_machines_are_counted_from_the_spec() -> None:
    """A range that is too small for the job is refused before anything is made."""
    resources = {**SMALLEST["resource_config"], "instance_count": 16}
    spec = TrainingJobSpec.from_members({**SMALLEST, "resource_config": resources})

    with pytest.raises(ValueError, match="room for 5 machines, expected 16"):
        graph(lambda: TrainingNetwork("n", spec=spec, cidr_block="10.0.0.0/24"))


def test_more_zones_than_there_are_is_refused() -> None:
    """With those that there are."""
    with pytest.raises(NetworkRefusedError, match="got 4, expected at most 3: eu-west-1a, eu-west-1b, eu-west-1c"):
        graph(lambda: TrainingNetwork("n", zones=4).vpc_config.subnets)


def test_zones_can_be_named() -> None:
    """Then nothing is looked up."""
    found = graph(lambda: TrainingNetwork("n", zones=["eu-west-1c"]))

    assert [inputs["availabilityZone"] for inputs in found.of("Subnet").values()] == ["eu-west-1c"]
    assert "aws:index/getAvailabilityZones:getAvailabilityZones" not in [token for token, _ in found.asked]


def test_a_preview_knows_the_plan() -> None:
    """Blocks, zones and services are known before anything exists."""
    found = graph(lambda: TrainingNetwork("n", interface_endpoints=["logs"]), preview=True)

    assert found.of("Subnet")["n-1"]["cidrBlock"] == "10.0.16.0/20"
    assert found.of("VpcEndpoint")["n-logs"]["serviceName"] == "com.amazonaws.eu-west-1.logs"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"vpc": "vpc-1"}, "got vpc and no cidr_block, expected a free range in it"),
        ({"subnets": ["subnet-1"], "vpc": "vpc-1"}, "vpc: got them beside subnets"),
        ({"subnets": ["subnet-1"], "nat_gateways": 1}, "nat_gateways: got them beside subnets"),
        ({"nat_gateways": 3}, "nat_gateways: got 3, expected at most one for each of 2 zones"),
    ],
)
def test_arguments_that_do_not_go_together_are_refused(arguments: dict[str, Any], message: str) -> None:
    """At once, with what to give instead."""
    with pytest.raises(ValueError, match=message):
        graph(lambda: TrainingNetwork("n", **arguments))
