"""The GPU. What needs none is tried everywhere: what a jail gets, its filter, the sentences, what nvidia-smi says. The rest is skipped."""

import json
import os
import re
import subprocess
import sys
import textwrap
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from torch import nn

from sandbox import messages, packages
from sandbox.contract import Limits, Report, Source, Verdict
from sandbox.inside import gpu as inside
from sandbox.inside.child import Child
from sandbox.jail import JailMissing, bubblewrap, gpu, seccomp
from sandbox.judge import Judge
from sandbox.sandboxes import open_pool
from sandbox.student import OutOfGpuMemory, Session, StudentError
from sandbox.trial import place_in, text_of_error
from sandbox.wire import Channel
from tests.sandbox.building import GOOD, one_test, package_of, source, why

ROOT = Path(__file__).resolve().parents[2]

# --- what a jail gets ------------------------------------------------------------------------------------------------

DEVICE_FILES = ["null", "nvidia0", "nvidia1", "nvidiactl", "nvidia-uvm", "nvidia-uvm-tools", "nvidia-modeset", "nvidia-caps",
                "nvidia0x", "xnvidia0", "dri", "fb0", "nvme0"]


def test_only_the_nodes_for_computing_are_bound():
    assert gpu.nodes(DEVICE_FILES) == ["/dev/nvidia-uvm", "/dev/nvidia0", "/dev/nvidia1", "/dev/nvidiactl"]


def test_the_drivers_folder_is_bound_where_it_is_not_among_the_systems():
    binds, variables = bubblewrap.for_gpu(["/dev/nvidia0"], ["/usr/lib/x86_64-linux-gnu", "/opt/driver/lib64"])
    assert binds == ["--dev-bind", "/dev/nvidia0", "/dev/nvidia0", "--ro-bind", "/opt/driver/lib64", "/judge/driver/0"]
    assert variables["LD_LIBRARY_PATH"] == "/judge/python/lib:/judge/driver/0"
    assert variables["NVIDIA_TF32_OVERRIDE"] == "0"


def test_a_jail_for_the_cpu_has_none_of_it():
    words = bubblewrap.command("bwrap", "{}")
    assert not [word for word in words if "nvidia" in word.lower() or "cuda" in word.lower()]


LOADER_CACHE = """823 libs found in cache `/etc/ld.so.cache'
\tlibcudart.so.12 (libc6,x86-64) => /usr/local/cuda/lib64/libcudart.so.12
\tlibcuda.so.1 (libc6,x86-64) => /usr/lib/x86_64-linux-gnu/libcuda.so.1
\tlibcuda.so.1 (libc6) => /usr/lib/i386-linux-gnu/libcuda.so.1
\tlibcuda.so.1 (libc6,AArch64) => /opt/arm/libcuda.so.1
\tlibcuda.so (libc6,x86-64) => /usr/lib/x86_64-linux-gnu/libcuda.so
"""


@pytest.mark.parametrize(("text", "folders"), [(LOADER_CACHE, ["/usr/lib/x86_64-linux-gnu", "/opt/arm"]), ("", []), ("nonsense => ", [])])
def test_the_loaders_cache_names_the_drivers_folder(text, folders):
    assert gpu.folders_in(text) == folders


# --- the system call filter ------------------------------------------------------------------------------------------

IOCTLS = {  # request -> (allowed for the CPU, allowed for a GPU)
    0x5401: (True, True),  # TCGETS
    0x5412: (False, False),  # TIOCSTI: types into a terminal
    0xC0104629: (False, True),  # NV_ESC_RM_FREE of the driver
    0xC030462B: (False, True),  # NV_ESC_RM_ALLOC
    0x25: (False, True),  # UVM_REGISTER_GPU
    0x30000001: (False, True),  # UVM_INITIALIZE
    0x30000003: (False, False),
    0xC0106D00: (False, False),  # modeset, type "m"
    0x8912: (False, False),  # SIOCGIFCONF: network interfaces
}
TRY_IOCTLS = """
import ctypes, json, os, sys
from sandbox.inside import confine
libc = ctypes.CDLL(None, use_errno=True)
program = bytes.fromhex(sys.stdin.read())
descriptor = os.open("/dev/null", os.O_RDWR)
confine.drop_capabilities()
confine.install_filter(program)
found = {}
for request in json.loads(sys.argv[1]):
    libc.ioctl(descriptor, ctypes.c_ulong(request), ctypes.create_string_buffer(256))
    found[request] = ctypes.get_errno() != 1  # EPERM is the filter's word; the file itself says ENOTTY
print(json.dumps(found))
"""


