"""VPC endpoints and flow logs."""

from typing import Final

from localaws.plugin.aws import Aws
from localaws.plugin.resource import Resource
from localaws.plugin.shapes import attributes, request
from localaws.plugin.tags import mapped
from localaws.plugin.values import Properties

from .ec2 import described, filters, retag, tag_specifications

MEMBERS: Final = {"routeTableIds": "RouteTableId", "subnetIds": "SubnetId", "securityGroupIds": "SecurityGroupId"}
"""Inputs that are lists of ids, and the part of ModifyVpcEndpoint's member names that stands for them."""


def _create_endpoint(aws: Aws, endpoint: Properties) -> str:
    names = ("vpcId", "vpcEndpointType", "serviceName", "privateDnsEnabled", "ipAddressType", "serviceRegion")
    policy = {"PolicyDocument": endpoint["policy"]} if "policy" in endpoint else {}
    answer = aws.client("ec2").create_vpc_endpoint(
        **request(endpoint, *names, *MEMBERS), **policy, **tag_specifications("vpc-endpoint", endpoint)
    )
    return str(answer["VpcEndpoint"]["VpcEndpointId"])


def _read_endpoint(aws: Aws, endpoint_id: str, _endpoint: Properties) -> Properties | None:
    endpoint = described(aws, "describe_vpc_endpoints", "VpcEndpoints", VpcEndpointIds=[endpoint_id])
    if not endpoint or endpoint["State"].lower() in {"deleted", "deleting"}:
        return None
    names = ("vpcId", "vpcEndpointType", "serviceName", "ipAddressType", "serviceRegion", "state")
    prefix_lists = described(
        aws, "describe_prefix_lists", "PrefixLists", Filters=filters({"prefix-list-name": endpoint["ServiceName"]})
    )
    return {
        **attributes(endpoint, *names),
        "arn": aws.arn("ec2", f"vpc-endpoint/{endpoint_id}"),
        "cidrBlocks": prefix_lists.get("Cidrs", []) if prefix_lists else [],
        "dnsEntries": [
            {"dnsName": entry.get("DnsName", ""), "hostedZoneId": entry.get("HostedZoneId", "")}
            for entry in endpoint.get("DnsEntries", ())
        ],
        "networkInterfaceIds": endpoint.get("NetworkInterfaceIds", []),
        "ownerId": endpoint.get("OwnerId", aws.account),
        "policy": endpoint.get("PolicyDocument"),
        "prefixListId": prefix_lists["PrefixListId"] if prefix_lists else None,
        "privateDnsEnabled": bool(endpoint.get("PrivateDnsEnabled")),
        "requesterManaged": bool(endpoint.get("RequesterManaged")),
        "routeTableIds": endpoint.get("RouteTableIds", []),
        "securityGroupIds": [group["GroupId"] for group in endpoint.get("Groups", ())],
        "subnetIds": endpoint.get("SubnetIds", []),
        "tags": mapped(endpoint.get("Tags")),
    }


def _modify_endpoint(aws: Aws, endpoint_id: str, endpoint: Properties) -> None:
    live = _read_endpoint(aws, endpoint_id, endpoint) or {}
    changes: Properties = request(endpoint, "ipAddressType")
    for key, member in MEMBERS.items():
        before, after = set(live.get(key, ())), set(endpoint.get(key, ()))
        changes |= {f"Add{member}s": sorted(after - before)} if after - before else {}
        changes |= {f"Remove{member}s": sorted(before - after)} if before - after else {}
    policy = {"PolicyDocument": endpoint["policy"]} if "policy" in endpoint else {"ResetPolicy": True}
    aws.client("ec2").modify_vpc_endpoint(VpcEndpointId=endpoint_id, **changes, **policy)


def _delete_endpoint(aws: Aws, endpoint_id: str, _endpoint: Properties) -> None:
    aws.client("ec2").delete_vpc_endpoints(VpcEndpointIds=[endpoint_id])


def _create_flow_log(aws: Aws, log: Properties) -> str:
    kinds = {"vpcId": "VPC", "subnetId": "Subnet", "eniId": "NetworkInterface"}
    (kind, watched), *_ = ((kind, log[key]) for key, kind in kinds.items() if key in log)
    names = ("trafficType", "logDestinationType", "logDestination", "logFormat", "maxAggregationInterval")
    role = {"DeliverLogsPermissionArn": log["iamRoleArn"]} if "iamRoleArn" in log else {}
    answer = aws.client("ec2").create_flow_logs(
        ResourceType=kind,
        ResourceIds=[watched],
        **request(log, *names),
        **role,
        **tag_specifications("vpc-flow-log", log),
    )
    return str(answer["FlowLogIds"][0])


def _read_flow_log(aws: Aws, log_id: str, log: Properties) -> Properties | None:
    answer = described(aws, "describe_flow_logs", "FlowLogs", FlowLogIds=[log_id])
    if not answer:
        return None
    watched = next((key for key in ("vpcId", "subnetId", "eniId") if key in log), "vpcId")
    return {
        **attributes(answer, "trafficType", "logDestinationType", "logDestination", "logFormat"),
        watched: answer["ResourceId"],
        "arn": aws.arn("ec2", f"vpc-flow-log/{log_id}"),
        "iamRoleArn": answer.get("DeliverLogsPermissionArn"),
        "maxAggregationInterval": answer.get("MaxAggregationInterval", 600),
        "tags": mapped(answer.get("Tags")),
    }


def _delete_flow_log(aws: Aws, log_id: str, _log: Properties) -> None:
    aws.client("ec2").delete_flow_logs(FlowLogIds=[log_id])


ROWS: Final = (
    Resource(
        type_name="aws:ec2/vpcEndpoint:VpcEndpoint",
        create=_create_endpoint,
        read=_read_endpoint,
        delete=_delete_endpoint,
        replaces=("vpcId", "vpcEndpointType", "serviceName", "serviceRegion", "privateDnsEnabled"),
        updates=dict.fromkeys(("policy", "ipAddressType", *MEMBERS), _modify_endpoint),
        settings=("autoAccept",),
        outputs=(
            "arn",
            "cidrBlocks",
            "dnsEntries",
            "ipAddressType",
            "networkInterfaceIds",
            "ownerId",
            "policy",
            "prefixListId",
            "privateDnsEnabled",
            "requesterManaged",
            "routeTableIds",
            "securityGroupIds",
            "serviceRegion",
            "state",
            "subnetIds",
        ),
        defaults={"vpcEndpointType": "Gateway"},
        retag=retag,
        documents=frozenset({"policy"}),
        sets=frozenset(MEMBERS),
    ),
    Resource(
        type_name="aws:ec2/flowLog:FlowLog",
        create=_create_flow_log,
        read=_read_flow_log,
        delete=_delete_flow_log,
        replaces=(
            "vpcId",
            "subnetId",
            "eniId",
            "trafficType",
            "logDestinationType",
            "logDestination",
            "logFormat",
            "maxAggregationInterval",
            "iamRoleArn",
        ),
        outputs=("arn", "logDestination", "logFormat"),
        defaults={"logDestinationType": "cloud-watch-logs", "maxAggregationInterval": 600},
        retag=retag,
    ),
)
