"""A browser without a script, for the editor's pages: their forms as they stand, some fields typed over."""

import re
from html import unescape
from typing import Any

HTML = {"accept": "text/html"}


def opened(browser: Any, path: str, status: int = 200, lang: str = "fr") -> str:
    answer = browser.get(f"{path}{'&' if '?' in path else '?'}lang={lang}", headers=HTML)
    assert answer.status_code == status, answer.text[:2000]
    return str(answer.text)


def fields(text: str) -> dict[str, str]:
    """What a browser would send of the page's form as it stands."""
    form = text[text.index('id="sheet"') :].split("</form>", maxsplit=1)[0]
    found = {}
    for tag in re.findall(r"<input[^>]*>", form):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and ('type="checkbox"' not in tag or " checked" in tag):
            found[name[1]] = unescaped(value[1]) if value else ""
    for name, inside in re.findall(r'<textarea[^>]*name="([^"]*)"[^>]*>(.*?)</textarea>', form, re.DOTALL):
        found[name] = unescaped(inside)
    for name, inside in re.findall(r'<select[^>]*name="([^"]*)"[^>]*>(.*?)</select>', form, re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)" selected', inside)
        first = re.search(r'<option value="([^"]*)"', inside)
        found[name] = unescaped((chosen or first)[1]) if chosen or first else ""  # type: ignore[index]
    return found


def unescaped(text: str) -> str:
    return unescape(text)


def sent(browser: Any, path: str, status: int = 303, **typed: str) -> Any:
    """The page's own form, with some fields typed over (dots as `__`)."""
    form = fields(opened(browser, path)) | {name.replace("__", "."): text for name, text in typed.items()}
    answer = browser.post(path, data=form, headers=HTML, follow_redirects=False)
    assert answer.status_code == status, answer.text[:2000]
    return answer


RULES: list[dict[str, Any]] = [
    {
        "code": "women", "title": {"fr": "Femmes", "ar": "النساء"}, "fails": "warn",
        "when": {"fact": "organisation.legal_form", "one_of": ["cooperative"]},
        "check": {"any": [
            {"fact": "members.women_share", "more_than": "30 %"},
            {"not": {"fact": "members.count", "between": [5, {"fact": "members.women"}]}},
            {"rule": "indh_share"},
            {"fact": "documents.present", "includes_any": ["quotes"]},
        ]},
    },
    {
        "code": "cap", "title": {"fr": "Plafond", "ar": "السقف"},
        "check": {"all": [
            {"fact": "financing.indh", "at_most": {"by": {
                "fact": "organisation.legal_form", "values": {"gie": "100000 DH"},
                "otherwise": {"share": "50 %", "of": "budget.total"}}}},
            {"fact": "organisation.created_on",
             "before": {"fact": "call.reference_date", "minus": "12 months"}},
            {"fact": "members.one_family", "is": False},
        ]},
    },
]  # fmt: skip
"""Rules of every shape."""
