"""Predictions as .npy and .safetensors: the same as CSV where they are sound, and never a pickle."""

from __future__ import annotations

import io
import json
import pickle
import tracemalloc
import zipfile

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from competitions.predictions.files import check
from competitions.predictions.folder import load_folder
from competitions.predictions.score import score
from tests.competitions.arrays import framed, npy, safetensors
from tests.competitions.folders import FILES, SPEC, make_folder

PRICES = [100.0, 200.0, 300.0, 400.0, 500.0, 600.5]
LABELS = SPEC.replace("metric: mae", "metric: accuracy")
WHOLE = SPEC.replace("metric: mae", "metric: quadratic_kappa")
CHANCES = SPEC.replace("metric: mae", "metric: log_loss\nclasses: [cat, dog]")
IDS = range(11, 17)
SAMPLE_OF_CHANCES = "Id,cat,dog\n" + "".join(f"{row},0.5,0.5\n" for row in IDS)
TRUTH_OF_CHANCES = "Id,Price,Usage\n" + "".join(
    f"{row},{'cat' if row < 14 else 'dog'},{'Public' if row % 2 else 'Private'}\n" for row in IDS
)


@pytest.fixture(scope="module")
def houses(tmp_path_factory):
    return load_folder(make_folder(tmp_path_factory.mktemp("houses")))


@pytest.fixture(scope="module")
def classes(tmp_path_factory):
    return load_folder(make_folder(tmp_path_factory.mktemp("classes"), spec=LABELS))


@pytest.fixture(scope="module")
def ratings(tmp_path_factory):
    return load_folder(make_folder(tmp_path_factory.mktemp("ratings"), spec=WHOLE))


@pytest.fixture(scope="module")
def chances(tmp_path_factory):
    return load_folder(
        make_folder(
            tmp_path_factory.mktemp("chances"),
            spec=CHANCES,
            sample=SAMPLE_OF_CHANCES,
            solution=TRUTH_OF_CHANCES,
        )
    )


GOOD = [
    ("float64", npy(PRICES), PRICES),
    ("float32", npy(np.float32(PRICES)), PRICES),
    ("float16", npy(np.float16(PRICES)), PRICES),
    ("big-endian", npy(np.array(PRICES, ">f4")), PRICES),
    ("a column", npy(np.array(PRICES)[:, None]), PRICES),
    ("int64", npy(np.arange(6)), [0, 1, 2, 3, 4, 5]),
    ("uint8", npy(np.arange(250, 256, dtype=np.uint8)), [250, 251, 252, 253, 254, 255]),
    ("a reversed view", npy(np.array(PRICES)[::-1]), PRICES[::-1]),
    ("safetensors", safetensors(prediction=np.float32(PRICES)), PRICES),
    ("under any name", safetensors(y_hat=np.array(PRICES)), PRICES),
    ("one of several", safetensors(other=np.zeros(3), prediction=np.float16(PRICES)), PRICES),
    ("named as the target", safetensors(weights=np.zeros((2, 2)), Price=np.array(PRICES)), PRICES),
]


@pytest.mark.parametrize(("name", "data", "values"), GOOD, ids=[case[0] for case in GOOD])
def test_an_array_is_the_predictions_in_the_order_of_the_sample(houses, name, data, values) -> None:
    found = check(data, houses)
    assert found.errors == ()
    assert list(found.values) == values
    csv = "Id,Price\n" + "".join(f"{row},{value}\n" for row, value in zip(IDS, values, strict=True))
    assert score(data, houses) == score(csv.encode(), houses)


def test_a_bfloat16_tensor_of_torch(houses) -> None:
    tensor = torch.tensor(PRICES, dtype=torch.bfloat16)
    header = {"p": {"dtype": "BF16", "shape": [6], "data_offsets": [0, 12]}}
    data = framed(json.dumps(header).encode(), tensor.view(torch.int16).numpy().tobytes())
    assert list(check(data, houses).values) == tensor.float().tolist()


CLASSES = [
    ("int64", npy(np.array([0, 1, 2, 9, 4, 5])), ["0", "1", "2", "9", "4", "5"]),
    ("whole floats", npy(np.float32([0, 1, 2, 9, 4, 5])), ["0", "1", "2", "9", "4", "5"]),
    ("text", npy(np.array(["고양이", "dog", "a", "b", "c", "d"])), ["고양이", "dog", "a", "b", "c", "d"]),
    ("bool", npy(np.array([True, False] * 3)), ["1", "0"] * 3),
]


