"""`python -m bench.chaos`: hundreds of trials on two accounts at once, and a table.

Exit code 1 where a job was lost, started twice or stopped by somebody else's stack. With words, only the rounds whose
kinds contain one of them.
"""

from __future__ import annotations

import argparse
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Protocol

from bench.chaos.account import account
from bench.chaos.answers import DISTURBANCES, Answers, Searches, Shared
from bench.chaos.case import WRONG, Case
from bench.chaos.clone import Job
from bench.chaos.kills import PLANS, Kills, Victims

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from bench.chaos.account import Account

ACCOUNTS = 2
"""How many rounds run at once, each in an account of its own."""
_COLUMNS = (*WRONG, "named")
_VICTIMS: tuple[Victims, ...] = ("engine", "all")


class Round(Protocol):
    """Some trials in one account."""

    def cases(self, first: int) -> list[Case]:
        """The trials, numbered from `first` on."""
        ...

    def run(self, account: Account, cases: Sequence[Case]) -> Iterator[Case]:
        """Carry them out."""
        ...


def main() -> int:
    """Run the rounds; exit code 1 where one of them lost or doubled a job."""
    parser = argparse.ArgumentParser(prog="python -m bench.chaos", description=__doc__)
    parser.add_argument("words", nargs="*", help="parts of the kinds to run; default: all")
    words: list[str] = parser.parse_args().words
    began = time.monotonic()
    waiting: SimpleQueue[tuple[Round, list[Case]]] = SimpleQueue()
    for each, cases in numbered(rounds()):
        if not words or any(word in cases[0].kind for word in words):
            waiting.put((each, cases))
    with ThreadPoolExecutor(ACCOUNTS) as pool:
        done = [case for lane in pool.map(_lane, [waiting] * ACCOUNTS) for case in lane]
    print("\n".join(table(done)))
    print(f"{(time.monotonic() - began) / 60:.0f} minutes", flush=True)
    return 0 if done and all(case.right for case in done) else 1


def rounds() -> Iterator[Round]:
    """All of them, the longest first."""
    yield Searches()
    yield Shared()
    for disturbance in DISTURBANCES:
        yield Answers(disturbance)
    for plan in PLANS:
        for victims in _VICTIMS:
            yield Kills(plan, victims)


def numbered(several: Iterable[Round]) -> Iterator[tuple[Round, list[Case]]]:
    """Rounds with their trials, which have numbers of their own."""
    number = 1
    for each in several:
        cases = each.cases(number)
        yield each, cases
        number += len(cases)


def _lane(waiting: SimpleQueue[tuple[Round, list[Case]]]) -> list[Case]:
    done: list[Case] = []
    with account() as shared:
        while True:
            try:
                each, cases = waiting.get_nowait()
            except Empty:
                return done
            done += beside(shared, each, cases)


def beside(shared: Account, each: Round, cases: Sequence[Case]) -> Sequence[Case]:
    """Run a round beside the stack of somebody else, who has declared every twin before, and does so again."""
    began, theirs = time.monotonic(), shared.theirs
    theirs.declare({case.twin: Job() for case in cases})
    said = [theirs.up()]
    recorded = theirs.recorded()
    shared.calm()
    for case in each.run(shared, cases):
        case.compare_beside(shared.running(), recorded)
        print(f"{case.kind}: {case.what}: {'right' if case.right else f'WRONG: {case.wrong}'}", flush=True)
    shared.calm()
    said.append(theirs.up())
    shared.calm()
    said.append(theirs.destroy())
    running = shared.running()
    for case in cases:
        for outcome in said:
            case.heard(outcome)
        case.count(shared.started)
        case.compare_end(running)
    print(f"{cases[0].kind}: {len(cases)} trials in {time.monotonic() - began:.0f} seconds", flush=True)
    return cases


def table(done: Sequence[Case]) -> Iterator[str]:
    """The trials that went wrong, and a row for each kind."""
    for case in done:
        if not case.right:
            yield f"WRONG: {case.kind}: {case.what}: {case.wrong}"
    yield f"\n{'kind of trial':56}{'trials':>8}{''.join(f'{head:>12}' for head in _COLUMNS)}"
    for kind in [*dict.fromkeys(case.kind for case in done), "all"]:
        cases = [case for case in done if kind in ("all", case.kind)]
        counts = [sum(bool(getattr(case, name)) for case in cases) for name in _COLUMNS]
        yield f"{kind:56}{len(cases):8}{''.join(f'{count:12}' for count in counts)}"
    yield "stopped: by another owner; failed: a command, without a fault; named: runs on, as an error says"


if __name__ == "__main__":
    sys.exit(main())
