"""kombu's filesystem transport, made safe for several writers and readers.

Three things in the stock transport break under load, each seen with several processes:
* a message is visible while it is being written, and a reader that takes it dies of a JSON error;
* a message is taken by moving it to the system's temporary folder, which on another disk is a copy and a delete:
  two readers can both win;
* the exchange's table is written in place, so a process that starts meanwhile reads half of it.
Here every write goes to a temporary name and is put in place by `os.replace`, and a message is taken by a rename
inside the broker's folder.
"""

import fcntl
import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Empty
from time import time_ns
from typing import Any

from kombu.transport import filesystem
from kombu.utils.encoding import bytes_to_str, str_to_bytes
from kombu.utils.json import dumps, loads

MAX_WAIT = 0.3
"""Seconds that one wait for a message lasts at most."""


class Channel(filesystem.Channel):
    @property
    def folder(self) -> Path:
        return Path(self.data_folder_in)

    def _write(self, path: Path, value: object) -> None:
        temporary = path.with_name(f".{uuid.uuid4().hex}.tmp")
        temporary.write_bytes(str_to_bytes(dumps(value)))
        os.replace(temporary, path)

    def _put(self, queue: str, payload: Any, **_kwargs: Any) -> None:  # type: ignore[override]
        # Wall clock, zero-padded: names sort in the order of sending, across processes and restarts.
        self._write(self.folder / f"{time_ns():020d}_{uuid.uuid4().hex}.{queue}.msg", payload)

    def _get(self, queue: str, timeout: Any = None) -> Any:
        suffix = f".{queue}.msg"
        for name in sorted(os.listdir(self.folder)):
            if not name.endswith(suffix) or name.startswith("."):
                continue
            taken = self.folder / f".{uuid.uuid4().hex}.taken"
            try:
                os.rename(self.folder / name, taken)
            except FileNotFoundError:
                continue  # another worker was faster
            payload = taken.read_bytes()
            taken.unlink()
            return loads(bytes_to_str(payload))
        raise Empty

    @contextmanager
    def _bindings_lock(self) -> Iterator[None]:
        Path(self.control_folder).mkdir(parents=True, exist_ok=True)
        with (Path(self.control_folder) / ".lock").open("w") as handle:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield

    def _queue_bind(self, exchange: str, routing_key: str, pattern: str, queue: str) -> None:
        binding = filesystem.exchange_queue_t(routing_key or "", pattern or "", queue or "")
        with self._bindings_lock():
            table = self.get_table(exchange)
            if binding not in table:
                self._write(Path(self._exchange_file(exchange)), [binding, *table])

    def _delete(self, queue: str, exchange: str, routing_key: str, pattern: str, *_args, **_kwargs) -> None:
        self._purge(queue)
        binding = filesystem.exchange_queue_t(routing_key or "", pattern or "", queue or "")
        with self._bindings_lock():
            table = self.get_table(exchange)
            if binding in table:
                self._write(Path(self._exchange_file(exchange)), [row for row in table if row != binding])


class Transport(filesystem.Transport):
    Channel = Channel

    def drain_events(self, connection: Any, timeout: float | None = None) -> Any:  # type: ignore[override]
        # A worker that is asked to stop first finishes its wait for a message, twice: Celery's two seconds would
        # make Ctrl-C take four.
        return super().drain_events(
            connection, timeout=MAX_WAIT if timeout is None else min(timeout, MAX_WAIT)
        )
