"""Packs files into an archive, and names it by what it contains. Pure.

Input: the files, by their path in the archive. Output: the bytes of a `.tar.gz`, its digest, and a list of its files.
The same files are the same bytes on every machine: sorted, without times, owners and modes of their own, and stored in
the gzip format without compression, for what compressors make differs between their versions.
"""

from __future__ import annotations

import hashlib
import io
import json
import struct
import tarfile
import zlib
from collections.abc import Mapping

Files = Mapping[str, bytes]
"""The contents of files, by their path with slashes, such as `lib/model.py`."""

_DIGEST, _SHORT = 32, 8
"""Hexadecimal digits of what names an archive, and of what tells a file from its earlier self."""
_BLOCK = 0xFFFF
"""Most bytes in a stored block (RFC 1951, 3.2.4)."""
_GZIP_HEADER = b"\x1f\x8b\x08" + bytes(6) + b"\xff"
"""Deflate, no name, no time, no operating system (RFC 1952, 2.3)."""


def archive(files: Files) -> bytes:
    """A `.tar.gz` of the files. Each may be executed, for not every file system knows which of them may."""
    tar = io.BytesIO()
    with tarfile.open(fileobj=tar, mode="w", format=tarfile.PAX_FORMAT) as out:
        for path in sorted(files):
            entry = tarfile.TarInfo(path)
            entry.size, entry.mode = len(files[path]), 0o755
            out.addfile(entry, io.BytesIO(files[path]))
    return _stored(tar.getvalue())


def digest(files: Files) -> str:
    """What names the archive: a hash of the paths and the contents of its files, and of nothing else."""
    return _hash(json.dumps({path: _hash(files[path]) for path in sorted(files)}).encode())[:_DIGEST]


def manifest(files: Files) -> dict[str, str]:
    """A short hash of each file, by its path: what a preview compares to name the files that changed."""
    return {path: _hash(files[path])[:_SHORT] for path in sorted(files)}


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _stored(content: bytes) -> bytes:
    """The content in the gzip format, in blocks that are stored as they are."""
    starts = range(0, len(content), _BLOCK)
    blocks = [_block(content[start : start + _BLOCK], last=start == starts[-1]) for start in starts]
    return b"".join([_GZIP_HEADER, *blocks, struct.pack("<II", zlib.crc32(content), len(content) & 0xFFFFFFFF)])


def _block(content: bytes, *, last: bool) -> bytes:
    return struct.pack("<BHH", last, len(content), len(content) ^ _BLOCK) + content
