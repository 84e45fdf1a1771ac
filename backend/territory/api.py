"""The territory for programs: public, and kept by their caches for as long as it does not change."""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Header, Query, Response

from ..core.actor import ANONYMOUS
from ..core.tx import Tx, transaction
from . import queries
from .schemas import Communes, Provinces, Regions

router = APIRouter(tags=["territory"])

IfNoneMatch = Annotated[str | None, Header()]
Code = Annotated[str | None, Query(max_length=16, pattern=r"^[0-9.]+$")]
DAY_SECONDS = 86_400


@router.get("/regions", response_model=Regions)
def list_regions(response: Response, if_none_match: IfNoneMatch = None) -> Any:
    """The twelve regions."""
    return _unless_known(response, if_none_match, queries.regions)


@router.get("/provinces", response_model=Provinces)
def list_provinces(response: Response, region: Code = None, if_none_match: IfNoneMatch = None) -> Any:
    """The 75 provinces and prefectures, or those of one region."""
    return _unless_known(response, if_none_match, lambda tx: queries.provinces(tx, region))


@router.get("/communes", response_model=Communes)
def list_communes(
    province: Annotated[str, Query(max_length=16, pattern=r"^[0-9.]+$")],
    response: Response,
    if_none_match: IfNoneMatch = None,
) -> Any:
    """The communes and arrondissements of a province; 404 when there is no such province."""

    def of_province(tx: Tx) -> Any:
        queries.province(tx, province)
        return queries.communes(tx, province)

    return _unless_known(response, if_none_match, of_province)


def _unless_known(response: Response, known: str | None, read: Callable[[Tx], Any]) -> Any:
    """The list with its edition, or 304 when the caller has this edition already."""
    with transaction(ANONYMOUS) as tx:
        headers = {
            "etag": f'W/"{queries.edition(tx)}"',
            "cache-control": f"public, max-age={DAY_SECONDS}",
        }
        if known == headers["etag"]:
            return Response(status_code=304, headers=headers)
        response.headers.update(headers)
        return {"items": read(tx)}
