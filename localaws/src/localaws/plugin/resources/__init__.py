"""Collects the table of resource types, one module for each part of a service."""

from typing import Final

from localaws.plugin.resource import Resource

from . import (
    bucket_settings,
    buckets,
    container_registry,
    endpoints,
    gateways,
    instance_profiles,
    keys,
    logs,
    models,
    objects,
    parameters,
    policies,
    queues,
    roles,
    routes,
    security_group_rules,
    security_groups,
    tables,
    topics,
    vpc,
)

MODULES = (
    bucket_settings,
    buckets,
    container_registry,
    endpoints,
    gateways,
    instance_profiles,
    keys,
    logs,
    models,
    objects,
    parameters,
    policies,
    queues,
    roles,
    routes,
    security_group_rules,
    security_groups,
    tables,
    topics,
    vpc,
)

RESOURCES: Final[dict[str, Resource]] = {row.type_name: row for module in MODULES for row in module.ROWS}
"""Every type that is served, by its token."""
