"""Privileges: system calls, by their x86-64 numbers, and other doors of the kernel."""

from tests.sandbox.attacks import ACCEPTED, ATTEMPT, Attack, only, shown_by

CALLS = {
    "namespaces": {"unshare user": (272, 0x10000000), "unshare mount": (272, 0x20000), "unshare net": (272, 0x40000000),
                   "setns": (308, 0, 0)},
    "mounts": {"mount": (165, 0, 0, 0, 0, 0), "umount": (166, 0, 2), "pivot_root": (155, 0, 0), "chroot": (161, 0),
               "fsopen": (430, 0, 0), "open_tree": (428, -100, 0, 1), "move_mount": (429, 0, 0, 0, 0, 0),
               "mount_setattr": (442, 0, 0, 0, 0, 0)},
    "identity": {"setuid": (105, 0), "setgid": (106, 0), "setresuid": (117, 0, 0, 0), "setgroups": (116, 0, 0),
                 "capset": (126, 0, 0), "setfsuid": (122, 0), "setsid": (112,), "setpgid": (109, 0, 0)},
    "keys": {"add_key": (248, 0, 0, 0, 0, 0), "keyctl": (250, 0, 0, 0, 0, 0), "request_key": (249, 0, 0, 0, 0)},
    "kernel surface": {"bpf": (321, 0, 0, 0), "perf_event_open": (298, 0, 0, 0, 0, 0), "userfaultfd": (323, 0),
                       "io_uring_setup": (425, 8, 0), "modify_ldt": (154, 0, 0, 0), "memfd_secret": (447, 0),
                       "fanotify": (300, 0, 0), "add inotify": (254, 0, 0, 0)},
    "reaching other processes": {"ptrace": (101, 0, 0, 0, 0), "process_vm_readv": (310, 1, 0, 0, 0, 0, 0),
                        "process_vm_writev": (311, 1, 0, 0, 0, 0, 0), "pidfd_open": (434, 1, 0),
                        "pidfd_getfd": (438, 0, 0, 0), "kcmp": (312, 1, 1, 0, 0, 0), "prlimit": (302, 2, 7, 0, 0),
                        "setpriority": (141, 0, 0, -20), "sched_setscheduler": (144, 0, 1, 0)},
    "machine": {"reboot": (169, 0xFEE1DEAD, 672274793, 0), "sethostname": (170, 0, 0), "init_module": (175, 0, 0, 0),
                "finit_module": (313, 0, 0, 0), "kexec_load": (246, 0, 0, 0, 0), "swapon": (167, 0, 0), "syslog": (103, 3, 0, 0),
                "acct": (163, 0), "quotactl": (179, 0, 0, 0, 0), "settimeofday": (164, 0, 0), "clock_settime": (227, 0, 0),
                "iopl": (172, 3), "ioperm": (173, 0, 1, 1)},
    "files by other ways": {"mknod": (133, 0, 0o20666, 0x101), "link": (86, 0, 0), "symlink": (88, 0, 0),
                            "open_by_handle_at": (304, -100, 0, 0), "name_to_handle_at": (303, -100, 0, 0, 0, 0),
                            "chown": (92, 0, 0, 0)},
    "looser rules": {"personality": (135, 0x0040000), "seccomp": (317, 0, 0, 0), "prctl seccomp": (157, 22, 0, 0, 0, 0),
                     "prctl dumpable": (157, 4, 1, 0, 0, 0), "prctl ptracer": (157, 0x59616D61, -1, 0, 0, 0),
                     "prctl capability": (157, 47, 2, 1, 0, 0), "arm landlock": (446, 0, 0)},
    "new namespaces by clone": {"user": (56, 0x10000011, 0, 0, 0, 0), "network": (56, 0x40000011, 0, 0, 0, 0),
                                "mounts": (56, 0x20011, 0, 0, 0, 0), "pids": (56, 0x20000011, 0, 0, 0, 0),
                                "clone3": (435, 0, 0)},
    "terminals": {"TIOCSTI": (16, 0, 0x5412, 0), "TIOCLINUX": (16, 0, 0x541C, 0), "vhangup": (153,)},
    "a new program": {"execve": (59, 0, 0, 0), "execveat": (322, 0, 0, 0, 0, 0)},
}


def calls(table: dict[str, tuple]) -> str:
    """A source that makes these system calls."""
    return ATTEMPT + f"\nfor name, numbers in {table!r}.items():\n    attempt(name, lambda: syscall(*numbers))\n"


ATTACKS = shown_by({"": "paper"}, [
    *(Attack(group, "the filter lets one of these system calls through", calls(table), ACCEPTED, says=f"refused {next(iter(table))}")
      for group, table in CALLS.items()),
    Attack("numbers of the x32 world", "the same calls are open under other numbers", ATTEMPT + """
attempt("x32", lambda: syscall(0x40000000 + 39))
print("ESCAPED: still alive", flush=True)
""", only("runtime_error")),
    Attack("32-bit system calls", "int 0x80 is another way in", """
import ctypes
import mmap

page = mmap.mmap(-1, 4096, prot=7)
page.write(bytes.fromhex("b814000000cd80c3"))  # mov eax, 20 (getpid); int 0x80; ret
address = ctypes.addressof(ctypes.c_char.from_buffer(page))
print("ESCAPED", ctypes.CFUNCTYPE(ctypes.c_int)(address)(), flush=True)


def total(x, word):
    return 0
""", only("runtime_error")),
    Attack("programs", "a program can be started", ATTEMPT + """
import subprocess
import shutil
shutil.copy("/judge/python/bin/python3", "/tmp/program")
os.chmod("/tmp/program", 0o6777)
for path in ("/tmp/program", "/judge/python/bin/python3", "/usr/lib/ld-linux-x86-64.so.2", "/lib64/ld-linux-x86-64.so.2"):
    attempt(path, lambda: subprocess.run([path, "-c", "print(1)"]))
    attempt("execv " + path, lambda: os.execv(path, [path]))


def from_memory():
    anonymous = os.memfd_create("program")
    os.write(anonymous, open("/judge/python/bin/python3", "rb").read(1 << 20))
    os.execve(anonymous, ["program"], {})


attempt("fexecve", from_memory)
attempt("library in /tmp", lambda: ctypes.CDLL("/tmp/program"))
attempt("shell", lambda: False if os.system("true") else "ran")
""", ACCEPTED, says="refused fexecve"),
    Attack("limits", "a limit can be raised, or a core be dumped", ATTEMPT + """
import resource
for name in ("CORE", "CPU", "FSIZE", "NOFILE", "NPROC", "MEMLOCK", "MSGQUEUE"):
    number = getattr(resource, "RLIMIT_" + name)
    hard = resource.getrlimit(number)[1]
    attempt(name, lambda: resource.setrlimit(number, (hard + 1, hard + 1)))
print("core", resource.getrlimit(resource.RLIMIT_CORE))
""", ACCEPTED, says="core (0, 0)"),
    Attack("devices", "a device other than null, zero, full, random, urandom and tty can be opened", ATTEMPT + """
SAFE = {"null", "zero", "full", "random", "urandom"}
for place, folders, names in os.walk("/dev"):
    for name in names:
        if name not in SAFE and not os.path.islink(os.path.join(place, name)):
            if name not in ("ptmx",):  # a terminal pair of its own: harmless, and gone with the jail
                attempt(name, lambda: os.open(os.path.join(place, name), os.O_RDWR))
attempt("made up", lambda: os.mknod("/tmp/mem", 0o20666, os.makedev(1, 1)))
""", ACCEPTED, says="refused made up"),
])
