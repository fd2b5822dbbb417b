"""Data: how the names of months begin, in the languages of the press, weekdays, words for "updated" and "published",
and who writes the day before the month.

A month's name is known by its longest beginning in this table: `marraskuuta` is November although `mar` is March.
One line a month; within it Latin letters first, then Cyrillic and Greek.
"""

from __future__ import annotations

MONTH_BEGINNINGS: tuple[tuple[str, ...], ...] = (
    ("jan", "jän", "gen", "ene", "ian", "sty", "led", "oca", "tammi", "янв", "січ", "ιαν"),
    ("feb", "fev", "fév", "lut", "úno", "şub", "helmi", "фев", "лют", "φεβ"),
    ("mar", "mär", "mrz", "maa", "mrt", "bře", "márc", "maalis", "мар", "бер", "μαρ"),
    ("apr", "avr", "abr", "ápr", "kwi", "dub", "nis", "huhti", "апр", "кві", "απρ"),
    ("may", "mai", "maj", "mei", "mag", "máj", "kvě", "touko", "мая", "май", "тра", "μαΐ", "μαϊ", "μάι"),
    ("jun", "juin", "giu", "jún", "iun", "cze", "červn", "haz", "kesä", "июн", "чер", "ιουν"),
    ("jul", "juil", "lug", "júl", "iul", "lip", "červenc", "tem", "heinä", "июл", "лип", "ιουλ"),
    ("aug", "aoû", "aou", "ago", "agu", "sie", "srp", "ağu", "elo", "авг", "сер", "αυγ"),
    ("sep", "set", "szept", "wrz", "zář", "eyl", "syys", "сен", "вер", "σεπ"),
    ("oct", "okt", "out", "ott", "paź", "říj", "eki", "loka", "окт", "жов", "οκτ"),
    ("nov", "noi", "lis", "kas", "marras", "ноя", "лис", "νοε"),
    ("dec", "dez", "déc", "dic", "des", "gru", "pros", "ara", "joulu", "дек", "гру", "δεκ"),
)

UPDATED = (
    ("aggiornato", "modificato"),  # it
    ("actualizado", "actualizada", "modificado"),  # es
    ("aktualisiert", "geändert", "stand:", "zuletzt bearbeitet"),  # de
    ("aktualizacja", "zaktualizowano"),  # pl
    ("atualizado", "atualizada"),  # pt
    ("bijgewerkt", "gewijzigd"),  # nl
    ("corrected", "last modified", "last reviewed", "modified", "reviewed", "revised", "updated"),  # en
    ("güncelleme", "güncellendi"),  # tr
    ("mis à jour", "mise à jour", "modifié"),  # fr
    ("opdateret", "oppdatert", "uppdaterad"),  # da, no, sv
    ("päivitetty",),  # fi
    ("обновлено",),  # ru
    ("更新",),  # ja, zh
)

# As labels of a date, at the beginning of a line.
PUBLISHED = (
    ("date posted", "date published", "first published", "originally published", "posted", "publication date",
     "publish date", "published"),  # en
    ("date de publication", "mis en ligne", "publié"),  # fr
    ("data di pubblicazione", "pubblicato", "pubblicata"),  # it
    ("data publikacji", "opublikowano"),  # pl
    ("erschienen", "veröffentlicht", "veröffentlichungsdatum"),  # de
    ("fecha de publicación", "publicado", "publicada"),  # es, pt
    ("geplaatst", "gepubliceerd"),  # nl
    ("julkaistu",),  # fi
    ("offentliggjort", "publiceret", "publicerad", "publisert"),  # da, sv, no
    ("yayınlanma", "yayın tarihi"),  # tr
    ("дата публикации", "опубликовано"),  # ru
    ("δημοσίευση", "δημοσιεύθηκε"),  # el
)  # fmt: skip

WEEKDAYS = (
    ("mon(?:day)?", "tue(?:s(?:day)?)?", "wed(?:nesday)?", "thu(?:rs(?:day)?)?", "fri(?:day)?", "sat(?:urday)?",
     "sun(?:day)?"),  # en
    ("mo(?:ntag)?", "di(?:enstag)?", "mi(?:ttwoch)?", "do(?:nnerstag)?", "fr(?:eitag)?", "sa(?:mstag)?", "sonnabend",
     "so(?:nntag)?"),  # de
    ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),  # fr
    ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"),  # es
    ("lunedì", "martedì", "mercoledì", "giovedì", "venerdì", "sabato", "domenica"),  # it
    ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag"),  # nl
)  # fmt: skip

DAY_FIRST_LANGUAGES = frozenset(
    {
        "ar", "bg", "ca", "cs", "da", "de", "el", "es", "et", "fi", "fr", "gl", "he", "hr", "id", "it", "lv", "ms",
        "nb", "nl", "nn", "no", "pl", "pt", "ro", "ru", "sk", "sl", "sr", "tr", "uk", "vi",
    }
)  # fmt: skip
"""Unicode CLDR's short dates (`dateFormats/short`) of these languages begin with the day in all of their countries
but the United States."""

DAY_FIRST_COUNTRIES = frozenset({"AU", "GB", "IE", "IN", "NG", "NZ", "PK", "SG"})
"""Those where English is written so, as the same source has it."""
