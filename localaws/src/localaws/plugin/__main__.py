"""Runs the plugin's process: serves on a free loopback port, prints the port, and ends with the engine."""

import os
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Final

ENGINE: Final = os.getppid()
"""The engine's process, before anything is loaded: it may end meanwhile, and then nobody would end this one."""

from localaws.protocol import import_messages_alone  # noqa: E402

if __name__ == "__main__":
    import_messages_alone()

import grpc  # noqa: E402
from pulumi.runtime.proto import provider_pb2_grpc  # noqa: E402

from .provider import Provider  # noqa: E402

CONCURRENT_REQUESTS: Final = 64
MESSAGE_LIMIT: Final = 400 * 1024 * 1024
"""Bytes; the engine's own limit."""


def serve() -> tuple[grpc.Server, int]:
    """Start a server; returns it and its port."""
    server = grpc.server(
        ThreadPoolExecutor(CONCURRENT_REQUESTS, thread_name_prefix="request"),
        options=[("grpc.max_receive_message_length", MESSAGE_LIMIT), ("grpc.max_send_message_length", MESSAGE_LIMIT)],
    )
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(Provider(), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    return server, port


def end_with(parent: int) -> None:
    """End this process once its parent, the engine, is gone."""
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(0)


def main() -> None:
    """Serve until the engine ends."""
    threading.Thread(target=end_with, args=(ENGINE,), daemon=True).start()
    server, port = serve()
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()
    try:
        server.wait_for_termination()
    except KeyboardInterrupt:
        server.stop(grace=None)


if __name__ == "__main__":
    main()
