"""The GPU as it is seen from outside the jail: device files, the driver's libraries, and who uses how much of its memory.

Everything is asked of files and of `nvidia-smi`, never of CUDA: a worker that opened a context would hold GPU memory itself.
A jail gets the nodes for computing only. Left out on purpose: nvidia-uvm-tools (events of other processes), nvidia-modeset
and nvidia-drm (displays), nvidia-caps (MIG, reconfiguration).
"""

from __future__ import annotations

import functools
import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from sandbox.jail.watchdog import Watchdog, descendants

NODE = re.compile(r"nvidia(?:\d+|ctl|-uvm)")
NEEDED_NODES = {"/dev/nvidiactl", "/dev/nvidia-uvm"}
LIBRARY = "libcuda.so.1"
# Where containers and WSL put the driver; elsewhere the loader's cache knows it.
DRIVER_FOLDERS = ("/usr/local/nvidia/lib64", "/usr/local/nvidia/lib", "/usr/lib/wsl/lib")
LOADER_CACHE = ("/sbin/ldconfig", "-p")
ASK_GPU = ("--query-gpu=name,driver_version,memory.total", "--format=csv,noheader,nounits")
ASK_USAGE = ("--query-compute-apps=pid,used_gpu_memory", "--format=csv,noheader,nounits")
ANSWER_SECONDS = 10.0
# What libraries take beside torch's allocator while they work: modules loaded at first use, workspaces of cuDNN.
LIBRARIES_MB = 256


@dataclass(frozen=True, slots=True)
class Gpu:
    """One GPU as nvidia-smi names it."""

    name: str
    driver: str
    memory_mb: int


def find() -> Gpu | None:
    """The GPU that jails here would use; None where there is none, or no driver, or its device files are missing."""
    found = parse_gpus(_ask(ASK_GPU))
    present = set(nodes(os.listdir("/dev")))
    number = int(visible().split(",")[0]) if visible().split(",")[0].isdigit() else 0
    if number >= len(found) or not present >= NEEDED_NODES or not present - NEEDED_NODES or not driver_folders():
        return None
    return found[number]


def visible() -> str:
    """Which GPU the jail may use: the worker's own CUDA_VISIBLE_DEVICES, or the first."""
    return os.environ.get("CUDA_VISIBLE_DEVICES") or "0"


def torch_is_built_for_it(folders: Iterable[str]) -> bool:
    """Whether the torch in one of the package `folders` can use a GPU, found without importing it."""
    return any(Path(folder, "torch", "lib", "libtorch_cuda.so").exists() for folder in folders)


def nodes(names: Iterable[str]) -> list[str]:
    """The device files to be bound, of all `names` in /dev."""
    return sorted(f"/dev/{name}" for name in names if NODE.fullmatch(name))


@functools.cache
def driver_folders() -> tuple[str, ...]:
    """The folders that hold the driver's libraries on this machine."""
    try:
        text = subprocess.run(LOADER_CACHE, capture_output=True, text=True, timeout=ANSWER_SECONDS, check=False).stdout
    except OSError:
        text = ""
    known = [folder for folder in DRIVER_FOLDERS if Path(folder, LIBRARY).exists()]
    return tuple(dict.fromkeys([*folders_in(text), *known]))


def folders_in(loader_cache: str) -> list[str]:
    """The folders with the driver's library, from the output of `ldconfig -p`; 32-bit ones left out."""
    rows = (line.split(" => ") for line in loader_cache.splitlines() if line.strip().startswith(f"{LIBRARY} "))
    return list(dict.fromkeys(os.path.dirname(row[1].strip()) for row in rows if len(row) == 2 and "64" in row[0]))


def parse_gpus(text: str) -> list[Gpu]:
    """The GPUs of nvidia-smi's answer to ASK_GPU; lines that are none (messages, errors) are left out."""
    found = []
    for line in text.splitlines():
        parts = [part.strip() for part in line.rsplit(",", 2)]
        if len(parts) == 3 and parts[2].isdigit():
            found.append(Gpu(parts[0], parts[1], int(parts[2])))
    return found


def parse_usage(text: str) -> dict[int, float]:
    """MB of GPU memory by process, from nvidia-smi's answer to ASK_USAGE. What it may not tell ("[N/A]") is left out."""
    used: dict[int, float] = {}
    for line in text.splitlines():
        parts = [part.strip() for part in line.split(",")]
        if len(parts) == 2 and all(part.isdigit() for part in parts):
            used[int(parts[0])] = used.get(int(parts[0]), 0.0) + float(parts[1])
    return used


def usage() -> dict[int, float]:
    """MB of GPU memory by process now, as this machine numbers them; empty where it is not told."""
    return parse_usage(_ask(ASK_USAGE))


def _ask(question: tuple[str, ...]) -> str:
    program = shutil.which("nvidia-smi")
    if program is None:
        return ""
    try:
        answer = subprocess.run([program, *question], capture_output=True, text=True, timeout=ANSWER_SECONDS, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return answer.stdout if answer.returncode == 0 else ""


class GpuWatchdog(Watchdog):
    """Has a child killed that takes more GPU memory than its limit, all its processes together.

    The limit inside (see inside/gpu.py) is what honest code meets; code that lifts it meets this one. `base_mb` is what
    the fresh child held: its context and the libraries' own memory.
    """

    interval = 0.2

    def __init__(self, pid: int, wanted_mb: int, kill: Callable[[], None], base_mb: float) -> None:
        self.wanted_mb, self.given_base_mb = wanted_mb, base_mb
        super().__init__(pid, wanted_mb + LIBRARIES_MB, kill)

    def measure_base(self) -> float:
        return self.given_base_mb

    def measure(self) -> float:
        return used_by(set(descendants(self.pid)), usage()) - self.base_mb


def used_by(processes: set[int], used: dict[int, float]) -> float:
    """What `processes` hold together, in MB."""
    return sum(size for pid, size in used.items() if pid in processes)
