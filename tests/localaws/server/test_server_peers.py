"""Who has sent a request, by the kernel's tables."""

from __future__ import annotations

import os
import socket
import sys
from typing import TYPE_CHECKING

import pytest

from localaws.server.calls import Call
from localaws.server.peers import is_foreign, user_of
from localaws.server.training.operations import foreign

if TYPE_CHECKING:
    from pathlib import Path

TABLE = """\
  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 1 1 0 100 0 0 10 0
   1: 0100007F:1F90 0100007F:9C47 01 00000000:00000000 00:00000000 00000000  1000        0 2 1 0 100 0 0 10 0
   2: 0100007F:9C47 0100007F:1F90 01 00000000:00000000 00:00000000 00000000  1001        0 3 1 0 100 0 0 10 0
"""


def test_the_clients_end_of_the_connection_tells_the_user(tmp_path: Path) -> None:
    """Not the server's end, which is the server's own; what is not in the table is unknown."""
    (tmp_path / "tcp").write_text(TABLE)
    tables = (str(tmp_path / "absent"), str(tmp_path / "tcp"))

    assert user_of(0x9C47, 0x1F90, tables) == 1001
    assert user_of(0x9C48, 0x1F90, tables) is None


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has these tables")
def test_a_connection_of_this_process_is_this_users() -> None:
    """Whatever the user."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        with socket.create_connection(("127.0.0.1", port)) as client:
            assert user_of(client.getsockname()[1], port) == os.getuid()
            assert not is_foreign(client.getsockname()[1], port)


def another(_client: int, _server: int) -> int:
    """A user who is not this one."""
    return os.getuid() + 1


def test_the_code_of_another_user_does_not_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """The reason is in the status of the job."""
    monkeypatch.setattr("localaws.server.peers.user_of", another)

    assert foreign(Call("s", "o", "r", "a", "json")) == "another user of this machine has created it"
