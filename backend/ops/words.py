"""Which words are missing: every sentence of a template and every registered code, in every language.

`missing_words()` returns one line per fault; an empty list means that nobody reads a half-translated page.
"""

from __future__ import annotations

import ast
import re
import string
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from babel.messages.pofile import read_po
from jinja2 import nodes

from backend.arguments import Arguments
from backend.core import i18n

BACKEND = Path(__file__).resolve().parent.parent
SINGULAR = {"_", "translate"}
PLURAL = {"ngettext", "ntranslate"}
LABEL = {"label"}
CODE = re.compile(r"[a-z_]+(\.[a-z_]+)+")

Found = tuple[str, str]
"""What kind of words is asked for (`prose`, `plural`, `code`) and the msgid."""


def asked_in_templates() -> Iterator[tuple[str, Found]]:
    """Every constant msgid of every template, with the template's name."""
    from backend.web.render import TEMPLATES_DIR, environment

    env = environment(i18n.DEFAULT_LANGUAGE)
    for name in sorted(env.list_templates(extensions=["html", "txt"])):
        tree = env.parse((TEMPLATES_DIR / name).read_text(encoding="utf-8"))
        for call in tree.find_all(nodes.Call):
            called = call.node.name if isinstance(call.node, nodes.Name) else ""
            first = call.args[0] if call.args else None
            if isinstance(first, nodes.Const) and isinstance(first.value, str):
                yield from ((name, (kind, first.value)) for kind in _kinds(called))


def asked_in_python() -> Iterator[tuple[str, Found]]:
    """Constant msgids in calls of `translate(lang, …)`, `ntranslate` and `label`, with the file's name."""
    for path in sorted(BACKEND.rglob("*.py")):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(call, ast.Call) or len(call.args) < 2:
                continue
            called = getattr(call.func, "id", getattr(call.func, "attr", ""))
            asked = call.args[1]
            if isinstance(asked, ast.Constant) and isinstance(asked.value, str):
                name = path.relative_to(BACKEND).as_posix()
                yield from ((name, (kind, asked.value)) for kind in _kinds(called))


def _kinds(called: str) -> list[str]:
    """What a function asks for, from its name."""
    families = {"prose": SINGULAR, "plural": PLURAL, "code": LABEL}
    return [kind for kind, names in families.items() if called in names]


def registered_codes() -> Iterator[tuple[str, Found]]:
    """Codes of the providers in `i18n.CODES`, with the provider's module; every slice is loaded first."""
    from backend.app import load

    for kind in ("jobs", "api", "pages"):
        load(kind)
    for provider in i18n.CODES:
        for code in provider():
            yield provider.__module__, ("code", code)


def refusals() -> Iterator[tuple[str, Found]]:
    """The three sentences of every declared problem, and the words of what may be wrong with a field."""
    from backend.core.errors import PROBLEMS
    from backend.web.problems import FIELD_CODES

    for code in PROBLEMS:
        for part in ("", ".detail", ".action"):
            yield "problems", ("code", f"problem.{code}{part}")
    for code in sorted(FIELD_CODES | {"invalid"}):
        yield "fields", ("code", f"field.{code}")
    for path in sorted(BACKEND.rglob("*.py")):
        for code in re.findall(
            r'FieldError\([^,()]+(?:\([^()]*\))?[^,()]*, "(\w+)"', path.read_text(encoding="utf-8")
        ):
            yield path.relative_to(BACKEND).as_posix(), ("code", f"field.{code}")


def missing_words(sources: Iterable[Callable[[], Iterable[tuple[str, Found]]]] | None = None) -> list[str]:
    """One line per missing word, broken placeholder or contradiction; empty when all is well."""
    faults: dict[str, None] = {}
    for source in sources or SOURCES:
        for where, (asked, msgid) in source():
            kind = "code" if asked == "prose" and CODE.fullmatch(msgid) else asked
            for lang in i18n.LANGUAGES:
                if kind != "code" and lang == i18n.DEFAULT_LANGUAGE:
                    continue  # French prose is its own source
                if not _is_there(lang, kind, msgid):
                    faults[f"{lang}: {where}: no {kind} for {msgid!r}"] = None
    return [*faults, *placeholder_faults(), *loose_digits(), *contradictions()]


def _is_there(lang: str, kind: str, msgid: str) -> bool:
    """Whether the language has the words, with all its forms for a plural."""
    catalogue = i18n.catalogue(lang)
    if kind != "plural":
        return msgid in catalogue.words
    forms = 6 if lang == "ar" else 2
    return len(catalogue.plurals.get(msgid, ())) == forms


def _fields(text: str) -> set[str]:
    """The `{names}` of a sentence."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def placeholder_faults() -> Iterator[str]:
    """Translations that use a parameter which the source does not give, or cannot be filled."""
    french = i18n.catalogue("fr").words
    for msgid, text in i18n.catalogue("ar").words.items():
        try:
            extra = _fields(text) - _fields(french.get(msgid, msgid))
        except ValueError as error:
            yield f"ar: {msgid!r}: {error}"
            continue
        if extra:
            yield f"ar: {msgid!r}: unknown parameters {sorted(extra)}"


def loose_digits() -> Iterator[str]:
    """Arabic sentences whose digit groups are parted by an ordinary space: they would read backwards."""
    for msgid, text in i18n.catalogue("ar").words.items():
        if re.search(r"\d \d{3}(?!\d)", text):
            yield f"ar: {msgid!r}: a no-break space is needed between digits"


def contradictions() -> Iterator[str]:
    """The same msgid with different words in two files of a language."""
    for lang in i18n.LANGUAGES:
        seen: dict[object, tuple[str, object]] = {}
        for path in sorted((i18n.LOCALE_DIR / lang).glob("*.po")):
            with path.open("rb") as file:
                for message in read_po(file):
                    if not message.id or not message.string:
                        continue
                    key = message.id if isinstance(message.id, str) else message.id[0]
                    first = seen.setdefault(key, (path.name, message.string))
                    if first[1] != message.string:
                        yield f"{lang}: {key!r} differs between {first[0]} and {path.name}"


SOURCES: tuple[Callable[[], Iterable[tuple[str, Found]]], ...] = (
    asked_in_templates,
    asked_in_python,
    registered_codes,  # loads the slices, whose refusals come next
    refusals,
)


def main(argv: list[str]) -> int:
    """Print what is missing; 1 when something is. `--po` prints entries ready to be filled."""
    parser = Arguments(prog="./indh words", description="Find the words that a language lacks.")
    parser.add_argument("what", choices=("check",), nargs="?", help="the only thing to do")
    parser.add_argument("--po", action="store_true", help="print entries ready to be filled")
    options = parser.parse_args(argv)
    faults = missing_words()
    if options.po:
        asked = (fault.partition(": no prose for ")[2] for fault in faults)
        for msgid in dict.fromkeys(ast.literal_eval(quoted) for quoted in asked if quoted):
            print(f'msgid "{msgid}"\nmsgstr ""\n')
    else:
        print("\n".join(faults) or "no words are missing")
    return 1 if faults else 0
