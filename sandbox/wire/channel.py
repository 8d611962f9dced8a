"""One end of the socket."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from sandbox.wire.decoder import decode
from sandbox.wire.encoder import encode
from sandbox.wire.values import MAX_BODY, MAX_HEADER, PREFIX, WireError

AT_ONCE = 64 << 10  # bytes: what is shorter goes in one call, since each call wakes the other side


class Channel:
    """One end of the socket between judge and jail.

    `keep` is handed to `encode`.
    """

    def __init__(self, sock: socket.socket, keep: Any = None) -> None:
        self.sock = sock
        self.keep = keep

    def send(self, value: Any, deadline: float | None = None) -> None:
        """Writes one frame; `deadline` is in seconds of time.monotonic().

        Raises EncodeError before the first byte, OSError when the other side is gone, TimeoutError past the deadline.
        """
        for piece in joined(encode(value, self.keep)):
            self._allow_until(deadline)
            self.sock.sendall(piece)

    def receive(self, deadline: float | None = None) -> Any:
        """Reads one frame; `deadline` is in seconds of time.monotonic().

        Raises EOFError when the other side is gone, TimeoutError past the deadline, WireError on a malformed frame.
        """
        header_size, body_size = PREFIX.unpack(self._read(PREFIX.size, deadline).tobytes())
        if header_size > MAX_HEADER or body_size > MAX_BODY:
            raise WireError("a frame larger than allowed")
        value = decode(self._read(header_size, deadline).tobytes(), self._read(body_size, deadline))
        if deadline is not None and time.monotonic() > deadline:
            raise TimeoutError  # decoding is on the sender's clock too
        return value

    def _read(self, size: int, deadline: float | None) -> np.ndarray:
        buffer = np.empty(size, np.uint8)  # takes no memory before the bytes come: `size` is only a claim
        view, done = memoryview(buffer.data), 0
        while done < size:
            self._allow_until(deadline)
            got = self.sock.recv_into(view[done:])
            if not got:
                raise EOFError("the other side is gone")
            done += got
        return buffer

    def _allow_until(self, deadline: float | None) -> None:
        if deadline is not None:
            left = deadline - time.monotonic()
            if left <= 0:
                raise TimeoutError
            self.sock.settimeout(left)


def joined(pieces: Sequence[bytes | memoryview]) -> Iterator[bytes | memoryview]:
    """The same bytes, short pieces put together."""
    short: list[bytes | memoryview] = []
    size = 0
    for piece in pieces:
        if short and size + len(piece) > AT_ONCE:
            yield b"".join(short)
            short, size = [], 0
        if len(piece) > AT_ONCE:
            yield piece
        else:
            short.append(piece)
            size += len(piece)
    if short:
        yield b"".join(short)
