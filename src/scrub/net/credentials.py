"""Names and passwords in addresses, which are shown to nobody. No httpx here: what writes messages needs this too."""

from __future__ import annotations

import re

_CREDENTIALS = re.compile(r"(?<![/\\])[/\\]{2}[^/?#]{0,1000}@")


def mask_credentials(text: str) -> str:
    """A text with `…` in place of the name and password of an address in it.

    >>> mask_credentials("https://ann:secret@news.example/")
    'https://…@news.example/'
    """
    return _CREDENTIALS.sub("//…@", text)
