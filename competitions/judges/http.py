"""OpenAI's protocol over HTTP, by the standard library: POST JSON, get JSON, try again where that may help."""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from http.client import HTTPException
from typing import Any

from competitions.judges import JudgeError
from sandbox.contract import Text

MAX_ANSWER = 4 * 1024 * 1024  # bytes; embeddings of two texts are 100 kB
LONGEST_PAUSE = 30.0  # seconds, whatever the server asks for: the submission's lease is being held
PASSING = {HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.CONFLICT, HTTPStatus.TOO_MANY_REQUESTS}
SILENT = Text(
    ko="채점 모델이 응답하지 않습니다. 제출은 저장되어 있고 다시 채점합니다.",
    en="The judging model does not answer. The submission is kept and will be judged again.",
)
REFUSED = Text(
    ko="채점 모델을 쓸 수 없습니다. 강사에게 설정을 확인해 달라고 하세요.",
    en="The judging model cannot be used. Ask your instructor to check its settings.",
)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a model is: `address` like "https://host/v1". The key is in no message, log or repr."""

    address: str
    model: str
    embedding_model: str = ""  # empty: the endpoint has none
    key: str = field(default="", repr=False)
    timeout: float = 60.0  # seconds, for each try
    tries: int = 4
    pause: float = 1.0  # seconds before the second try; doubled for each further one


class _Unusable(Exception):
    """An answer that makes no sense: asking again may help."""


class _Stay(urllib.request.HTTPRedirectHandler):
    """A redirect would carry the key to another place."""

    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None


_opener = urllib.request.build_opener(_Stay)


def ask(endpoint: Endpoint, path: str, payload: dict[str, Any], read: Callable[[Any], Any]) -> Any:
    """`read` of the endpoint's answer, which raises ValueError, KeyError, TypeError or IndexError for one that makes no
    sense. Tries again after a passing fault. Raises JudgeError."""
    pause, reason = endpoint.pause, ""
    for number in range(endpoint.tries):
        if number:
            time.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)
        try:
            return _read(read, _post(endpoint, path, payload))
        except urllib.error.HTTPError as error:
            reason = f"HTTP {error.code}"
            if error.code not in PASSING and error.code < HTTPStatus.INTERNAL_SERVER_ERROR:
                raise JudgeError(REFUSED, f"{path}: {reason}") from None
            pause = max(pause, _wanted_pause(error))
        except (OSError, HTTPException, _Unusable) as error:  # URLError and timeouts are OSErrors
            reason = f"{type(error).__name__}: {error}"
    raise JudgeError(SILENT, f"{path}: {reason} after {endpoint.tries} tries")


def _read(read: Callable[[Any], Any], data: bytes) -> Any:
    try:
        return read(json.loads(data))
    except (ValueError, KeyError, TypeError, IndexError, RecursionError) as error:
        raise _Unusable(f"{type(error).__name__}: {error}"[:200]) from None


def _post(endpoint: Endpoint, path: str, payload: dict[str, Any]) -> bytes:
    headers = {"Content-Type": "application/json", "Accept": "application/json"}
    if endpoint.key:
        headers["Authorization"] = f"Bearer {endpoint.key}"
    request = urllib.request.Request(  # noqa: S310  the address is a setting, and http(s) is checked there
        f"{endpoint.address.rstrip('/')}/{path}", json.dumps(payload).encode(), headers, method="POST"
    )
    with _opener.open(request, timeout=endpoint.timeout) as answer:
        data = answer.read(MAX_ANSWER + 1)
    if len(data) > MAX_ANSWER:
        raise _Unusable("the answer is too long")
    return data


def _wanted_pause(error: urllib.error.HTTPError) -> float:
    """Retry-After in seconds; 0 where there is none."""
    value = error.headers.get("Retry-After", "") if error.headers else ""
    return min(float(value), LONGEST_PAUSE) if value.isdigit() else 0.0
