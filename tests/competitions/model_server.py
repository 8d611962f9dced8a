"""A local HTTP server that speaks OpenAI's protocol, with a "model" that can be told how to behave.

It reads only what a real model would: the messages, the schema and the inputs of the request.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

KEY = "sk-test-0123456789"
Answer = tuple[int, dict[str, str], bytes]


def content(value: Any) -> bytes:
    """A chat completion whose message is `value` as JSON."""
    message = {"role": "assistant", "content": json.dumps(value, ensure_ascii=False)}
    return json.dumps({"choices": [{"index": 0, "message": message}]}).encode()


def model(payload: dict[str, Any]) -> Any:
    """An honest model: splits at full stops, and calls a statement supported that stands on the other side word for word."""
    data = json.loads(payload["messages"][1]["content"])
    if payload["response_format"]["json_schema"]["name"] == "statements":
        return {"statements": [part.strip() for part in data["text"].split(".") if part.strip()]}
    sides = {side: [row["statement"] for row in data[side]] for side in ("answer", "reference")}
    others = {"answer": sides["reference"], "reference": sides["answer"]}
    return {
        side: [{"index": index, "supported": text in others[side]} for index, text in enumerate(texts)]
        for side, texts in sides.items()
    }


def gullible(payload: dict[str, Any]) -> Any:
    """A model that obeys whatever the data says: everything is supported as soon as somebody asks for full marks."""
    honest = model(payload)
    if "full marks" in payload["messages"][1]["content"] and "answer" in honest:
        return {side: [{**row, "supported": True} for row in rows] for side, rows in honest.items()}
    return honest


def obedient_extractor(payload: dict[str, Any]) -> Any:
    """A model that, asked to split a text that demands it, "extracts" the reference that the text never states."""
    if payload["response_format"]["json_schema"]["name"] == "statements" and "full marks" in str(
        payload["messages"][1]
    ):
        return {"statements": ["Dropout is off", "Gradients are still recorded"]}
    return model(payload)


class Server:
    """`requests`: the (path, payload, headers) so far. `script`: answers to give first, before `behave` takes over."""

    def __init__(self, behave: Callable[[dict[str, Any]], Any], script: list[Answer]) -> None:
        self.behave, self.script = behave, script
        self.requests: list[tuple[str, dict[str, Any], dict[str, str]]] = []
        self.address = ""

    def answer(self, path: str, payload: dict[str, Any]) -> Answer:
        if self.script:
            return self.script.pop(0)
        if path.endswith("/embeddings"):
            rows = [{"index": n, "embedding": embedding(text)} for n, text in enumerate(payload["input"])]
            return 200, {}, json.dumps({"data": rows[::-1]}).encode()
        return 200, {}, content(self.behave(payload))


def embedding(text: str) -> list[float]:
    """How often each of 26 letters occurs."""
    return [float(text.lower().count(chr(97 + n))) for n in range(26)]


@contextmanager
def serving(
    behave: Callable[[dict[str, Any]], Any] = model, script: list[Answer] | None = None
) -> Iterator[Server]:
    """A running server; its `address` ends in /v1."""
    server = Server(behave, script or [])

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            payload = json.loads(self.rfile.read(int(self.headers.get("Content-Length", 0))) or b"{}")
            server.requests.append((self.path, payload, dict(self.headers)))
            status, headers, body = server.answer(self.path, payload)
            if self.headers.get("Authorization") != f"Bearer {KEY}":
                status, headers, body = 401, {}, b'{"error": "no key"}'
            self.send_response(status)
            for name, value in {"Content-Length": str(len(body)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def do_GET(self) -> None:  # what a redirect would become
            self.do_POST()

        def log_message(self, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http:
        thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        server.address = f"http://127.0.0.1:{http.server_port}/v1"
        try:
            yield server
        finally:
            http.shutdown()
            thread.join()
