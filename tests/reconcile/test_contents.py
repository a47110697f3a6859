"""What lies behind the addresses of a declaration."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from pulumi import UNKNOWN

from sagemaker_constructs.addresses.s3 import parse_s3
from sagemaker_constructs.aws.errors import ServiceError
from sagemaker_constructs.reconcile import contents
from sagemaker_constructs.reconcile.bag import Properties
from sagemaker_constructs.reconcile.contents import contents_of
from sagemaker_constructs.testing import FakeTrainingJobs
from tests.samples import DATA, IMAGE, SMALL, Sentences, program

if TYPE_CHECKING:
    from collections.abc import Iterator

OBJECTS = [("train/a", 1, "e1"), ("train/b", 2, "e2")]


def look(jobs: FakeTrainingJobs, **others: Any) -> dict[str, str]:
    """The digests of a small job, of which both kinds count."""
    bag = program(retrain_on_new_data=True, pin_image=True, **others)
    return contents_of(jobs, Properties(bag), Sentences())


@pytest.fixture
def jobs() -> FakeTrainingJobs:
    """Two objects behind the channel, and an image."""
    fake = FakeTrainingJobs()
    fake.behind[DATA] = list(OBJECTS)
    fake.images[IMAGE] = "sha256:1"
    return fake


def test_nobody_looks_where_it_does_not_count(jobs: FakeTrainingJobs) -> None:
    """By default the addresses alone are compared."""
    assert contents_of(jobs, Properties(program()), Sentences()) == {}
    assert jobs.calls == []


def test_both_kinds_have_their_digest(jobs: FakeTrainingJobs) -> None:
    """The image's is that of ECR."""
    found = look(jobs)
    assert sorted(found) == ["data", "image"]
    assert found["image"] == "sha256:1"
    assert len(found["data"]) == 64


@pytest.mark.parametrize(
    "objects",
    [
        [OBJECTS[0]],
        [*OBJECTS, ("train/c", 0, "e3")],
        [OBJECTS[0], ("train/b", 2, "another")],
        [OBJECTS[0], ("train/b", 3, "e2")],
        [OBJECTS[0], ("train/c", 2, "e2")],
        [],
    ],
)
def test_whatever_changes_behind_a_prefix_changes_the_digest(jobs: FakeTrainingJobs, objects: list[Any]) -> None:
    """A key, a size, an ETag, an object more or less."""
    before = look(jobs)
    jobs.behind[DATA] = objects
    assert look(jobs)["data"] != before["data"]


def test_the_order_of_channels_means_nothing(jobs: FakeTrainingJobs) -> None:
    """The digest is over addresses in order."""
    channel = SMALL["input_data_config"][0]
    source = {"s3_data_source": {"s3_data_type": "S3Prefix", "s3_uri": "s3://bucket/other/"}}
    other = {"channel_name": "other", "data_source": source}
    assert look(jobs, input_data_config=[channel, other]) == look(jobs, input_data_config=[other, channel])


def test_a_huge_prefix_is_cut_and_said(jobs: FakeTrainingJobs, monkeypatch: pytest.MonkeyPatch) -> None:
    """The work is bounded; a change beyond the bound is not seen, and the user knows."""
    monkeypatch.setattr(contents, "MOST_OBJECTS", 2)
    said = Sentences()
    bag = Properties(program(retrain_on_new_data=True))
    before = contents_of(jobs, bag, said)
    assert said == []
    jobs.behind[DATA] = [*OBJECTS, ("train/c", 0, "e3")]
    assert contents_of(jobs, bag, said) == before
    assert said == [f"{DATA} has more than 2 objects; only the first ones are compared"]


@pytest.mark.parametrize(
    ("others", "kinds"),
    [
        ({"input_data_config": UNKNOWN}, ["image"]),
        ({"input_data_config": [UNKNOWN]}, ["image"]),
        ({"input_data_config": [{"channel_name": "train", "data_source": {"s3_data_source": UNKNOWN}}]}, ["image"]),
        ({"algorithm_specification": UNKNOWN}, ["data"]),
        ({"algorithm_specification": {"training_image": UNKNOWN}}, ["data"]),
    ],
)
def test_nothing_is_said_of_an_address_that_is_not_known_yet(
    jobs: FakeTrainingJobs, others: dict[str, Any], kinds: list[str]
) -> None:
    """In a preview; to leave it out of the digest would look like other data."""
    assert sorted(look(jobs, **others)) == kinds


