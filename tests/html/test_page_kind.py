"""Pages without an article are told apart by how they are built; an article is never taken for one of them."""

from __future__ import annotations

import pytest

from hostile_pages import BODY
from scrub.errors import NoArticleError
from scrub.html.read import read_html

SCRIPT = "<script>" + "self.__chunk.push([1,'x']);" * 400 + "</script>"
TEASERS = "".join(
    f"<article><h2><a href=/2026/story-{n}>The council of town {n} builds a bridge</a></h2><p>It was decided on Monday evening in the town hall.</p></article>"
    for n in range(14)
)
LIST = (
    "<ul>" + "".join(f"<li><a href=/news/{n}>Minister {n} visits the new harbour</a></li>" for n in range(30)) + "</ul>"
)
COOKIES = (
    "<p>We and our 842 partners store and access cookies on your device to personalise content and advertising.</p>"
    "<p>With your consent we may use precise geolocation data and identification through device scanning.</p>"
    "<p>You can withdraw your consent at any time in our privacy policy, which is linked at the foot of the page.</p>"
)


def page(title: str, body: str, head: str = "", attributes: str = "") -> str:
    return f"<!DOCTYPE html><html><head><title>{title}</title>{head}</head><body {attributes}>{body}</body></html>"


PAGES = [
    ("section-page", "WordPress category", page("Politics – The Post", f"<h1>Category: Politics</h1>{TEASERS}", attributes='class="archive category"'), "https://post.example/category/politics/"),
    ("section-page", "home page of links", page("The Post", f"<h1>The Post</h1>{LIST}<p>Our newsroom is open around the clock.</p>"), "https://post.example/"),
    ("section-page", "collection by JSON-LD", page("Sport", f'{LIST}', '<script type="application/ld+json">{"@type":"CollectionPage"}</script>'), "https://post.example/all-the-sport-news"),
    ("section-page", "search results", page("Results for bridge", f"<form><input name=q></form>{TEASERS}", attributes='class="search"'), "https://post.example/?s=bridge"),
    ("blocked", "challenge with scripts", page("Just a moment...", "<h1>post.example</h1><p>Verifying you are human. This may take a few seconds.</p><script src=/cdn-cgi/challenge-platform/h/b/orchestrate/chl_page/v1></script>"), None),
    ("blocked", "captcha without a title", page("post.example", "<p>Please confirm that you are a person.</p><iframe src=https://geo.captcha-delivery.example/captcha/></iframe><script src=https://ct.datadome.example/c.js></script>"), None),
    ("blocked", "access denied", page("Access Denied", "<h1>Access Denied</h1><p>You don't have permission to access this page on this server. Reference 18.2f</p>"), None),
    ("blocked", "German check", page("Sicherheitsüberprüfung", "<p>Wir prüfen, ob Sie ein Mensch sind. Das dauert einen Augenblick.</p>"), None),
    ("consent-wall", "vendor's wall", page("Before you continue", f'<div id=onetrust-consent-sdk>{COOKIES}<button>Accept all</button><button>Reject</button></div>'), None),
    ("consent-wall", "form of a portal", page("Privacy", f"<form action=/collectConsent>{COOKIES}<button name=agree>I agree</button></form>"), None),
    ("consent-wall", "pay or consent, German", page("Zeitung", "<h1>Mit Werbung weiterlesen</h1><p>Besuchen Sie uns wie gewohnt mit Werbung und Cookies, die wir und unsere Partner setzen.</p><p>Ihre Einwilligung können Sie jederzeit im Bereich Datenschutz mit Wirkung für die Zukunft widerrufen.</p><button>Akzeptieren</button>"), None),
    ("needs-javascript", "Next.js shell", page("The Post", f'<div id=__next></div><noscript>You need to enable JavaScript to run this app.</noscript>{SCRIPT}'), "https://post.example/news/bridge-to-be-built"),
    ("needs-javascript", "a shell that says it is an article", page("Bridge to be built", f"<div id=root></div>{SCRIPT}", "<meta property=og:type content=article>"), None),
    ("video-page", "embedded player", page("Watch: the bridge opens", "<h1>Watch: the bridge opens</h1><iframe src=https://www.youtube.example/embed/x></iframe><p>The mayor cut the ribbon on Monday morning in the rain.</p>"), None),
    ("video-page", "declared video", page("Bridge", "<h1>Bridge</h1><div class=player></div><p>See how the bridge was built in two minutes.</p>", "<meta property=og:type content=video.other>"), None),
    ("video-page", "podcast", page("Episode 12", '<h1>Episode 12</h1><audio src=a.mp3></audio><p>This week we talk about bridges and ferries with an engineer.</p>'), None),
    ("not-found", "English", page("Page not found – The Post", "<h1>Sorry!</h1><p>The page you are looking for has moved or was deleted.</p>"), None),
    ("not-found", "German with popular links", page("Fehler", f"<h1>Seite nicht gefunden</h1><p>Die gesuchte Seite gibt es leider nicht mehr bei uns.</p>{LIST}"), None),
    ("not-found", "French", page("Page introuvable", "<h1>Oups</h1><p>Cette page n'est plus en ligne, revenez à la page d'accueil du site.</p>"), None),
    ("not-found", "Polish", page("Błąd", "<h1>Nie znaleziono strony</h1><p>Strona, której szukasz, została usunięta albo przeniesiona gdzie indziej.</p>"), None),
    ("not-found", "Japanese", page("ページが見つかりません", "<h1>ページが見つかりません</h1><p>お探しのページは削除されたか、移動した可能性があります。</p>"), None),
    ("not-found", "number alone", page("404", "<h1>404</h1><p>Nothing to see here, please go back to the front page now.</p>"), None),
    ("login", "form with a password", page("Sign in – The Post", "<h1>Welcome back to our site</h1><form><p>Enter your e-mail address and your password to read on.</p><input type=email><input type=password><button>Sign in</button></form>"), None),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "html", "url"), [(kind, html, url) for kind, _, html, url in PAGES], ids=[f"{kind}: {name}" for kind, name, *_ in PAGES])  # fmt: skip
