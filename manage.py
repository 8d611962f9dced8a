#!/usr/bin/env python
"""The one door: puts platform/ on the path, names the settings, runs a command.

`platform/` is a source root, not a package: Python's standard library has a module of that name, and it must go on
winning. Importing this module (as tests/conftest.py does) is enough to make `config`, `accounts`, `courses` and `web`
importable.
"""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
SOURCE_ROOTS = (str(ROOT), str(ROOT / "platform"))

for _root in SOURCE_ROOTS:
    if _root not in sys.path:
        sys.path.insert(0, _root)
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")


def main() -> None:
    try:
        from django.core.management import execute_from_command_line
    except ImportError as error:
        raise SystemExit(
            f"Django is missing from this Python ({sys.executable}): {error}.\n"
            "Run `make run`, or use .venv/bin/python after `make .venv/stamp`."
        ) from error
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
