"""What class names and ids tell: the usual words of page templates, in groups, read as whole words.

`ad` is not in `gradient`: a name is cut at hyphens, underscores, digits and capitals (`relatedPosts`, `entry-content`),
and each word counts by itself, with or without a plural `s`. The words are those of templates and not of articles: of
WordPress, Drupal, Joomla and Blogger, of share and comment widgets, and of newsrooms' own systems in some languages.
"""

from __future__ import annotations

import re
from functools import lru_cache

GROUPS: dict[str, str] = {
    "article": "article story post entry news artikel articulo articolo noticia notizia nyhet haber statya artykul "
    "nota",
    "body": "body content text copy prose richtext wysiwyg editor inhalt texte texto testo tekst tresc cuerpo "
    "contenido",
    "main": "main primary center central principal",
    "paragraph": "paragraph para p absatz",
    "lead": "lead lede intro introduction standfirst dek deck subtitle subhead subheadline summary excerpt chapo "
    "vorspann bajada entradilla sommario occhiello ingress perex lid abstract description sapo",
    "title": "title headline heading hed titel titre titulo titolo tytul kicker",
    "caption": "caption figcaption credit credits legend legende copyright bildunterschrift photographer",
    "picture": "image img photo picture figure media foto bild gallery slideshow carousel slider thumbnail thumb "
    "lightbox",
    "player": "video player youtube vimeo audio podcast playlist jwplayer brightcove",
    "related": "related recommend recommended recommendation recommendations more similar suggested also readmore "
    "readnext verwandte relacionados relacionadas correlati powiazane onward recirculation recirc outbrain "
    "taboola mehr meer next previous prev trending popular latest mostread mostpopular top recent teaser "
    "teasers promo",
    "comments": "comment comments disqus discussion reply replies respond kommentar kommentare komentarze koment "
    "commentaires commentaire comentarios commenti forum opinie livefyre coral viafoura guestbook",
    "share": "share sharing shares social facebook twitter whatsapp telegram linkedin pinterest addthis addtoany "
    "sharethis follow bookmark email print tweet like likes teilen partager compartir condividi",
    "ads": "ad ads advert advertisement advertising adsense dfp gpt sponsor sponsored promotion banner anzeige "
    "werbung publicidad publicite reklama reklam annonce commercial affiliate",
    "navigation": "nav navigation navbar menu menubar breadcrumb breadcrumbs crumbs pagination pager paging tabs toc "
    "sitemap skip submenu topbar",
    "side": "sidebar side aside rail right left column col secondary complementary",
    "foot": "footer foot bottom colophon contentinfo imprint impressum legal disclaimer",
    "head": "header head masthead banner hero toolbar topper",
    "stamp": "date time datetime timestamp published updated pubdate posted datum fecha dateline",
    "byline": "byline author authors bio profile autor auteur autore contributor writer reporter journalist avatar",
    "details": "meta info details postmeta",
    "tags": "tag tags topic topics category categories keyword keywords label labels section rubrik",
    "sign-up": "newsletter subscribe subscription subscriber signup register registration login paywall premium "
    "membership donate donation support cta abo abonnement piano metered regwall",
    "consent": "cookie cookies consent gdpr privacy popup modal overlay dialog tooltip notice alert",
    "widget": "widget module block box panel card cards tile component infobox factbox grid feed stream",
    "list": "list listing items item ul ol",
    "quote": "quote blockquote pullquote zitat citation cita",
    "embed": "embed embedded oembed tweet instagram tiktok",
    "unseen": "hidden hide sr visuallyhidden screen reader offscreen invisible collapsed only",
    "notes": "footnote footnotes endnote references reflist note notes source sources correction errata",
    "search": "search searchform suche buscar",
    "table": "table tbl chart graph stats score scores results data",
    "questions": "faq accordion toggle question answer qa",
    "shop": "product products price buy shop cart deal deals rating stars review",
    "live": "live ticker liveblog event weather poll quiz game calendar",
}  # fmt: skip
NAMES = tuple(GROUPS)

_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_NAMING = re.compile(r" (?:class|id|role|itemprop|data-[a-z]*(?:component|type|testid|module|name))=\"([^\"]*)\"")
# Words that mean something together.
_COMPOUNDS = (
    ("body", ("articlebody", "entrycontent", "postcontent", "articlecontent", "storybody", "articletext", "postbody")),
    ("comments", ("commentlist", "usercomment")),
    ("related", ("readmore", "readalso", "mostread", "morefrom", "youmaylike")),
    ("consent", ("cookiebanner", "cookienotice")),
)
LONGEST = 400  # characters of an element's names that are read


def _numbers_by_word() -> dict[str, int]:
    """Each word with the bits of its groups."""
    bits: dict[str, int] = {}
    for number, words in enumerate(GROUPS.values()):
        for word in words.split():
            bits[word] = bits.get(word, 0) | 1 << number
    return bits


_BITS = _numbers_by_word()


@lru_cache(maxsize=20_000)
def read_names(attributes: str) -> tuple[int, str]:
    """From an element's attributes as they are serialised: the groups of its names, as bits in the order of NAMES, and
    its first words, by which siblings of one kind are told."""
    names = " ".join(_NAMING.findall(attributes))[:LONGEST]
    if not names:
        return 0, ""
    words = [word.lower() for word in _WORD.findall(names)]
    bits = 0
    for word in words:
        bits |= _BITS.get(word, 0) or (_BITS.get(word[:-1], 0) if word.endswith("s") else 0)
    joined = "".join(words)
    for group, compounds in _COMPOUNDS:
        if any(compound in joined for compound in compounds):
            bits |= 1 << NAMES.index(group)
    return bits, " ".join(words[:3])
