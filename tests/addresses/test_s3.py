"""S3 addresses: every form that botocore sends requests to is recognized, and the rest is refused with a reason."""

from __future__ import annotations

import re
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sagemaker_constructs.addresses.s3 import S3Address, S3AddressError, Style, parse_s3
from tests.addresses.botocore_endpoints import endpoint, regions

ACCOUNT = "123456789012"
POINT = f"arn:aws:s3:eu-west-1:{ACCOUNT}:accesspoint"
ALIAS = f"train-{'a1' * 17}-s3alias"
GLOBAL_POINT = f"arn:aws:s3::{ACCOUNT}:accesspoint/mfzwi23gnjvgw.mrap"
DIRECTORY, DIRECTORY_POINT = "fast--use1-az4--x-s3", "train--use1-az4--xa-s3"

URI, VIRTUAL, PATH = Style.URI, Style.VIRTUAL_HOSTED, Style.PATH

URIS = {
    "s3://birds": S3Address("birds"),
    "s3://birds/": S3Address("birds"),
    "s3://birds/train/": S3Address("birds", "train/"),
    "s3://birds/shared//train/": S3Address("birds", "shared//train/"),
    "s3://birds//train": S3Address("birds", "/train"),
    "s3://birds/a%20b?c#d e": S3Address("birds", "a%20b?c#d e"),
    "s3://birds/two\nlines": S3Address("birds", "two\nlines"),
    "s3://birds/arn:aws:s3:::x": S3Address("birds", "arn:aws:s3:::x"),
    "s3://my.tables/x": S3Address("my.tables", "x"),
    "s3://Old_Tables/x": S3Address("Old_Tables", "x"),
    "s3://s3-outposts-data/--ol-s3": S3Address("s3-outposts-data", "--ol-s3"),
    f"s3://{ALIAS}/train/": S3Address(ALIAS, "train/"),
    f"s3://{POINT}/train/birds/1": S3Address(f"{POINT}/train", "birds/1", region="eu-west-1"),
    f"s3://{POINT}/train/two\nlines": S3Address(f"{POINT}/train", "two\nlines", region="eu-west-1"),
    f"s3://{POINT}/train": S3Address(f"{POINT}/train", region="eu-west-1"),
    f"s3://{POINT}:train/birds": S3Address(f"{POINT}/train", "birds", region="eu-west-1"),
    f"s3://{POINT}/train/object/1": S3Address(f"{POINT}/train", "object/1", region="eu-west-1"),
    f"s3://{GLOBAL_POINT}/birds": S3Address(GLOBAL_POINT, "birds"),
    f"s3://{DIRECTORY}/train/": S3Address(DIRECTORY, "train/"),
    f"s3://{DIRECTORY_POINT}/train/": S3Address(DIRECTORY_POINT, "train/"),
    f"s3://arn:aws:s3express:us-east-1:{ACCOUNT}:accesspoint/{DIRECTORY_POINT}/train/": S3Address(
        DIRECTORY_POINT, "train/", region="us-east-1"
    ),
}

URLS = {
    "https://birds.s3.eu-west-1.amazonaws.com/train/": S3Address("birds", "train/", VIRTUAL, "eu-west-1"),
    "https://birds.s3.eu-west-1.amazonaws.com": S3Address("birds", "", VIRTUAL, "eu-west-1"),
    "https://my.tables.s3.eu-west-1.amazonaws.com/a%20b/": S3Address("my.tables", "a b/", VIRTUAL, "eu-west-1"),
    "https://s3.s3.s3.amazonaws.com/x": S3Address("s3.s3", "x", VIRTUAL),
    "https://birds.s3.amazonaws.com/x+y//z": S3Address("birds", "x+y//z", VIRTUAL),
    "https://birds.s3-eu-west-1.amazonaws.com/x": S3Address("birds", "x", VIRTUAL, "eu-west-1"),
    "https://birds.s3-external-1.amazonaws.com/x": S3Address("birds", "x", VIRTUAL, "us-east-1"),
    "https://birds.s3-fips-us-gov-west-1.amazonaws.com/x": S3Address("birds", "x", VIRTUAL, "us-gov-west-1"),
    "https://s3.eu-west-1.amazonaws.com/birds/train/1": S3Address("birds", "train/1", PATH, "eu-west-1"),
    "https://s3-eu-west-1.amazonaws.com/birds": S3Address("birds", "", PATH, "eu-west-1"),
    "https://s3.amazonaws.com/birds/a%3Fb": S3Address("birds", "a?b", PATH),
    "https://s3.dualstack.cn-north-1.amazonaws.com.cn/birds/x": S3Address("birds", "x", PATH, "cn-north-1"),
    "https://s3.eusc-de-east-1.amazonaws.eu/birds/x": S3Address("birds", "x", PATH, "eusc-de-east-1"),
    "https://birds.s3.nz-north-1.amazonaws.com/x": S3Address("birds", "x", VIRTUAL, "nz-north-1"),
    f"https://{ALIAS}.s3.eu-west-1.amazonaws.com/x": S3Address(ALIAS, "x", VIRTUAL, "eu-west-1"),
    f"https://train-{ACCOUNT}.s3-accesspoint.cn-north-1.amazonaws.com.cn/a%20b": S3Address(
        f"arn:aws-cn:s3:cn-north-1:{ACCOUNT}:accesspoint/train", "a b", VIRTUAL, "cn-north-1"
    ),
}


