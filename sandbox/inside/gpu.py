"""The GPU inside the jail: a child opens its CUDA context before it sees student code, and moves values there.

The zygote itself never touches CUDA: a context does not survive a fork. Values travel as CPU tensors; those that come in are
placed on the device, and the encoder brings back what goes out.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import nn

DEVICE = "cuda"
MEGABYTE = 1 << 20
MAX_PLACE = 200


def open_context() -> None:
    """Opens the context and has the libraries load what nearly every submission needs. Raises RuntimeError without a GPU.

    Results must be those of the CPU up to rounding: no TF32, no sums in half precision, no search for the fastest algorithm.
    """
    torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = False
    torch.backends.cuda.matmul.allow_fp16_reduced_precision_reduction = False
    torch.backends.cuda.matmul.allow_bf16_reduced_precision_reduction = False
    torch.backends.cudnn.benchmark = False
    torch.backends.cudnn.deterministic = True
    torch.cuda.init()
    x = torch.ones(1, 1, 8, 8, device=DEVICE, requires_grad=True)
    kernel = torch.ones(1, 1, 3, 3, device=DEVICE)
    (nn.functional.conv2d(x, kernel).reshape(6, 6) @ torch.ones(6, 6, device=DEVICE)).sum().backward()
    torch.cuda.synchronize()
    torch.cuda.empty_cache()


def limit(memory_mb: int) -> None:
    """Bounds torch's allocator to `memory_mb` beyond what it holds now. Student code can lift this: see jail/gpu.py."""
    total = torch.cuda.get_device_properties(0).total_memory
    torch.cuda.set_per_process_memory_fraction(min(1.0, (memory_mb * MEGABYTE + torch.cuda.memory_reserved()) / total))


def placed(value: Any) -> Any:
    """`value` with every tensor, and every model, on the GPU."""
    if isinstance(value, (torch.Tensor, nn.Module)):
        return value.to(DEVICE)
    if type(value) in (list, tuple):
        return type(value)(placed(item) for item in value)
    if type(value) is dict:
        return {key: placed(item) for key, item in value.items()}
    return value


def out_of_memory(error: BaseException) -> str:
    """What the judge makes a sentence of, as a hint: "cuda MB place". `MB` were held when more was asked for."""
    held = torch.cuda.memory_allocated() + _asked_for(str(error))
    return f"cuda {held / MEGABYTE:.0f} {place_of(error)}".strip()


def _asked_for(text: str) -> int:
    """Bytes, from torch's "Tried to allocate 1.50 GiB"; 0 where it says something else."""
    words = text.partition("Tried to allocate ")[2].split()[:2]
    units = {"bytes": 1, "KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30}
    try:
        return int(float(words[0]) * units[words[1].rstrip(".")])
    except (IndexError, KeyError, ValueError):
        return 0


def place_of(error: BaseException) -> str:
    """The module at work when `error` was raised, as "FashionCNN.conv2"; "" outside of any model's forward."""
    modules, trace = [], error.__traceback__
    while trace is not None:
        owner = trace.tb_frame.f_locals.get("self")
        if isinstance(owner, nn.Module):
            modules.append(owner)
        trace = trace.tb_next
    if not modules:
        return ""
    root, leaf = modules[0], modules[-1]
    path = next((name for name, module in root.named_modules() if module is leaf), type(leaf).__name__)
    return ".".join(filter(None, (type(root).__name__, path)))[:MAX_PLACE]
