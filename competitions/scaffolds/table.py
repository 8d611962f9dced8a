"""The small table that the folders of predictions and of programs begin with: a price that depends on two numbers."""

from __future__ import annotations

import random

TRAIN_ROWS, TEST_ROWS = 40, 20


def tables() -> dict[str, str]:
    """train.csv, test.csv, solution.csv (half of it public) and sample_submission.csv."""
    draw = random.Random(1)  # noqa: S311  an example, not a secret
    train, test, solution, sample = ["id,area,age,price"], ["id,area,age"], ["id,price,Usage"], ["id,price"]
    for number in range(1, TRAIN_ROWS + TEST_ROWS + 1):
        area, age = draw.randint(40, 200), draw.randint(0, 60)
        price = 3 * area - age + draw.randint(-20, 20)
        if number <= TRAIN_ROWS:
            train.append(f"{number},{area},{age},{price}")
            continue
        test.append(f"{number},{area},{age}")
        solution.append(f"{number},{price},{'Public' if number % 2 else 'Private'}")
        sample.append(f"{number},300")
    parts = {"train": train, "test": test, "solution": solution, "sample_submission": sample}
    return {f"{name}.csv": "\n".join(lines) + "\n" for name, lines in parts.items()}
