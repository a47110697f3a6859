"""Tells which user of this machine a request comes from.

Input: the ports of its connection. Output: the user's id, from the kernel's tables of connections, on Linux.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

TABLES = ("/proc/net/tcp", "/proc/net/tcp6")
LOCAL, REMOTE, USER = 1, 2, 7
"""Columns of a table."""


def user_of(client: int, server: int, tables: tuple[str, ...] = TABLES) -> int | None:
    """The user who has the client's end of a connection between two ports of this machine; None if that is unknown."""
    for table in tables:
        with suppress(OSError, IndexError, ValueError):
            for line in Path(table).read_text().splitlines()[1:]:
                columns = line.split()
                if (port(columns[LOCAL]), port(columns[REMOTE])) == (client, server):
                    return int(columns[USER])
    return None


def port(address: str) -> int:
    """The port of an address as the tables write it: `0100007F:1F90`."""
    return int(address.rpartition(":")[2], 16)


def is_foreign(client: int, server: int) -> bool:
    """Whether another user of this machine has sent a request, as far as can be told."""
    user = user_of(client, server)
    return user is not None and user != os.getuid()
