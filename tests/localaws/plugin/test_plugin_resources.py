"""Every type, driven through its life as the engine does it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from plugin_samples import World, samples
from plugin_support import UNKNOWN, Engine, Sample, official_inputs, sdk_class, urn
from pulumi._types import resource_types

from localaws.plugin.resources import RESOURCES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from plugin_support import Placed

KEPT = frozenset({"aws:s3/bucketVersioning:BucketVersioning"})
"""Types that can be given up but not deleted."""
WITHOUT_VALUE = {
    "aws:ec2/eip:Eip": {"associationId", "carrierIp", "customerOwnedIp", "privateDns", "privateIp", "ptrRecord"},
    "aws:ec2/natGateway:NatGateway": {
        "associationId",
        "autoProvisionZones",
        "autoScalingIps",
        "publicIp",
        "regionalNatGatewayAddresses",
        "regionalNatGatewayAutoMode",
        "routeTableId",
    },
    "aws:ec2/route:Route": {"instanceId", "instanceOwnerId"},
    "aws:ec2/subnet:Subnet": {"ipv6CidrBlockAssociationId"},
    "aws:ec2/vpc:Vpc": {"ipv6AssociationId"},
    "aws:ec2/vpcEndpoint:VpcEndpoint": {"prefixListId"},
    "aws:s3/bucket:Bucket": {"websiteDomain", "websiteEndpoint"},
    "aws:s3/bucketObjectv2:BucketObjectv2": {
        f"checksum{name}" for name in ("Crc32", "Crc32c", "Crc64nvme", "Sha1", "Sha256")
    },
    "aws:sns/topic:Topic": {"beginningArchiveTime"},
}
"""Outputs without a value in the samples: of features that nobody uses here, or that moto does not have."""


@pytest.fixture(params=sorted(RESOURCES))
def sample(request: pytest.FixtureRequest, world: World) -> Sample:
    """A sample of each type in turn."""
    return next(each for each in samples(world) if each.type_name == request.param)


@pytest.fixture
def placed(engine: Engine, sample: Sample) -> Iterator[Placed]:
    """The sample, created; deleted after the test."""
    placed = engine.create(urn(sample.type_name), sample.declared)
    yield placed
    engine.delete(placed)


def test_a_preview_knows_the_inputs_and_nothing_of_aws(engine: Engine, sample: Sample) -> None:
    """Declared values and defaults are known, what AWS tells is unknown."""
    properties = engine.preview(urn(sample.type_name), sample.declared)

    assert sample.declared.items() <= properties.items()
    for output in RESOURCES[sample.type_name].outputs:
        assert properties[output] == UNKNOWN or output in sample.declared


def test_what_was_created_is_read_without_a_change(engine: Engine, placed: Placed) -> None:
    """A refresh right after the creation finds the same inputs and the same outputs."""
    assert engine.read(placed) == placed


def test_outputs_have_the_official_names_and_are_all_there(sample: Sample, placed: Placed) -> None:
    """Nothing that pulumi-aws does not know, and nothing of it without a value but what no sample has."""
    official = resource_types(sdk_class(sample.type_name))
    told = {*official} - official_inputs(sample.type_name) - WITHOUT_VALUE.get(sample.type_name, set())

    assert told <= placed.outputs.keys() <= {*official, "id"}


def test_an_update_in_place_is_applied(engine: Engine, sample: Sample, placed: Placed) -> None:
    """The diff names what differs and replaces nothing, and AWS then says the new values."""
    if not sample.updated:
        assert not RESOURCES[sample.type_name].updates.keys() & sample.declared.keys() - {"gatewayId"}
        return
    declared = {**sample.declared, **sample.updated}

    difference = engine.diff(placed, declared)
    updated = engine.update(placed, declared)

    assert (difference.changed, difference.replaces) == (sorted(sample.updated), [])
    assert updated.outputs.items() >= sample.updated.items()
    assert engine.read(updated) == updated


def test_what_makes_another_resource_replaces(engine: Engine, sample: Sample, placed: Placed) -> None:
    """The diff says which input replaces."""
    difference = engine.diff(placed, {**sample.declared, **sample.replaced})

    assert difference.replaces == sorted(sample.replaced)


def test_an_unchanged_declaration_is_no_change(engine: Engine, sample: Sample, placed: Placed) -> None:
    """Checked again, the same declaration does not differ."""
    assert engine.diff(placed, sample.declared).changed == []


def test_a_deleted_resource_is_gone(engine: Engine, sample: Sample) -> None:
    """Reading finds nothing, and to delete it again is no error."""
    placed = engine.create(urn(sample.type_name), sample.declared)

    engine.delete(placed)

    assert (engine.read(placed) is None) == (sample.type_name not in KEPT)
    engine.delete(placed)


def test_a_resource_can_be_imported(engine: Engine, sample: Sample, placed: Placed) -> None:
    """From the id alone, so that the same declaration with the name replaces nothing."""
    name = RESOURCES[sample.type_name].name
    named = {name.key: placed.inputs[name.key]} if name else {}

    imported = engine.read(replace(placed, inputs={}, outputs={}))

    assert imported is not None
    assert engine.diff(imported, {**sample.declared, **named}).replaces == []


def test_inputs_have_the_official_names(sample: Sample) -> None:
    """The plugin carries out no input that pulumi-aws does not have."""
    assert RESOURCES[sample.type_name].inputs <= official_inputs(sample.type_name)
