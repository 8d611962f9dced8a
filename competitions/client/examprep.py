"""Submit exercises and competition entries from a notebook or a terminal, and see what became of them.

    from examprep import Competition, submit
    submit("tensor-standardize", standardize)          # a function or class of this notebook, or a file's name

    comp = Competition("student01", "AI Essential", "0317(1)", "House Price Prediction")
    comp.prediction = model(X_test)                    # tensor, array, column, list; or a data frame with the ids
    comp.submit()

    python -m examprep submit tensor-standardize solution.py

The site's address is the one this file was downloaded from, or EXAMPREP_URL. The token is made on the profile page; it is
read from EXAMPREP_TOKEN or asked for, and never printed. Messages are Korean, or English with EXAMPREP_LANGUAGE=en.
Needs `requests` and the standard library; tensors, arrays and data frames are taken when given.
"""

from __future__ import annotations

import argparse
import ast
import csv
import getpass
import inspect
import io
import json
import linecache
import math
import os
import sys
import textwrap
import time
import types
import uuid
from pathlib import Path
from urllib.parse import quote

import requests

__version__ = "1.0.0"
SITE = ""  # filled in by the site that hands this file out

WAITS = (1, 2, 4, 8, 16)  # seconds before each new try
AGAIN = (502, 503, 504)
FILES = (".py", ".ipynb", ".csv", ".jsonl", ".json", ".npy", ".safetensors")
TEXTS = {
    "no_site": ("사이트 주소를 EXAMPREP_URL 환경 변수에 넣어 주세요.", "Put the site's address into the environment variable EXAMPREP_URL."),
    "ask_token": ("프로필 페이지에서 만든 토큰: ", "Token from your profile page: "),
    "lost": ("서버에 연결하지 못했습니다. 다시 시도합니다.", "No connection to the server. Trying again."),
    "gone": ("서버에 연결하지 못했습니다. 제출은 저장되지 않았을 수 있습니다. 다시 실행해 주세요.", "No connection to the server. The submission may not have arrived: run this again."),
    "token": ("토큰이 맞지 않거나 만료되었습니다. 프로필 페이지에서 새로 만드세요.", "The token is wrong or has expired. Make a new one on your profile page."),
    "queued": ("대기 중, 순서 {place}", "waiting, place {place}"),
    "running": ("채점 중", "being judged"),
    "done": ("채점 완료", "judged"),
    "failed": ("채점하지 못했습니다", "could not be judged"),
    "score": ("점수: {score}", "Score: {score}"),
    "rank": ("순위: {rank} / {count}", "Rank: {rank} / {count}"),
    "other_user": ("이 토큰은 {owner}의 것입니다. {name}(으)로 제출할 수 없습니다.", "This token belongs to {owner}; it cannot submit as {name}."),
    "no_competition": ("“{name}” 대회가 이 차수에 없습니다.", "There is no competition “{name}” in this round."),
    "no_prediction": ("prediction에 예측값을 넣어 주세요.", "Put your predictions into `prediction`."),
    "no_answer": ("답하지 않은 문제: {ids}", "Questions without an answer: {ids}"),
    "count": ("예측값이 {given}개입니다. {wanted}개가 필요합니다.", "There are {given} predictions; {wanted} are needed."),
    "columns": ("행마다 값이 {count}개 있어야 합니다: {columns}.", "Each row needs {count} values: {columns}."),
    "no_source": ("{name}의 코드를 찾지 못했습니다. 셀에 정의한 함수나 클래스, 또는 파일 이름을 넘겨 주세요.", "The code of {name} was not found. Give a function or class defined in a cell, or a file's name."),
    "no_file": ("{name} 파일이 없습니다.", "There is no file {name}."),
    "scored": ("채점 완료", "scored"),
    "accepted": ("맞았습니다!!", "accepted"),
    "partial": ("부분 점수", "partial score"),
    "wrong_answer": ("틀렸습니다", "wrong answer"),
    "runtime_error": ("런타임 에러", "runtime error"),
    "time_limit": ("시간 초과", "time limit exceeded"),
    "memory_limit": ("메모리 초과", "memory limit exceeded"),
    "output_limit": ("출력 초과", "output limit exceeded"),
    "invalid": ("잘못된 제출", "invalid submission"),
    "judge_error": ("채점 오류(저희 잘못입니다)", "judge error (our fault)"),
    "help": ("실습과 대회를 제출하고 결과를 봅니다.", "Submit exercises and competition entries, and see their results."),
}


