"""Jobs of several instances, and what each gets of the data."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tests.localaws.server.server_support import channel

if TYPE_CHECKING:
    from tests.localaws.execution.conftest import Workshop

TWO = {"InstanceType": "ml.m5.large", "InstanceCount": 2, "VolumeSizeInGB": 10}


def sharded(prefix: str, name: str) -> dict[str, Any]:
    """A channel of which each instance gets a share."""
    source = {"S3DataType": "S3Prefix", "S3Uri": prefix, "S3DataDistributionType": "ShardedByS3Key"}
    return {"ChannelName": name, "DataSource": {"S3DataSource": source}}


def put(workshop: Workshop, **objects: bytes) -> None:
    """Puts objects into the bucket; `__` stands for `/`."""
    for key, content in objects.items():
        workshop.server.client("s3").put_object(Bucket="data", Key=key.replace("__", "/"), Body=content)


def test_two_instances_share_the_data_and_find_each_other(workshop: Workshop) -> None:
    """Each has its number, half of the objects, a log of its own; they talk by name; their models are merged."""
    put(workshop, shards__a=b"a", shards__b=b"b", shards__c=b"c")
    job = workshop.run(
        """
import socket
config = json.loads((ml / "input/config/resourceconfig.json").read_text())
me = config["current_host"]
print(me, config["hosts"], sorted(path.name for path in (ml / "input/data/shards").iterdir()))
(ml / f"model/{me}").write_text(me)
named = "SAGEMAKER_BASE_DIR" not in os.environ
if me == "algo-1":
    server = socket.create_server(("algo-1" if named else "127.0.0.1", 7777))
    print("from", server.accept()[0].recv(100).decode())
else:
    for attempt in range(200):
        try:
            peer = socket.create_connection(("algo-1" if named else "127.0.0.1", 7777))
            break
        except OSError:
            time.sleep(0.1)
    peer.sendall(me.encode())
""",
        ResourceConfig=TWO,
        InputDataConfig=[sharded("s3://data/shards/", "shards")],
    )
    name = job["TrainingJobName"]

    assert job["TrainingJobStatus"] == "Completed", job.get("FailureReason")
    assert workshop.log(name) == ["algo-1 ['algo-1', 'algo-2'] ['a', 'c']", "from algo-2"]
    assert workshop.log(name, 2) == ["algo-2 ['algo-1', 'algo-2'] ['b']"]
    assert sorted(workshop.archive(f"output/{name}/output/model.tar.gz")) == ["algo-1", "algo-2"]


def test_an_instance_that_fails_ends_the_others(workshop: Workshop) -> None:
    """The job fails with its reason."""
    job = workshop.run(
        """
if json.loads((ml / "input/config/resourceconfig.json").read_text())["current_host"] == "algo-2":
    sys.exit(4)
time.sleep(600)
""",
        ResourceConfig=TWO,
    )

    assert job["FailureReason"] == "AlgorithmError: , exit code: 4"


def test_pipes_are_read_epoch_after_epoch(workshop: Workshop) -> None:
    """Each open of the next pipe gives the channel's objects again; those that nobody reads are in nobody's way."""
    put(
        workshop,
        piped__1=b"one,",
        piped__2=b"two",
        manifests__m=json.dumps([{"prefix": "s3://data/piped/"}, "2"]).encode(),
    )
    source = {"S3DataSource": {"S3DataType": "ManifestFile", "S3Uri": "s3://data/manifests/m"}}
    listed = {"ChannelName": "listed", "InputMode": "FastFile", "DataSource": source}
    job = workshop.run(
        """
for epoch in range(2):
    print((ml / f"input/data/piped_{epoch}").read_text())
print([(path.name, oct(path.stat().st_mode & 0o777)) for path in (ml / "input/data/listed").iterdir()])
""",
        InputDataConfig=[channel("s3://data/piped/", "piped") | {"InputMode": "Pipe"}, listed],
    )

    assert job["TrainingJobStatus"] == "Completed", job.get("FailureReason")
    assert workshop.log(job["TrainingJobName"]) == ["one,two", "one,two", "[('2', '0o444')]"]


def test_keys_that_cannot_both_be_files_fail_the_download(workshop: Workshop) -> None:
    """S3 has no folders."""
    put(workshop, clash__a=b"1", clash__a__b=b"2")
    job = workshop.run("", InputDataConfig=[channel("s3://data/clash/", "clash")])

    assert job["FailureReason"].startswith("ClientError: Data download failed:Unable to write a/b")
