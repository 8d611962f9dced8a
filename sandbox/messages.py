"""The judge's own sentences, in both languages. What a package says stands in the package."""

from __future__ import annotations

from sandbox.contract import NO_TEXT, Limits, Text, Verdict
from sandbox.inside.workers import NO_WORKERS


def verdict_text(verdict: Verdict, limits: Limits) -> Text:
    """One sentence about a submission as a whole."""
    ko, en = _VERDICTS[verdict]
    values = {"seconds": f"{limits.seconds:g}", "memory": limits.memory_mb, "output": limits.output_kb}
    return Text(ko.format(**values), en.format(**values))


_VERDICTS = {
    Verdict.ACCEPTED: ("모든 테스트를 통과했습니다.", "All tests pass."),
    Verdict.PARTIAL: ("일부 테스트만 통과했습니다.", "Some of the tests pass."),
    Verdict.WRONG_ANSWER: ("통과한 테스트가 없습니다.", "No test passes."),
    Verdict.RUNTIME_ERROR: ("실행 중에 오류가 났습니다.", "An error was raised while running."),
    Verdict.TIME_LIMIT: ("제한 시간 {seconds}초를 넘었습니다.", "The time limit of {seconds} s was exceeded."),
    Verdict.MEMORY_LIMIT: ("메모리 제한 {memory} MB를 넘었습니다.", "The memory limit of {memory} MB was exceeded."),
    Verdict.OUTPUT_LIMIT: ("출력이 {output} KB를 넘었습니다. print를 줄이세요.",
                           "More than {output} KB were printed. Print less."),
    Verdict.INVALID: ("채점할 수 없는 파일입니다.", "The file cannot be judged."),
    Verdict.JUDGE_ERROR: ("채점기에 문제가 생겼습니다. 시도 횟수는 줄지 않으며 자동으로 다시 채점합니다.",
                          "The judge failed. This costs no try; it is judged again by itself."),
}

INPUT_CHANGED = Text("입력으로 받은 값을 바꾸었습니다. 제자리 연산(add_, x[...] = ...) 대신 새 텐서를 만드세요.",
                     "An input was changed. Make a new tensor instead of working in place (add_, x[...] = ...).")
UNUSABLE = Text("돌려준 값을 테스트에서 쓸 수 없습니다. 종류와 모양을 확인하세요.",
                "The returned value cannot be used. Check its kind and shape.")
NOT_RUN = Text("앞에서 프로그램이 멈추어 실행하지 않았습니다.", "Not run: the program had stopped before.")
PASSED = Text("통과", "passed")
TOO_LARGE = Text("파일이 너무 큽니다(최대 {mb} MB).", "The file is too large (at most {mb} MB).")
NOT_UTF8 = Text("UTF-8 글자가 아닙니다. 파일을 UTF-8로 저장하세요.", "This is not UTF-8 text. Save the file as UTF-8.")
EMPTY = Text("파일이 비어 있습니다.", "The file is empty.")
NUL_BYTES = Text("파이썬 소스가 아닙니다(NUL 바이트가 있습니다).", "This is not Python source (it holds NUL bytes).")
WRONG_SUFFIX = Text(".py 또는 .ipynb 파일을 내세요.", "Submit a .py or .ipynb file.")
BROKEN_NOTEBOOK = Text("노트북(.ipynb) 파일이 깨졌습니다. Colab에서 다시 내려받아 보세요.",
                       "The notebook (.ipynb) is broken. Download it from Colab again.")
NOTEBOOK_TOO_LONG = Text("노트북이 너무 깁니다(셀 2,000개, 셀 하나에 200,000자까지).",
                         "The notebook is too long (at most 2,000 cells of 200,000 characters).")
NO_CODE = Text("노트북에 코드 셀이 없습니다.", "The notebook has no code cell.")

# By what the jail's own errors begin with. It is said in hidden tests too: it holds nothing of the input.
EXPLAINED = {
    NO_WORKERS: Text("채점기에서는 작업 프로세스를 만들 수 없습니다. DataLoader의 num_workers를 0(기본값)으로 두세요.",
                     "The judge starts no worker processes: leave num_workers of the DataLoader at 0, its default."),
}
NOTEBOOK_PROBLEMS = {"no code": NO_CODE, "too long": NOTEBOOK_TOO_LONG}


def hint(text: Text) -> Text:
    """A test's pointer, told apart from what was found."""
    return Text(f"힌트: {text.ko}", f"Hint: {text.en}")


def missing_names(names: list[str]) -> Text:
    """The submission does not define what the exercise asks for."""
    listed = ", ".join(names)
    return Text(f"{listed}이(가) 정의되어 있지 않습니다. 이름을 문제와 똑같이 쓰세요.",
                f"{listed} is not defined. Use the very name that the exercise gives.")


def syntax_error(line: int, text: str) -> Text:
    """The source is not Python."""
    return Text(f"{line}번째 줄에 문법 오류가 있습니다: {text}", f"Syntax error in line {line}: {text}")


def explained(text: str) -> Text:
    """What to do about an error with this text, where the judge knows."""
    return next((note for start, note in EXPLAINED.items() if text.startswith(start)), NO_TEXT)


def raised(type_name: str, text: str, lines: list[tuple[int, str]]) -> Text:
    """Student code raised; `text` is empty where it must not be shown. `lines` are the student's own, the innermost last."""
    if type_name == "SystemExit":
        return ended("")
    tail = f": {text}" if text else ""
    way_ko = "".join(f"\n  {number}번째 줄: {code[:160]}" for number, code in lines)
    way_en = "".join(f"\n  line {number}: {code[:160]}" for number, code in lines)
    return Text(f"{type_name} 오류가 났습니다{tail}{way_ko}", f"{type_name}{tail}{way_en}")


def ended(signal_name: str) -> Text:
    """The student's process died of a signal, or left by itself (empty name)."""
    if signal_name:
        return Text(f"프로그램이 죽었습니다({signal_name}).", f"The program died ({signal_name}).")
    return Text("프로그램이 스스로 끝났습니다. exit()를 부르지 마세요.", "The program ended itself. Do not call exit().")
