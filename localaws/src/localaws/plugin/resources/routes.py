"""Route tables, their routes and their associations."""

from typing import Any, Final

from localaws.plugin.aws import Aws
from localaws.plugin.errors import RefusedError
from localaws.plugin.resource import Resource
from localaws.plugin.tags import mapped
from localaws.plugin.values import Properties

from .ec2 import deletion, described, retag, tag_specifications

DESTINATIONS: Final = {
    "destinationCidrBlock": "DestinationCidrBlock",
    "destinationIpv6CidrBlock": "DestinationIpv6CidrBlock",
    "destinationPrefixListId": "DestinationPrefixListId",
}
TARGETS: Final = {
    "gatewayId": "GatewayId",
    "natGatewayId": "NatGatewayId",
    "networkInterfaceId": "NetworkInterfaceId",
    "egressOnlyGatewayId": "EgressOnlyInternetGatewayId",
    "transitGatewayId": "TransitGatewayId",
    "vpcEndpointId": "VpcEndpointId",
    "vpcPeeringConnectionId": "VpcPeeringConnectionId",
}
INLINE: Final = {"cidrBlock": "destinationCidrBlock", "ipv6CidrBlock": "destinationIpv6CidrBlock"}
"""What a route within a table calls its destination, and what a route of its own calls it."""
ASSOCIATED: Final = {"subnetId": "SubnetId", "gatewayId": "GatewayId"}


def _create_table(aws: Aws, table: Properties) -> str:
    answer = aws.client("ec2").create_route_table(VpcId=table["vpcId"], **tag_specifications("route-table", table))
    return str(answer["RouteTable"]["RouteTableId"])


def _table(aws: Aws, table_id: str) -> Any:
    return described(aws, "describe_route_tables", "RouteTables", RouteTableIds=[table_id])


def _read_table(aws: Aws, table_id: str, _table_properties: Properties) -> Properties | None:
    if not (table := _table(aws, table_id)):
        return None
    return {
        "arn": aws.arn("ec2", f"route-table/{table_id}"),
        "ownerId": table.get("OwnerId", aws.account),
        "propagatingVgws": [gateway["GatewayId"] for gateway in table.get("PropagatingVgws", ())],
        "routes": [_inline(route) for route in table["Routes"] if _declarable(route)],
        "tags": mapped(table.get("Tags")),
        "vpcId": table["VpcId"],
    }


def _declarable(route: Properties) -> bool:
    """Whether a program made the route: not the VPC's own, nor one of a gateway endpoint."""
    return route.get("GatewayId") != "local" and not str(route.get("GatewayId", "")).startswith("vpce-")


def _inline(route: Properties) -> Properties:
    names = {**{key: DESTINATIONS[name] for key, name in INLINE.items()}, **TARGETS}
    names["destinationPrefixListId"] = DESTINATIONS["destinationPrefixListId"]
    return {key: route.get(member, "") for key, member in names.items()}


def _set_routes(aws: Aws, table_id: str, table: Properties) -> None:
    ec2 = aws.client("ec2")
    routes: list[Properties] = table.get("routes", [])
    wanted = [_request({INLINE.get(key, key): value for key, value in route.items()}) for route in routes]
    present = [
        {member: route[member] for member in (*DESTINATIONS.values(), *TARGETS.values()) if route.get(member)}
        for route in _table(aws, table_id)["Routes"]
        if _declarable(route)
    ]
    for route in present:
        if route not in wanted:
            ec2.delete_route(RouteTableId=table_id, **_only_destination(route))
    for route in wanted:
        if route not in present:
            ec2.create_route(RouteTableId=table_id, **route)


def _request(route: Properties) -> Properties:
    return {member: route[key] for key, member in {**DESTINATIONS, **TARGETS}.items() if route.get(key)}


def _only_destination(request: Properties) -> Properties:
    return {member: request[member] for member in DESTINATIONS.values() if member in request}


