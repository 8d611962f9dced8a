"""CodeMirror's own words: its panels, tooltips and what it says to a screen reader."""

import json

from django.utils.translation import pgettext_lazy

PHRASES = {
    "Fold line": pgettext_lazy("code editor", "Fold line"),
    "Unfold line": pgettext_lazy("code editor", "Unfold line"),
    "Folded lines": pgettext_lazy("code editor", "Folded lines"),
    "Unfolded lines": pgettext_lazy("code editor", "Unfolded lines"),
    "to": pgettext_lazy("code editor", "to"),
    "folded code": pgettext_lazy("code editor", "folded code"),
    "unfold": pgettext_lazy("code editor", "unfold"),
    "Find": pgettext_lazy("code editor", "Find"),
    "Replace": pgettext_lazy("code editor", "Replace"),
    "next": pgettext_lazy("code editor", "next"),
    "previous": pgettext_lazy("code editor", "previous"),
    "all": pgettext_lazy("code editor", "all"),
    "match case": pgettext_lazy("code editor", "match case"),
    "by word": pgettext_lazy("code editor", "by word"),
    "regexp": pgettext_lazy("code editor", "regexp"),
    "replace": pgettext_lazy("code editor", "replace"),
    "replace all": pgettext_lazy("code editor", "replace all"),
    "close": pgettext_lazy("code editor", "close"),
    "current match": pgettext_lazy("code editor", "current match"),
    "on line": pgettext_lazy("code editor", "on line"),
    "replaced match on line $": pgettext_lazy("code editor", "replaced match on line $"),
    "replaced $ matches": pgettext_lazy("code editor", "replaced $ matches"),
    "Go to line": pgettext_lazy("code editor", "Go to line"),
    "go": pgettext_lazy("code editor", "go"),
    "Completions": pgettext_lazy("code editor", "Completions"),
    "Control character": pgettext_lazy("code editor", "Control character"),
    "Selection deleted": pgettext_lazy("code editor", "Selection deleted"),
    "Diagnostics": pgettext_lazy("code editor", "Diagnostics"),
    "No diagnostics": pgettext_lazy("code editor", "No diagnostics"),
}
"""By the English text that CodeMirror looks up. The context keeps such small words out of other pages' sentences."""


def phrases() -> str:
    """PHRASES in the request's language as JSON, for EditorState.phrases."""
    return json.dumps({text: str(translated) for text, translated in PHRASES.items()}, ensure_ascii=False)
