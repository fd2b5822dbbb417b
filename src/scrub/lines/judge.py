"""A Document of plain text -> the same with verdicts on lines that by shape, place and neighbours are no article.

The model alone removes nothing: each verdict is of a rule that names what the line is and where, so that a person can
check it.
"""

from __future__ import annotations

from collections.abc import Sequence

from scrub import shape
from scrub.line_shape import SENTENCE_END
from scrub.lines.features import FEATURES, IN_BEST, PROSE, read_features
from scrub.lines.model import line_model
from scrub.model import Block, Document, Verdict

REASONS = {
    "lines.before-body": "a short line before the first paragraph of the article",
    "lines.after-body": "a short line after the last paragraph of the article",
    "lines.run": "one of several short lines in a row between paragraphs",
    "lines.between": "a short line between paragraphs that is no heading of theirs",
    "lines.apart": "a paragraph that stands apart from the article, with other words",
}
# A page and not an article has so many lines before its body and as many after it, and so few of all are prose; and
# on one side of the body they are as short as menus are, or nearly nothing is prose.
PAGE_MARGIN, PAGE_PROSE, MENU_WORDS, SCANT_PROSE = 6, 0.35, 6, 0.15
SURE_WORDS = 20  # prose of so many words in the midst of the article is not asked about
DOUBTFUL = ("lines.run", "lines.between")  # in an article these may be a list or a subheading:
DOUBT = 2  # so they go only when so many times as sure
FEWEST_LINES = 4  # in less there is no place and no neighbour to tell by
LONG_RUN = 3
TITLE_WITHIN = 25  # lines before the body among which a page's headline is looked for
TITLE_KINSHIP = 0.34
_TO_BEST, _FROM_BEST, _RUN, _AKIN, _WORDS, _SHARE, _END = (
    FEATURES.index(name) for name in ("to_best", "from_best", "run", "akin", "words", "prose_share", "end")
)


def judge(document: Document) -> Document:
    """The document with a verdict on each line that the model and a rule's place take for no article."""
    lines = [block.text for block in document.blocks]
    if len(lines) < FEWEST_LINES:
        return document
    rows = read_features(lines, [block.paragraph for block in document.blocks])
    if not any(row[PROSE] for row in rows):
        return document
    page = is_page(rows)
    model = line_model("page" if page else "article")
    title = find_title(lines, rows)
    first_prose = next(index for index, row in enumerate(rows) if row[PROSE])
    verdicts = []
    for index, row in enumerate(rows):
        if index == title or is_sure(row) or (not page and is_writing(document.blocks[index], row)):
            continue
        score = model.score(row)
        rule = name_rule(row, after_prose=index > first_prose)
        if score < model.threshold / (DOUBT if rule in DOUBTFUL and not page else 1):
            verdicts.append(Verdict(index, rule, REASONS[rule], round(score, 3)))
    if not verdicts:
        return document
    return document._replace(
        verdicts=(*document.verdicts, *verdicts), warnings=_warnings(document, page, len(verdicts))
    )


def is_page(rows: Sequence[Sequence[float]]) -> bool:
    """Whether most of a text is a whole page and not an article."""
    before = [2 ** row[_WORDS] - 1 for row in rows if row[_TO_BEST] > 0]
    after = [2 ** row[_WORDS] - 1 for row in rows if row[_FROM_BEST] > 0]
    if min(len(before), len(after)) < PAGE_MARGIN or rows[0][_SHARE] >= PAGE_PROSE:
        return False
    return min(sum(side) / len(side) for side in (before, after)) < MENU_WORDS or rows[0][_SHARE] < SCANT_PROSE


def is_sure(row: Sequence[float]) -> bool:
    """A long paragraph in the midst of the article."""
    return bool(row[PROSE] and row[IN_BEST]) and 2 ** row[_WORDS] > SURE_WORDS


def is_writing(block: Block, row: Sequence[float]) -> bool:
    """A short line that an article may well have: an item of a list, a sentence, a one-word answer."""
    return block.kind == "item" or (not row[PROSE] and row[_END] == SENTENCE_END)


def find_title(lines: Sequence[str], rows: Sequence[Sequence[float]]) -> int | None:
    """The line before the body that is like a headline and whose words the body has, the most of them; the first line
    of a text where it is like one."""
    first = next((index for index, row in enumerate(rows) if row[IN_BEST]), 0)
    if first <= 2 and lines and shape.is_title_like(lines[0]):
        return 0
    candidates = [
        (rows[index][_AKIN] * rows[index][_WORDS], index)
        for index in range(max(0, first - TITLE_WITHIN), first)
        if rows[index][_AKIN] >= TITLE_KINSHIP and shape.is_title_like(lines[index])
    ]
    return max(candidates)[1] if candidates else None


def name_rule(row: Sequence[float], *, after_prose: bool) -> str:
    """What a line is, by its place."""
    if row[PROSE]:
        return "lines.apart"
    if row[_TO_BEST] > 0 and not after_prose:
        return "lines.before-body"
    if row[_FROM_BEST] > 0:
        return "lines.after-body"
    return "lines.run" if 2 ** -row[_RUN] - 1 >= LONG_RUN else "lines.between"


def _warnings(document: Document, page: bool, taken: int) -> tuple[str, ...]:
    if not page:
        return document.warnings
    note = (
        f"most of this text is a page and no article: {taken} of {len(document.blocks)} lines look like page furniture"
    )
    return (*document.warnings, note)