@pytest.mark.parametrize(("text", "address"), [*URIS.items(), *URLS.items()])
def test_an_address_has_a_bucket_and_a_key(text: str, address: S3Address) -> None:
    """The key of a URI as it is written, that of a URL decoded."""
    assert parse_s3(text) == address


@pytest.mark.parametrize(
    ("text", "access_point", "directory_bucket"),
    [
        ("s3://birds/x", False, False),
        (f"s3://{ALIAS}/x", True, False),
        (f"s3://volume-{'a1' * 17}-ext-s3alias/x", True, False),
        (f"s3://{POINT}/train/x", True, False),
        (f"s3://{GLOBAL_POINT}/x", True, False),
        (f"s3://{DIRECTORY}/x", False, True),
        (f"s3://{DIRECTORY_POINT}/x", True, True),
        (f"s3://arn:aws:s3express:us-east-1:{ACCOUNT}:accesspoint/{DIRECTORY_POINT}/x", True, True),
    ],
)
def test_the_name_tells_what_the_objects_are_in(text: str, access_point: bool, directory_bucket: bool) -> None:
    """An access point by its ARN or alias, a directory bucket by its ending."""
    found = parse_s3(text)

    assert (found.is_access_point, found.in_directory_bucket) == (access_point, directory_bucket)


@pytest.mark.parametrize(
    ("name", "region", "fips"),
    [
        (name, region, fips)
        for name, region in regions()
        for fips in (False, True)
        if not (fips and name == "aws-cn")  # which S3 refuses
    ],
)
@pytest.mark.parametrize("dual_stack", [False, True])
def test_the_hosts_of_botocore_are_recognized(name: str, region: str, fips: bool, dual_stack: bool) -> None:
    """Of buckets in both styles and of access points, in every Region."""

    def parsed(bucket: str, *, path_style: bool = False) -> S3Address:
        host = endpoint(
            "s3", Bucket=bucket, Region=region, UseFIPS=fips, UseDualStack=dual_stack, ForcePathStyle=path_style
        )
        return parse_s3(f"{host}/x")

    point = f"arn:{name}:s3:{region}:{ACCOUNT}:accesspoint/train"
    express = "fast--abc1-az1--x-s3"

    assert parsed("birds") == S3Address("birds", "x", VIRTUAL, region)
    assert parsed("birds", path_style=True) == S3Address("birds", "x", PATH, region)
    assert parsed(point) == S3Address(point, "x", VIRTUAL, region)
    assert parsed(express) == S3Address(express, "x", VIRTUAL, region)


