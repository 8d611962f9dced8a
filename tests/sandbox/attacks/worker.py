"""The worker: what comes over the wire must not crash, stall or fill the process that judges. Nor may it be our fault."""

from tests.sandbox.attacks import CHANNEL, FAILED, Attack, only

BROKEN = only("runtime_error", "invalid", "wrong_answer", "partial", "time_limit")
ENCODE = CHANNEL + "import msgspec\n\nencode = msgspec.msgpack.encode\n"


def answering(body: str) -> str:
    """A source whose function sends a frame of its own."""
    lines = "\n".join("    " + line for line in body.strip().splitlines())
    return ENCODE + f"\n\ndef total(x, word):\n{lines}\n    return 0\n"


ATTACKS = [
    Attack("frame: giant lengths", "what a length claims is allocated", ENCODE + """
CHANNEL.sock.sendall(struct.pack("<IQ", 2**32 - 1, 2**64 - 1))
""", BROKEN),
    Attack("frame: a body that never comes", "what a length claims is allocated", ENCODE + """
import time
raw(encode(["l", []]), b"", None, 255 << 20)
time.sleep(60)
""", BROKEN, limits={"seconds": 0.5}, grows_mb=100),
    Attack("frame: garbage", "garbage is more than a runtime error", ENCODE + "import os\nCHANNEL.sock.sendall(os.urandom(100_000))\n", BROKEN),
    Attack("frame: deep nesting", "nesting exhausts the stack", ENCODE + "raw(b'\\x91' * 1_000_000)\n", BROKEN),
    Attack("frame: millions of empty lists", "one byte of frame is sixty of the worker's", ENCODE + """
count = (4 << 20) - 64
raw(b"\\x92\\xa1l\\xdd" + struct.pack(">I", count) + b"\\x90" * count)
""", BROKEN, grows_mb=450, limits={"seconds": 1}),
    Attack("frame: a longer header than allowed", "a header of any length is taken", ENCODE + """
count = (64 << 20)
raw(b"\\x92\\xa1l\\xdd" + struct.pack(">I", count) + b"\\x90" * count)
""", BROKEN, limits={"memory_mb": 512}),
    Attack("frame: keys that collide", "keys of equal hash take quadratic time", ENCODE + """
import itertools
keys = [bytes([0x9F]) + bytes(0xFF if bit else 0xFE for bit in bits) for bits in itertools.product((0, 1), repeat=15)]
raw(b"\\xdf" + struct.pack(">I", len(keys)) + b"".join(key + b"\\xc0" for key in keys))
""", BROKEN, limits={"seconds": 0.5}),
    Attack("frame: extension types", "a timestamp out of range raises what nobody expects", ENCODE + """
raw(b"\\xc7\\x0c\\xff" + b"\\xff" * 12)
""", BROKEN),
    Attack("value: ints that collide", "a dict of ints of equal hash takes quadratic time", ENCODE + """
pairs = [[["i", hex(k * (2**61 - 1) + 2**80 * (2**61 - 1))], None] for k in range(50_000)]
raw(encode(["l", ["ok", ["d", pairs], False]]))
""", BROKEN, limits={"seconds": 0.5}),
    Attack("value: tuples that collide", "a set of tuples of equal hash takes quadratic time", ENCODE + """
import itertools
rows = [["t", list(row)] for row in itertools.islice(itertools.product((-1, -2), repeat=15), 29_000)]
raw(encode(["l", ["ok", ["s", rows], False]]))
""", BROKEN, limits={"seconds": 0.5}),
    Attack("value: complex numbers that collide", "a set of complex numbers of equal hash takes quadratic time", ENCODE + """
rows = [["c", float(-1000003 * k), float(k)] for k in range(50_000)]
raw(encode(["l", ["ok", ["s", rows], False]]))
""", BROKEN, limits={"seconds": 0.5}),
    Attack("value: one array, many columns", "columns that share their bytes are copied each", ENCODE + """
size = 1 << 24
columns = [[f"c{k}", ["A", "uint8", [size], 0]] for k in range(100)]
raw(encode(["l", ["ok", ["F", columns], False]]), bytes(size))
""", BROKEN, grows_mb=500),
    Attack("value: one number, many rows", "a number is spread over millions of rows", ENCODE + """
size = 1 << 24
columns = [["a", ["A", "uint8", [size], 0]], *([f"c{k}", k] for k in range(20))]
raw(encode(["l", ["ok", ["F", columns], False]]), bytes(size))
""", BROKEN, grows_mb=500),
    Attack("value: many tensors, the same bytes", "tensors that share their bytes are more than what was sent", ENCODE + """
size = 1 << 24
raw(encode(["l", ["ok", ["l", [["T", "uint8", [size], 0]] * 1000], False]]), bytes(size))
""", BROKEN),
    Attack("value: bytes past the body", "bytes are read from behind what was sent", ENCODE + """
raw(encode(["l", ["ok", ["b", 0, 1 << 27], False]]), bytes(64))
""", BROKEN),
    Attack("value: shapes with zeros", "a shape of no elements but giant sides overflows", ENCODE + """
raw(encode(["l", ["ok", ["T", "float32", [0] + [1 << 28] * 15, 0], False]]))
""", BROKEN),
    Attack("value: shape beyond the body", "a shape larger than what was sent is laid out", ENCODE + """
raw(encode(["l", ["ok", ["T", "float64", [1 << 20, 1 << 20], 0], False]]), bytes(64))
""", BROKEN),
    Attack("value: half a billion rows of nothing", "a tensor of no elements is written out row by row",
           "import torch\n\n\ndef total(x, word):\n    return torch.empty(2**28, 0)\n", BROKEN),
    Attack("result: sixty million items", "a test that looks at each item has no end",
           "import torch\n\n\ndef total(x, word):\n    return torch.zeros(60_000_000, dtype=torch.uint8)\n", BROKEN),
    *(Attack(f"answer: {name}", "the judge stumbles and calls it its own fault", ENCODE + f"import numpy as np\nCHANNEL.send({frame})\n", BROKEN)
      for name, frame in {
          "a load that changed its input": '["ok", ["total"], True]',
          "a tensor for a flag": '["ok", ["total"], torch.tensor([1, 2])]',
          "an array for a flag": '["ok", ["total"], np.array([1, 2])]',
          "an array among the names": '["ok", [np.array([1, 2])], False]',
          "an array for a word": '[np.array([1, 2]), ["total"], False]',
          "names within names": '["ok", [[["total"]]], False]',
          "a tensor for the names": '["ok", torch.zeros(3), False]',
          "None": "None", "nothing": "[]", "a number": "5",
          "an error without fields": '["error"]',
          "an error of other types": '["error", 1, 2, ["3"]]',
          "an error with a giant line": '["error", "SyntaxError", "text", [10**900]]',
          "an error with a negative line": '["error", "SyntaxError", "text", [-5]]',
          "an error with a line past the file": '["error", "SyntaxError", "text", [99_999_999]]',
          "an error of megabytes": '["error", "V" * 1_000_000, "x" * 2_000_000, [1]]',
          "output that is no text": '["out", 5]',
          "output that is an array": '["out", np.array([1, 2])]',
      }.items()),
    *(Attack(f"result: {name}", "comparing it crashes, stalls or fills the worker", f"import torch\nimport numpy as np\n\n\ndef total(x, word):\n    return {value}\n", FAILED)
      for name, value in {
          "a list within itself": "(lambda a: (a.append(a), a)[1])([])",
          "a dict with NaN keys": "{float('nan'): 1, float('nan'): 2}",
          "a dict with tensor keys": "{torch.zeros(0): 1 for _ in range(1000)}",
          "a set": "{1, 2, frozenset({3})}",
          "text with surrogates": "'\\ud800' * 100",
          "a big complex": "complex(1e308, 1e308) * 10",
          "a nested tensor": "torch.nested.nested_tensor([torch.ones(2), torch.ones(3)])",
          "an object array": "np.array([object(), {1: 2}], dtype=object)",
          "a structured array": "np.zeros(3, dtype=[('a', 'i4'), ('b', 'f8')])",
          "a masked array": "np.ma.masked_all(3)",
          "a date": "np.datetime64('2020-01-01')",
          "bytes": "bytes(1 << 20)",
          "a million numbers": "list(range(1_000_000))",
          "a generator": "(i for i in iter(int, 1))",
          "a module": "torch",
          "a dtype": "torch.qint8",
          "what runs code when it is unpickled": "type('Bomb', (), {'__reduce__': lambda self: (print, ('ESCAPED',))})()",
          "a frame of objects": "__import__('pandas').DataFrame({'a': [object(), {1: 2}, [3]]})",
          "a frame with a column twice": "__import__('pandas').DataFrame([[1, 2]], columns=['a', 'a'])",
          "a tensor subclass that never ends": "torch.zeros(3).as_subclass(type('T', (torch.Tensor,), "
                                               "{'__torch_function__': classmethod(lambda *a, **k: [] and 1 or __import__('time').sleep(99))}))",
          "a parameter that lies": "type('P', (torch.nn.Parameter,), {'shape': (9,) * 9})(torch.zeros(2))",
          "a storage of four bytes seen as a terabyte": "torch.as_strided(torch.zeros(1), (2**19, 2**19), (0, 0))",
          "a conjugated view": "torch.ones(2, dtype=torch.complex64).conj()",
          "a negative view": "torch.ones(2, dtype=torch.complex64).conj().imag",
          "a namedtuple that lies": "__import__('collections').namedtuple('N', 'a b')(1, 2)._replace(a=float('nan'))",
          "another dtype of 16 dimensions": "torch.zeros([1] * 20, dtype=torch.float16)",
      }.items()),
    Attack("text: control characters", "NUL and escape codes reach the database or a terminal", """
print("before\\0\\x1b[31mred\\x9b2J\\x07 after")


def total(x, word):
    raise ValueError("\\0\\x1b]0;title\\x07 text")
""", only("runtime_error")),
    Attack("result: an error whose text fails", "describing an error raises another", """
class Bad(Exception):
    def __str__(self):
        raise KeyboardInterrupt
    __repr__ = __str__


def total(x, word):
    raise Bad(Bad())
""", only("runtime_error")),
    Attack("two answers to each question", "answers and questions get out of step and one is judged as another's", answering("""
CHANNEL.send(["ok", x.sum() * 2 + len(word), False])
CHANNEL.send(["ok", 1, False])
"""), BROKEN),
]
