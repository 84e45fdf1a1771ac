"""The observatory, for everybody: where the money went, and whether it is still alive."""

from collections.abc import Sequence
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from ...core.config import settings
from ...core.i18n import NBSP, label, localized, translate
from ...core.tx import transaction
from ...decisions.results import reading as results
from ...durability.queries import by_age
from ...web.deps import AnyActor
from ...web.render import language_of, render
from ...web.tables import csv_file, dirhams
from ..queries import public

router = APIRouter()
Code = Annotated[str, Query(max_length=8)]
LINES = 20


@router.get("/observatory")
def observatory_page(
    request: Request,
    actor: AnyActor,
    by: Annotated[str, Query(max_length=10)] = "region",
    province: Code = "",
    cursor: Annotated[str | None, Query(max_length=2000)] = None,
) -> Response:
    """Figures, survival by age, money by place, and the register of funded projects."""
    with transaction(actor) as tx:
        places = public.places(tx)
        ages = [row for row in by_age(tx) if row.answered]
        page = public.register(tx, province or None, cursor, LINES)
        following = {"by": by, "province": province, "cursor": page.next}
        return render(
            request,
            actor,
            "observatory/public.html",
            demo=settings().demo,
            figures=public.total(places),
            ages=ages,
            finding=public.finding(ages),
            causes=public.causes(tx),
            by=by,
            places=places if by == "province" else public.regions(places),
            provinces=places,
            province=province,
            funded=page.items,
            results=results.latest(tx, province or None),
            following=f"/observatory?{urlencode(following)}#register" if page.next else None,
        )


@router.get("/observatory/funded.csv")
def funded_csv(request: Request, actor: AnyActor, province: Code = "") -> Response:
    """The whole register, in the reader's language."""
    lang = language_of(request, actor)
    columns = (
        "Projet",
        "Organisation",
        "Forme juridique",
        "Commune",
        "Province",
        "Région",
        "Filière",
        "Décidé le",
        "Montant en DH",
        "Situation",
        "Âge en mois",
    )
    with transaction(actor) as tx:
        rows = (_funded(line, lang) for line in public.whole_register(tx, province or None))
        return csv_file("projets-finances", _heads(lang, columns), rows)


def _funded(line: public.Funded, lang: str) -> Sequence[object]:
    return (
        line.title,
        localized(lang, line.organisation),
        label(lang, f"enum.legal_form.{line.legal_form}"),
        localized(lang, line.commune),
        localized(lang, line.province),
        localized(lang, line.region),
        localized(lang, line.chain),
        line.decided_on.isoformat(),
        dirhams(line.amount_centimes),
        label(lang, f"enum.project_status.{line.status}") if line.status else "",
        line.status_months,
    )


@router.get("/observatory/survival.csv")
def survival_csv(request: Request, actor: AnyActor) -> Response:
    """Projects still active by age, the unreachable counted both ways."""
    columns = (
        "Mois",
        "À interroger",
        "Interrogés",
        "En activité",
        "Injoignables",
        "Arrêtés ou suspendus",
        "Part en activité, injoignables arrêtés",
        "Part en activité, injoignables actifs",
        "Emplois : femmes",
        "Emplois : hommes",
    )
    with transaction(actor) as tx:
        rows = [
            (
                row.months,
                row.due,
                row.answered,
                row.active,
                row.unreachable,
                row.stopped,
                _share(row.active_low),
                _share(row.active_high),
                row.jobs_women,
                row.jobs_men,
            )
            for row in by_age(tx)
        ]
    return csv_file("projets-en-activite", _heads(language_of(request, actor), columns), rows)


@router.get("/observatory/provinces.csv")
def provinces_csv(request: Request, actor: AnyActor) -> Response:
    """Projects, money, jobs and activity by province."""
    lang = language_of(request, actor)
    columns = (
        "Région",
        "Province",
        "Projets",
        "Décidé en DH",
        "Versé en DH",
        "Emplois : femmes",
        "Emplois : hommes",
        "Interrogés",
        "En activité",
        "Injoignables",
    )
    with transaction(actor) as tx:
        rows = [
            (
                localized(lang, place.region),
                localized(lang, place.name),
                place.figures.projects,
                dirhams(place.figures.decided_centimes),
                dirhams(place.figures.released_centimes),
                place.figures.jobs_women,
                place.figures.jobs_men,
                place.figures.answered,
                place.figures.active,
                place.figures.unreachable,
            )
            for place in public.places(tx)
        ]
    return csv_file("provinces", _heads(lang, columns), rows)


def _heads(lang: str, columns: Sequence[str]) -> list[str]:
    """The names of the columns, with plain spaces: programs look for them."""
    return [translate(lang, column).replace(NBSP, " ") for column in columns]


def _share(value: float | None) -> str:
    """`0,714`, empty when nothing is known."""
    return "" if value is None else f"{value:.3f}".replace(".", ",")
