"""Scripts that the browser loads from our own origin, under addresses that name their content."""

from __future__ import annotations

import gzip
import hashlib
import json
from functools import cache
from pathlib import Path

import streamlit as st
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.charts.theme import PALETTES

__all__ = ["asset_url", "routes", "served_files"]

COMPONENTS = Path(__file__).with_name("components")
# A name carries a digest of its content, so a browser may keep it for good.
FOREVER = {"Cache-Control": "public, max-age=31536000, immutable", "Vary": "Accept-Encoding"}


def routes() -> list[Route]:
    """Return the routes that serve Plotly.js and the components' scripts."""
    base = str(st.get_option("server.baseUrlPath") or "").strip("/")
    prefix = f"/{base}" if base else ""
    return [Route(f"{prefix}/vendor/{{name}}", _serve)]


def asset_url(name: str) -> str:
    """Return where a script is served, relative to the page.

    Args:
        name: "plotly.min.js", or a file of app/components.

    Raises:
        KeyError: If there is no such script.
    """
    return f"vendor/{_addresses()[name]}"


async def _serve(request: Request) -> Response:
    content = served_files().get(request.path_params["name"])
    if content is None:
        return Response("no such file", status_code=404)
    plain, packed = content
    headers = dict(FOREVER)
    if "gzip" in request.headers.get("accept-encoding", ""):
        return Response(packed, headers=headers | {"Content-Encoding": "gzip"}, media_type=_JS)
    return Response(plain, headers=headers, media_type=_JS)


_JS = "text/javascript; charset=utf-8"


@cache
def _sources() -> dict[str, bytes]:
    """The scripts by name: Plotly.js from the installed package, ours, and the colours."""
    import plotly  # only for its data file; charts are plain dictionaries

    bundle = Path(plotly.__file__).parent / "package_data" / "plotly.min.js"
    files = {path.name: path.read_bytes() for path in [bundle, *sorted(COMPONENTS.glob("*.js"))]}
    return {**files, "palettes.js": f"export default {json.dumps(PALETTES)};".encode()}


@cache
def _addresses() -> dict[str, str]:
    return {
        name: f"{name.removesuffix('.js')}-{hashlib.sha256(content).hexdigest()[:10]}.js"
        for name, content in _sources().items()
    }


@cache
def served_files() -> dict[str, tuple[bytes, bytes]]:
    """Each script under its address, plain and compressed once for all."""
    return {
        _addresses()[name]: (content, gzip.compress(content, 6))
        for name, content in _sources().items()
    }
