"""One folder format for every kind of competition.

    my-competition/
        competition.yaml        slug, kind (default: predictions), title_ko, title_en, metric, daily_quota, files,
                                source_ko, source_en, baselines, and the fields of its kind
        statement.ko.md         what students read, Markdown with $formulae$
        statement.en.md
        ...                     what the kind needs: see its file in competitions/kinds/

`files` are what students may download; every other file stays on the server. What is common to all kinds is here; the
rest is said by the kind's own `load_folder` and `check_folder`, which are found by `kinds.of_folder(path)`.

    competition.py  the types: Competition, Split, Baseline, Problem, FolderError
    reader.py       competition.yaml, field by field
    spec.py         the fields of every kind
    own_metric.py   metric.py: an instructor's own metric

Pure: no Django.
"""

from competitions.folders.competition import Baseline, Competition, FolderError, Problem, Split, content_hash
from competitions.folders.own_metric import METRIC_FILE
from competitions.folders.reader import SPEC, Reader, open_spec
from competitions.folders.spec import COMMON_FIELDS, kind_named, read_common

__all__ = [
    "COMMON_FIELDS",
    "METRIC_FILE",
    "SPEC",
    "Baseline",
    "Competition",
    "FolderError",
    "Problem",
    "Reader",
    "Split",
    "content_hash",
    "kind_named",
    "open_spec",
    "read_common",
]
