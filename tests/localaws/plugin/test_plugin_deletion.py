"""Deleting what something still uses for some seconds."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError
from plugin_support import REGION, Engine, urn

from localaws.plugin import lifecycle
from localaws.plugin.aws import Aws, Configuration, Session
from localaws.plugin.resources import RESOURCES

if TYPE_CHECKING:
    from collections.abc import Callable

AWS = Aws(Session(Configuration()), REGION)
SUBNET = RESOURCES["aws:ec2/subnet:Subnet"]


@pytest.fixture(autouse=True)
def short_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    """Attempts follow each other quickly."""
    monkeypatch.setattr(lifecycle, "PAUSE", 0.01)


def _refusing(code: str, times: int) -> Callable[..., None]:
    attempts = iter([ClientError({"Error": {"Code": code, "Message": "no"}}, "DeleteSubnet")] * times)

    def delete(*_: Any) -> None:
        if error := next(attempts, None):
            raise error

    return delete


def test_a_deletion_waits_for_network_interfaces_to_leave() -> None:
    """`DependencyViolation` is tried again until the subnet is free."""
    row = replace(SUBNET, delete=_refusing("DependencyViolation", 3))

    lifecycle.delete(row, AWS, "subnet-1", {})


@pytest.mark.parametrize(("code", "patience"), [("DependencyViolation", 0.0), ("UnauthorizedOperation", 60.0)])
def test_a_deletion_gives_up(code: str, patience: float) -> None:
    """When its patience is over, and at once when waiting does not help."""
    row = replace(SUBNET, delete=_refusing(code, 3))

    with pytest.raises(ClientError, match=code):
        lifecycle.delete(row, AWS, "subnet-1", {}, patience=patience)


def test_a_cancelled_deletion_ends() -> None:
    """Ctrl-C does not wait for network interfaces."""
    cancelled = threading.Event()
    cancelled.set()

    with pytest.raises(ClientError, match="DependencyViolation"):
        lifecycle.delete(
            replace(SUBNET, delete=_refusing("DependencyViolation", 99)), AWS, "s", {}, cancelled=cancelled
        )


def test_what_is_gone_is_deleted() -> None:
    """That AWS does not find it is no error."""
    row = replace(SUBNET, delete=_refusing("InvalidSubnetID.NotFound", 9))

    lifecycle.delete(row, AWS, "subnet-1", {})


def test_a_bucket_is_emptied_only_if_that_was_asked_for(engine: Engine, aws: Callable[[str], Any]) -> None:
    """`forceDestroy` deletes all versions of all objects; without it a full bucket is refused."""
    bucket = urn("aws:s3/bucket:Bucket", "full")
    kept = engine.create(bucket, {})
    aws("s3").put_bucket_versioning(Bucket=kept.id, VersioningConfiguration={"Status": "Enabled"})
    for body in (b"old", b"new"):
        aws("s3").put_object(Bucket=kept.id, Key="model", Body=body)

    with pytest.raises(Exception, match="BucketNotEmpty"):
        engine.delete(kept)
    engine.delete(engine.update(kept, {"forceDestroy": True}))

    assert engine.read(kept) is None
