"""The site's processes under supervisord: the file that describes them, and a parent that leaves none behind."""

import contextlib
import ctypes
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.request import Request, urlopen

import psutil

PR_SET_PDEATHSIG, PR_SET_CHILD_SUBREAPER = 1, 36
STOP_SECONDS = 12
"""supervisord gets this long to stop its programs (each has STOP_WAIT seconds), then all is killed."""
STOP_WAIT = 8
# The signal goes to each program alone, not to its group: a jail that died under a worker's hands would look like a
# fault of the student's program. What is left after STOP_WAIT is killed with its group; the lease brings it back.

PROGRAM = """
[program:{name}]
command={command}
directory={directory}
environment=PROCESS_NAME="{name}",PYTHONUNBUFFERED="1"
autorestart=true
startsecs=2
startretries=1000000
stopsignal=TERM
stopwaitsecs={stop_wait}
killasgroup=true
stdout_logfile=/dev/fd/1
stdout_logfile_maxbytes=0
redirect_stderr=true
"""
HEAD = """; Written by `manage.py serve`: changes are lost.
[supervisord]
nodaemon=true
logfile=/dev/null
logfile_maxbytes=0
loglevel=warn
pidfile={var}/supervisord.pid
childlogdir={var}
minfds=1024
{user}
; One group, because supervisord stops groups one after the other and a group's programs together.
[group:site]
programs={names}
"""


@dataclass(frozen=True)
class Program:
    name: str
    command: list[str]


def configuration(programs: list[Program], directory: Path, var: Path) -> str:
    """supervisord's file. It expands %(...)s, so a percent sign is doubled."""
    names = ",".join(program.name for program in programs)
    # Running as root is the administrator's choice; without this line supervisord complains about it.
    user = "user=root" if os.geteuid() == 0 else ""
    parts = [HEAD.format(var=escape(str(var)), names=names, user=user)]
    for program in programs:
        command = " ".join(quote(word) for word in program.command)
        parts.append(
            PROGRAM.format(
                name=program.name, command=command, directory=escape(str(directory)), stop_wait=STOP_WAIT
            )
        )
    return "".join(parts)


def escape(text: str) -> str:
    return text.replace("%", "%%")


def quote(word: str) -> str:
    return '"' + escape(word).replace("\\", "\\\\").replace('"', '\\"') + '"'


def granian_log_config() -> str:
    """JSON for granian's --log-config: the same line as the rest of the site writes."""
    line = {"()": "logging.Formatter", "fmt": "%(asctime)s web        %(levelname)-7s %(name)s: %(message)s"}
    config = {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": line},
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
        "loggers": {
            # Above it --log-level sets "error": its only warnings are advice about the number of threads.
            "_granian.serve": {"handlers": ["console"], "level": "INFO", "propagate": False},
            "granian.access": {"handlers": ["console"], "level": "WARNING", "propagate": False},
        },
    }
    return json.dumps(config)


def port_taken(host: str, port: int) -> str | None:
    """Why nothing can listen there, or None."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            return error.strerror or str(error)
    return None


def adopt_orphans() -> None:
    """Children of a child that dies become ours, so that they can be found and ended. Linux only."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def die_with_parent() -> None:
    """Runs in supervisord before it starts: when `manage.py serve` is killed outright, it stops too."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)


class Interrupted(Exception):
    """A signal asked us to stop."""


@contextlib.contextmanager
def stopping_on_signals() -> Iterator[None]:
    def stop(_number: int, _frame: object) -> None:
        raise Interrupted

    names = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {number: signal.signal(number, stop) for number in names}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def run(config_file: Path, address: str, host: str, say: Callable[[str], object]) -> int:
    """Runs supervisord until it ends or a signal comes; returns an exit code. Nothing is left running.

    `host` is a name from ALLOWED_HOSTS under which the site may be asked whether it answers.
    """
    adopt_orphans()
    command = [sys.executable, "-m", "supervisor.supervisord", "--configuration", str(config_file)]
    code = 0
    with stopping_on_signals():
        # In a session of its own: Ctrl-C reaches us alone, and a closed terminal's SIGHUP would mean "reload" to it.
        child = subprocess.Popen(
            command, start_new_session=True, preexec_fn=die_with_parent, stdout=subprocess.PIPE, text=True
        )
        # Our lines and theirs go through one hand: two writers on one file would overwrite each other.
        threading.Thread(target=copy_lines, args=(child, say), daemon=True).start()
        try:
            announce(address, host, child, say)
            code = child.wait()
        except Interrupted:
            say("Stopping ...")
        finally:
            end(child)
    return code


def copy_lines(child: subprocess.Popen, say: Callable[[str], object]) -> None:
    for line in child.stdout or ():
        say(line.rstrip("\n"))


def announce(address: str, host: str, child: subprocess.Popen, say: Callable[[str], object]) -> None:
    """Says where the site is once it answers, or that it does not after half a minute."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and child.poll() is None:
        if answers(address, host):
            say(f"The site is ready: {address}  (Ctrl-C stops it)")
            return
        time.sleep(0.1)
    if child.poll() is None:
        say(f"The site does not answer on {address} yet: see the lines above.")


def answers(address: str, host: str) -> bool:
    probe = Request(f"{address}/healthz", headers={"Host": host})  # noqa: S310  (http, made by us)
    try:
        with urlopen(probe, timeout=2):  # noqa: S310
            return True
    except OSError:
        return False


def end(child: subprocess.Popen) -> None:
    """Asks supervisord to stop its programs, then ends whatever still descends from us."""
    # A second Ctrl-C must not leave the work half done.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    if child.poll() is None:
        child.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(STOP_SECONDS)
    if child.poll() is None:
        child.kill()
        child.wait()
    # Several rounds: killing a parent hands its children to us.
    for _round in range(5):
        left = psutil.Process(os.getpid()).children(recursive=True)
        for process in left:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()
        psutil.wait_procs(left, timeout=2)
        if not left:
            return
