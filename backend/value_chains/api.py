"""Value chains over JSON."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Path, Query

from backend.core.calendar import local
from backend.core.tx import transaction
from backend.territory.models import Province
from backend.web.deps import AnyActor, CurrentActor

from . import commands, queries
from .catalogue import sectors
from .models import ValueChain
from .schemas import ChainOut, ChainsOut, PrioritiesIn, PrioritiesOut

router = APIRouter(prefix="/value-chains", tags=["value chains"])
ProvinceCode = Annotated[str, Path(max_length=8)]


def _out(chain: ValueChain, rank: int | None = None) -> ChainOut:
    named = sectors().get(chain.sector, {"fr": chain.sector, "ar": chain.sector})
    return ChainOut(code=chain.code, sector=chain.sector, sector_name=named, name=chain.name, rank=rank)


def _ranked(chains: Sequence[ValueChain]) -> list[ChainOut]:
    return [_out(chain, rank) for rank, chain in enumerate(chains, 1)]


@router.get("")
def list_value_chains(
    actor: AnyActor,
    province: Annotated[
        str | None, Query(max_length=8, description="Only this province's priorities.")
    ] = None,
    on: Annotated[
        date | None, Query(description="The list in force on this day (today when absent).")
    ] = None,
) -> ChainsOut:
    """Every value chain, or those that a province puts first on a day, in its order."""
    with transaction(actor) as tx:
        if province is None:
            return ChainsOut(items=[_out(chain) for chain in queries.chains(tx)])
        tx.get(Province, province, "province.read")
        return ChainsOut(items=_ranked(queries.priorities(tx, province, on or local(tx.now).date())))


@router.put("/priorities/{province_code}")
def set_value_chain_priorities(
    province_code: ProvinceCode, body: PrioritiesIn, actor: CurrentActor
) -> PrioritiesOut:
    """Set a province's list of priority chains from a day on; the list before it ends that day."""
    with transaction(actor) as tx:
        commands.set_priorities(tx, province_code, body.chains, body.from_on)
        items = _ranked(queries.priorities(tx, province_code, body.from_on))
        return PrioritiesOut(province_code=province_code, on=body.from_on, items=items)
