"""Tags of S3 as AWS takes them: with a bucket's creation, which moto forgets, and none for an object, which breaks it.

The official plugin sends the former, and whoever takes the stack's default tags away the latter.
"""

from __future__ import annotations

from typing import Any

import xmltodict
from moto.s3.responses import S3Response

PUT = S3Response._bucket_response_put  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]  moto's own answer
TAGS = S3Response._tagging_from_xml  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]


def sent(body: bytes | str) -> dict[str, str]:
    """The tags in the body of CreateBucket."""
    configuration: Any = xmltodict.parse(body, force_list=("Tag",))["CreateBucketConfiguration"] if body else None
    tags = ((configuration or {}).get("Tags") or {}).get("Tag", ())
    return {tag["Key"]: tag["Value"] or "" for tag in tags}


def put(response: S3Response, request: Any, bucket: str, query: dict[str, Any]) -> Any:
    """Answer a PUT of a bucket or of one of its settings; a PUT without a setting creates the bucket."""
    answer = PUT(response, request, bucket, query)
    tags = {} if query else sent(response.body)
    if tags:
        response.backend.put_bucket_tagging(bucket, tags)
    return answer


def of_object(response: S3Response) -> dict[str, str]:
    """The tags in the body of PutObjectTagging."""
    parsed: Any = xmltodict.parse(response.body)
    return TAGS(response) if parsed["Tagging"].get("TagSet") else {}


def install() -> None:
    """Have moto ask here."""
    S3Response._tagging_from_xml = of_object  # noqa: SLF001  # pyright: ignore[reportPrivateUsage, reportAttributeAccessIssue]
    S3Response._bucket_response_put = put  # noqa: SLF001  # pyright: ignore[reportPrivateUsage, reportAttributeAccessIssue]
