"""sandbox.evaluate: values and output of short listings, one child for many, a new one for the rest."""

import pytest

from sandbox import Listing, evaluate


@pytest.fixture(scope="module")
def outcomes(request):
    """What all of LISTINGS came to, in one call."""
    from sandbox.doctor import check_jail

    if not check_jail().ok:
        pytest.skip("no jail on this machine")
    return dict(zip(LISTINGS, evaluate(list(LISTINGS.values()), seconds=3), strict=True))


LISTINGS = {
    "number": Listing("answer = 1 + 1"),
    "tensor": Listing("answer = torch.ones(2, 2)"),
    "scalar": Listing("answer = torch.tensor(3)"),
    "array": Listing("answer = np.float32(0.5)"),
    "shape": Listing("answer = torch.zeros(2, 3).shape"),
    "dict": Listing("answer = {'a': (1, torch.tensor(2.0))}"),
    "helpers": Listing("answer = [F.relu(torch.tensor(-1.)), math.floor(1.5), nn.Flatten(0)(torch.ones(1))]"),
    "cases": Listing("print(n)\nanswer = n * 2", ({"n": 1}, {"n": 2.5})),
    "function": Listing("def f(x):\n    return x * k\nanswer = [f(x) for x in range(3)]", ({"k": 2},)),
    "one case fails": Listing("answer = 1 / n", ({"n": 1}, {"n": 0}, {"n": 2})),
    "none": Listing("x = 1"),
    "raises": Listing("raise ValueError('no')"),
    "syntax": Listing("answer = ("),
    "object": Listing("answer = object()"),
    "too long": Listing("while True: pass"),
    "after too long": Listing("answer = 5"),
    "hangs up": Listing("import os\nos._exit(0)"),
    "prints much": Listing("print('x' * 10**6)"),
    "memory": Listing("x = bytearray(4 << 30)"),
    "no network": Listing("import socket\nsocket.create_connection(('127.0.0.1', 80))"),
    "no files": Listing("import os\nanswer = os.path.exists('/etc/passwd')"),
    "last": Listing("answer = torch.rand(1) == torch.rand(1, generator=torch.Generator().manual_seed(0))"),
}
VALUES = {
    "number": 2,
    "tensor": [[1.0, 1.0], [1.0, 1.0]],
    "scalar": 3,
    "array": 0.5,
    "shape": [2, 3],
    "dict": {"a": [1, 2.0]},
    "helpers": [0.0, 1, [1.0]],
    "function": [0, 2, 4],
    "none": None,
    "after too long": 5,
    "no files": False,
    "last": [True],
}
ERRORS = {
    "one case fails": "case 1: ZeroDivisionError",
    "raises": "ValueError: no",
    "syntax": "SyntaxError",
    "object": "TypeError",
    "too long": "time_limit",
    "hangs up": "runtime_error",
    "prints much": "output_limit",
    "memory": "",
    "no network": "",
}


@pytest.mark.parametrize("name", VALUES)
def test_a_listing_has_a_plain_value(outcomes, name):
    assert (outcomes[name].answers, outcomes[name].error) == ((VALUES[name],), "")


@pytest.mark.parametrize("name", ERRORS)
def test_what_goes_wrong_is_said(outcomes, name):
    assert outcomes[name].error
    assert ERRORS[name] in outcomes[name].error


def test_each_case_has_its_own_variables_and_what_is_printed_is_kept(outcomes):
    assert outcomes["cases"].answers == (2, 5.0)
    assert outcomes["cases"].output == "1\n2.5\n"
    assert outcomes["one case fails"].answers == (1.0, None, 0.5)
    assert outcomes["number"].output == ""
