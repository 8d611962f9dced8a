"""What student code prints, on its way to the judge."""

from __future__ import annotations

import io
from typing import Any

from sandbox.wire import Channel

SENT_AT_ONCE = 4_096


class Output(io.TextIOBase):
    """Stands for stdout and stderr: sends what is printed to the judge, which cuts it off."""

    def __init__(self, channel: Channel) -> None:
        self.channel = channel
        self.pending: list[str] = []
        self.size = 0

    encoding = "utf-8"

    @property
    def buffer(self) -> io.BufferedIOBase:
        """For code that writes bytes."""
        return _Bytes(self)

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        text = str(text)
        self.pending.append(text)
        self.size += len(text)
        if self.size >= SENT_AT_ONCE:
            self.flush()
        return len(text)

    def flush(self) -> None:
        if self.pending:
            text, self.pending, self.size = "".join(self.pending), [], 0
            for start in range(0, len(text), 1 << 20):
                self.channel.send(["out", text[start:start + (1 << 20)].encode("utf-8", "replace").decode()])


class _Bytes(io.BytesIO):
    def __init__(self, output: Output) -> None:
        super().__init__()
        self.output = output

    def write(self, data: Any) -> int:
        self.output.write(bytes(data).decode("utf-8", "replace"))
        return len(data)
