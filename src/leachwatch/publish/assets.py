"""The program of the page: library files, hashes, and the policy that lets nothing else run."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Callable, Iterable
from functools import cache
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import vl_convert
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from leachwatch.errors import OutputError
from leachwatch.publish.charts import VEGA_LITE

__all__ = [
    "chart_library",
    "content_hash",
    "map_library",
    "map_style",
    "own",
    "policy",
    "program",
    "template",
]

_TEMPLATES = Path(__file__).parent / "templates"


def own(name: str) -> str:
    """Read a file of ours."""
    return (_TEMPLATES / name).read_text(encoding="utf-8")


def template(name: str, **filters: Callable[[Any], Any]) -> Template:
    """Open a template of ours: what is filled in is escaped, and what is missing is an error."""
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(filters)
    return environment.get_template(name)


def program() -> str:
    """Join our scripts into one, with nothing of it in the global scope."""
    parts = (own(name) for name in ("page.js", "map.js", "ground.js", "case.js", "address.js", "start.js"))
    return '(() => {\n"use strict";\n' + "\n".join(parts) + "})();\n"


@cache
def map_library() -> str:
    """MapLibre GL JS, from the ``maplibre`` wheel; the package itself is not imported."""
    return _inline(_map_file("maplibre-gl.js"))


@cache
def map_style() -> str:
    """MapLibre's style sheet without the pictures of buttons that this page does not show."""
    return re.sub(r"[^{}]*\{[^{}]*url\([^{}]*\}", "", _map_file("maplibre-gl.css"))


@cache
def chart_library() -> str:
    """Vega, Vega-Lite and vega-embed, from ``vl-convert``; made in this process, nothing is fetched."""
    return _inline(vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;", vl_version=VEGA_LITE))


def content_hash(text: str) -> str:
    """Name the text of an inline element for the content security policy, by its SHA-256."""
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


def policy(scripts: Iterable[str], styles: Iterable[str]) -> str:
    """Write the content security policy of a page with exactly these inline scripts and styles.

    Nothing may be fetched, from anywhere; the only worker is MapLibre's own, made from its own text.
    """
    return "; ".join(
        (
            "default-src 'none'",
            " ".join(("script-src", *map(content_hash, scripts))),
            " ".join(("style-src", *map(content_hash, styles))),
            "img-src data: blob:",
            "worker-src blob:",
            "child-src blob:",
            "connect-src 'none'",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )


def _map_file(name: str) -> str:
    spec = find_spec("maplibre")  # finds a top-level package without running it
    folders = spec.submodule_search_locations if spec else None
    for folder in folders or ():
        path = Path(folder) / "srcjs" / name
        if path.is_file():
            return path.read_text(encoding="utf-8")
    raise OutputError(f"maplibre: srcjs/{name} is not installed; run `pip install 'maplibre>=0.3.4'`")


def _inline(script: str) -> str:
    """Make a script fit to stand in an HTML file: no source map to fetch, no text that ends or hides it."""
    script = re.sub(r"^//# sourceMappingURL=.*$", "", script, flags=re.MULTILINE)
    script = re.sub(r"</(?=script)", r"<\\/", script, flags=re.IGNORECASE).replace("<!--", r"<\!--")
    return script.replace("\r\n", "\n").replace("\r", "\n")
