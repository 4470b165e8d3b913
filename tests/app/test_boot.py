"""Scripts come from our own server, under names that change with their content."""

from __future__ import annotations

import asyncio
import gzip
import json
from pathlib import Path

import plotly
import pytest
import streamlit
from starlette.applications import Starlette

from app.assets import asset_url, routes
from app.charts.theme import PALETTES

BUNDLE = Path(plotly.__file__).parent / "package_data" / "plotly.min.js"


def get(path: str, encoding: str = "identity") -> tuple[int, dict[str, str], bytes]:
    """Ask the routes for a path, as a server would."""
    sent: list[dict[str, object]] = []

    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: object) -> None:
        assert isinstance(message, dict)
        sent.append(message)

    scope = {
        "type": "http",
        "method": "GET",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "headers": [(b"accept-encoding", encoding.encode())],
        "http_version": "1.1",
    }
    asyncio.run(Starlette(routes=routes())(scope, receive, send))
    status, headers = sent[0]["status"], sent[0]["headers"]
    assert isinstance(status, int)
    assert isinstance(headers, list)
    bodies = [message.get("body", b"") for message in sent[1:]]
    body = b"".join(part for part in bodies if isinstance(part, bytes))
    return status, {name.decode(): value.decode() for name, value in headers}, body


def test_plotly_is_served_as_the_installed_package_has_it() -> None:
    path = "/" + asset_url("plotly.min.js")
    _, headers, plain = get(path)
    _, packed_headers, packed = get(path, "gzip, br")
    assert plain == gzip.decompress(packed) == BUNDLE.read_bytes()
    assert packed_headers["content-encoding"] == "gzip"
    assert "content-encoding" not in headers
    assert "immutable" in headers["cache-control"]


@pytest.mark.parametrize("path", ["/", "/train_a_gate", "/images"])
def test_a_page_is_streamlits_own_with_our_script_before_all_of_its(path: str) -> None:
    status, headers, page = get(path)
    assert (status, headers["cache-control"]) == (200, "no-cache")
    text = page.decode()
    script = text[text.index("<script>") : text.index("</script>") + len("</script>")]
    assert "history.pushState" in script
    own = Path(streamlit.__file__).parent / "static" / "index.html"
    assert text.replace("\n" + script, "") == own.read_text(encoding="utf-8")


@pytest.mark.parametrize(("ending", "kind"), [("js", "text/javascript"), ("css", "text/css")])
def test_every_script_and_style_of_the_components_is_served(ending: str, kind: str) -> None:
    folder = Path(__file__).parents[2] / "app" / "components"
    paths = list(folder.rglob(f"*.{ending}"))
    assert any(path.parent.name == "runtime" for path in paths)
    for path in paths:
        _, headers, body = get("/" + asset_url(path.relative_to(folder).as_posix()))
        assert body == path.read_bytes()
        assert headers["content-type"].startswith(kind)


def test_scripts_find_each_other_and_what_they_are_told_beside_them() -> None:
    """All lie in one folder, so that `import "./runtime/dom.js"` finds its file."""
    folders = {
        asset_url(name).removesuffix(name)
        for name in ("live_board.js", "live_board.css", "runtime/dom.js", "runtime/told.js")
    }
    assert len(folders) == 1
    _, _, told = get("/" + asset_url("runtime/told.js"))
    assert json.dumps(PALETTES).encode() in told
    assert asset_url("plotly.min.js").removeprefix("vendor/").encode() in told


def test_nothing_else_is_served() -> None:
    for path in (
        "/vendor/nonsense.js",
        "/vendor/plotly.min.js",
        "/vendor/runtime/dom.js",
        "/vendor/../app/main.py",
    ):
        assert get(path)[0] == 404
