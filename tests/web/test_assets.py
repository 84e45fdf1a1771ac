"""Static files: found by content, compressed, cached, and light."""

import gzip

import pytest
from fastapi.testclient import TestClient

from backend.web.assets import assets, digest, static
from tests.web.given import app


def test_addresses_carry_the_content() -> None:
    assert static("app.css") == f"/static/{digest()}/app.css"
    with pytest.raises(LookupError, match=r"nowhere\.css"):
        static("nowhere.css")


def test_files_are_compressed_and_cached_for_a_year() -> None:
    with TestClient(app()) as client:
        answer = client.get(static("app.css"))
        plain = client.get(static("app.css"), headers={"accept-encoding": "identity"})
        old = client.get("/static/00000000/app.css")
        font = client.get(static("fonts/sans-400.woff2"))
        assert client.get("/static/x/../nav.py").status_code == 404
    assert answer.headers["content-encoding"] == "gzip"
    assert "immutable" in answer.headers["cache-control"]
    assert "content-encoding" not in plain.headers
    assert plain.text == answer.text
    assert old.headers["cache-control"] == "no-cache"
    assert font.headers["content-type"] == "font/woff2"


def test_compressed_bytes_are_the_file() -> None:
    for asset in assets().values():
        assert asset.compressed is None or gzip.decompress(asset.compressed) == asset.body


OF_A_STAGE = (
    ("autosave.js", "dossier.css"),
    ("upload.js", "upload.css"),
    ("review.js", "review.css"),
    ("editor.css",),
    ("viability.css",),
)
"""What the pages of one stage bring beside what every page brings."""


@pytest.mark.parametrize(("fonts", "most"), [(("sans",), 55_000), (("sans", "arabic"), 80_000)])
def test_first_load_leaves_room_for_the_page(fonts: tuple[str, ...], most: int) -> None:
    """100 kB is the budget of a first load, page included; what comes with a page must stay well under."""
    sizes = {name: len(asset.compressed or asset.body) for name, asset in assets().items()}
    of_stages = {name for names in OF_A_STAGE for name in names} | {"sw.js"}  # which comes afterwards
    every_page = sum(
        size
        for name, size in sizes.items()
        if name not in of_stages
        and (name.endswith((".css", ".js", ".svg")) or any(f"fonts/{family}" in name for family in fonts))
    )
    assert every_page + max(sum(sizes[name] for name in names) for names in OF_A_STAGE) < most
