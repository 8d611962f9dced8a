"""Names for those who do not want to stand on a board under their own.

A number gives the same name for ever: "조용한 고래 17" and "Quiet Whale 17" are one participant. The number is drawn at
random, so that nothing about the person can be told from it.
"""

from __future__ import annotations

ADJECTIVES = (
    ("조용한", "Quiet"), ("용감한", "Brave"), ("느긋한", "Easygoing"), ("부지런한", "Busy"), ("영리한", "Clever"),
    ("명랑한", "Cheerful"), ("신중한", "Careful"), ("재빠른", "Swift"), ("다정한", "Kind"), ("꼼꼼한", "Thorough"),
    ("활기찬", "Lively"), ("차분한", "Calm"), ("씩씩한", "Sturdy"), ("상냥한", "Gentle"), ("엉뚱한", "Quirky"),
    ("든든한", "Steady"), ("호기심 많은", "Curious"), ("반짝이는", "Sparkling"), ("졸린", "Sleepy"), ("포근한", "Cosy"),
    ("지혜로운", "Wise"), ("당당한", "Proud"), ("유쾌한", "Merry"), ("끈기 있는", "Patient"),
)  # fmt: skip
ANIMALS = (
    ("고래", "Whale"), ("수달", "Otter"), ("여우", "Fox"), ("두루미", "Crane"), ("다람쥐", "Squirrel"),
    ("호랑이", "Tiger"), ("부엉이", "Owl"), ("거북이", "Turtle"), ("토끼", "Rabbit"), ("사슴", "Deer"),
    ("너구리", "Raccoon"), ("펭귄", "Penguin"), ("돌고래", "Dolphin"), ("까치", "Magpie"), ("고슴도치", "Hedgehog"),
    ("반딧불이", "Firefly"), ("해달", "Sea Otter"), ("제비", "Swallow"), ("판다", "Panda"), ("곰", "Bear"),
    ("늑대", "Wolf"), ("오리", "Duck"), ("고양이", "Cat"), ("삵", "Wildcat"),
)  # fmt: skip
NUMBERS = 999
COUNT = len(ADJECTIVES) * len(ANIMALS) * NUMBERS


def name(number: int, language: str) -> str:
    """The name of `number` (0 to COUNT - 1), in English for "en", else in Korean."""
    rest, last = divmod(number % COUNT, NUMBERS)
    adjective, animal = divmod(rest, len(ANIMALS))
    place = 1 if language.startswith("en") else 0
    return f"{ADJECTIVES[adjective][place]} {ANIMALS[animal][place]} {last + 1}"
