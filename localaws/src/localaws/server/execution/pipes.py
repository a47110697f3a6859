"""Feeds the channels of an instance that are in Pipe mode: a named pipe an epoch, `<channel>_0`, `<channel>_1`, ….

Input: the objects of a channel. Output: their contents, one after the other, each time that the program opens the next
pipe; unpacked if the channel says Gzip, framed if it says RecordIO.
"""

from __future__ import annotations

import gzip
import os
import struct
from contextlib import suppress
from threading import Event, Thread
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

MAGIC = 0xCED7230A
"""What a record of RecordIO begins with, before its length."""


class Pipe:
    """A channel as pipes, fed by a thread until `end`."""

    def __init__(self, folder: Path, channel: Mapping[str, Any], contents: Sequence[bytes]) -> None:
        self._prefix = folder / channel["ChannelName"]
        self._parts = [encoded(channel, content) for content in contents]
        self._ended = Event()
        self._epoch = 0
        os.mkfifo(self._pipe(0))
        Thread(target=self._feed, name=f"pipe {channel['ChannelName']}", daemon=True).start()

    def _pipe(self, epoch: int) -> Path:
        return self._prefix.with_name(f"{self._prefix.name}_{epoch}")

    def _feed(self) -> None:
        while not self._ended.is_set():
            with suppress(OSError), self._pipe(self._epoch).open("wb", buffering=0) as pipe:  # waits for a reader
                os.mkfifo(self._pipe(self._epoch + 1))
                for part in self._parts:
                    pipe.write(part)
            self._epoch += 1

    def end(self) -> None:
        """Ends the thread, which waits for a reader: this is one that reads nothing."""
        self._ended.set()
        for epoch in (self._epoch, self._epoch + 1):
            with suppress(OSError):
                os.close(os.open(self._pipe(epoch), os.O_RDONLY | os.O_NONBLOCK))


def encoded(channel: Mapping[str, Any], content: bytes) -> bytes:
    """The content of an object as the pipe has it."""
    if channel.get("CompressionType") == "Gzip":
        content = gzip.decompress(content)
    return recorded(content) if channel.get("RecordWrapperType") == "RecordIO" else content


def recorded(content: bytes) -> bytes:
    """A record of RecordIO: magic number, length, content, and zeros up to a multiple of four."""
    return struct.pack("<II", MAGIC, len(content)) + content + bytes(-len(content) % 4)