def test_a_page_without_an_article_says_what_it_is_instead(kind: str, html: str, url: str | None) -> None:
    with pytest.raises(NoArticleError) as caught:
        read_html(html, url)
    assert caught.value.kind == kind
    assert caught.value.advice


@pytest.mark.parametrize(
    ("status", "kind"), [(404, "not-found"), (410, "not-found"), (403, "blocked"), (429, "blocked")]
)
def test_the_status_says_it_before_any_word(status: int, kind: str) -> None:
    html = page("The Post", "<h1>Oh dear</h1><p>Something is not as it should be with what you wanted to see.</p>")
    with pytest.raises(NoArticleError) as caught:
        read_html(html, None, status)
    assert caught.value.kind == kind


LOOKALIKES = [
    ("on errors", page("404: the page not found is history", f"<article><h1>404: the page not found is history</h1>{BODY}</article>")),
    ("on cookies", page("What cookies are", f'<article><h1>What cookies are</h1>{COOKIES}</article>', "<meta property=og:type content=article>")),
    ("on cookies among others", page("News", f"<article><h1>The law on cookies</h1>{COOKIES}{BODY}</article><button>Share</button>")),
    ("with a login form", page("Bridge", f"<form><input type=password></form><article><h1>Bridge</h1>{BODY}</article>")),
    ("with a video", page("Bridge", f"<article><h1>Bridge</h1><video src=a.mp4></video>{BODY}</article>")),
    ("with a captcha beside its comments", page("Bridge", f"<article><h1>Bridge</h1>{BODY}</article><script src=https://hcaptcha.com/1.js></script>")),
    ("with many teasers", page("Bridge", f"<article><h1>Bridge</h1>{BODY}</article>{LIST}", attributes="class=home")),
    ("with subheadings between its paragraphs", page("Bridge", "<article><h1>Bridge</h1>" + BODY.replace("</p><p>", "</p><h2>And then</h2><p>") + f"</article>{TEASERS}")),
    ("with heavy scripts", page("Bridge", f"<article><h1>Bridge</h1>{BODY}</article>{SCRIPT * 20}")),
    ("in navigation", page("Bridge", f"<nav>{BODY}</nav>")),
]  # fmt: skip


@pytest.mark.parametrize("html", [html for _, html in LOOKALIKES], ids=[name for name, _ in LOOKALIKES])
def test_an_article_stays_one(html: str) -> None:
    for url, status in ((None, None), ("https://post.example/", 200), ("https://post.example/news", 404)):
        assert read_html(html, url, status).blocks