class ExamprepError(Exception):
    """What went wrong, in a sentence for the student. `status`: the server's HTTP status, or None."""

    def __init__(self, message, status=None):
        super().__init__(message)
        self.status = status


def language():
    return "en" if os.environ.get("EXAMPREP_LANGUAGE", "").lower().startswith("en") else "ko"


def say(key, **values):
    """A text of this file in the student's language."""
    return TEXTS[key][language() == "en"].format(**values)


# --- The server -----------------------------------------------------------------------------------------------------


class Site:
    """One site, one token. Every call is repeated when the connection fails, with the same idempotency key."""

    def __init__(self, address=None, token=None):
        self.address = (address or os.environ.get("EXAMPREP_URL") or SITE).rstrip("/")
        if not self.address:
            raise ExamprepError(say("no_site"))
        self._token = token or os.environ.get("EXAMPREP_TOKEN", "")
        self.session = requests.Session()

    def __repr__(self):
        return f"Site({self.address!r})"  # never the token

    def headers(self):
        if not self._token:
            self._token = getpass.getpass(say("ask_token")).strip()
        return {
            "Authorization": f"Token {self._token}",
            "Accept-Language": language(),
            "User-Agent": f"examprep/{__version__}",
        }

    def ask(self, method, path, **how):
        """The response to one call, repeated while nobody answers. Raises ExamprepError for a refusal."""
        url = path if path.startswith("http") else f"{self.address}/api/{path}"
        headers = {**self.headers(), **how.pop("headers", {})}
        for wait in (*WAITS, None):
            try:
                response = self.session.request(method, url, headers=headers, timeout=60, **how)
                if response.status_code not in AGAIN:
                    return self._checked(response)
            except (requests.ConnectionError, requests.Timeout):
                pass
            if wait is not None:
                show(say("lost"))
                time.sleep(wait)
        raise ExamprepError(say("gone"))

    def _checked(self, response):
        if response.status_code == 401:
            self._token = ""
            raise ExamprepError(say("token"), 401)
        if response.status_code >= 400:
            raise ExamprepError(_sentence(response), response.status_code)
        return response


def _sentence(response):
    try:
        answer = response.json()
    except ValueError:
        return f"HTTP {response.status_code}"
    detail = answer.get("detail", answer) if isinstance(answer, dict) else answer
    return detail if isinstance(detail, str) else json.dumps(detail, ensure_ascii=False)


_site = None


def connect(address=None, token=None):
    """Chooses the site and the token for all that follows."""
    global _site
    _site = Site(address, token)
    return _site


def site():
    return _site or connect()


# --- Submitting -----------------------------------------------------------------------------------------------------


def submit(challenge, what, round="", wait=True):
    """Submits `what` to an exercise or competition and waits for the verdict, which is printed and returned (a dict).

    `what`: a file's name, a function or class of this notebook (with the imports, constants and helpers it uses), a list of
    such (`[train, predict]`), a data frame, or completions ({task id: text, or list of texts}). `round`: needed by who is in several, like "0317(1)".
    """
    name, data = read(what)
    return send(challenge, name, data, round, wait)


def send(challenge, name, data, round="", wait=True):
    """Sends bytes. One key for all tries: an answer that gets lost on its way never costs a second try."""
    fields = {"challenge": challenge, "round": round}
    answer = site().ask(
        "POST",
        "submissions/",
        data=fields,
        files={"file": (name, data)},
        headers={"Idempotency-Key": uuid.uuid4().hex},
    ).json()
    return watch(answer["id"]) if wait else answer