def _run(script: str, *arguments: str, given: str = "") -> str:
    done = subprocess.run([sys.executable, "-c", script, *arguments], input=given, cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("device", ["cpu", "cuda"])
def test_the_filter_lets_a_gpu_be_driven_only_where_there_is_one(device):
    found = json.loads(_run(TRY_IOCTLS, json.dumps(list(IOCTLS)), given=seccomp.program(device=device).hex()))
    assert {int(request): allowed for request, allowed in found.items()} == {
        request: allowed[device == "cuda"] for request, allowed in IOCTLS.items()}


# A driver's threads are older than the filter and would be a way around it.
OLDER_THREAD = """
import os, sys, threading
from sandbox.inside import confine
program = bytes.fromhex(sys.stdin.read())
go, said = threading.Event(), []
def work():
    go.wait()
    try:
        os.unshare(0) if hasattr(os, "unshare") else confine._check(confine._libc.unshare(0x10000000), "unshare")
        said.append("free")
    except OSError as error:
        said.append(error.errno)
thread = threading.Thread(target=work)
thread.start()
confine.drop_capabilities()
confine.install_filter(program)
go.set()
thread.join()
print(said)
"""


def test_the_filter_holds_for_threads_that_were_there_before():
    assert _run(OLDER_THREAD, given=seccomp.program().hex()).strip() == "[1]"


PRIVILEGES = """
import os, threading
from sandbox.inside import confine
def capabilities():
    return int(next(line.split()[1] for line in open("/proc/thread-self/status") if line.startswith("CapEff")), 16)
confine.enter_child_world()
confine._mount("none", "/", None, confine.MS_REC | confine.MS_PRIVATE, None)
before, inside = capabilities(), []
with confine.without_privileges():
    thread = threading.Thread(target=lambda: inside.append(capabilities()))
    thread.start(); thread.join()
    inside.append(capabilities())
    seen = os.path.exists("/proc/self/maps")
print(before != 0, inside, seen, os.listdir("/proc"), threading.active_count())
"""


def test_what_opens_a_context_has_no_capability_and_processes_are_hidden_after_it(judge):
    """The jail of `judge` is there: user namespaces work."""
    assert _run(PRIVILEGES).strip() == "True [0, 0] True [] 1"


# --- what nvidia-smi says --------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("text", "found"), [
    ("NVIDIA A100-SXM4-40GB, 550.54.15, 40960\n", [("NVIDIA A100-SXM4-40GB", "550.54.15", 40960)]),
    ("Tesla T4, 535.1, 15360\nNVIDIA, Inc. X, 535.1, 8192\n", [("Tesla T4", "535.1", 15360), ("NVIDIA, Inc. X", "535.1", 8192)]),
    ("No devices were found\n", []),
    ("NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver.\n", []),
    ("Tesla T4, 535.1, [N/A]\n", []),
    ("", []),
])
def test_gpus_are_read_from_nvidia_smi(text, found):
    assert gpu.parse_gpus(text) == [gpu.Gpu(*fields) for fields in found]


@pytest.mark.parametrize(("text", "used"), [
    ("1234, 512\n77, 2048\n", {1234: 512.0, 77: 2048.0}),
    ("1234, 512\n1234, 100\n", {1234: 612.0}),  # on two GPUs
    ("1234, [N/A]\n77, 3\n", {77: 3.0}),
    ("1234, [Insufficient Permissions]\n", {}),
    ("No running processes found\n", {}),
    ("", {}),
])
def test_memory_by_process_is_read_from_nvidia_smi(text, used):
    assert gpu.parse_usage(text) == used


def test_the_memory_of_all_of_a_childs_processes_counts():
    assert gpu.used_by({10, 11}, {10: 300.0, 11: 50.0, 12: 9000.0}) == 350.0


FAKE_SMI = """#!/bin/sh
case "$1" in
  --query-compute-apps*) cat "$(dirname "$0")/usage" ;;
  *) echo "Tesla T4, 535.1, 15360" ;;
esac
"""


@pytest.mark.parametrize(("used", "ends"), [(3400, True), (2700, False)])
def test_a_child_that_takes_more_than_its_share_is_killed(tmp_path, monkeypatch, used, ends):
    """The limit is 2,048 MB beyond the context of 500 MB, and 256 MB for libraries: 2,804 MB in all."""
    program = tmp_path / "nvidia-smi"
    program.write_text(FAKE_SMI)
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    with subprocess.Popen(["sleep", "60"]) as process:
        (tmp_path / "usage").write_text(f"{process.pid}, {used}\n1, 100000\n")
        watchdog = gpu.GpuWatchdog(process.pid, 2048, process.kill, 500.0)
        try:
            if ends:
                assert process.wait(20) != 0
            else:
                with pytest.raises(subprocess.TimeoutExpired):
                    process.wait(1.0)
        finally:
            watchdog.stop()
            process.kill()
    assert watchdog.fired == ends
    assert watchdog.peak_mb == used - 500


