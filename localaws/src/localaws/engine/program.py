"""Runs one Pulumi program in its own interpreter, and says by the exit code whether its error was shown.

Started by the language host by path, since the program's virtualenv need not have localaws: it imports nothing but
the Pulumi SDK. Arguments: the runtime's settings as JSON, the program, and the program's own arguments.
"""

import asyncio
import json
import logging
import os
import runpy
import signal
import sys
import traceback
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

try:
    import pulumi
    from pulumi import runtime
except ImportError as missing:
    sys.exit(f"{missing}: install the Pulumi SDK with `{sys.executable} -m pip install pulumi`")

ALREADY_REPORTED = 32
"""Agreed with the language host: the user has seen the error."""

THREADS_FOR_EACH_PARALLEL_OPERATION = 4
"""A resource operation can wait in several calls at once, each on a thread."""


def run(program: str, parallel: int) -> int:
    """Run `program`, a file or a folder with a `__main__.py`, for an engine with `parallel` operations at a time.

    Returns the exit code.
    """
    main_file = Path(program, "__main__.py") if Path(program).is_dir() else Path(program)
    if not main_file.is_file():
        pulumi.log.error(f"there is no program: {main_file.resolve()} does not exist")
        return ALREADY_REPORTED
    # A program that fails leaves tasks unfinished, and asyncio would report each of them beside the error that matters.
    logging.getLogger("asyncio").setLevel(logging.CRITICAL)
    try:
        with asyncio.Runner() as runner:
            threads = ThreadPoolExecutor(max(parallel, 1) * THREADS_FOR_EACH_PARALLEL_OPERATION)
            runner.get_loop().set_default_executor(threads)
            runner.run(runtime.run_in_stack(lambda: run_main(program)))
    except pulumi.RunError as error:
        pulumi.log.error(str(error))
    except KeyboardInterrupt:
        pass  # Cancelled: the engine says so.
    except Exception as error:  # noqa: BLE001 - whatever the program raises is shown
        pulumi.log.error(f"Program failed with an unhandled exception:\n{program_traceback(error, main_file)}")
    else:
        return 0
    return ALREADY_REPORTED


def run_main(program: str) -> None:
    """Run the program's text, which declares its resources; the SDK waits for them afterwards."""
    runpy.run_path(program, run_name="__main__")


def program_traceback(error: Exception, main_file: Path) -> str:
    """The traceback of `error` from the program's first frame on; all of it if the program has no frame in it."""
    frames = error.__traceback__
    while frames and Path(frames.tb_frame.f_code.co_filename).resolve() != main_file.resolve():
        frames = frames.tb_next
    return "".join(traceback.format_exception(type(error), error, frames or error.__traceback__))


def main() -> int:
    """Set up sys.argv, sys.path and the Pulumi runtime, then run the program."""
    settings = json.loads(sys.argv[1])
    sys.argv = sys.argv[2:]
    sys.path[0] = os.getcwd()  # noqa: PTH109 - a string, as Python puts there
    runtime.set_all_config(runtime.get_config_env(), runtime.get_config_secret_keys_env())
    runtime.configure(runtime.Settings(**settings))
    return run(sys.argv[0], settings["parallel"])


if __name__ == "__main__":
    try:
        exit_code = main()
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # what it came to is known; to be cancelled now changes nothing
    except KeyboardInterrupt:  # cancelled, before or after the program itself ran: the engine says so
        exit_code = ALREADY_REPORTED
    if exit_code:
        # Threads of a failed program wait for answers that the engine does not give any more; nobody waits for them.
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(exit_code)