@pytest.mark.parametrize(("name", "data", "values"), CLASSES, ids=[case[0] for case in CLASSES])
def test_labels(classes, name, data, values) -> None:
    assert check(data, classes).values == values


@pytest.mark.parametrize("order", ["C", "F"])
def test_probabilities_have_a_column_for_each_class(chances, order: str) -> None:
    array = np.array([[0.25, 0.75]] * 3 + [[0.5, 0.5]] * 3, order=order)
    csv = "Id,dog,cat\n" + "".join(f"{row},{dog},{cat}\n" for row, (cat, dog) in zip(IDS, array, strict=True))
    assert score(npy(array), chances) == score(csv.encode(), chances)
    # Public are 11, 13 (cat) and 15 (dog).
    assert score(npy(array), chances).public == pytest.approx(-(2 * np.log(0.25) + np.log(0.5)) / 3)


class Bomb:
    def __reduce__(self):
        return (open, ("/tmp/never-written", "w"))


def torch_file(**options: object) -> bytes:
    buffer = io.BytesIO()
    torch.save(torch.tensor(PRICES), buffer, **options)  # type: ignore[arg-type]
    return buffer.getvalue()


def npz(**arrays: object) -> bytes:
    buffer = io.BytesIO()
    np.savez(buffer, **arrays)  # type: ignore[arg-type]
    return buffer.getvalue()


def zipped() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("xl/workbook.xml", "<x/>")
    return buffer.getvalue()


def header(text: str, version: int = 1, size: int | None = None) -> bytes:
    return (
        b"\x93NUMPY"
        + bytes([version, 0])
        + (len(text) if size is None else size).to_bytes(2, "little")
        + text.encode()
    )


def npy_of(descr: str = "'<f8'", shape: str = "(6,)", order: str = "False", body: bytes = bytes(48)) -> bytes:
    return header(f"{{'descr': {descr}, 'fortran_order': {order}, 'shape': {shape}}}") + body


def tensor(
    dtype: object = "F64", shape: object = (6,), offsets: object = (0, 48), body: bytes = bytes(48)
) -> bytes:
    entry = {"dtype": dtype, "shape": shape, "data_offsets": offsets}
    return framed(json.dumps({"p": entry}).encode(), body)


REFUSED = [
    # (name, file, words of the English message)
    ("a pickle", pickle.dumps(np.array(PRICES)), "This is a pickle"),
    ("a pickle of a function call", pickle.dumps(Bomb()), "This is a pickle"),
    ("a .pt", torch_file(), "torch.save"),
    ("an old .pt", torch_file(_use_new_zipfile_serialization=False), "This is a pickle"),
    (".npz", npz(x=np.array(PRICES)), ".npz"),
    (".xlsx", zipped(), "Excel"),
    ("HDF5", b"\x89HDF\r\n\x1a\n" + bytes(40), "HDF5"),
    ("Parquet", b"PAR1" + bytes(40), "Parquet"),
    (
        "an array of objects",
        npy(np.array([1, "a", None] * 2, dtype=object), allow_pickle=True),
        "dtype=object",
    ),
    ("a structured array", npy(np.zeros(6, dtype=[("a", "f4")])), "type"),
    ("complex", npy(np.zeros(6, dtype=complex)), "array of type <c16"),
    ("dates", npy(np.zeros(6, dtype="M8[D]")), "type <M8[D]"),
    ("float128", npy(np.zeros(6, dtype=np.longdouble)), "array of type"),
    ("text of numbers", npy(np.array(["1"] * 6)), "type <U1"),
    ("too few", npy(PRICES[:5]), "shape (5,); it must be (6,)"),
    ("too many", npy(np.zeros(7)), "shape (7,); it must be (6,)"),
    ("a number", npy(3.0), "shape ()"),
    ("none", npy([]), "shape (0,)"),
    ("a row", npy(np.zeros((1, 6))), "shape (1, 6)"),
    ("scores of classes", npy(np.zeros((6, 10))), "argmax(1)"),
    ("cut off", npy(PRICES)[:-1], "cut off"),
    ("too long", npy(PRICES) + b"x", "damaged"),
    ("a header of a terabyte", npy_of(shape="(1099511627776,)"), "its header says"),
    ("a shape that overflows", npy_of(shape="(2**62, 8)"), "header"),
    ("more sides than can be", npy_of(shape="(" + "1," * 40 + ")"), "header"),
    ("a negative side", npy_of(shape="(-6,)"), "header"),
    ("a shape that is a list", npy_of(shape="[6]"), "header"),
    ("a shape of True", npy_of(shape="(True,)"), "header"),
    ("code as header", npy_of(descr="__import__('os').getcwd()"), "header"),
    ("a header nested deep", header("{" + "[" * 3000), "header"),
    ("a header of wrong length", header("{}", size=60_000), "header"),
    ("an unknown version", header("{}", version=9), "header"),
    ("nothing but the magic", b"\x93NUMPY", "header"),
    ("tensor of no such type", tensor(dtype="F8_E4M3", body=bytes(6), offsets=(0, 6)), "F8_E4M3"),
    ("tensor type is no text", tensor(dtype=64), "header"),
    ("tensor of other length", tensor(shape=(7,)), "header says"),
    ("tensor behind the end", tensor(offsets=(48, 96)), "cut off"),
    ("tensor before its beginning", tensor(offsets=(-48, 0)), "cut off"),
    ("tensor offsets turned", tensor(offsets=(48, 0)), "cut off"),
    ("tensor with a huge shape", tensor(shape=(2**60, 2**60)), "header"),
    ("tensor with a text as shape", tensor(shape="6"), "header"),
    (
        "two tensors, none named",
        safetensors(a=np.zeros(6), b=np.zeros(6)),
        'one called "prediction". The file has: a, b',
    ),
    ("no tensor", framed(b'{"__metadata__": {}}'), "one tensor"),
    ("a header nested deep, in JSON", framed(b"{" + b'"a":{' * 9000), "header"),
    ("a header longer than the file", (1 << 30).to_bytes(8, "little") + b"{}" + bytes(40), "header"),
]


