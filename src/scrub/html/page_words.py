"""What pages without an article say of themselves, in many languages: the last support of what their structure shows.

Casefolded; a phrase is looked for in a page's title and main heading, or, for consent, in its paragraphs.
"""

from __future__ import annotations

NOT_FOUND = (
    "404", "410", "not found", "page doesn't exist", "page does not exist", "no longer available", "can't find",
    "couldn't find", "nicht gefunden", "existiert nicht", "nicht mehr verfügbar", "introuvable", "n'existe pas",
    "no encontrada", "no existe", "no se encuentra", "non trovata", "non esiste", "não encontrada", "não existe",
    "niet gevonden", "bestaat niet", "nie znaleziono", "nie istnieje", "hittades inte", "finns inte", "ikke funnet",
    "finnes ikke", "ikke fundet", "findes ikke", "ei löydy", "ei löytynyt", "nenalezena", "neexistuje", "nenašla",
    "nem található", "nu a fost găsit", "nije pronađen", "не найдена", "не существует", "не знайдено", "не існує",
    "не е намерена", "није пронађена", "δεν βρέθηκε", "bulunamadı", "không tìm thấy", "tidak ditemukan",
    "見つかりません", "找不到", "不存在", "찾을 수 없", "غير موجودة", "לא נמצא", "نشد", "नहीं मिला",
)  # fmt: skip
BLOCKED = (
    "just a moment", "attention required", "access denied", "access to this page has been denied", "are you a robot",
    "are you human", "verify you are human", "verifying you are human", "human verification", "security check",
    "checking your browser", "pardon our interruption", "request blocked", "you have been blocked", "too many requests",
    "unusual traffic", "bot verification", "zugriff verweigert", "sicherheitsüberprüfung", "accès refusé",
    "vérification de sécurité", "acceso denegado", "accesso negato", "acesso negado", "toegang geweigerd",
    "odmowa dostępu", "доступ запрещен", "доступ ограничен", "доступ заборонено", "erişim engellendi",
    "アクセスが拒否", "访问被拒绝", "安全验证", "접근이 거부",
)  # fmt: skip
CONSENT = (
    "cookie", "consent", "privacy", "gdpr", "third parties", "our partners", "personal data", "legitimate interest",
    "einwillig", "datenschutz", "personenbezogen", "zustimm", "partnern", "consentement", "données personnelles",
    "traceurs", "nos partenaires", "consentimiento", "datos personales", "socios", "consenso", "dati personali",
    "consentimento", "dados pessoais", "toestemming", "persoonsgegevens", "zgod", "danych osobowych", "samtyck",
    "personuppgifter", "samtykke", "personopplysninger", "evästei", "souhlas", "osobních údajů", "hozzájárul",
    "sütik", "consimțământ", "согласи", "персональн", "файлы cookie", "згод", "съгласи", "συγκατάθεσ", "çerez",
    "クッキー", "同意", "쿠키", "ملفات تعريف الارتباط", "עוגיות",
)  # fmt: skip
