"""Runs Pulumi's dynamic providers for as long as their engine lives.

An engine that is killed, or whose terminal is closed, cannot end its plugins, and they would stay for ever.
"""  # noqa: INP001 - run by its path, beside the launcher

import os
import runpy
import sys
import threading
import time

SECONDS_BETWEEN_LOOKS = 1.0


def end_with(engine: int) -> None:
    """End this process when the process `engine` is no longer its parent."""
    while os.getppid() == engine:
        time.sleep(SECONDS_BETWEEN_LOOKS)
    os._exit(1)


if __name__ == "__main__":
    threading.Thread(target=end_with, args=(os.getppid(),), daemon=True).start()
    sys.path[0] = os.getcwd()  # noqa: PTH109 - a string, as Python puts there
    runpy.run_module("pulumi.dynamic", run_name="__main__", alter_sys=True)
