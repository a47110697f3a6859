"""Tells instance types with local NVMe storage, which have no volume.

Input: an instance type. Output: whether it has storage of its own.
"""

from __future__ import annotations

from fnmatch import fnmatchcase

LOCAL_STORAGE = (
    "ml.p3dn*.*",
    "ml.p4*.*",
    "ml.p5*.*",
    "ml.p6*.*",
    "ml.g4dn*.*",
    "ml.g5*.*",
    "ml.g6*.*",
    "ml.g7*.*",
    "ml.trn*.*",
    "ml.c*d*.*",
    "ml.m*d*.*",
    "ml.r*d*.*",
)
"""Families that AWS documents with NVMe storage. The list ages, so the rules that use it are advice."""


def has_local_storage(instance_type: str) -> bool:
    """Whether instances of this type have storage of their own."""
    return any(fnmatchcase(instance_type, pattern) for pattern in LOCAL_STORAGE)
