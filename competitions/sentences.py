"""What is wrong with a student's file, as one text. Pure: no Django."""

from __future__ import annotations

from collections.abc import Sequence

from sandbox.contract import Text


def listed(first: Sequence[Text], count: int) -> Text:
    """A line for each of the `first` sentences, and one that counts the rest of all `count`."""
    korean, english = [each.ko for each in first], [each.en for each in first]
    if (more := count - len(first)) > 0:
        korean.append(f"이 밖에도 {more:,}건이 더 있습니다.")
        english.append(f"There are {more:,} more.")
    return Text("\n".join(korean), "\n".join(english))
