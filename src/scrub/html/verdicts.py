"""What the extraction may hold against a block: ids like a rule's, each with its reason for a person."""

from __future__ import annotations

REASONS = {
    "html.caption": "a caption or a credit of a picture, not part of the running text",
    "html.footer": "the footer of the page or of the site",
    "html.hidden": "text that a reader of the page does not see",
    "html.nav": "navigation, links to other pages of the site",
    "score.block": "by its shape, its containers and its place on the page it is no part of the article",
}
