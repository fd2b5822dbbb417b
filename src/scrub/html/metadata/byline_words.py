"""Data: the words that introduce a byline, stand in it or end it, in the languages of the press. Sorted; one language
a line."""

from __future__ import annotations

# Nobody's name begins with these, so they go wherever a name is read.
CERTAIN_PREFIXES = (
    ("author", "by", "posted", "posted by", "published", "published by", "story by", "words by", "written by"),  # en
    ("auteur", "écrit par", "par", "publié par", "rédigé par"),  # fr
    ("auteur", "door", "geschreven door"),  # nl
    ("autor", "escrito por", "por", "publicado por"),  # es, pt
    ("autor", "autorka", "napisał", "napisała"),  # pl
    ("autor", "geschrieben von", "interview", "text", "verfasst von", "ein artikel von"),  # de
    ("autore", "scritto da"),  # it
    ("автор", "текст"),  # ru
    ("kirjoittaja", "teksti"),  # fi
    ("skrevet af", "skrevet av", "skriven av", "tekst", "text"),  # da, no, sv
    ("yazan", "yazar"),  # tr
    ("συντάκτης", "του", "της"),  # el
)

# These are also the first word of a name (Di Maria, De Groot, Von Trier): they go only from a visible byline
# in which a whole name follows.
LIKELY_PREFIXES = (
    ("av",),  # no, sv
    ("af",),  # da
    ("da", "di"),  # it
    ("de",),  # es, fr, pt, ro
    ("van",),  # nl
    ("von",),  # de
)

# They say outright that who follows has written it, wherever on the page they stand.
INTRODUCTIONS = (
    ("article by", "author", "authored by", "authors", "contributors:", "story by", "text by", "words by",
     "written by"),  # en
    ("artigo de", "escrito por"),  # pt, es
    ("auteur:", "écrit par", "rédigé par"),  # fr
    ("autor", "autorin", "ein artikel von", "geschrieben von", "verfasst von"),  # de
    ("geschreven door",),  # nl
    ("scritto da",),  # it
    ("skrevet av", "skrevet af", "skriven av"),  # no, da, sv
    ("автор:",),  # ru
    ("yazan:", "yazar:"),  # tr
)  # fmt: skip

# Who follows them has done something else.
OTHERS = (
    ("contributions from", "edited", "edited by", "fact-checked by", "fact checked by", "illustrated by", "photos by",
     "photographs by", "reviewed", "reviewed by", "translated by"),  # en
    ("bearbeitet von", "fotos", "übersetzt von"),  # de
    ("photos", "relu par", "traduit par"),  # fr
    ("editado por", "fotos", "revisado por", "traducido por"),  # es, pt
)  # fmt: skip

# They stand between the last two names of a list.
CONJUNCTIONS = (
    ("and", "with"),  # en
    ("e", "ed"),  # it, pt
    ("en",),  # nl
    ("et",),  # fr
    ("i",),  # pl
    ("ja",),  # fi
    ("och",),  # sv
    ("og",),  # da, no
    ("und",),  # de
    ("y",),  # es
    ("и",),  # ru
    ("και",),  # el
)

# A part of a byline with one of these words is what somebody is, not what somebody is called.
ROLES = (
    ("analyst", "chief", "columnist", "contributor", "correspondent", "director", "editor", "editors", "expert",
     "founder", "freelance", "journalist", "manager", "photographer", "producer", "professor", "reporter", "senior",
     "specialist", "staff", "strategist", "writer"),  # en
    ("autorin", "chefredakteur", "korrespondent", "korrespondentin", "redakteur", "redakteurin", "redaktor",
     "reporterin", "volontär", "volontärin"),  # de
    ("correspondant", "correspondante", "journaliste", "rédacteur", "rédactrice"),  # fr
    ("corresponsal", "periodista", "redactor", "redactora"),  # es
    ("giornalista", "redattore"),  # it
    ("redacteur", "verslaggever"),  # nl
    ("dziennikarz", "redaktor"),  # pl
)  # fmt: skip

# What software writes where nobody has filled in an author.
ACCOUNTS = frozenset(
    {
        "admin",
        "administrator",
        "anonymous",
        "none",
        "null",
        "the author",
        "unknown",
        "über den autor",
        "webmaster",
        "wordpress",
    }
)

# News agencies, which are authors beside people too; other organisations are not.
AGENCIES = frozenset(
    {
        "aap", "adnkronos", "afp", "ansa", "ap", "apa", "belga", "cp", "ctk", "dpa", "dts", "efe", "epd",
        "europa press", "ians", "interfax", "kna", "lusa", "ntb", "pa", "pap", "pti", "reuters", "ritzau", "sda",
        "sid", "tass", "the associated press", "tt", "upi", "xinhua",
    }
)  # fmt: skip