@pytest.mark.parametrize("dual_stack", [False, True])
def test_the_accelerated_host_of_botocore_is_recognized(dual_stack: bool) -> None:
    """It names no Region."""
    host = endpoint("s3", Bucket="birds", Region="eu-west-1", Accelerate=True, UseDualStack=dual_stack)

    assert parse_s3(f"{host}/x") == S3Address("birds", "x", VIRTUAL)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", ""),
        ("birds/train", ""),
        ("s3://", ""),
        ("s3:///train", ""),
        ("s3a://birds/train", ""),
        ("S3://birds/train", ""),
        ("http://birds.s3.amazonaws.com/x", ""),
        ("https://example.com/models", ""),
        ("https://s3.amazonaws.com.example.com/birds/x", ""),
        ("https://s3.amazonaws.com", ""),
        ("https://s3.eu-west-1.amazonaws.com//x", ""),
        ("https://s3.eu-west-1.amazonaws.com:443/birds/x", ""),
        ("https://s3-control.eu-west-1.amazonaws.com/birds", ""),
        ("https://birds.s3.amazonaws.com/x#y", ""),
        (f"s3://arn:aws:iam::{ACCOUNT}:role/x", ""),
        ("s3://arn:aws:s3:::birds/x", "a bucket is addressed by its name, not by its ARN"),
        ("s3://x--ol-s3/y", "S3 Object Lambda access points are not supported"),
        (
            f"s3://arn:aws:s3-object-lambda:eu-west-1:{ACCOUNT}:accesspoint/x/y",
            "S3 Object Lambda access points are not supported",
        ),
        (
            f"https://x-{ACCOUNT}.s3-object-lambda.eu-west-1.amazonaws.com/y",
            "S3 Object Lambda access points are not supported",
        ),
        ("s3://x--op-s3/y", "S3 on Outposts is not supported"),
        (
            f"s3://arn:aws:s3-outposts:eu-west-1:{ACCOUNT}:outpost/op-1/accesspoint/x/y",
            "S3 on Outposts is not supported",
        ),
        ("https://x.mrap.accesspoint.s3-global.amazonaws.com/y", "a multi-Region access point is addressed by its ARN"),
        ("https://birds.s3-website-us-east-1.amazonaws.com/y", "a website endpoint is not the bucket's"),
        ("https://birds.s3-website.eu-central-1.amazonaws.com/y", "a website endpoint is not the bucket's"),
        (
            "https://birds.bucket.vpce-1a.s3.us-east-1.vpce.amazonaws.com/y",
            "a VPC endpoint's host is not the bucket's",
        ),
        (
            "https://s3.console.aws.amazon.com/s3/buckets/birds",
            "a page of the console is not the bucket's address",
        ),
        ("https://s3-accelerate.amazonaws.com/birds/x", "this host requires the bucket's name before it"),
        (
            "https://s3express-use1-az4.us-east-1.amazonaws.com/birds/x",
            "this host requires the bucket's name before it",
        ),
        ("https://birds.s3.cn-north-1.amazonaws.com/x", "hosts in cn-north-1 do not end in amazonaws.com"),
        ("https://birds.s3.eu-west-1.amazonaws.eu/x", "hosts in eu-west-1 do not end in amazonaws.eu"),
        (
            f"https://x-{ACCOUNT}.s3-accesspoint.eu-west-1.c2s.ic.gov/x",
            "hosts in eu-west-1 do not end in c2s.ic.gov",
        ),
    ],
)
def test_another_address_is_refused(text: str, reason: str) -> None:
    """With the reason where there is one to be told."""
    message = f"S3 address: got {text!r}, expected s3://bucket/key" + (f": {reason}" if reason else "")

    with pytest.raises(S3AddressError, match=rf"\A{re.escape(message)}\Z"):
        parse_s3(text)


@pytest.mark.parametrize(
    ("text", "shown", "reason"),
    [
        (
            "https://birds.s3.amazonaws.com/x?X-Amz-Signature=secret",
            "https://birds.s3.amazonaws.com/x?...",
            "a query, as in a presigned URL, is not accepted",
        ),
        ("s3://AKIA:secret@birds/x", "s3://...@birds/x", "credentials do not belong in an address"),
        ("s3n://AKIA:secret@birds/x", "s3n://...@birds/x", "credentials do not belong in an address"),
        (
            "https://AKIA:secret@s3.amazonaws.com/birds",
            "https://...@s3.amazonaws.com/birds",
            "credentials do not belong in an address",
        ),
    ],
)
def test_a_refusal_shows_no_credentials(text: str, shown: str, reason: str) -> None:
    """Neither a signature nor a key before the host."""
    with pytest.raises(S3AddressError, match=rf"\A{re.escape(f'S3 address: got {shown!r}, expected')}.*: {reason}\Z"):
        parse_s3(text)


BUCKETS = st.from_regex(r"[A-Za-z0-9_][A-Za-z0-9_.-]{1,40}[a-z0-9]", fullmatch=True)
KEYS = st.text(st.characters(exclude_categories=["Cs"]))


@given(BUCKETS | st.sampled_from([ALIAS, GLOBAL_POINT, DIRECTORY, DIRECTORY_POINT]), KEYS)
def test_parts_come_back_from_a_uri(bucket: str, key: str) -> None:
    """Whatever is in the key."""
    address = S3Address(bucket, key)

    assert parse_s3(address.uri) == address


@given(BUCKETS, KEYS, st.sampled_from(regions()), st.sampled_from([VIRTUAL, PATH]))
def test_parts_come_back_from_a_url(bucket: str, key: str, place: tuple[str, str], style: Style) -> None:
    """In every Region and both styles, once the key is encoded."""
    host = endpoint("s3", Region=place[1]).removeprefix("https://")
    text = f"https://{bucket}.{host}/{quote(key)}" if style is VIRTUAL else f"https://{host}/{bucket}/{quote(key)}"

    assert parse_s3(text) == S3Address(bucket, key, style, place[1])


@given(
    st.builds(
        str.__add__,
        st.sampled_from(["", "s3://", "https://", "s3://arn:", f"s3://{POINT}", "https://s3."]),
        st.text() | st.text(alphabet="s3-.:/@?az1") | st.from_regex(r"[a-z.]*s3[a-z0-9.-]*amazonaws\.com/.*"),
    )
)
def test_any_text_is_an_address_or_refused(text: str) -> None:
    """Never with another error; and what is an address has an equal one that is a URI."""
    try:
        found = parse_s3(text)
    except S3AddressError:
        return
    again = parse_s3(found.uri)

    assert (again.bucket, again.key) == (found.bucket, found.key)
