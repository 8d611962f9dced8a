"""What one scoring process holds: its name, its warm judge, and whether it can judge at all."""

from __future__ import annotations

import logging
import os
import socket
from contextlib import ExitStack
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from competitions import kinds
from sandbox.contract import Text

if TYPE_CHECKING:
    from sandbox.judge import Judge

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Fitness:
    """Whether students' code can be run here; if not, why and what helps."""

    is_ready: bool
    message: Text


class Workplace:
    """One per process. `judge` is started at its first use (or by `warm_up`) and kept: a warm one answers in
    milliseconds, a fresh one takes seconds to import torch."""

    def __init__(self) -> None:
        self.name = f"{os.environ.get('WORKER_NAME', f'worker-{os.getpid()}')}@{socket.gethostname()}"
        self.wanted_device = os.environ.get("WORKER_DEVICE", "cpu")
        self._has_gpu = False
        self._fitness: Fitness | None = None
        self._judge: Judge | None = None
        self._stack = ExitStack()

    @property
    def device(self) -> str:
        """What it judges on besides the CPU: "cuda" only where that was asked for and a GPU was found."""
        self.fitness()
        return "cuda" if self.wanted_device == "cuda" and self._has_gpu else "cpu"

    @property
    def is_whole(self) -> bool:
        """Whether nothing is missing of what was asked for."""
        return self.fitness().is_ready and self.device == self.wanted_device

    def fitness(self) -> Fitness:
        """The last known state of the jail."""
        return self._fitness or self.examine()

    def examine(self) -> Fitness:
        """Looks again: bubblewrap may have been installed since."""
        from sandbox import doctor  # only here: the module starts processes to see what works

        try:
            found = doctor.check(self.wanted_device)
        except Exception as error:  # without a word from here nobody would know why everything waits
            logger.exception("the jail could not be examined")
            self._fitness = Fitness(
                False,
                Text(
                    ko=f"격리 환경을 확인하지 못했습니다: {error}",
                    en=f"The jail could not be examined: {error}",
                ),
            )
            return self._fitness
        self._has_gpu = all(problem.ok for problem in found if problem.name == "gpu")
        missing = [
            problem for problem in found if not problem.ok and (problem.vital or problem.name == "gpu")
        ]
        text = Text(
            ko=" · ".join(
                f"{problem.name}: {problem.message.ko} → {problem.remedy.ko}" for problem in missing
            ),
            en=" · ".join(
                f"{problem.name}: {problem.message.en} → {problem.remedy.en}" for problem in missing
            ),
        )
        self._fitness = Fitness(not any(problem.vital for problem in missing), text)
        return self._fitness

    def can_judge(self, kind: str, device: str) -> bool:
        """Whether a submission of `kind` for `device` is one for this process."""
        if device != "cpu" and device != self.device:
            return False
        return not kinds.get(kind).NEEDS_JAIL or self.fitness().is_ready

    @property
    def judge(self) -> Judge:
        if self._judge is None:
            from sandbox.judge import Judge  # torch: seconds and 220 MB, for those who judge only

            self._judge = self._stack.enter_context(Judge())
        return self._judge

    def warm_up(self) -> None:
        """Starts the judge before the first submission comes. A failure shows again, and is reported, with that."""
        if not self.fitness().is_ready:
            logger.warning("%s cannot judge exercises: %s", self.name, self.fitness().message.en)
            return
        try:
            for device in dict.fromkeys(("cpu", self.device)):
                self.judge.warm_up(device)
        except Exception:
            logger.exception("the judge did not start")
            self.close()

    def close(self) -> None:
        """Ends the judge and its processes; the next use starts a fresh one."""
        self._judge = None
        stack, self._stack = self._stack, ExitStack()
        try:
            stack.close()
        except Exception:
            logger.exception("the judge did not end cleanly")


@lru_cache(maxsize=1)
def workplace() -> Workplace:
    """This process's own."""
    return Workplace()
