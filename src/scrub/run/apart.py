"""Inputs -> outcomes in order, pages in a process apart, which can be ended when it does not come back.

A text is cleaned in this process, in linear time; a process is only started for what may be a page.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from scrub.errors import ScrubError
from scrub.run.articles import Outcome, Start, Work
from scrub.sources.files import Given, Input, opened, pieces

if TYPE_CHECKING:
    from scrub.run.processes import Worker

SNIFFED = 400_000  # bytes: four for each character in which a page is told from a text
_TAG = re.compile(rb"<\0{0,3}[!?/a-zA-Z]")  # in UTF-16 and UTF-32 too


def clean_apart(inputs: Iterable[Input], start: Start, *, all_pages: bool = False) -> Generator[Outcome]:
    """The outcome of each input; the next one is read when it is asked for. `all_pages` says that every input is HTML,
    whatever it looks like. Raises as `clean_in_processes`."""
    here: Work | None = None
    apart: Worker | None = None
    try:
        for one in inputs:
            if all_pages or may_be_page(one):
                if apart is None or not apart.process.is_alive():
                    from scrub.run.processes import start_one

                    apart = start_one(start)
                yield apart.clean_one(one)
            else:
                here = here or start()
                yield here(one)
    finally:
        if apart is not None:
            apart.end()


def may_be_page(one: Input) -> bool:
    """Whether something like a tag stands where a page is told from a text. What cannot be read is none."""
    if isinstance(one, Given):
        return _TAG.search((one.page.body if one.page else one.body)[:SNIFFED]) is not None
    head = b""
    try:
        with opened(Path(one)) as stream:
            for piece in pieces(stream, SNIFFED):
                head += piece
                if len(head) >= SNIFFED:
                    break
    except ScrubError:
        return False
    return _TAG.search(head) is not None