def read(what):
    """(file name, bytes) of what a student gives."""
    if isinstance(what, (str, os.PathLike)):
        path = Path(what)
        if not path.is_file():
            raise ExamprepError(say("no_file", name=path))
        return path.name, path.read_bytes()
    if hasattr(what, "to_csv"):
        return "submission.csv", what.to_csv(index=False).encode("utf-8")
    if isinstance(what, dict):
        return "submission.jsonl", _jsonl(what).encode("utf-8")
    things = what if isinstance(what, (list, tuple)) and what else [what]
    return "submission.py", source_of(*things).encode("utf-8")


def _jsonl(completions):
    """{task id: completion or completions} with an object a line, as HumanEval has it."""
    pairs = [(task, text) for task, given in completions.items() for text in ([given] if isinstance(given, str) else given)]
    return "".join(json.dumps({"task_id": task, "completion": text}, ensure_ascii=False) + "\n" for task, text in pairs)


def watch(number):
    """Waits for a submission's verdict, with a bar; prints and returns it."""
    began, pause = time.monotonic(), 0.3
    row: dict = {}
    while row.get("state") not in ("done", "failed"):
        if row:
            time.sleep(pause)
            pause = min(pause * 1.2, 3)
        row = site().ask("GET", f"submissions/{number}/").json()
        state = say(row["state"], place=row.get("queue_position"))
        show(f"{bar(time.monotonic() - began, row['state'])} {state}")
    show("", end="\n")
    print_verdict(row)
    return row


def bar(seconds, state):
    """A bar that is full when the verdict is there and gets ever slower until then: nobody knows how long it takes."""
    full = 20 if state in ("done", "failed") else int(19 * (1 - math.exp(-seconds / 8)))
    return f"[{'#' * full}{'.' * (20 - full)}]"


_shown = 0


def show(text, end=""):
    """Writes over the line before."""
    global _shown
    width = sum(2 if ord(character) > 0x1100 else 1 for character in text)
    sys.stdout.write(f"\r{text}{' ' * max(0, _shown - width)}{end}")
    sys.stdout.flush()
    _shown = 0 if end else width


def number(value):
    """Without needless digits: 100, 16969.5, 0.95333."""
    return f"{value:.{2 if abs(value) >= 100 else 5}f}".rstrip("0").rstrip(".")


def verdict_of(row):
    """In words; an entry of a competition is scored, neither right nor wrong."""
    word = row["verdict"] or row["state"]
    if word == "accepted" and not row.get("max_score"):
        word = "scored"
    return say(word, place=row.get("queue_position", "-")) if word in TEXTS else word


def print_verdict(row):
    most = f" / {number(row['max_score'])}" if row.get("max_score") else ""
    score = "-" if row.get("score") is None else f"{number(row['score'])}{most}"
    print(f"#{row['id']} {row['challenge']}: {verdict_of(row)}, {say('score', score=score)}")
    if row.get("message"):
        print(row["message"])
    for test in row.get("tests", []):
        mark = "o" if test["verdict"] == "accepted" else "x"
        print(f"  {mark} {test['title']} {test['points']:g}/{test['max_points']:g} {test['message']}".rstrip())


def status(number=None):
    """One submission (printed), or one's latest ones."""
    if number is not None:
        row = site().ask("GET", f"submissions/{number}/").json()
        print_verdict(row)
        return row
    rows = site().ask("GET", "submissions/").json()["results"]
    for row in rows[:10]:
        print_verdict(row)
    return rows


def leaderboard(challenge, round=""):
    """The first page of a leaderboard, printed and returned."""
    board = site().ask("GET", f"leaderboards/{quote(challenge)}/", params={"round": round}).json()
    print(f"{board['title']} ({board['count']})")
    for row in board["results"]:
        print(f"{'*' if row['is_me'] else ' '}{row.get('shared_rank') or row['rank'] or '-':>4} {row['nickname']:<20} {number(row['score'])}")
    return board


# --- Code from a notebook -------------------------------------------------------------------------------------------


