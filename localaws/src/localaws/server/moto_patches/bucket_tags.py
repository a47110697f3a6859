"""Stores the tags that CreateBucket is sent."""

from __future__ import annotations

from typing import Any

import xmltodict
from moto.s3.responses import S3Response

PUT = S3Response._bucket_response_put  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]  moto's own answer


def sent_tags(body: bytes | str) -> dict[str, str]:
    """The tags in the body of CreateBucket."""
    configuration: Any = xmltodict.parse(body, force_list=("Tag",))["CreateBucketConfiguration"] if body else None
    tags = ((configuration or {}).get("Tags") or {}).get("Tag", ())
    return {tag["Key"]: tag["Value"] or "" for tag in tags}


def put_bucket(response: S3Response, request: Any, bucket: str, query: dict[str, Any]) -> Any:
    """Answer a PUT of a bucket or of one of its settings; a PUT without a setting creates the bucket."""
    answer = PUT(response, request, bucket, query)
    tags = {} if query else sent_tags(response.body)
    if tags:
        response.backend.put_bucket_tagging(bucket, tags)
    return answer
