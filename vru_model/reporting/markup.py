"""Small pieces of Markdown and HTML of which blocks are made."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence

_MARKDOWN_SIGNS = re.compile(r"([\\`*_{}\[\]<>#|$^~@])")


def escape(text: object) -> str:
    """Return text from a document or a user so that Markdown shows it as it stands."""
    return _MARKDOWN_SIGNS.sub(r"\\\1", " ".join(str(text).split()))


def attribute(text: str) -> str:
    """Return text as the quoted value of a Markdown attribute."""
    quoted = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{" ".join(quoted.split())}"'


def exempt(text: object, rule: str) -> str:
    """Return words for Markdown that the public reads as withheld under a rule."""
    return f'[{escape(text)}]{{.exempt rule="{rule}"}}'


def plain(markdown: str) -> str:
    """Return one paragraph of our own Markdown (bold, code, escapes) as HTML."""
    text = html.escape(markdown, quote=False)
    text = re.sub(r"\[([^\]]+)\]\{\.\w+[^}]*\}|\*\*(.+?)\*\*", _strong, text)
    text = re.sub(r"(?<![\\*])\*([^*]+)\*", r"<em>\1</em>", text)
    text = re.sub(r"(?<!\\)`(.+?)`", r"<code>\1</code>", text)
    return re.sub(r"\\([\\`*_{}\[\]#|$^~@]|&lt;|&gt;)", r"\1", text)


def _strong(found: re.Match[str]) -> str:
    return f"<strong>{found[1] or found[2]}</strong>"


def pipes(cells: Sequence[str] | map) -> str:
    """Return the cells as a row of a pipe table."""
    return f"| {' | '.join(cells)} |"


def source_markdown(source: str) -> str:
    """Return the line that says where numbers come from, as Markdown; "" for none."""
    return f"::: source\nSource: {escape(source)}\n:::" if source else ""


def source_html(source: str) -> str:
    """Return the line that says where numbers come from, as HTML; "" for none."""
    return f"<p><small>Source: {html.escape(source)}</small></p>" if source else ""
