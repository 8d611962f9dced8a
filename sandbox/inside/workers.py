"""A DataLoader's worker processes: the jail has neither the shared memory nor the sockets through which they would answer.

Multiprocessing needs /dev/shm for its locks and a listening socket for its tensors; with either, one submission could reach
another. So `num_workers` above 0 is refused in words, before torch fails over a file that is missing.
"""

from __future__ import annotations

from typing import Any, NoReturn

NO_WORKERS = "no worker processes in the judge"  # the judge knows the error by it, see messages.EXPLAINED


def refuse() -> None:
    """From now on a DataLoader with num_workers > 0 raises RuntimeError where its iteration begins."""
    from torch.utils.data import dataloader

    def no_workers(loader: Any) -> NoReturn:
        raise RuntimeError(f"{NO_WORKERS}: num_workers={loader.num_workers}")

    dataloader._MultiProcessingDataLoaderIter = no_workers  # type: ignore[assignment,misc]