def source_of(*things):
    """The source of functions and classes, after the imports, constants and helpers of the notebook that they use."""
    parts: dict[str, str] = {}
    seen: set[str] = set()
    for thing in things:
        if not isinstance(thing, (types.FunctionType, type)):
            raise ExamprepError(say("no_source", name=getattr(thing, "__name__", repr(thing)[:60])))
        if thing.__name__ not in seen:
            _collect(thing, parts, seen)
    imports = sorted(part for part in parts.values() if part.startswith(("import ", "from ")))
    others = [part for part in parts.values() if not part.startswith(("import ", "from "))]
    return "\n\n".join([*imports, *others]) + "\n"


def _collect(thing, parts, seen):
    """Adds what `thing` needs to `parts` (name -> text), the helpers before those that use them."""
    seen.add(thing.__name__)
    text = _text_of(thing)
    space = vars(sys.modules.get(thing.__module__, types.ModuleType("none"))) | getattr(thing, "__globals__", {})
    for name in sorted(_names_in(text)):
        if name in space and name not in seen:
            _add(name, space[name], parts, seen)
    parts[thing.__name__] = text


def _add(name, value, parts, seen):
    seen.add(name)
    if isinstance(value, types.ModuleType):
        parts[name] = f"import {value.__name__} as {name}"
    elif isinstance(value, (types.FunctionType, type)) and value.__module__ in ("__main__", None):
        _collect(value, parts, seen)
        if value.__name__ != name:
            parts[name] = f"{name} = {value.__name__}"
    elif hasattr(value, "__module__") and hasattr(value, "__qualname__") and "." not in value.__qualname__:
        parts[name] = f"from {value.__module__} import {value.__qualname__} as {name}"
    elif isinstance(value, (int, float, str, bool, bytes, type(None), tuple, list, dict, set)):
        text = repr(value)
        if len(text) < 10_000 and "<" not in text:
            parts[name] = f"{name} = {text}"


def _names_in(text):
    return {node.id for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Name)}


def _text_of(thing):
    try:
        return textwrap.dedent(inspect.getsource(thing)).strip()
    except (OSError, TypeError):
        text = _class_text(thing) if isinstance(thing, type) else None
        if text is None:
            raise ExamprepError(say("no_source", name=thing.__name__)) from None
        return text


def _class_text(thing):
    """A class of a notebook: `inspect` does not find those before Python 3.13, but the cell of one of its methods."""
    for member in vars(thing).values():
        code = getattr(inspect.unwrap(getattr(member, "__func__", member)), "__code__", None)
        lines = linecache.getlines(code.co_filename) if code else []
        if code and lines:
            for node in ast.walk(ast.parse("".join(lines))):
                if not isinstance(node, ast.ClassDef) or node.name != thing.__name__:
                    continue
                if node.lineno <= code.co_firstlineno <= (node.end_lineno or 0):
                    first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
                    return textwrap.dedent("".join(lines[first - 1 : node.end_lineno])).strip()
    return None


# --- Competitions ---------------------------------------------------------------------------------------------------


