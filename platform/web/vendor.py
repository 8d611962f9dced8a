"""Where the vendored libraries lie: static/vendor/NAME-VERSION/, described by vendor.json (see web/frontend)."""

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.templatetags.static import static

FOLDER = Path(__file__).parent / "static" / "vendor"


@lru_cache(maxsize=1)
def libraries() -> dict[str, dict[str, Any]]:
    """{name: {"package", "version", "license", "folder", "files": {path: "sha384-..."}}}"""
    return json.loads((FOLDER / "vendor.json").read_text())


def vendor_url(library: str, file: str) -> str:
    """The static address of one vendored file; KeyError when vendor.json does not list it."""
    entry = libraries()[library]
    if file not in entry["files"]:
        raise KeyError(f"{library} has no file {file}")
    return static(f"vendor/{entry['folder']}/{file}")
