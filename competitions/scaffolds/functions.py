"""A competition of functions: four small tasks with solutions, wrong solutions and tests."""

from __future__ import annotations

import json

SPEC = """\
slug: {slug}
kind: functions
title_ko: 새 함수 대회
title_en: A new competition of functions
metric: pass@1             # or pass@2, pass@5, ...: students then send as many samples of each task
max_samples: 5             # of one task
limits: {{seconds: 5, memory_mb: 512, total_seconds: 600}}   # of one completion; total_seconds of a whole entry
daily_quota: 5
files: [tasks.jsonl, sample_submission.jsonl]   # problems/ is never handed out
source_ko: 예시로 만든 과제입니다.
source_en: Tasks made as an example.
split: {{public: 0.5, seed: 1}}   # over tasks; or {{column: usage}}, with "# usage: Public" at the top of each
"""
KOREAN = """\
프롬프트 뒤에 이어질 코드를 쓰세요. 숨은 단위 테스트로 채점합니다.

## 제출할 것

한 줄에 JSON 객체 하나인 JSONL 파일입니다: `{"task_id": "double", "completion": "    return ..."}`. 들여쓰기까지 프롬프트에 이어져야 합니다.
"""
ENGLISH = """\
Write the code that follows each prompt. Hidden unit tests judge it.

## What to submit

A JSONL file, one JSON object a line: `{"task_id": "double", "completion": "    return ..."}`. The indentation has to fit the prompt.
"""
# name -> (what it does, solution, wrong solution)
TASKS = {
    "double": ("Twice every value of the tensor x.", "x * 2", "x * x"),
    "row_sums": ("The sum of each row of the matrix x.", "x.sum(dim=1)", "x.sum(dim=0)"),
    "largest": (
        "The largest value of the tensor x, as a tensor without dimensions.",
        "x.max()",
        "x.abs().max()",
    ),
    "centred": ("x minus its mean.", "x - x.mean()", "x - x.median()"),
}
PROMPT = 'import torch\n\n\ndef {name}(x):\n    """{text}"""\n'
PROBLEM = """\
# --- prompt ---
{prompt}# --- solution ---
    return {solution}
# --- wrong: a common mistake ---
    return {wrong}
# --- test ---
def check(candidate):
    for shape in ((2, 2), (3, 5), (4, 1)):
        x = torch.randn(*shape)
        expected = {solution}
        found = candidate(x)
        assert found.shape == expected.shape
        assert torch.allclose(found, expected, atol=1e-6)
"""


def files(slug: str) -> dict[str, str]:
    made = {"competition.yaml": SPEC.format(slug=slug), "statement.ko.md": KOREAN, "statement.en.md": ENGLISH}
    tasks, sample = [], []
    for name, (text, solution, wrong) in sorted(TASKS.items()):
        prompt = PROMPT.format(name=name, text=text)
        made[f"problems/{name}.py"] = PROBLEM.format(prompt=prompt, solution=solution, wrong=wrong)
        tasks.append({"task_id": name, "prompt": prompt, "entry_point": name})
        sample.append({"task_id": name, "completion": "    raise NotImplementedError\n"})
    for name, rows in (("tasks.jsonl", tasks), ("sample_submission.jsonl", sample)):
        made[name] = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    return made
