"""Dates as pages write them for machines and for readers, made ISO 8601; what is ambiguous is not read at all.

Figures such as `3/5/2024` are read where one of them can be no month, or where the page's language tells their order.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from typing import Literal, TypeAlias

from . import month_names

LONGEST = 80
EARLIEST, LATEST = 1700, 2100
PLACEHOLDERS = frozenset({date(1900, 1, 1), date(1970, 1, 1)})
"""What programs write when they know no date."""

Order: TypeAlias = Literal["day", "month"] | None
"""Whether figures such as `3/5/2024` begin with the day or the month; `None` where the page does not tell."""

_ISO = re.compile(
    r"(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})(?!\d)"
    r"(?:[T\s,]{1,3}(?P<time>\d{1,2}:\d{2}(?::\d{2})?)(?:[.,]\d{1,9})?\s?(?P<zone>Z|UTC|GMT|[+-]\d{2}:?\d{0,2})?)?",
    re.IGNORECASE,
)
_COMPACT = re.compile(r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})(?:T?(?P<time>\d{6})(?P<zone>Z)?)?$")
_DAY_FIRST = re.compile(
    r"(?P<day>\d{1,2})\.\s?(?P<month>\d{1,2})\.\s?(?P<year>\d{4})(?:[\s,]{1,3}(?P<time>\d{1,2}:\d{2}(?::\d{2})?))?"
)
_MAIL = re.compile(r"(?:\w{3},\s?)?\d{1,2} \w{3} \d{4} \d{2}:\d{2}")
# What JavaScript and Java print: `Fri May 03 2024 15:47:42 GMT+0200`, `Fri May 03 15:47:42 UTC 2024`.
_PRINTED = (
    re.compile(
        r"\w{3} (?P<month>\w{3}) (?P<day>\d{2}) (?P<year>\d{4}) (?P<time>\d{2}:\d{2}:\d{2}) GMT(?P<zone>[+-]\d{4})"
    ),
    re.compile(
        r"\w{3} (?P<month>\w{3}) (?P<day>\d{2}) (?P<time>\d{2}:\d{2}:\d{2}) (?P<zone>[A-Z]{1,5}) (?P<year>\d{4})"
    ),
)
_IN_ADDRESS = re.compile(r"(?:^|[/_-])((?:19|20)\d{2})([/_-]?)(0[1-9]|1[0-2])\2(0[1-9]|[12]\d|3[01])(?=$|[/_.+-])")
_NAMED_IN_ADDRESS = re.compile(
    r"/(?P<year>(?:19|20)\d{2})/(?P<name>[a-z]{3,9})/(?P<day>0?[1-9]|[12]\d|3[01])/", re.IGNORECASE
)

LONGEST_LINE = 300
_DAY, _NAME, _YEAR = r"(?<!\d)(?P<day>\d{1,2})", r"(?P<name>[^\W\d_]{3,12})", r"(?P<year>(?:19|20)\d{2})(?!\d)"
_IN_WORDS = (
    re.compile(rf"{_DAY}[.º]?\w{{0,2}}[\s-]{{1,3}}(?:\w{{2}}\s)?{_NAME}\.?,?[\s-]{{1,3}}(?:\w{{2,3}}\s)?{_YEAR}"),
    re.compile(rf"{_NAME}\.?\s{{1,3}}{_DAY}\w{{0,2}}\.?,?\s{{1,3}}{_YEAR}"),
    re.compile(rf"{_YEAR}\.?\s{{1,3}}{_NAME}\s{{1,3}}{_DAY}(?!\d)"),
)
_IN_FIGURES = (
    re.compile(r"(?P<year>(?:19|20)\d{2})\s?[年년]\s?(?P<month>\d{1,2})\s?[月월]\s?(?P<day>\d{1,2})\s?[日일]"),
    re.compile(r"(?<![\d.-])(?P<year>(?:19|20)\d{2})([-./])(?P<month>\d{1,2})\2(?P<day>\d{1,2})(?![\d])"),
    re.compile(rf"(?<![\d.]){_DAY}\.\s?(?P<month>\d{{1,2}})\.\s?{_YEAR}"),
)
_UNORDERED = re.compile(r"(?<![\d/-])(\d{1,2})([/-])(\d{1,2})\2((?:19|20)\d{2})(?![\d/-])")
_MONTHS = {name: number for number, names in enumerate(month_names.MONTH_BEGINNINGS, start=1) for name in names}
_WEEKDAYS = "|".join(name for line in month_names.WEEKDAYS for name in line)
_WEEKDAY = re.compile(rf"(?:^|[,(|·•–—-]\s*|\s(?:on|am|le|el|op)\s)\s*(?:{_WEEKDAYS})\.?[\s,]*$", re.IGNORECASE)
_AFTER_DAY = re.compile(r"\s*[|·•/–—-]\s*(?=[^\W\d])")
_UPDATED = re.compile(
    rf"(?<!\w)(?:{'|'.join(re.escape(phrase) for line in month_names.UPDATED for phrase in line)})", re.IGNORECASE
)
_PUBLISHED = re.compile(
    rf"\s*(?:{'|'.join(re.escape(phrase) for line in month_names.PUBLISHED for phrase in line)})(?!\w)", re.IGNORECASE
)


def order_of(language: str | None) -> Order:
    """How a language, as BCP 47 tags it, orders a date in figures. English does both, so it needs its country."""
    if not language:
        return None
    primary, country = language.split("-")[0], language.rsplit("-", 1)[-1]
    if primary == "en":
        return "month" if country == "US" else "day" if country in month_names.DAY_FIRST_COUNTRIES else None
    return "day" if primary in month_names.DAY_FIRST_LANGUAGES and country != "US" else None


def read_date(text: str, order: Order = None) -> str | None:
    """The date, with its time and offset where the text has them.

    >>> read_date("2024-05-03 15:47:42 +0200"), read_date("3.5.2024"), read_date("3/5/2024")
    ('2024-05-03T15:47:42+02:00', '2024-05-03', None)
    """
    return read_moment(text) or (find_day(text, order) if len(text) <= LONGEST else None)


def read_moment(text: str) -> str | None:
    """The same of text in one of the forms that programs write; a date in words is none."""
    text = text.strip()
    if not text or len(text) > LONGEST:
        return None
    for pattern in (_ISO, _COMPACT, _DAY_FIRST):
        match = pattern.match(text)
        if match:
            return _from_parts(match)
    if text.isascii() and text.isdigit():
        return _from_epoch(text)
    return _from_mail(text)


def find_day(text: str, order: Order = None) -> str | None:
    """The day that a line for readers names, in words or unambiguous figures; its time is not read.

    >>> find_day("By Ann Smith, 3rd May 2024"), find_day("el 3 de mayo de 2024"), find_day("12/31/2024")
    ('2024-05-03', '2024-05-03', '2024-12-31')
    """
    found = _find(text[:LONGEST_LINE], order)
    return found[0] if found else None


def without_day(text: str) -> str:
    """A line without the day that it names and the weekday before it: what stands before it, else after a separator.

    >>> without_day("By Ann Smith on Friday, 3rd May 2024, 10:20"), without_day("3rd May 2024 | Ann Smith")
    ('By Ann Smith', 'Ann Smith')
    """
    found = _find(text[:LONGEST_LINE], "day")
    if not found:
        return text
    after = _AFTER_DAY.match(text, found[2])
    before = _WEEKDAY.sub("", text[: found[1]])
    return before if before.strip() or not after else text[after.end() :]


def is_about_update(text: str) -> bool:
    """Whether a line says that its first date is that of a change.

    >>> is_about_update("Updated 4 May 2024"), is_about_update("3 May 2024, updated 4 May 2024")
    (True, False)
    """
    found = _UPDATED.search(text)
    if not found:
        return False
    first = _find(text[: found.start()], "day")
    return first is None or _find(text[found.end() :][:LONGEST_LINE], "day") is None


def is_published_label(text: str) -> bool:
    """Whether a line begins with a word for publication: `Published`, `Posted on`."""
    return _PUBLISHED.match(text) is not None


def find_update(text: str, order: Order = None) -> str | None:
    """The day of a change that a line names."""
    found = _UPDATED.search(text[:LONGEST_LINE])
    return (find_day(text[found.end() :], order) or find_day(text, order)) if found else None


def date_in_address(address: str) -> str | None:
    """The day in an address such as `/2024/05/03/rain` or `/2024/may/03/rain`; a month alone is none."""
    address = address.split("?", 1)[0]
    if match := _IN_ADDRESS.search(address):
        year, _, month, day = match.groups()
        return read_date(f"{year}-{month}-{day}")
    named = _NAMED_IN_ADDRESS.search(address)
    month_number = _month(named["name"]) if named else None
    return _day(named["year"], month_number, named["day"]) if named and month_number else None


def _find(text: str, order: Order) -> tuple[str, int, int] | None:
    """The first day in a line, where it begins and where it ends."""
    for pattern in _IN_WORDS:
        for match in pattern.finditer(text):
            month = _month(match["name"])
            day = _day(match["year"], month, match["day"]) if month else None
            if day:
                return day, *match.span()
    for pattern in _IN_FIGURES:
        figures = pattern.search(text)
        day = _day(figures["year"], figures["month"], figures["day"]) if figures else None
        if figures and day:
            return day, *figures.span()
    figures = _UNORDERED.search(text)
    day = _in_order(figures[1], figures[3], figures[4], order) if figures else None
    return (day, *figures.span()) if figures and day else None


def _month(name: str) -> int | None:
    """The month whose longest known beginning this word has."""
    name = name.casefold()
    return next((_MONTHS[name[:size]] for size in range(min(7, len(name)), 2, -1) if name[:size] in _MONTHS), None)


def _in_order(first: str, second: str, year: str, order: Order) -> str | None:
    """Figures that may begin with the day or the month: read where one cannot be a month, both are the same, or the
    order is known."""
    if int(first) > 12 or first == second:
        return _day(year, second, first)
    if int(second) > 12:
        return _day(year, first, second)
    if order is None:
        return None
    return _day(year, second, first) if order == "day" else _day(year, first, second)


def _day(year: str, month: str | int, day: str) -> str | None:
    try:
        found = date(int(year), int(month), int(day))
    except ValueError:
        return None
    return found.isoformat() if _is_likely(found) else None


def _from_parts(match: re.Match[str]) -> str | None:
    parts = match.groupdict()
    try:
        day = date(int(parts["year"]), int(parts["month"]), int(parts["day"]))
    except ValueError:
        return None
    if not _is_likely(day):
        return None
    time = parts["time"]
    if not time:
        return day.isoformat()
    digits = "".join(part.zfill(2) for part in time.split(":"))
    return _with_time(day, digits.ljust(6, "0"), parts.get("zone"))


def _with_time(day: date, time: str, zone: str | None) -> str:
    try:
        moment = datetime(
            day.year, day.month, day.day, int(time[:2]), int(time[2:4]), int(time[4:6]), tzinfo=_zone(zone)
        )
    except ValueError:
        return day.isoformat()
    return moment.isoformat()


def _zone(text: str | None) -> timezone | None:
    if not text:
        return None
    if text[0] not in "+-":
        return UTC
    digits = text[1:].replace(":", "").ljust(4, "0")
    offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:4]))
    return timezone(-offset if text[0] == "-" else offset)


def _from_epoch(text: str) -> str | None:
    """Seconds or milliseconds since 1970, which ten and thirteen digits are until the year 2286."""
    if len(text) not in (10, 13):
        return None
    moment = datetime.fromtimestamp(int(text[:10]), UTC)
    return moment.isoformat() if _is_likely(moment.date()) else None


def _from_mail(text: str) -> str | None:
    """The form of e-mail and HTTP headers, and those that JavaScript and Java print; a zone's name that means no one
    offset is left out."""
    printed = next(filter(None, (pattern.match(text) for pattern in _PRINTED)), None)
    if printed:
        text = "{day} {month} {year} {time} {zone}".format_map(printed.groupdict())
    if not _MAIL.match(text):
        return None
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, OverflowError):
        return None
    return moment.isoformat() if _is_likely(moment.date()) else None


def _is_likely(day: date) -> bool:
    return EARLIEST <= day.year <= LATEST and day not in PLACEHOLDERS
