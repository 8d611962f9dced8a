"""A competition of predictions: a small table, the mean absolute error."""

from __future__ import annotations

from competitions.scaffolds.table import tables

SPEC = """\
slug: {slug}
kind: predictions
title_ko: 새 대회
title_en: A new competition
metric: mae                # a file of competitions/metrics, or metric.py for one of your own in this folder
id: id                     # the column of ids
target: price              # the column to predict
daily_quota: 5             # tries a day; leave the line out for no limit
files: [train.csv, test.csv, sample_submission.csv]   # what students may download: never the solution
source_ko: 예시로 만든 데이터입니다.
source_en: Data made as an example.
split: {{column: Usage}}     # of solution.csv; or {{public: 0.5, seed: 1}}
"""
KOREAN = """\
`area`(넓이)와 `age`(나이)로 **가격(price)**을 예측하세요.

## 제출할 것

`test.csv`의 모든 id가 한 번씩 있는 CSV 파일입니다.

```text
id,price
41,300
```

## 평가

평균 절대 오차(MAE)입니다. 작을수록 좋습니다.
"""
ENGLISH = """\
Predict the **price** from `area` and `age`.

## What to submit

A CSV file with every id of `test.csv` once.

```text
id,price
41,300
```

## Evaluation

The mean absolute error (MAE). Smaller is better.
"""


def files(slug: str) -> dict[str, str]:
    return {
        "competition.yaml": SPEC.format(slug=slug),
        "statement.ko.md": KOREAN,
        "statement.en.md": ENGLISH,
        **tables(),
    }