def _create_route(aws: Aws, route: Properties) -> str:
    request = _request(route)
    aws.client("ec2").create_route(RouteTableId=route["routeTableId"], **request)
    return f"{route['routeTableId']}_{next(iter(_only_destination(request).values()))}"


def _read_route(aws: Aws, route_id: str, _route: Properties) -> Properties | None:
    table_id, destination = route_id.split("_", 1)
    table = _table(aws, table_id)
    routes = table["Routes"] if table else ()
    for route in routes:
        if destination in _only_destination(route).values():
            members = {key: route.get(member) for key, member in {**DESTINATIONS, **TARGETS}.items()}
            return {
                **members,
                "routeTableId": table_id,
                "origin": route.get("Origin", "CreateRoute"),
                "state": route.get("State", "active"),
            }
    return None


def _replace_route(aws: Aws, _id: str, route: Properties) -> None:
    aws.client("ec2").replace_route(RouteTableId=route["routeTableId"], **_request(route))


def _delete_route(aws: Aws, route_id: str, route: Properties) -> None:
    table_id = route_id.split("_", 1)[0]
    aws.client("ec2").delete_route(RouteTableId=table_id, **_only_destination(_request(route)))


def _associate(aws: Aws, association: Properties) -> str:
    what = _associated(association)
    if len(what) != 1:
        raise RefusedError("an association requires exactly one of subnetId and gatewayId")
    answer = aws.client("ec2").associate_route_table(RouteTableId=association["routeTableId"], **what)
    return str(answer["AssociationId"])


def _associated(association: Properties) -> Properties:
    return {member: association[key] for key, member in ASSOCIATED.items() if association.get(key)}


def _association(aws: Aws, association_id: str, association: Properties) -> Any:
    """The association, or None; by what it associates, as a change of its table gives it an id that nobody records."""
    what = _associated(association).items()
    for table in aws.client("ec2").describe_route_tables()["RouteTables"]:
        for each in table["Associations"]:
            if each["RouteTableAssociationId"] == association_id or (what and what <= each.items()):
                return each
    return None


def _read_association(aws: Aws, association_id: str, association: Properties) -> Properties | None:
    live = _association(aws, association_id, association)
    return live and {
        "routeTableId": live["RouteTableId"],
        "subnetId": live.get("SubnetId"),
        "gatewayId": live.get("GatewayId"),
    }


def _replace_association(aws: Aws, association_id: str, association: Properties) -> None:
    if live := _association(aws, association_id, association):
        aws.client("ec2").replace_route_table_association(
            AssociationId=live["RouteTableAssociationId"], RouteTableId=association["routeTableId"]
        )
    else:
        _associate(aws, association)


def _disassociate(aws: Aws, association_id: str, association: Properties) -> None:
    if live := _association(aws, association_id, association):
        aws.client("ec2").disassociate_route_table(AssociationId=live["RouteTableAssociationId"])


ROWS: Final = (
    Resource(
        type_name="aws:ec2/routeTable:RouteTable",
        create=_create_table,
        read=_read_table,
        delete=deletion("delete_route_table", "RouteTableId"),
        replaces=("vpcId",),
        updates={"routes": _set_routes},
        afterwards=("routes",),
        outputs=("arn", "ownerId", "propagatingVgws", "routes"),
        retag=retag,
        sets=frozenset({"routes"}),
        shared=frozenset({"routes"}),
    ),
    Resource(
        type_name="aws:ec2/route:Route",
        create=_create_route,
        read=_read_route,
        delete=_delete_route,
        replaces=("routeTableId", *DESTINATIONS),
        updates=dict.fromkeys(TARGETS, _replace_route),
        outputs=("instanceId", "instanceOwnerId", "networkInterfaceId", "origin", "state"),
        delete_first=True,
    ),
    Resource(
        type_name="aws:ec2/routeTableAssociation:RouteTableAssociation",
        create=_associate,
        read=_read_association,
        delete=_disassociate,
        replaces=tuple(ASSOCIATED),
        updates={"routeTableId": _replace_association},
    ),
)
