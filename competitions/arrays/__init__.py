"""Arrays in files, read without NumPy: .npy, .safetensors, and .npz of an instructor.

    layout.py        Layout: an element type, a shape, where the numbers begin; and the numbers themselves
    npy.py           .npy -> Layout
    tensors.py       .safetensors -> Layouts by name
    archive.py       .npz -> Layouts by name (an instructor's file: trusted)
    recognise.py     what a file is by its first bytes, pickles and their like above all

Nothing here unpickles. Type, shape and size are read from the header and compared with the length of the file and
with what is expected before anything is allocated. Pure: no Django.
"""

from competitions.arrays.layout import BadArrayError, Layout
from competitions.arrays.recognise import recognise

__all__ = ["BadArrayError", "Layout", "recognise"]
