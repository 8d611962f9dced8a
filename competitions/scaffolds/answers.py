"""A competition of answers: four questions with references, one example."""

from __future__ import annotations

import json

SPEC = """\
slug: {slug}
kind: answers
title_ko: 새 질문 대회
title_en: A new competition of answers
metric: answer_correctness
daily_quota: 10
files: [questions.json, train.json, sample_submission.csv]   # solution.json is never handed out
source_ko: 예시로 만든 질문입니다.
source_en: Questions made as an example.
split: {{column: Usage}}     # of solution.json; or {{public: 0.5, seed: 1}}
"""
KOREAN = """\
`questions.json`의 질문에 글로 답하세요.

## 제출할 것

모든 질문의 id가 한 번씩 있는 CSV(`id,answer`)나 JSON(`{"q1": "답"}`)입니다.

## 평가

답변 정확성입니다(0~1, 클수록 좋습니다).
"""
ENGLISH = """\
Answer the questions of `questions.json` in words.

## What to submit

CSV (`id,answer`) or JSON (`{"q1": "answer"}`) with the id of every question once.

## Evaluation

Answer correctness (0 to 1, larger is better).
"""
# id -> (question, reference in Korean and English)
QUESTIONS = {
    "t1": ("텐서의 dtype은 무엇인가요?", "원소의 자료형입니다.", "It is the type of the elements."),
    "q1": ("텐서의 shape은 무엇인가요?", "각 차원의 크기입니다.", "It is the size of each dimension."),
    "q2": (
        "backward()는 무엇을 하나요?",
        "기울기를 계산해 더합니다.",
        "It computes gradients and adds them.",
    ),
    "q3": (
        "에포크는 무엇인가요?",
        "훈련 데이터를 한 번 모두 쓰는 것입니다.",
        "One pass over all training data.",
    ),
    "q4": (
        "배치는 무엇인가요?",
        "한 번에 처리하는 표본의 묶음입니다.",
        "The samples that are processed at once.",
    ),
}


def files(slug: str) -> dict[str, str]:
    asked = {name: {"question": question} for name, (question, _ko, _en) in QUESTIONS.items() if name != "t1"}
    example, korean, _english = QUESTIONS["t1"]
    solution = {
        name: {"ground_truth": {"ko": ko, "en": en}, "Usage": "Public" if name in ("q1", "q3") else "Private"}
        for name, (_question, ko, en) in QUESTIONS.items()
        if name != "t1"
    }
    return {
        "competition.yaml": SPEC.format(slug=slug),
        "statement.ko.md": KOREAN,
        "statement.en.md": ENGLISH,
        "questions.json": _json(asked),
        "train.json": _json({"t1": {"question": example, "ground_truth": korean}}),
        "solution.json": _json(solution),
        "sample_submission.csv": "id,answer\n" + "".join(f"{name},모르겠습니다.\n" for name in asked),
    }


def _json(content: dict) -> str:
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"
