"""Why a submission is not taken. Nothing is stored and no try is used when one of these is raised."""

from __future__ import annotations

from datetime import datetime


class Refused(Exception):
    """`message`: a sentence for the student, in the language of the request. `status`: the HTTP status it means."""

    status = 400
    code = "invalid"

    def __init__(self, message: str, resets_at: datetime | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.resets_at = resets_at


class BadFile(Refused):
    """The file cannot be judged, and that shows without judging it."""


class NotOpen(Refused):
    status = 409
    code = "closed"


class BadChoice(Refused):
    """What was asked for is not possible, and the sentence says why."""


class BadRules(Refused):
    """Rules, or a ruling, that contradict themselves."""


class Forbidden(Refused):
    status = 403
    code = "forbidden"


class NotCaptain(Refused):
    status = 403
    code = "not_captain"


class KeyReused(Refused):
    status = 409
    code = "key_reused"


class TooLarge(Refused):
    status = 413
    code = "too_large"


class QuotaUsed(Refused):
    """`resets_at`: when the next try is there."""

    status = 429
    code = "quota"
