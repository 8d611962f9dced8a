"""Short listings -> what each leaves in `answer` and prints, in the jail.

    evaluate([Listing("answer = torch.ones(n).sum()", ({"n": 2}, {"n": 3}))])   -> [Outcome((2.0, 3.0), "", "")]

One confined child runs one listing after the other; where one ends it, a new child takes the rest. They are content, written by
instructors: the jail keeps them from this machine, not from each other.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sandbox import messages
from sandbox.contract import Limits
from sandbox.judge import open_session
from sandbox.pool import Pool
from sandbox.sandboxes import open_pool
from sandbox.student import InputChanged, Session, Stopped, StudentError, clean

SECONDS = 20.0  # for one listing with all its cases
LONGEST = 300  # characters of what a failure says
LIMITS = Limits(seconds=3600.0, memory_mb=1024, output_kb=64)  # of a child, whose clock each listing starts anew


@dataclass(frozen=True, slots=True)
class Listing:
    """Python that sets `answer`; it runs once for each case, which gives it variables (plain numbers, texts, lists)."""

    source: str
    cases: Sequence[dict[str, Any]] = ({},)


@dataclass(frozen=True, slots=True)
class Outcome:
    """`answers` case by case, as plain data, and all that was printed; `error` says in English why one is missing."""

    answers: tuple[Any, ...] = ()
    output: str = ""
    error: str = ""


def evaluate(listings: Sequence[Listing], seconds: float = SECONDS, limits: Limits = LIMITS,
             pool: Pool | None = None) -> Iterator[Outcome]:
    """One outcome for each listing, in order; `pool` is one that is warm already.

    Raises jail.JailMissing where no jail can be built, ZygoteLost when it fails.
    """
    with contextlib.nullcontext(pool) if pool is not None else open_pool() as warm:
        waiting = list(listings)
        while waiting:
            child = warm.acquire()
            try:
                child.confine(limits)
                for outcome in _serve(open_session(child, limits), waiting, seconds):
                    waiting.pop(0)
                    yield outcome
            finally:
                child.close()


def _serve(session: Session, listings: Sequence[Listing], seconds: float) -> Iterator[Outcome]:
    """The outcomes until the child ends, that of the listing that ended it included."""
    for listing in list(listings):
        session.left = seconds
        session.printed, session.printed_size = [], 0
        yield _evaluate(session, listing)
        if session.stopped is not None:
            return


def _evaluate(session: Session, listing: Listing) -> Outcome:
    try:
        results = session.request("evaluate", listing.source, [dict(case) for case in listing.cases])
    except StudentError as error:
        return Outcome(error=f"{error.type_name}: {error.text[:LONGEST]} (line {error.line})")
    except Stopped as stopped:
        reason = stopped.message or messages.verdict_text(stopped.verdict, session.limits)
        return Outcome(output=session.stdout, error=f"{stopped.verdict}: {reason.en}")
    except InputChanged:  # a forged answer: nothing was given that could change
        results = None
    if not _are_results(results):
        return Outcome(error="the jail sent no answers")
    failed = next((f"case {place}: {clean(str(value))}"[:LONGEST] for place, (word, value) in enumerate(results) if word != "ok"), "")
    answers = tuple(value if word == "ok" else None for word, value in results)
    return Outcome(answers, session.stdout, failed)


def _are_results(results: Any) -> bool:
    return type(results) is list and all(
        type(each) is list and len(each) == 2 and type(each[0]) is str for each in results)