@pytest.mark.parametrize(("name", "data", "words"), REFUSED, ids=[case[0] for case in REFUSED])
def test_what_is_no_array_of_predictions_is_refused_with_the_reason(houses, name, data, words) -> None:
    found = check(data, houses)
    assert not found.is_valid
    assert words in found.errors[0].message.en, found.errors[0].message.en
    assert found.errors[0].message.ko


BAD_VALUES = [
    ("houses", [1, 2, np.nan, 4, 5, 6], 'Array, counted from 0: Row 2, Price: the value is "nan"'),
    ("houses", [1, 2, 3, 4, 5, np.inf], 'Row 5, Price: the value is "inf"'),
    ("houses", [1, 2, 3, 4, 5, 1e200], "too large"),
    ("classes", [0, 1, 2, 3, 4, 1.5], 'Row 5, Price: "1.5" is not a whole number'),
    ("ratings", [0, 1, 2, 3, 4, 1.5], "not a whole number"),
    ("ratings", np.array([0, 1, 2, 3, 4, 2**60]), "not a whole number"),
    ("chances", [[0.5, 0.5]] * 5 + [[0.5, 0.6]], "Row 5: the probabilities sum to 1.1"),
    ("chances", [[0.5, 0.5]] * 5 + [[1.5, -0.5]], 'Row 5, cat: "1.5" must be between 0 and 1'),
    ("chances", [0.5] * 6, "shape (6,); it must be (6, 2)"),
]


@pytest.mark.parametrize(("which", "array", "words"), BAD_VALUES)
def test_bad_values_are_named_by_row(request, which, array, words) -> None:
    found = check(npy(array), request.getfixturevalue(which))
    assert any(words in error.message.en for error in found.errors), found.errors


def test_the_name_of_a_file_does_not_matter(houses) -> None:
    """What counts is what is in it: a .csv that was renamed to .npy is still read as CSV."""
    assert check(FILES["sample_submission.csv"].encode(), houses).is_valid


@settings(max_examples=200, deadline=None)
@given(data=st.data())
def test_a_damaged_file_is_refused_or_read_and_never_raises(houses, data) -> None:
    sound = data.draw(st.sampled_from([npy(PRICES), safetensors(p=np.array(PRICES))]))
    at = data.draw(st.integers(0, len(sound) - 1))
    damaged = sound[:at] + bytes([data.draw(st.integers(0, 255))]) + sound[at + 1 :]
    found = check(data.draw(st.sampled_from([damaged, sound[:at], damaged + sound])), houses)
    assert found.is_valid == bool(found.values)


@pytest.mark.parametrize(
    "data", [npy_of(shape="(1099511627776,)"), tensor(shape=(2**40,)), npy(np.zeros(2_000_000))]
)
def test_nothing_is_allocated_for_a_header_that_does_not_fit(houses, data) -> None:
    check(b"", houses)  # the ids are read
    tracemalloc.start()
    check(data, houses)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 1_000_000
