"""A student's .npy or .safetensors -> its predictions. Rows stand in the order of sample_submission.csv.

Type and shape come from the header, and are refused before anything is allocated.
"""

from __future__ import annotations

from competitions.arrays import BadArrayError, Layout, npy, tensors
from competitions.arrays.layout import read_elements
from competitions.predictions.array_values import ArrayRow
from competitions.predictions.checked import Checked, RefusedError
from competitions.predictions.collector import Collector
from competitions.predictions.competition import PredictionsCompetition
from competitions.predictions.messages import say, shown
from competitions.predictions.tables import ids_of

NAME = "prediction"  # of the tensor, where a file holds several


def read_npy(data: bytes, competition: PredictionsCompetition) -> Checked:
    """Raises RefusedError where nothing of the file can be used."""
    try:
        return _read(npy.layout_of(data, len(data)), data, competition)
    except BadArrayError as bad:
        raise RefusedError(say(bad.key, **bad.details)) from None


def read_safetensors(data: bytes, competition: PredictionsCompetition) -> Checked:
    """Raises RefusedError where nothing of the file can be used."""
    try:
        layouts = tensors.layouts_of(data, len(data))
        return _read(_meant(layouts, competition), data, competition)
    except BadArrayError as bad:
        raise RefusedError(say(bad.key, **bad.details)) from None


def _meant(layouts: dict[str, Layout], competition: PredictionsCompetition) -> Layout:
    """The only tensor, or the one that is named as the target or "prediction"."""
    if len(layouts) == 1:
        return next(iter(layouts.values()))
    for name in (competition.target_column, NAME):
        if name in layouts:
            return layouts[name]
    names = ", ".join(shown(name) for name in list(layouts)[:8])
    raise RefusedError(say("which_tensor", name=NAME, found=names or "-"))


def _read(layout: Layout, data: bytes, competition: PredictionsCompetition) -> Checked:
    ids, width = ids_of(competition), len(competition.predicted_columns)
    _refuse_shape(layout, len(ids.names), width)
    cells = competition.cells
    if layout.is_text and cells != "text":
        raise RefusedError(say("array_type", found=f"<{layout.element}"))
    elements = read_elements(layout, data)
    collector = Collector(competition, ids, counts_from_zero=True)
    for row in range(len(ids.names)):
        collector.add_values(row, ArrayRow(elements[row * width : (row + 1) * width], layout, cells))
    return collector.finish(())


def _refuse_shape(layout: Layout, rows: int, width: int) -> None:
    allowed = [(rows, width)] if width > 1 else [(rows,), (rows, 1)]
    if layout.shape in allowed:
        return
    found, expected = str(layout.shape), str(allowed[0])
    is_scores = width == 1 and len(layout.shape) == 2 and layout.shape[0] == rows
    raise RefusedError(say("array_scores" if is_scores else "array_shape", found=found, expected=expected))
