"""Cookies: those of a `cookies.txt`, each sent to its own site alone, and those that live as long as one page."""

from __future__ import annotations

import warnings
from http.cookiejar import CookieJar, LoadError, MozillaCookieJar
from typing import TYPE_CHECKING

import httpx

from scrub.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path


def read_cookies(path: Path) -> CookieJar:
    """The cookies of a Netscape `cookies.txt`, as browsers' extensions and curl write it. InputError names the file."""
    jar = MozillaCookieJar()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a line that is wrong is an error below, and no bug of the library
            jar.load(str(path), ignore_discard=True, ignore_expires=True)
    except LoadError as error:
        raise InputError(
            f"{path} is no cookies.txt", "save it in Netscape's format: its first line is # Netscape HTTP Cookie File"
        ) from error
    except (OSError, ValueError) as error:
        raise InputError(f"the cookies of {path} cannot be read ({error})", "check the file") from error
    for cookie in jar:
        if cookie.expires == 0:  # so extensions write a cookie that lives as long as the browser's session
            cookie.expires, cookie.discard = None, True
    return jar


def page_cookies(lasting: CookieJar | None) -> httpx.Cookies:
    """Cookies to begin a page with. What its site sets is forgotten with the page."""
    cookies = httpx.Cookies()
    for cookie in lasting or ():
        cookies.jar.set_cookie(cookie)
    return cookies
