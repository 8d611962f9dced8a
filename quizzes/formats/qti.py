"""QTI 2.1 packages: a zip of one XML file for each question and a manifest (imsglobal.org, QTI v2.1 and content packaging)."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Sequence
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from . import qti_package, qti_reading
from .contract import Entry, Reading, check_count
from .keepsake import keep
from .qti_items import KINDS as KINDS
from .qti_items import build

TITLE = "QTI 2.1"
SUFFIX = ".qti.zip"
MIME = "application/zip"
KEEPSAKES = "examprep.json"
PACKAGING = "http://www.imsglobal.org/xsd/imscp_v1p1"
ITEM_TYPE = "imsqti_item_xmlv2p1"


def write(entries: Sequence[Entry], language: str) -> bytes:
    """A zip. `entries` are of `KINDS`."""
    items, keepsakes = {}, {}
    for entry in entries:
        element = build(entry, language)
        # Not indented: white space would get between the words of a paragraph and into listings.
        data = b'<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(element, encoding="utf-8") + b"\n"
        name = f"items/{entry['slug']}.xml"
        items[name] = data
        keepsakes[name] = keep(entry, qti_reading.read_item(data, "").entry)
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("imsmanifest.xml", _manifest(list(items)))
        for name, data in items.items():
            package.writestr(name, data)
        package.writestr(KEEPSAKES, json.dumps(keepsakes, ensure_ascii=False))
    return target.getvalue()


def _manifest(names: list[str]) -> bytes:
    root = Element("manifest", {"xmlns": PACKAGING, "identifier": "examprep-questions"})
    metadata = SubElement(root, "metadata")
    SubElement(metadata, "schema").text = "QTIv2.1 Package"
    SubElement(metadata, "schemaversion").text = "1.0.0"
    SubElement(root, "organizations")
    resources = SubElement(root, "resources")
    for place, name in enumerate(names, start=1):
        fields = {"identifier": f"RES-{place}", "type": ITEM_TYPE, "href": name}
        SubElement(SubElement(resources, "resource", fields), "file", href=name)
    extra = {"identifier": "RES-keepsakes", "type": "webcontent", "href": KEEPSAKES}
    SubElement(SubElement(resources, "resource", extra), "file", href=KEEPSAKES)
    indent(root)
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="utf-8") + b"\n"


def read(data: bytes) -> list[Reading]:
    """A package, or one item's XML by itself. Raises FormatError for all else."""
    if not data.startswith(b"PK"):
        return [qti_reading.read_item(data, "", must_be_item=True)]
    files = qti_package.unpack(data)
    keepsakes = _keepsakes(files.get(KEEPSAKES, b""))
    items = qti_package.items_of(files)
    check_count(len(items))
    return [qti_reading.read_item(files[name], keepsakes.get(name, "")) for name in items]


def _keepsakes(data: bytes) -> dict[str, str]:
    try:
        found = json.loads(data or b"{}")
    except (ValueError, RecursionError):
        return {}
    if not isinstance(found, dict):
        return {}
    return {name: kept for name, kept in found.items() if isinstance(kept, str)}
