"""Pages of the documentation site that stand elsewhere already, or are made from the program.

MkDocs calls the functions named on_… while it builds (mkdocs.yml, `hooks`).
"""

from __future__ import annotations

import importlib
import pkgutil
import re
import sys
from collections.abc import Iterator
from inspect import cleandoc
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import rbm_core  # noqa: E402
from rbm_core.cli.program import PROGRAM, command_parsers  # noqa: E402

__all__ = ["api_pages", "command_line_page", "on_config", "on_files", "root_page"]

# Pages that stand in the root of the project, and what they are called on the site.
ROOT_PAGES = {
    "README.md": "index.md",
    "CONTRIBUTING.md": "contributing.md",
    "CHANGELOG.md": "changelog.md",
}


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Add the engine's pages to the navigation."""
    config.nav = [*(config.nav or []), {"Engine": list(api_pages())}]
    return config


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages that are made here."""
    pages = {site_name: root_page(name) for name, site_name in ROOT_PAGES.items()}
    pages |= {"command_line.md": command_line_page(), **api_pages()}
    for name, text in pages.items():
        files.append(File.generated(config, name, content=text))
    return files


def root_page(name: str) -> str:
    """A page of the project's root, its links as they are on the site."""
    text = (ROOT / name).read_text(encoding="utf-8").replace("](docs/", "](")
    for other, site_name in ROOT_PAGES.items():
        text = text.replace(f"]({other}", f"]({site_name}")
    return text


def command_line_page() -> str:
    """What --help says, of the program and of each of its commands."""
    sections = [
        f"## {PROGRAM} {name}\n\n```text\n{parser.format_help().strip()}\n```"
        for name, parser in command_parsers().items()
    ]
    return "\n\n".join(["# Command line", *sections, ""])


def api_pages() -> dict[str, str]:
    """A page for each folder of the engine: what is public in it, by file."""
    pages: dict[str, str] = {}
    for module, names in _public_names().items():
        folder = module.split(".")[1]
        page = f"engine/{folder}.md"
        if page not in pages:
            package = importlib.import_module(f"rbm_core.{folder}")
            pages[page] = f"# {folder}\n\n{cleandoc(package.__doc__ or '')}\n"
        pages[page] += "".join(f"\n::: {module}.{name}\n" for name in names)
    return pages


def _public_names() -> dict[str, list[str]]:
    """The names that `rbm_core` exports, by the module that defines them."""
    left = set(rbm_core.__all__)
    found = {}
    for module in _modules():
        exported = getattr(importlib.import_module(module), "__all__", [])
        if names := [name for name in exported if name in left]:
            found[module] = names
            left -= set(names)
    if left:
        raise RuntimeError(f"no module of rbm_core defines {', '.join(sorted(left))}")
    return found


def _modules() -> Iterator[str]:
    """Every module of the engine but the command line; a folder's files before the folder."""
    walk = pkgutil.walk_packages(rbm_core.__path__, "rbm_core.")
    names = [each.name for each in walk if not re.match(r"rbm_core\.(cli|__main__)\b", each.name)]
    yield from sorted(names, key=lambda name: (name.split(".")[1], -name.count("."), name))
