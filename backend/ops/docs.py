"""`./indh docs`: the diagrams that the code itself can draw, so that they cannot grow old.

`docs/generated/` holds the state machines, the tables by slice, and who hears which event; `--check` fails
when what is committed is not what the code says.
"""

from collections.abc import Callable

from ..app import SLICES, load
from ..arguments import Arguments
from ..core.db import Base
from ..core.events import EVENTS, SCHEDULE, SUBSCRIBERS
from ..core.i18n import label
from ..core.machine import MACHINES, Machine
from .paths import ROOT
from .refusal import Refusal

OUT = ROOT / "docs" / "generated"
MADE = "<!-- Made by ./indh docs; do not edit. -->\n\n"


def machines() -> str:
    """Every life in the house: from, verb, to, with what each verb asks."""
    parts = [MADE, "# State machines\n"]
    parts += [_machine(MACHINES[name]) for name in sorted(MACHINES)]
    return "\n".join(parts)


def _machine(machine: Machine) -> str:
    states = list(machine.column.type.enum_class)
    default = machine.column.property.columns[0].default
    lines = [f"\n## {machine.name}\n", "```mermaid", "stateDiagram-v2", f"  [*] --> {default.arg}"]
    for t in machine.transitions.values():
        lines += [f"  {source} --> {t.target}: {t.verb}" for source in sorted(t.sources)]
    lines += ["```", "", "| Verb | Rule | Requires | Announces |", "|---|---|---|---|"]
    for t in machine.transitions.values():
        guards = ", ".join(f"`{guard.__name__}`" for guard in t.requires) or "–"
        lines.append(f"| `{t.verb}` | `{t.may}` | {guards} | `{t.event}` |")
    lines += ["", "| State | Français | العربية |", "|---|---|---|"]
    lines += [
        f"| `{state}` | {label('fr', code)} | {label('ar', code)} |"
        for state in states
        for code in (f"state.{machine.name}.{state}",)
    ]
    return "\n".join(lines) + "\n"


def tables() -> str:
    """The tables of each slice, with what they point at."""
    parts = [MADE, "# Tables\n"]
    by_slice: dict[str, list[str]] = {}
    for mapper in Base.registry.mappers:
        by_slice.setdefault(mapper.class_.__module__.split(".")[1], []).append(mapper.class_.__tablename__)
    parts += [_diagram(name, sorted(by_slice[name])) for name in ("core", *SLICES) if name in by_slice]
    return "\n".join(parts)


def _diagram(name: str, names: list[str]) -> str:
    lines = [f"\n## {name}\n", "```mermaid", "erDiagram"]
    for table in (Base.metadata.tables[n] for n in names):
        lines.append(f"  {table.name} {{")
        lines += [
            f"    {str(c.type).partition('(')[0].replace(' ', '_').lower()} {c.name}" + " PK" * c.primary_key
            for c in table.columns
        ]
        lines.append("  }")
        lines += [
            f"  {key.column.table.name} ||--o{{ {table.name} : {key.parent.name}"
            for key in sorted(table.foreign_keys, key=lambda k: k.parent.name)
        ]
    return "\n".join([*lines, "```"]) + "\n"


def events() -> str:
    """What is announced, who reacts to it, and what the clock asks for."""
    lines = [MADE + "# Events, and who hears them", "", "| Event | Français | Heard by |", "|---|---|---|"]
    for name in sorted(EVENTS):
        heard = ", ".join(f"`{s.name}`" for s in SUBSCRIBERS.get(name, ())) or "–"
        lines.append(f"| `{name}` | {label('fr', f'event.{name}')} | {heard} |")
    lines += ["", "# What the clock asks for", "", "| Work | Every |", "|---|---|"]
    lines += [f"| `{work.name}` | {work.seconds} s |" for work in SCHEDULE.values()]
    return "\n".join(lines) + "\n"


PAGES: dict[str, Callable[[], str]] = {"machines.md": machines, "tables.md": tables, "events.md": events}


def main(argv: list[str]) -> int:
    """Write the pages, or with `--check` raise Refusal naming those that are out of date."""
    parser = Arguments(prog="./indh docs", description="Draw what the code says of itself.")
    parser.add_argument("--check", action="store_true", help="write nothing; fail when a page has grown old")
    options = parser.parse_args(argv)
    load("jobs")
    if not options.check:
        OUT.mkdir(parents=True, exist_ok=True)
    stale = []
    for name, make in PAGES.items():
        page, path = make(), OUT / name
        if options.check and (not path.exists() or path.read_text() != page):
            stale.append(path.name)
        elif not options.check:
            path.write_text(page)
    if stale:
        raise Refusal(f"{', '.join(stale)} no longer what the code says: run ./indh docs and commit it.")
    return 0
