"""What the browser loads from our own origin: scripts and styles, and the page that they are in."""

from __future__ import annotations

import gzip
import hashlib
import json
from functools import cache
from pathlib import Path

import streamlit as st
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from app.charts.theme import PALETTES

__all__ = ["asset_url", "routes", "served_files"]

COMPONENTS = Path(__file__).with_name("components")
PAGES = Path(__file__).parents[1] / "pages"
HISTORY = COMPONENTS / "runtime" / "history.js"
PLOTLY = "plotly.min.js"
MEDIA_TYPES = {".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8"}
# An address carries a digest of its content, so a browser may keep it for good.
FOREVER = {"Cache-Control": "public, max-age=31536000, immutable", "Vary": "Accept-Encoding"}


def routes() -> list[Route]:
    """Return the routes that serve Plotly.js, what belongs to the components, and the pages."""
    base = str(st.get_option("server.baseUrlPath") or "").strip("/")
    prefix = f"/{base}" if base else ""
    names = ["", *(each.parent.name for each in sorted(PAGES.glob("*/page.py")))]
    return [
        Route(f"{prefix}/vendor/{{name:path}}", _serve),
        *(Route(f"{prefix}/{name}", _serve_page) for name in names),
    ]


def asset_url(name: str) -> str:
    """Return where a script or style is served, relative to the page.

    Args:
        name: "plotly.min.js", or a file of app/components, such as "runtime/loader.js".

    Raises:
        KeyError: If there is no such file.
    """
    return f"vendor/{_addresses()[name]}"


async def _serve(request: Request) -> Response:
    name = request.path_params["name"]
    content = served_files().get(name)
    if content is None:
        return Response("no such file", status_code=404)
    plain, packed = content
    headers, media_type = dict(FOREVER), MEDIA_TYPES[Path(name).suffix]
    if "gzip" in request.headers.get("accept-encoding", ""):
        headers["Content-Encoding"] = "gzip"
        return Response(packed, headers=headers, media_type=media_type)
    return Response(plain, headers=headers, media_type=media_type)


async def _serve_page(_request: Request) -> Response:
    return HTMLResponse(_page(), headers={"Cache-Control": "no-cache"})


@cache
def _page() -> str:
    """Streamlit's page, with a script of ours before its own."""
    page = (Path(st.__file__).parent / "static" / "index.html").read_text(encoding="utf-8")
    script = f"<script>\n{HISTORY.read_text(encoding='utf-8')}</script>"
    return page.replace("<head>", f"<head>\n{script}", 1)


@cache
def served_files() -> dict[str, tuple[bytes, bytes]]:
    """Each file under its address, plain and compressed once for all."""
    return {
        _addresses()[name]: (content, gzip.compress(content, 6))
        for name, content in _sources().items()
    }


@cache
def _sources() -> dict[str, bytes]:
    """The files by name: Plotly.js from the installed package, ours, and what Python tells ours."""
    ours = {
        path.relative_to(COMPONENTS).as_posix(): path.read_bytes()
        for path in sorted(COMPONENTS.rglob("*"))
        if path.suffix in MEDIA_TYPES
    }
    plotly = _plotly()
    told = f"export const palettes = {json.dumps(PALETTES)};\n"
    told += f"export const plotlyName = {json.dumps(_named_by_content(PLOTLY, plotly))};\n"
    return {PLOTLY: plotly, **ours, "runtime/told.js": told.encode()}


@cache
def _addresses() -> dict[str, str]:
    """Plotly.js under a name of its own; ours in one folder, so that they import each other."""
    sources = dict(_sources())
    addresses = {PLOTLY: _named_by_content(PLOTLY, sources.pop(PLOTLY))}
    parts = [name.encode() + b"\0" + content for name, content in sources.items()]
    folder = _digest(b"\0".join(parts))
    return addresses | {name: f"{folder}/{name}" for name in sources}


def _plotly() -> bytes:
    import plotly  # only for its data file; charts are plain dictionaries

    return (Path(plotly.__file__).parent / "package_data" / PLOTLY).read_bytes()


def _named_by_content(name: str, content: bytes) -> str:
    stem, _, rest = name.partition(".")
    return f"{stem}-{_digest(content)}.{rest}"


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:10]
