"""A competition of six houses, small enough to read; tests change one thing of it and look at what is said."""

from __future__ import annotations

from pathlib import Path

SPEC = """\
slug: six-houses
kind: predictions
title_ko: 집 여섯 채
title_en: Six Houses
metric: mae
id: Id
target: Price
daily_quota: 3
files: [train.csv, test.csv, sample_submission.csv]
source_ko: 시험을 위해 만들었습니다.
source_en: Made for a test.
split: {column: Usage}
"""

FILES = {
    "competition.yaml": SPEC,
    "statement.ko.md": "가격을 맞히세요.\n",
    "statement.en.md": "Predict the price.\n",
    "train.csv": "Id,Area,Alley,Price\n1,100,NA,1000\n2,200,Paved,2000\n",
    "test.csv": "Id,Area,Alley\n11,110,NA\n12,120,NA\n13,130,Paved\n14,140,NA\n15,150,NA\n16,160,NA\n",
    "solution.csv": "Id,Price,Usage\n11,100,Public\n12,200,Public\n13,300,Private\n14,400,Private\n"
    "15,500,Public\n16,600,Ignored\n",
    "sample_submission.csv": "Id,Price\n11,0\n12,0\n13,0\n14,0\n15,0\n16,0\n",
}


def make_folder(path: Path, **changes: str | bytes | None) -> Path:
    """Writes FILES into `path`, with some replaced: `train="..."`, or left out: `train=None`."""
    names = {name.replace(".", "_"): name for name in FILES} | {
        "spec": "competition.yaml", "train": "train.csv", "test": "test.csv", "solution": "solution.csv",
        "sample": "sample_submission.csv",
    }  # fmt: skip
    files: dict[str, str | bytes | None] = {**FILES, **{names[key]: value for key, value in changes.items()}}
    path.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        if content is not None:
            (path / name).write_bytes(content.encode() if isinstance(content, str) else content)
    return path
