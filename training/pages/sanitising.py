"""The last gate of a page: whatever the renderer wrote, only these tags, attributes, classes and schemes leave."""

from typing import Final

import nh3

TAGS: Final = frozenset(
    {
        *("h2", "h3", "h4", "h5", "h6", "p", "br", "hr", "ul", "ol", "li", "strong", "em", "s", "code", "pre"),
        *("blockquote", "a", "img", "table", "thead", "tbody", "tr", "th", "td", "div", "details", "summary"),
    }
)
CLASSES: Final = {
    "div": {
        "callout", "callout-note", "callout-tip", "callout-warning", "callout-rule", "lesson-steps", "compare",
        "compare-side", "compare-bad", "compare-good", "reveal-b", "scroll-x",
    },
    "p": {"callout-t", "compare-t"},
    "details": {"reveal"},
}  # fmt: skip
ATTRIBUTES: Final = {"a": {"href", "title"}, "img": {"src", "alt", "title"}, "ol": {"start"}, "th": {"scope"}}
SCHEMES: Final = frozenset({"https", "http", "mailto"})
# A link leads out by one of our schemes or to an address of the product; one relative to the lesson leads nowhere.
LINKS: Final = ("https://", "http://", "mailto:", "/", "%")


def clean(html: str) -> str:
    """This function will return the fragment with everything taken out that is not on the lists above."""
    return nh3.clean(
        html,
        tags=set(TAGS),
        clean_content_tags={"script", "style"},
        attributes={tag: set(names) for tag, names in ATTRIBUTES.items()},
        tag_attribute_values={"div": {"role": {"note"}, "tabindex": {"0"}}},
        allowed_classes={tag: set(names) for tag, names in CLASSES.items()},
        attribute_filter=_kept,
        url_schemes=set(SCHEMES),
        link_rel="noopener noreferrer",
    )


def _kept(tag: str, attribute: str, value: str) -> str | None:
    """The attribute's value, or None where a link has no target that can be meant."""
    is_link = tag == "a" and attribute == "href"
    return None if is_link and not value.lower().startswith(LINKS) else value
