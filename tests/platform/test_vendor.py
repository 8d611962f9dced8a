"""The vendored front end is what vendor.json says, and the lock names no place to fetch it from."""

import base64
import hashlib
import json
import re

import pytest

import manage

WEB = manage.ROOT / "platform/web"
VENDOR = WEB / "static/vendor"
LIBRARIES = json.loads((VENDOR / "vendor.json").read_text())


@pytest.mark.parametrize("name", sorted(LIBRARIES))
def test_every_file_has_its_hash_and_there_is_no_other(name):
    library = LIBRARIES[name]
    folder = VENDOR / library["folder"]
    found = {
        str(path.relative_to(folder)): "sha384-"
        + base64.b64encode(hashlib.sha384(path.read_bytes()).digest()).decode()
        for path in folder.rglob("*")
        if path.is_file()
    }
    assert found == library["files"]
    assert library["folder"] == f"{name}-{library['version']}"
    assert library["license"]


def test_no_folder_is_left_over():
    assert {path.name for path in VENDOR.iterdir()} == {
        "vendor.json",
        *(library["folder"] for library in LIBRARIES.values()),
    }


def test_the_versions_are_those_that_the_lock_pins():
    manifest = json.loads((WEB / "frontend/package.json").read_text())
    lock = json.loads((WEB / "frontend/package-lock.json").read_text())["packages"]
    for library in LIBRARIES.values():
        package = library["package"]
        assert (
            manifest["dependencies"][package]
            == library["version"]
            == lock[f"node_modules/{package}"]["version"]
        )
    pins = {**manifest["dependencies"], **manifest["devDependencies"]}
    assert [pin for pin in pins.values() if not re.fullmatch(r"\d+\.\d+\.\d+", pin)] == []


def test_the_lock_names_no_registry():
    assert "http" not in (WEB / "frontend/package-lock.json").read_text().replace(
        "https://opencollective.com", ""
    ).replace("https://github.com", "")


def test_a_style_sheet_fetches_only_what_lies_beside_it():
    for path in VENDOR.rglob("*.css"):
        for address in re.findall(r"url\(([^)]+)\)", path.read_text()):
            address = address.strip("\"'")
            assert address.startswith("data:") or (path.parent / address).is_file(), f"{path.name}: {address}"