# --- out of memory, in words -----------------------------------------------------------------------------------------

@pytest.mark.parametrize(("arguments", "en", "ko"), [
    ((2048, 2150.0, "FashionCNN.conv2"), "out of GPU memory: 2.1 of 2.0 GB at FashionCNN.conv2",
     "GPU 메모리가 부족합니다: 제한 2.0 GB 중 2.1 GB (위치: FashionCNN.conv2)"),
    ((2048, 2049.0), "out of GPU memory: 2.1 of 2.0 GB", "GPU 메모리가 부족합니다: 제한 2.0 GB 중 2.1 GB"),
    ((2048, 300.0, "Net.fc"), "out of GPU memory: more than 2.0 GB at Net.fc", "GPU 메모리 제한 2.0 GB를 넘었습니다. (위치: Net.fc)"),
    ((512,), "out of GPU memory: more than 0.5 GB", "GPU 메모리 제한 0.5 GB를 넘었습니다."),
])
def test_the_sentence_names_what_was_wanted_and_where(arguments, en, ko):
    text = messages.out_of_gpu_memory(*arguments)
    assert (text.en, text.ko) == (en, ko)


class Deep(nn.Module):
    """Raises as torch does, in a layer of a layer."""

    def __init__(self, error):
        super().__init__()
        self.blocks = nn.ModuleList([nn.Identity(), nn.Sequential(nn.ReLU(), Raises(error))])

    def forward(self, x):
        for block in self.blocks:
            x = block(x)
        return x


class Raises(nn.Module):
    def __init__(self, error):
        super().__init__()
        self.error = error

    def forward(self, x):
        raise self.error