class Competition:
    """A competition as the course's notebooks use it: set `prediction` (or the answers), then `submit()`.

    `username` must be the token's owner. Competitions of answers have `questions`: {id: {"question": text}}; set
    `questions[id]["answer"]`.
    """

    def __init__(self, username, course_name, course_round, competition_name, **_ignored):
        self.username, self.course_name = username, course_name
        self.course_round, self.competition_name = course_round, competition_name
        me = site().ask("GET", "me/").json()
        if username and username not in (me["username"], me["display_name"]):
            raise ExamprepError(say("other_user", owner=me["username"], name=username))
        self.round = f"{course_name} {course_round}"
        found = site().ask("GET", "competitions/", params={"round": self.round, "name": competition_name}).json()
        if not found:
            raise ExamprepError(say("no_competition", name=competition_name))
        self.info = found[0]
        self.prediction = None
        if self.info["kind"] == "answers":
            self.questions = json.loads(self._file("questions.json"))

    def _file(self, name):
        files = {file["name"]: file["url"] for file in self.info["files"]}
        return site().ask("GET", files[name]).content

    def download(self, folder="data"):
        """Stores the competition's files in `folder`; their paths."""
        Path(folder).mkdir(parents=True, exist_ok=True)
        paths = []
        for file in self.info["files"]:
            path = Path(folder) / file["name"]
            path.write_bytes(self._file(file["name"]))
            paths.append(str(path))
        return paths

    def submit(self):
        """Uploads the predictions or answers, waits for the verified score and prints it with the rank and a link."""
        name, data = self._entry()
        row = send(self.info["slug"], name, data, self.round)
        board = site().ask("GET", f"leaderboards/{self.info['slug']}/", params={"round": self.round}).json()
        if board.get("me"):
            print(say("rank", rank=board["me"].get("shared_rank") or board["me"]["rank"], count=board["count"]))
        print(self.info["url"])
        return row

    def _entry(self):
        if self.info["kind"] == "answers":
            return "answers.json", json.dumps(self._answers(), ensure_ascii=False).encode("utf-8")
        if self.prediction is None:
            raise ExamprepError(say("no_prediction"))
        is_program = self.info["kind"] in ("code", "functions")
        if is_program or isinstance(self.prediction, (str, os.PathLike)) or hasattr(self.prediction, "columns"):
            return read(self.prediction)
        return "submission.csv", self._csv(flat(self.prediction)).encode("utf-8")

    def _answers(self):
        missing = [key for key, question in self.questions.items() if "answer" not in question]
        if missing:
            raise ExamprepError(say("no_answer", ids=", ".join(missing)))
        return {key: str(question["answer"]) for key, question in self.questions.items()}

    def _csv(self, values):
        """The predictions under the ids of the sample submission, in its order."""
        sample = list(csv.reader(io.StringIO(self._file("sample_submission.csv").decode("utf-8-sig"))))
        header, rows = sample[0], [row for row in sample[1:] if row]
        if len(values) != len(rows):
            raise ExamprepError(say("count", given=len(values), wanted=len(rows)))
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(header)
        columns = header[1:]
        if len(columns) > 1 and not all(isinstance(value, (list, tuple)) and len(value) == len(columns) for value in values):
            raise ExamprepError(say("columns", count=len(columns), columns=", ".join(columns)))
        cells = values if len(columns) > 1 else ([value] for value in values)
        writer.writerows([row[0], *value] for row, value in zip(rows, cells, strict=True))
        return text.getvalue()


def flat(values):
    """A list of numbers or texts, of a tensor, array, column or nested list of one value per row; of several values per
    row a list of lists."""
    for step in ("detach", "cpu"):
        values = getattr(values, step)() if hasattr(values, step) else values
    values = values.tolist() if hasattr(values, "tolist") else list(values)
    while values and isinstance(values[0], (list, tuple)) and all(len(row) == 1 for row in values):
        values = [row[0] for row in values]
    return values


# --- The command line -----------------------------------------------------------------------------------------------


def main(arguments=None):
    parser = argparse.ArgumentParser(prog="examprep", description=say("help"))
    parser.add_argument("--url", help="EXAMPREP_URL")
    parser.add_argument("--round", default="")
    commands = parser.add_subparsers(dest="command", required=True)
    sending = commands.add_parser("submit")
    sending.add_argument("challenge")
    sending.add_argument("file")
    sending.add_argument("--no-wait", action="store_true")
    asking = commands.add_parser("status")
    asking.add_argument("number", type=int, nargs="?")
    looking = commands.add_parser("leaderboard")
    looking.add_argument("challenge")
    given = parser.parse_args(arguments)
    try:
        connect(given.url)
        if given.command == "submit":
            row = submit(given.challenge, given.file, given.round, wait=not given.no_wait)
            if given.no_wait:
                print(f"#{row['id']} {row['page']}")
        elif given.command == "status":
            status(given.number)
        else:
            leaderboard(given.challenge, given.round)
    except ExamprepError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
