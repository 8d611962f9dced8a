"""A program that trains in the jail and then predicts: its source and the data -> predictions.

    def train(folder, seed)       folder: "/tmp/data" with the training files; returns anything, which stays in the jail
    def predict(model, folder)    the held-out files lie there by now; returns one prediction for each row

The held-out files enter the jail when `train` has returned, so no training sees them; their labels never do. What
`predict` returns is compared outside. Both share one clock and one memory limit, and the files in /tmp count as memory.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sandbox import messages
from sandbox.contract import NO_TEXT, Limits, Source, Text, Verdict
from sandbox.judge import FILE_MB, Judge, Space
from sandbox.pool import TMP_MB
from sandbox.student import Session, Stopped, StudentError
from sandbox.trial import (
    Invalid,
    Program,
    check_file,
    error_verdict,
    execute_in,
    is_notebook,
    seed_inside,
    source_text,
    text_of_error,
)
from sandbox.wire import Handle

TRAIN, PREDICT = "train", "predict"
WANTED = (TRAIN, PREDICT)
FOLDER = "data"  # below the jail's /tmp
PIECE = 8 << 20  # bytes of a file in one frame
MEGABYTE = 1 << 20


@dataclass(frozen=True, slots=True)
class Job:
    """What a training program is given: file name -> where it lies here. `held_out` has features only, never labels."""

    train: Mapping[str, Path]
    held_out: Mapping[str, Path]
    limits: Limits
    seed: int
    device: str = "cpu"

    @property
    def data_mb(self) -> int:
        """The size of all files, rounded up."""
        return sum(path.stat().st_size for path in (*self.train.values(), *self.held_out.values())) // MEGABYTE + 1


@dataclass(slots=True)
class Run:
    """What became of it. `predictions` is what `predict` returned, unchecked, where `verdict` is accepted."""

    seed: int
    verdict: Verdict = Verdict.ACCEPTED
    message: Text = NO_TEXT
    predictions: Any = None
    judged_source: str = ""
    stdout: str = ""  # of loading and training; what is printed while predicting could carry held-out rows
    error: str = ""
    seconds: float = 0.0
    peak_memory_mb: float = 0.0
    _is_hidden: bool = field(default=False, repr=False)

    def stop(self, verdict: Verdict, message: Text, error: str = "") -> None:
        self.verdict, self.message, self.error = verdict, message, error


def train_and_predict(judge: Judge, source: Source, job: Job,
                      on_progress: Callable[[float], None] = lambda share: None) -> Run:
    """Runs a submission. `on_progress` hears 0.1 when it is loaded, 0.8 when it has trained, 1.0 at the end.

    Raises JailMissing, ZygoteLost or OSError where the jail fails; everything that is the student's is in the Run.
    """
    try:
        check_file(source)
    except Invalid as error:
        return Run(job.seed, Verdict.INVALID, error.message)
    return judge.retrying(lambda: _run(judge, source, job, on_progress))


def _run(judge: Judge, source: Source, job: Job, on_progress: Callable[[float], None]) -> Run:
    run, room = Run(job.seed), job.data_mb
    space = Space(max(TMP_MB, 2 * room + TMP_MB // 2), max(FILE_MB, room + 1))
    with judge.confined(job.limits, space, job.device) as (child, session):
        try:
            _stages(run, session, source, job, on_progress)
        except Invalid as error:
            run.stop(Verdict.INVALID, error.message, error.type_name)
        except StudentError as error:
            run.stop(error_verdict(error), text_of_error(run.judged_source, error, run._is_hidden, job.limits), error.type_name)
        except Stopped as error:
            run.stop(error.verdict, error.message or messages.verdict_text(error.verdict, job.limits))
        child.kill()
        run.stdout, run.seconds, run.peak_memory_mb = session.stdout, round(session.seconds, 4), round(child.peak_mb(), 1)
    return run


def _stages(run: Run, session: Session, source: Source, job: Job, on_progress: Callable[[float], None]) -> None:
    send(session, job.train)
    run.judged_source = source_text(session, source, WANTED)
    name = "notebook.py" if is_notebook(source) else "submission.py"
    execute_in(session, Program(run.judged_source, name, WANTED), job.seed)
    on_progress(0.1)
    model = session.request("hold", [None, [TRAIN]], [f"/tmp/{FOLDER}", seed_inside(job.seed)])
    if not isinstance(model, Handle):
        raise Stopped(Verdict.RUNTIME_ERROR)  # a forged answer: the jail's own code always sends one
    on_progress(0.8)
    run._is_hidden = True
    with session.hidden(True):
        send(session, job.held_out)
        found = session.request("apply", [None, [PREDICT]], [model, f"/tmp/{FOLDER}"], {})
        if isinstance(found, Handle):  # a pandas Series, or what else can list its items
            found = session.request("apply", [found.id, ["tolist"]], [], {})
        run.predictions = found
    on_progress(1.0)


def send(session: Session, files: Mapping[str, Path]) -> None:
    """Writes files into the jail's data folder, piece by piece: no frame may be larger than the codec allows."""
    for name, path in files.items():
        with path.open("rb") as file:
            piece = file.read(PIECE)
            while True:
                session.request("file", f"{FOLDER}/{name}", piece)
                piece = file.read(PIECE)
                if not piece:
                    break
