"""A competition of programs: the same small table; what is submitted trains in the jail."""

from __future__ import annotations

from competitions.scaffolds.table import tables

SPEC = """\
slug: {slug}
kind: code
title_ko: 새 코드 대회
title_en: A new code competition
metric: mae                # a file of competitions/metrics, or metric.py for one of your own in this folder
id: id
target: price
limits: {{seconds: 60, memory_mb: 1024}}   # of training and predicting together
daily_quota: 5
files: [train.csv, sample_submission.py]   # test.csv enters the jail after training and may not be downloaded
source_ko: 예시로 만든 데이터입니다.
source_en: Data made as an example.
split: {{column: Usage}}     # of solution.csv; or {{public: 0.5, seed: 1}}
"""
SAMPLE = """\
import pandas as pd


def train(folder, seed):
    return pd.read_csv(f"{folder}/train.csv")["price"].median()


def predict(model, folder):
    test = pd.read_csv(f"{folder}/test.csv")
    return pd.DataFrame({"id": test["id"], "price": model})
"""
KOREAN = """\
**프로그램을 제출**합니다. 서버가 격리된 환경에서 학습시키고, 공개되지 않은 `test.csv`의 **가격(price)**을 예측하게 합니다.

## 제출할 것

두 함수가 있는 `.py` 파일이나 노트북입니다. 두 함수를 합쳐 60초, 1,024 MB까지 쓸 수 있습니다.

- `train(folder, seed)`: `folder`에 `train.csv`가 있습니다. 무엇이든 돌려주면 `predict`에 그대로 전달됩니다.
- `predict(model, folder)`: 이제 `test.csv`도 있습니다. 행 순서대로 예측을, 또는 `id`, `price` 열의 DataFrame을 돌려줍니다.

## 평가

평균 절대 오차(MAE)입니다. 작을수록 좋습니다.
"""
ENGLISH = """\
Here you **submit a program**. The server trains it in a jail and has it predict the **price** of a `test.csv` that nobody has been shown.

## What to submit

A `.py` file or a notebook with two functions, which together may take 60 s and 1,024 MB.

- `train(folder, seed)`: `folder` has `train.csv`. Return anything: it is handed to `predict` as it is.
- `predict(model, folder)`: by now `test.csv` is there too. Return the predictions in the order of its rows, or a DataFrame with `id` and `price`.

## Evaluation

The mean absolute error (MAE). Smaller is better.
"""


def files(slug: str) -> dict[str, str]:
    return {
        "competition.yaml": SPEC.format(slug=slug),
        "statement.ko.md": KOREAN,
        "statement.en.md": ENGLISH,
        "sample_submission.py": SAMPLE,
        **tables(),
    }