@pytest.mark.parametrize(("run", "place"), [
    (lambda error: Deep(error)(torch.ones(1)), "Deep.blocks.1.1"),
    (lambda error: Raises(error)(torch.ones(1)), "Raises"),
    (lambda error: (_ for _ in ()).throw(error), ""),
])
def test_the_place_is_the_innermost_module_at_work(run, place):
    with pytest.raises(torch.OutOfMemoryError) as caught:
        run(torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 1.50 GiB. GPU 0 has"))
    assert inside.place_of(caught.value) == place


@pytest.mark.parametrize(("text", "size"), [
    ("CUDA out of memory. Tried to allocate 1.50 GiB. GPU 0", 3 << 29), ("Tried to allocate 20.00 MiB.", 20 << 20),
    ("Tried to allocate 512 bytes", 512), ("out of memory", 0), ("Tried to allocate many", 0)])
def test_what_was_asked_for_is_read_from_torch(text, size):
    assert inside._asked_for(text) == size


NET = "class FashionCNN(nn.Module):\n    def __init__(self):\n        self.body = nn.Sequential(); self.conv2 = 1\n"


@pytest.mark.parametrize(("place", "is_hidden", "shown"), [
    ("FashionCNN.conv2", False, "FashionCNN.conv2"),
    ("FashionCNN.body.0.conv2", False, "FashionCNN.body.0.conv2"),
    ("FashionCNN.body.0.conv2", True, "FashionCNN.conv2"),  # two names tell too little to carry an input out
    ("FashionCNN", True, "FashionCNN"),
    ("FashionCNN.secret_3_14", False, ""),  # a name made while running
    ("FashionCNN.12345", False, ""),
    (".".join(["conv2"] * 9), False, ""),
    ("", False, ""),
])
def test_a_place_is_shown_only_in_names_of_the_students_own_source(place, is_hidden, shown):
    assert place_in(NET, place, is_hidden) == shown


@pytest.mark.parametrize(("answer", "on_gpu", "en"), [
    ("cuda 2150 FashionCNN.conv2", True, "out of GPU memory: 2.1 of 2.0 GB at FashionCNN.conv2"),
    ("cuda 2150", True, "out of GPU memory: 2.1 of 2.0 GB"),
    ("cuda 2150 FashionCNN.conv2", False, "OutOfMemoryError: cuda 2150 FashionCNN.conv2"),  # its own words, on a CPU
    ("cuda 99999999999", True, "OutOfMemoryError: cuda 99999999999"),
    ("cuda 1 a b", True, "OutOfMemoryError: cuda 1 a b"),
])
def test_the_jails_claim_is_a_hint_that_is_checked(socketpair, answer, on_gpu, en):
    ours, theirs = socketpair
    Channel(theirs).send(["error", "OutOfMemoryError", answer, [3]])
    session = Session(Channel(ours), Limits(), lambda: (Verdict.RUNTIME_ERROR, messages.PASSED))
    session.is_on_gpu = on_gpu
    with pytest.raises(StudentError) as caught:
        session.request("get")
    assert isinstance(caught.value, OutOfGpuMemory) == en.startswith("out of")
    assert text_of_error(NET, caught.value, False, Limits()).en.split("\n")[0] == en
    hidden = text_of_error(NET, caught.value, True, Limits()).en
    assert "2.1" not in hidden
    assert "99999999999" not in hidden


@pytest.fixture
def socketpair():
    import socket

    pair = socket.socketpair()
    yield pair
    for one in pair:
        one.close()


# --- values on another device ----------------------------------------------------------------------------------------

PLACES = """
import torch
from torch import nn
def where(x, *, more):
    return [str(tensor.device) for tensor in (x, more[0]["a"], torch.zeros(2))]
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.layer = nn.Linear(2, 2)
    def forward(self, x):
        self.seen = str(x.device)
        return self.layer(x)
def seen(net):
    return net.seen, str(net.layer.weight.device)
"""


@pytest.fixture
def child(socketpair, monkeypatch):
    """The jail's side of a conversation, run here without a jail, with a device that every machine has: torch's "meta"."""
    monkeypatch.setattr(inside, "DEVICE", "meta")
    monkeypatch.setitem(sys.modules, "submission", sys)
    one = Child(Channel(socketpair[1]), inside)
    one.do_place()
    try:
        yield one
    finally:
        torch.set_default_device(None)


def test_values_that_come_in_are_placed_and_so_is_what_code_makes(child):
    child.do_load(PLACES, "answer.py", [])
    more = [{"a": torch.ones(1, device="cpu")}]
    answer = child.answer(["call", [None, ["where"]], [torch.ones(2, device="cpu")], {"more": more}])
    assert answer == ["ok", ["meta"] * 3, False]


def test_models_move_to_the_device_with_their_inputs(child):
    child.do_load(PLACES, "answer.py", [])
    torch.set_default_device(None)  # as code that names the CPU for its layers
    _, net, _ = child.answer(["call", [None, ["Net"]], [], {}])
    handle = child.keep(net)
    word, output, _ = child.answer(["model", "forward", [handle.id, []], (torch.ones(1, 2),), False])
    assert (word, output.device.type) == ("ok", "meta")
    assert child.answer(["call", [None, ["seen"]], [handle], {}]) == ["ok", ("meta", "meta"), False]


def test_lack_of_gpu_memory_is_told_with_its_place(child):
    child.do_load("import torch\nfrom torch import nn\nclass Net(nn.Module):\n    def forward(self, x):\n"
                  "        raise torch.OutOfMemoryError('CUDA out of memory. Tried to allocate 3.00 GiB.')\n"
                  "def run():\n    Net()(1)\n", "answer.py", [])
    assert child.answer(["call", [None, ["run"]], [], {}]) == ["error", "OutOfMemoryError", "cuda 3072 Net", [7, 5]]


# --- rounding on another device --------------------------------------------------------------------------------------

def _sums(x: torch.Tensor, dtype: torch.dtype):
    """The sums of the rows as machines form them: in order, by halves, by tiles; summed up in float32 for half precision."""
    wide = torch.float32 if dtype in (torch.float16, torch.bfloat16) else dtype
    values = x.to(dtype).to(wide)
    in_order = values[:, 0].clone()
    for column in values[:, 1:].T:
        in_order += column
    halves = values
    while halves.shape[1] > 1:
        halves = halves[:, : halves.shape[1] // 2] + halves[:, halves.shape[1] // 2:]
    tiles = values.reshape(len(values), -1, 16).sum(2).sum(1)
    return [total.to(dtype) for total in (in_order, halves[:, 0], tiles)]


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64, torch.float16, torch.bfloat16])
@pytest.mark.parametrize("terms", [16, 256, 4096])
def test_tolerances_cover_other_orders_of_a_sum_and_not_another_value(dtype, terms):
    from sandbox.compare import Mismatch, compare, tolerances

    x = torch.randn(32, terms, generator=torch.Generator().manual_seed(terms), dtype=torch.float64)
    first, *others = _sums(x, dtype)
    rtol, atol = tolerances(first, terms)
    for other in others:
        compare(other, first, rtol, atol)
    with pytest.raises(Mismatch):
        compare((first.double() * (1 + 4 * rtol)).to(dtype) + 4 * atol, first, rtol, atol)


