"""What the site says about a CSV it cannot score: Korean and English side by side, so neither is forgotten."""

from __future__ import annotations

from sandbox.contract import Text

SHOWN = 40  # characters of a student's own text inside a message

_MESSAGES = {
    # the file as a whole
    "empty": Text("파일이 비어 있습니다.", "The file is empty."),
    "too_large": Text(
        "파일이 {limit} MB보다 큽니다. 예측 파일에는 {columns} 열만 있으면 됩니다.",
        "The file is larger than {limit} MB. A file of predictions needs only the columns {columns}.",
    ),
    "excel": Text(
        "CSV가 아니라 엑셀(또는 압축) 파일입니다. 이름만 .csv로 바꾸지 말고, 엑셀의 '다른 이름으로 저장'에서 "
        "'CSV UTF-8(쉼표로 분리)'을 골라 저장하세요.",
        'This is an Excel (or zip) file, not CSV. Renaming it is not enough: use "Save As" and choose '
        '"CSV UTF-8 (Comma delimited)".',
    ),
    "archive": Text(
        "CSV가 아니라 압축된 파일입니다({kind}). 압축을 풀어 CSV 파일을 올리세요.",
        "This is a compressed file ({kind}), not CSV. Unpack it and upload the CSV inside.",
    ),
    "utf16": Text(
        "UTF-16으로 저장된 파일입니다. 'CSV UTF-8(쉼표로 분리)'로 다시 저장하세요.",
        'The file is UTF-16 text. Save it again as "CSV UTF-8 (Comma delimited)".',
    ),
    "cp949": Text(
        "{row}행: UTF-8이 아니라 CP949(EUC-KR)로 저장된 글자가 있습니다. 엑셀에서는 'CSV UTF-8(쉼표로 분리)'로, "
        "pandas에서는 encoding='utf-8'로 저장하세요.",
        'Row {row} holds text in CP949 (EUC-KR), not UTF-8. In Excel save as "CSV UTF-8 (Comma delimited)", '
        "in pandas with encoding='utf-8'.",
    ),
    "not_utf8": Text(
        "{row}행: UTF-8이 아닌 글자가 있습니다. 'CSV UTF-8(쉼표로 분리)'로 저장하세요.",
        'Row {row} is not UTF-8 text. Save the file as "CSV UTF-8 (Comma delimited)".',
    ),
    "nul": Text(
        "{row}행: NUL 문자가 있습니다. CSV 글자 파일이 아닌 것 같습니다.",
        "Row {row} holds a NUL character: this does not look like a CSV text file.",
    ),
    "long_row": Text(
        "{row}행: 행이 너무 깁니다. 줄바꿈이 빠졌거나, 따옴표가 열리고 닫히지 않은 것 같습니다.",
        "Row {row} is too long: line breaks are missing, or a quotation mark is opened and never closed.",
    ),
    "unreadable": Text("{row}행을 CSV로 읽을 수 없습니다.", "Row {row} cannot be read as CSV."),
    "pickle": Text(
        "pickle 파일입니다(.pkl, 예전 .pt). pickle은 여는 순간 코드가 실행될 수 있어 받지 않습니다. numpy.save(.npy)나 "
        "safetensors, CSV로 저장하세요.",
        "This is a pickle (.pkl, or an old .pt). Opening one can run code, so it is not taken. Save with numpy.save "
        "(.npy), safetensors, or as CSV.",
    ),
    "torch": Text(
        "torch.save로 저장한 파일(.pt)입니다. 안에 pickle이 있어 받지 않습니다. numpy.save('p.npy', 예측.cpu().numpy())나 "
        "safetensors, CSV로 저장하세요.",
        "This was written by torch.save (.pt), which holds a pickle, so it is not taken. Use "
        "numpy.save('p.npy', prediction.cpu().numpy()), safetensors, or CSV.",
    ),
    "npz": Text(
        "압축된 배열 묶음(.npz)입니다. 예측 배열 하나만 numpy.save로 .npy로 저장하세요.",
        "This is a bundle of arrays (.npz). Save the one array of predictions with numpy.save, as .npy.",
    ),
    "hdf5": Text(
        "HDF5 파일입니다. CSV, .npy, .safetensors 가운데 하나로 저장하세요.",
        "This is an HDF5 file. Save as CSV, .npy or .safetensors.",
    ),
    "parquet": Text(
        "Parquet 파일입니다. CSV, .npy, .safetensors 가운데 하나로 저장하세요.",
        "This is a Parquet file. Save as CSV, .npy or .safetensors.",
    ),
    # arrays
    "array_header": Text(
        "배열 파일의 머리말을 읽을 수 없습니다.", "The header of the array file cannot be read."
    ),
    "array_objects": Text(
        "dtype=object인 배열입니다. 안에 pickle이 있어 열지 않습니다. 숫자나 글자 배열로 바꾸어 저장하세요.",
        "This array has dtype=object, which is a pickle inside, so it is not opened. Save an array of numbers or text.",
    ),
    "array_type": Text(
        "자료형 {found}은(는) 채점할 수 없습니다.", "An array of type {found} cannot be scored."
    ),
    "array_text": Text(
        "글자 배열의 칸이 {limit}자보다 깁니다.",
        "The text array has elements longer than {limit} characters.",
    ),
    "array_length": Text(
        "파일이 {found}바이트인데 머리말대로라면 {expected}바이트여야 합니다. 저장이 끝나지 않았거나 손상되었습니다.",
        "The file has {found} bytes, but its header says {expected}. It was cut off or is damaged.",
    ),
    "array_shape": Text(
        "배열의 모양이 {found}입니다. {expected}이어야 합니다(sample_submission.csv의 id 순서).",
        "The array has the shape {found}; it must be {expected}, in the order of the ids in sample_submission.csv.",
    ),
    "array_scores": Text(
        "배열의 모양이 {found}입니다. {expected}이어야 합니다. 클래스 점수라면 argmax(1)로 클래스 번호를 고르세요.",
        "The array has the shape {found}; it must be {expected}. If these are scores of classes, take argmax(1).",
    ),
    "which_tensor": Text(
        "텐서가 하나이거나 그 이름이 '{name}'이어야 합니다. 지금 있는 텐서: {found}",
        'There must be one tensor, or one called "{name}". The file has: {found}',
    ),
    # the header
    "separator": Text(
        "열이 쉼표가 아니라 {separator_ko}(으)로 나뉘어 있습니다. 쉼표로 나누어 저장하세요. "
        "pandas에서는 to_csv(..., index=False)입니다.",
        "The columns are separated by {separator_en}, not commas. Save with commas; in pandas that is "
        "to_csv(..., index=False).",
    ),
    "no_header": Text(
        "1행에 열 이름이 없습니다. 첫 행은 {columns}(이)어야 합니다. (지금 첫 행: {found})",
        "Row 1 holds no column names. The first row must be {columns}; it is: {found}",
    ),
    "missing_column": Text(
        "'{column}' 열이 없습니다. 파일에 있는 열: {found}. 대소문자까지 같아야 합니다.",
        'There is no column "{column}". The file has: {found}. Upper and lower case count.',
    ),
    "repeated_column": Text(
        "'{column}' 열이 두 번 이상 있습니다. 하나만 남기세요.",
        'The column "{column}" is there more than once. Keep one.',
    ),
    "extra_columns": Text(
        "쓰지 않는 열은 무시했습니다: {found}", "Columns that are not needed were ignored: {found}"
    ),
    # the rows
    "header_only": Text(
        "열 이름만 있고 데이터 행이 없습니다. {expected}행이 필요합니다.",
        "There is a header but no row of data. {expected} rows are needed.",
    ),
    "row_count": Text(
        "데이터가 {rows}행입니다. 열 이름을 빼고 {expected}행이어야 합니다.",
        "There are {rows} rows of data; {expected} are expected, not counting the header.",
    ),
    "far_too_many_rows": Text(
        "데이터가 {limit}행보다 많습니다. 열 이름을 빼고 {expected}행이어야 합니다.",
        "There are more than {limit} rows of data; {expected} are expected, not counting the header.",
    ),
    "missing_ids": Text(
        "예측이 없는 {column}: {ids} (모두 {count}개)", "No prediction for {column}: {ids} ({count} in all)."
    ),
    "unknown_id": Text(
        "{row}행: {column} 값 '{value}'은(는) test.csv에 없습니다.",
        'Row {row}: {column} "{value}" is not in test.csv.',
    ),
    "empty_id": Text("{row}행: {column} 값이 비어 있습니다.", "Row {row}: {column} is empty."),
    "duplicate_id": Text(
        "{row}행: {column} 값 '{value}'이(가) {first}행에 이미 있습니다.",
        'Row {row}: {column} "{value}" is already in row {first}.',
    ),
    "extra_cells": Text(
        "{row}행: 칸이 {cells}개로, 열 이름 {expected}개보다 많습니다. 숫자에 천 단위 쉼표가 있으면 빼세요.",
        "Row {row} has {cells} cells, the header has {expected}. Leave out commas for thousands.",
    ),
    "open_quote": Text(
        "{row}행 {column}: 따옴표가 열리고 닫히지 않았습니다.",
        "Row {row}, {column}: a quotation mark is opened and not closed.",
    ),
    # one value
    "empty_value": Text("{row}행 {column}: 값이 비어 있습니다.", "Row {row}, {column}: the value is empty."),
    "nan": Text(
        "{row}행 {column}: 값이 '{value}'입니다. NaN(결측값)은 채점할 수 없습니다.",
        'Row {row}, {column}: the value is "{value}". NaN (missing) cannot be scored.',
    ),
    "infinite": Text(
        "{row}행 {column}: 값이 '{value}'입니다. 무한대는 채점할 수 없습니다.",
        'Row {row}, {column}: the value is "{value}". Infinity cannot be scored.',
    ),
    "huge": Text(
        "{row}행 {column}: 값 '{value}'이(가) 너무 큽니다.",
        'Row {row}, {column}: "{value}" is too large a number.',
    ),
    "thousands": Text(
        "{row}행 {column}: 값 '{value}'에서 천 단위 쉼표를 빼고 {plain}처럼 쓰세요.",
        'Row {row}, {column}: write "{value}" without commas for thousands, as {plain}.',
    ),
    "not_number": Text(
        "{row}행 {column}: 값 '{value}'은(는) 숫자가 아닙니다.",
        'Row {row}, {column}: "{value}" is not a number.',
    ),
    "negative": Text(
        "{row}행 {column}: 값 '{value}'이(가) 음수입니다. 0 이상이어야 합니다.",
        'Row {row}, {column}: "{value}" is negative. It must be 0 or more.',
    ),
    "out_of_bounds": Text(
        "{row}행 {column}: 값 '{value}'은(는) {low} 이상 {high} 이하여야 합니다.",
        'Row {row}, {column}: "{value}" must be between {low} and {high}.',
    ),
    "sum": Text(
        "{row}행: 확률의 합이 {sum}입니다. 1이어야 합니다.",
        "Row {row}: the probabilities sum to {sum}, not to 1.",
    ),
    "too_many_labels": Text(
        "{row}행 {column}: 이름이 {count}개입니다. {most}개까지 쓸 수 있습니다.",
        "Row {row}, {column}: there are {count} labels; at most {most} may be named.",
    ),
    "repeated_label": Text(
        "{row}행 {column}: 같은 이름이 두 번 있습니다: '{value}'",
        'Row {row}, {column}: a label is named twice: "{value}"',
    ),
    "not_integer": Text(
        "{row}행 {column}: 값 '{value}'은(는) 정수가 아닙니다. 클래스 번호를 쓰세요.",
        'Row {row}, {column}: "{value}" is not a whole number. Write the number of the class.',
    ),
}


def say(key: str, **values: object) -> Text:
    """The message `key` in both languages with `values` filled in."""
    message = _MESSAGES[key]
    return Text(message.ko.format(**values), message.en.format(**values))


def keys() -> list[str]:
    """Every message there is."""
    return list(_MESSAGES)


def shown(text: str) -> str:
    """`text` as it may stand inside a sentence: short, and without characters that would break the line."""
    line = "".join(character if character.isprintable() else " " for character in text[: SHOWN + 1])
    return line if len(text) <= SHOWN else line[:SHOWN] + "…"
