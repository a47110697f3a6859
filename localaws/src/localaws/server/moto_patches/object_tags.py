"""Reads the tags that PutObjectTagging is sent, none among them."""

from __future__ import annotations

from typing import Any

import xmltodict
from moto.s3.responses import S3Response

TAGS = S3Response._tagging_from_xml  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]  moto's own answer


def tags_of_object(response: S3Response) -> dict[str, str]:
    """The tags in the body of PutObjectTagging."""
    parsed: Any = xmltodict.parse(response.body)
    return TAGS(response) if parsed["Tagging"].get("TagSet") else {}
