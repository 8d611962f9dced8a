"""Network: of no kind."""

from tests.sandbox.attacks import ACCEPTED, ATTEMPT, Attack, shown_by

ATTACKS = shown_by({"": "paper"}, [
    Attack("sockets of every family", "a socket can be made", ATTEMPT + """
import socket
for family in range(46):
    for kind in (1, 2, 3, 5):
        attempt(f"{family}/{kind}", lambda: socket.socket(family, kind))
""", ACCEPTED, says="refused 2/1"),
    Attack("names", "a name can be looked up", ATTEMPT + """
import socket
for name in ("example.com", "localhost", "169.254.169.254"):
    attempt(name, lambda: socket.create_connection((name, 80), 1))
    attempt("look up " + name, lambda: socket.gethostbyname("www." + name))
""", ACCEPTED, says="refused example.com"),
    Attack("web pages", "a page can be fetched", ATTEMPT + """
import urllib.request
for address in ("http://127.0.0.1:8000/", "http://example.com/", "http://169.254.169.254/latest/meta-data/"):
    attempt(address, lambda: urllib.request.urlopen(address, timeout=1))
""", ACCEPTED, says="refused http://example.com/"),
    Attack("pairs as a way out", "a socket pair reaches an abstract or other address", ATTEMPT + """
import socket
for kind in (socket.SOCK_DGRAM, socket.SOCK_STREAM, socket.SOCK_SEQPACKET):
    left, right = socket.socketpair(socket.AF_UNIX, kind)
    for address in (b"\\0/tmp/.X11-unix/X0", b"\\0dbus", "/run/docker.sock", "/var/run/nscd/socket"):
        if kind == socket.SOCK_DGRAM:
            attempt(f"sendto {address}", lambda: left.sendto(b"x", address))
        attempt(f"connect {address}", lambda: left.connect(address))
        attempt(f"bind {address}", lambda: left.bind(address))
for family in (socket.AF_INET, socket.AF_INET6, socket.AF_NETLINK, 30, 40):
    attempt(f"pair {family}", lambda: socket.socketpair(family))
""", ACCEPTED, says="refused connect"),
])
