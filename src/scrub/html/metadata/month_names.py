"""Data: how the names of months begin, in the languages of the press, and words for "updated".

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