@pytest.mark.parametrize(
    ("method", "code", "kinds"),
    [
        ("objects", "NoSuchBucket", ["image"]),
        ("image_digest", "RepositoryNotFoundException", ["data"]),
        ("image_digest", "ImageNotFound", ["data"]),
    ],
)
def test_an_address_that_leads_nowhere_yet_is_said_and_not_compared(
    jobs: FakeTrainingJobs, method: str, code: str, kinds: list[str]
) -> None:
    """The same update may make the bucket or the repository, whose name is known before."""
    jobs.fail(method, code, "does not exist")
    said = Sentences()
    bag = Properties(program(retrain_on_new_data=True, pin_image=True))
    assert sorted(contents_of(jobs, bag, said)) == kinds
    (sentence,) = said
    assert "cannot be compared yet" in sentence
    assert code in sentence


@pytest.mark.parametrize(
    ("image", "sentences"),
    [
        ("docker.example/train:1", 1),
        ("public.ecr.aws/team/train:1", 1),
        (f"docker.example/train@sha256:{'0' * 64}", 0),
        (f"{IMAGE}@sha256:{'0' * 64}", 0),
    ],
)
def test_an_image_that_has_no_digest_to_compare_is_said(image: str, sentences: int) -> None:
    """Unless its address has the digest, so that it never changes."""
    said = Sentences()
    algorithm = {"training_image": image, "training_input_mode": "File"}
    assert (
        contents_of(FakeTrainingJobs(), Properties(program(pin_image=True, algorithm_specification=algorithm)), said)
        == {}
    )
    assert len(said) == sentences
    assert all(image in sentence and "pin_image" in sentence for sentence in said)


def test_an_address_outside_s3_is_said_and_not_compared() -> None:
    """There is nothing to list."""

    class Parsing(FakeTrainingJobs):
        def objects(self, uri: str) -> Iterator[tuple[str, int, str]]:
            parse_s3(uri)
            return super().objects(uri)

    said = Sentences()
    source = {"s3_data_source": {"s3_data_type": "S3Prefix", "s3_uri": "https://example.com/train/"}}
    channels = [{"channel_name": "train", "data_source": source}]
    bag = program(retrain_on_new_data=True, input_data_config=channels)
    assert contents_of(Parsing(), Properties(bag), said) == {}
    (sentence,) = said
    assert sentence.startswith("the data cannot be compared. S3 address: got 'https://example.com/train/'")


def test_the_order_in_which_objects_are_listed_means_nothing(jobs: FakeTrainingJobs) -> None:
    """A directory bucket has none."""
    before = look(jobs)
    jobs.behind[DATA] = OBJECTS[::-1]
    assert look(jobs) == before


def test_other_refusals_are_not_swallowed(jobs: FakeTrainingJobs) -> None:
    """Who may not list the bucket is told."""
    jobs.fail("objects", "AccessDenied", "Access Denied")
    with pytest.raises(ServiceError, match="Access Denied"):
        look(jobs)


def test_channels_without_s3_and_images_without_a_digest_have_none(jobs: FakeTrainingJobs) -> None:
    """A file system is nothing that can be listed, and an algorithm of AWS's no image."""
    source = {
        "file_system_data_source": {
            "file_system_id": "fs-1",
            "file_system_access_mode": "ro",
            "file_system_type": "EFS",
            "directory_path": "/data",
        }
    }
    jobs.images.clear()
    found = look(jobs, input_data_config=[{"channel_name": "train", "data_source": source}])
    assert sorted(found) == ["data"]
    assert jobs.named("objects") == []
    assert sorted(look(jobs, algorithm_specification={"algorithm_name": "a", "training_input_mode": "File"})) == [
        "data"
    ]