# --- without a GPU ---------------------------------------------------------------------------------------------------

needs_none = pytest.mark.skipif(gpu.find() is not None, reason="this machine has a GPU")


@needs_none
def test_without_a_gpu_nothing_is_judged_on_the_cpu_instead(shift):
    with pytest.raises(JailMissing, match="no usable NVIDIA GPU"), Judge() as judge:
        judge.run(replace(shift, device="cuda"), source(GOOD))


@needs_none
def test_the_command_line_says_so_too(tmp_path, shift):
    file = tmp_path / "answer.py"
    file.write_text(GOOD)
    done = subprocess.run([sys.executable, "-m", "sandbox", "judge", "shift", str(file), "--device", "cuda",
                           "--packages", str(shift.path.parent)], cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert done.returncode == 2
    assert "no usable NVIDIA GPU" in done.stderr


def test_gvisor_has_no_gpu_in_it(monkeypatch):
    monkeypatch.setenv("JAIL", "gvisor")
    with pytest.raises(JailMissing, match="gvisor"):
        open_pool("cuda")


def test_reports_from_before_gpus_are_read():
    limits = {"seconds": 10.0, "memory_mb": 512, "output_kb": 64, "processes": 32}
    old = {"slug": "a", "verdict": "accepted", "score": 1.0, "max_score": 1.0, "tests": [], "message": {"ko": "", "en": ""}, "limits": limits}
    assert Report.from_dict(old).limits == Limits()


# --- on a GPU --------------------------------------------------------------------------------------------------------

@pytest.fixture(scope="module")
def on_gpu():
    """run(package, source) on the GPU of this machine."""
    if gpu.find() is None:
        pytest.skip("no NVIDIA GPU on this machine")
    if not gpu.torch_is_built_for_it(bubblewrap.site_packages()):
        pytest.skip("the torch installed here is for CPUs only")
    with Judge() as judge:
        yield lambda package, given: judge.run(replace(package, device="cuda"), given)


@pytest.mark.parametrize("slug", ["tensor-standardize", "attention", "cross-entropy", "dnn-classifier", "cnn-classifier", "lstm-classifier"])
def test_the_gpu_computes_what_the_cpu_computes(on_gpu, slug):
    package = packages.find(slug)
    report = on_gpu(package, Source("reference.py", (package.path / "reference.py").read_bytes()))
    assert report.verdict is Verdict.ACCEPTED, why(report)
    assert report.device == "cuda"
    assert report.versions["gpu"] == gpu.find().name
    assert report.versions["driver"]


@pytest.mark.parametrize("dtype", ["float16", "bfloat16", "float32"])
def test_products_agree_in_every_precision(on_gpu, tmp_path, dtype):
    body = f"""
    a, b = rng.normal(64, 256).to(torch.{dtype}), rng.normal(256, 32).to(torch.{dtype})
    assert_close(student.product(a, b), reference.product(a, b))
    """
    package = package_of(tmp_path, tests=one_test(textwrap.dedent(body)), wanted="[product]",
                         reference="def product(a, b):\n    return a @ b\n")
    report = on_gpu(package, source("def product(a, b):\n    assert a.is_cuda and b.is_cuda\n    return a @ b\n"))
    assert report.verdict is Verdict.ACCEPTED, why(report)


GREEDY = {
    "inside": "import torch\n",
    "lifted": "import torch\ntorch.cuda.set_per_process_memory_fraction(1.0)\n",
}


@pytest.mark.parametrize("how", GREEDY)
def test_memory_beyond_the_limit_is_refused_and_said(on_gpu, shift, how):
    """Once by torch's allocator, once by the watchdog: student code may lift the former."""
    text = GREEDY[how] + "import time\nheld = torch.ones(3 << 28, device='cuda')\ntorch.cuda.synchronize()\ntime.sleep(3)\n" + GOOD
    report = on_gpu(replace(shift, limits=replace(shift.limits, seconds=10)), source(text))
    assert report.verdict is Verdict.MEMORY_LIMIT, why(report)
    assert re.match(r"out of GPU memory: 3\.\d of 2\.0 GB", report.message.en)


def test_the_network_and_other_processes_stay_out_of_sight(on_gpu, shift):
    text = ("import os, socket\nprint(os.listdir('/proc'), [name for name in os.listdir('/dev') if 'modeset' in name])\n"
            "try:\n    socket.socket()\nexcept OSError:\n    print('no socket')\n")
    report = on_gpu(shift, source(text + GOOD))
    assert report.verdict is Verdict.ACCEPTED, why(report)
    assert report.stdout == "[] []\nno socket\n"
