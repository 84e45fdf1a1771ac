"""Printed documents: a Typst template of ours and plain data, to an accessible PDF (PDF/UA-1).

A template is `backend/<slice>/typst/<name>.typ`; it reads `json(bytes(sys.inputs.data))` and builds on
`/core/typst/house.typ`. What people typed only ever travels as data: no markup is built from it. The same
data and instant give the same bytes.
"""

import importlib.util
import json
import logging
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

log = logging.getLogger(__name__)
BACKEND = Path(__file__).resolve().parents[1]
_FONTS = ("fontpkg_ibm_plex_sans", "fontpkg_ibm_plex_sans_arabic")


def render(template: str, lang: str, data: Mapping[str, Any], at: datetime) -> bytes:
    """The PDF of `slice/name` in one language; `data` is plain JSON, `at` the instant that it bears."""
    import typst

    slice_name, name = template.split("/")
    source = str(BACKEND / slice_name / "typst" / f"{name}.typ")
    given: dict[str, Any] = {
        "root": str(BACKEND),
        "font_paths": _fonts(),
        "format": "pdf",
        "sys_inputs": {"lang": lang, "data": json.dumps(data, ensure_ascii=False)},
        "timestamp": int(at.timestamp()),
    }
    try:
        made = typst.compile(source, pdf_standards=["ua-1"], **given)
    except typst.TypstError as error:
        if "could not be displayed" not in str(error):
            raise
        # somebody wrote a sign that no font of ours has (an emoji): it shows as an empty box, its text stays
        log.warning("%s: a sign has no glyph, the PDF is made without PDF/UA", template)
        made = typst.compile(source, **given)
    if not isinstance(made, bytes):
        raise TypeError("Typst gives one file for a PDF")
    return made


@cache
def _fonts() -> Any:
    import typst

    folders = [BACKEND / "core" / "typst" / "fonts"]  # Tifinagh, of which IBM Plex has nothing
    for package in _FONTS:
        found = importlib.util.find_spec(package)
        if found is None or found.origin is None:
            raise RuntimeError(f"{package} is not installed")
        folders.append(Path(found.origin).parent / "files")
    return typst.Fonts(include_system_fonts=False, font_paths=[str(folder) for folder in folders])


def qr(text: str) -> str:
    """A QR code of the text as SVG, for `qr-code` of the house's template; error correction M (15 %)."""
    import segno

    drawn = BytesIO()
    segno.make(text, error="m", micro=False).save(
        drawn, kind="svg", border=0, dark="#1C2321", light=None, xmldecl=False, svgns=True, omitsize=True
    )
    return drawn.getvalue().decode()
