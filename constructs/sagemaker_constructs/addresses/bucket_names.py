"""Says which of S3's naming rules the name of a bucket breaks.

Input: what stands where an S3 address has its bucket. Output: the broken `NamingRule`, or None.

Source: S3 User Guide, "bucketnamingrules" and "directory-bucket-naming-rules".
"""

from __future__ import annotations

import re
from dataclasses import dataclass

ZONE_ID = r"[a-z0-9]+(?:-[a-z0-9]+)*-az\d+"
"""The id of an Availability Zone or a Local Zone, such as `use1-az4`."""
DIRECTORY_SUFFIXES = ("--x-s3", "--xa-s3")
"""What the names of directory buckets end in, and those of the access points of them."""


@dataclass(frozen=True, slots=True)
class NamingRule:
    """A rule of S3 for the names of buckets."""

    broken: re.Pattern[str]
    """Found in a name that breaks the rule."""
    says: str
    """What is expected."""
    old_buckets: str | None = None
    """The Region in which old buckets may have such a name, `*` for every one; None where no bucket has. Until March
    2018 us-east-1 took names that are refused now; names have been reserved since, in every Region."""

    @property
    def certain(self) -> bool:
        """Whether no bucket has such a name, in whatever Region."""
        return self.old_buckets is None

    def is_certain_in(self, region: str | None) -> bool:
        """Whether no bucket of a Region has such a name; of any Region, where it is not known."""
        return self.old_buckets is None or (region is not None and self.old_buckets not in {"*", region})


_LEGACY = "us-east-1"

NAMING: tuple[NamingRule, ...] = (
    NamingRule(re.compile(r"\A(?:s3[an]?|https?):\Z"), "the name of a bucket, without another s3:// before it"),
    NamingRule(re.compile(r"[<>{}\[\]$%]"), "the name of a bucket where this has a placeholder"),
    NamingRule(re.compile(r"[^A-Za-z0-9._-]"), "only lower case letters, digits, dots and hyphens"),
    NamingRule(re.compile(r"\A.{0,2}\Z|\A.{256}"), "3 to 63 characters"),
    NamingRule(
        re.compile(rf"\A(?!.+--{ZONE_ID}--xa?-s3\Z).*--xa?-s3\Z"),
        "<base name>--<zone id>--x-s3, as in data--use1-az4--x-s3",
    ),
    NamingRule(re.compile(r"[A-Z_]"), "only lower case letters, digits, dots and hyphens", old_buckets=_LEGACY),
    NamingRule(re.compile(r"\A.{64}"), "3 to 63 characters", old_buckets=_LEGACY),
    NamingRule(re.compile(r"\A[.-]|[.-]\Z"), "a letter or digit at both ends", old_buckets=_LEGACY),
    NamingRule(re.compile(r"\.\."), "no two adjacent dots", old_buckets=_LEGACY),
    NamingRule(re.compile(r"\A\d+\.\d+\.\d+\.\d+\Z"), "a name that is no IP address", old_buckets=_LEGACY),
    NamingRule(re.compile(r"\Aamzn-s3-demo-"), "the name of a bucket where this has an example's", old_buckets="*"),
    NamingRule(re.compile(r"\A(?:xn--|sthree-)"), "a name without a prefix that S3 reserves", old_buckets="*"),
    NamingRule(re.compile(r"(?:\.mrap|--table-s3)\Z"), "a name without a suffix that S3 reserves", old_buckets="*"),
)
"""S3's rules for the names of buckets, the certain ones first."""


def broken_naming_rule(bucket: str) -> NamingRule | None:
    """The first rule of S3 that the name of a bucket breaks, those first that leave no doubt; None for a good name.

    The ARN of an access point is no name of a bucket and breaks none.
    """
    return None if bucket.startswith("arn:") else next((rule for rule in NAMING if rule.broken.search(bucket)), None)
