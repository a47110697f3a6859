"""Remembers what the program uploads itself, which a preview would otherwise miss in S3.

Input: folders of keys. Output: whether an address is one of them.
"""

from __future__ import annotations

_FOLDERS: set[str] = set()


def uploads_to(folder: str) -> None:
    """Note that this update puts objects below a folder of keys, such as `code/<hash>/`."""
    _FOLDERS.add(f"/{folder}")


def is_uploaded(uri: str) -> bool:
    """Whether this update puts objects below an address in S3."""
    return any(uri.endswith(folder) for folder in _FOLDERS)
