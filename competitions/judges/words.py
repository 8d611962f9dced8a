"""Text -> statements -> weighted words, for English and Korean, without a dictionary.

English words lose their endings, Korean ones their particles; what is left of a Korean word is cut into pairs of
syllables, so that 기울기가, 기울기를 and 기울기의 still share what counts. Identifiers are parted where their case changes:
CrossEntropyLoss shares its words with "cross-entropy loss".
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _longest_first(text: str) -> list[str]:
    return sorted(text.split(), key=len, reverse=True)


def _pairs(text: str) -> dict[str, str]:
    return dict(pair.split("=") for pair in text.split())


MOST_STATEMENTS = 40  # of one text; more only costs time
_BREAKS = re.compile(r"(?<=[.!?。])\s+|\n+|;\s+|(?:^|\s)[-*•]\s+")
_NUMBER = re.compile(r"^\d{1,2}[.)]\s+")
_CASES = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_WORDS = re.compile(r"[a-z]+|\d+(?:\.\d+)?|[가-힣]+")
_STOP = _set(
    "a an the is are was were be been being it its this that these those of to in on at by for from with "
    "as and or so if then than there here which who what when where how why do does did has have had can "
    "could will would should may might must you your we our they their he she i me my one also just very "
    "more most such into onto over per via"
)
_NEGATIONS = {"not", "no", "never", "without", "cannot", "nor", "neither"}
_KOREAN_NEGATION = re.compile(r"않|없|못하|못 하|아니|아닌|안 [가-힣]|말아야|금지")
_ENGLISH_NEGATION = re.compile(r"\b(?:not|no|never|without|cannot|nor|neither)\b|n't\b")
_ENDINGS = ("ations", "ation", "ings", "ing", "edly", "ed", "ies", "es", "ly", "s", "e")
# The longest first. What is only grammar: particles, and the endings of 하다 and 이다.
_PARTICLES = _longest_first(
    "은 는 이 가 을 를 의 에 로 도 만 과 와 나 요 에서 에게 으로 부터 까지 처럼 보다 마다 이나 이며 이고 이라 라는 이라는 입니다 합니다 됩니다 습니다 하는 하고 하며 하면 "
    "하여 해서 해야 한다 된다 되는 되어 되고 되면 되며 하지 되지 이다 인데 다 며 고 면 서 들 들이 들은 들을 들의 했다 됐다 하기 되기 할 될 한 된 함 됨 어서 아서 지만 "
    "므로 으므로 니다"
)
# Loan words as notebooks write them, so that either spelling finds the other.
_LOANS = _pairs(
    "텐서=tensor 배치=batch 드롭아웃=dropout 소프트맥스=softmax 옵티마이저=optimizer 그래디언트=gradient 기울기=gradient 레이어=layer "
    "모델=model 손실=loss 로스=loss 에포크=epoch 파라미터=parameter 매개변수=parameter 마스크=mask 어텐션=attention "
    "임베딩=embedding 토큰=token 커널=kernel 스트라이드=stride 패딩=padding 채널=channel 필터=filter 디바이스=device 로짓=logit "
    "활성화=activation 스케줄러=scheduler 데이터셋=dataset 데이터로더=dataloader 버퍼=buffer 가중치=weight 편향=bias 학습률=lr "
    "정규화=norm 브로드캐스팅=broadcast 시드=seed 클래스=class 메서드=method 함수=function 메모리=memory 평균=mean 분산=variance"
)


def sentences(text: str) -> list[str]:
    """The statements of `text`: sentences, lines and items of lists that hold a word, at most MOST_STATEMENTS."""
    pieces = (part.strip(" \t\r`#>*-") for part in _BREAKS.split(unicodedata.normalize("NFC", text)))
    parts = (_NUMBER.sub("", piece) for piece in pieces)
    return [part for part in parts if words(part)][:MOST_STATEMENTS]


def words(text: str) -> Counter[str]:
    """How often each word occurs, in the form in which words are compared."""
    plain = _CASES.sub(" ", unicodedata.normalize("NFC", text)).casefold().replace("n't", " not")
    found: Counter[str] = Counter()
    for word in _WORDS.findall(plain):
        found.update(_korean(word) if "가" <= word[0] <= "힣" else _english(word))
    return found


def _english(word: str) -> list[str]:
    if word in _STOP or word in _NEGATIONS:
        return []
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return [word[: -len(ending)]]
    return [word]


def _korean(word: str) -> list[str]:
    for name, english in _LOANS.items():
        if word.startswith(name):
            return _english(english)
    for particle in _PARTICLES:
        if word.endswith(particle) and len(word) > len(particle):
            word = word[: -len(particle)]
            break
    return [word[at : at + 2] for at in range(len(word) - 1)] or [word]


def is_negative(text: str) -> bool:
    """Whether the statement denies something an odd number of times, as far as words tell."""
    plain = text.casefold()
    return (len(_ENGLISH_NEGATION.findall(plain)) + len(_KOREAN_NEGATION.findall(plain))) % 2 == 1


class Weights:
    """TF-IDF over a corpus of texts: a word that every text has says little."""

    def __init__(self, corpus: Iterable[str] = ()) -> None:
        texts = [words(text).keys() for text in corpus]
        self._count = len(texts)
        self._found = Counter(word for text in texts for word in text)

    def weigh(self, text: Counter[str], dull: Iterable[str] = (), share: float = 1.0) -> dict[str, float]:
        """Weight of each word; that of `dull` ones, which a question gave away, is only `share` of it."""
        known = set(dull)
        return {
            word: (1 + math.log(times)) * self._rarity(word) * (share if word in known else 1.0)
            for word, times in text.items()
        }

    def _rarity(self, word: str) -> float:
        return math.log((1 + self._count) / (1 + self._found[word])) + 1.0


def cosine(one: dict[str, float], other: dict[str, float]) -> float:
    """0 to 1; 0 where either is empty."""
    dot = sum(weight * other[word] for word, weight in one.items() if word in other)
    length = math.sqrt(sum(w * w for w in one.values()) * sum(w * w for w in other.values()))
    return min(dot / length, 1.0) if length else 0.0


def coverage(one: dict[str, float], others: Sequence[dict[str, float]]) -> float:
    """Which share of the weight of `one` the words of `others` hold; 0 to 1."""
    total = sum(one.values())
    shared = sum(weight for word, weight in one.items() if any(word in other for other in others))
    return shared / total if total else 0.0
