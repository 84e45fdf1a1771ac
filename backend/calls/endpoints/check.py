"""« Puis-je candidater ? » over JSON."""

from typing import Annotated

from fastapi import APIRouter, Path

from backend.core.tx import transaction
from backend.web.deps import AnyActor

from .. import queries
from ..checking import questions, read_json, verdict
from ..schemas import CheckIn, CheckOut

router = APIRouter()


@router.post("/{code}/check")
def check_eligibility(code: Annotated[str, Path(max_length=60)], body: CheckIn, actor: AnyActor) -> CheckOut:
    """What the rules of a call say of these facts: pass, fail or cannot tell, with the reason.

    `code` is the call's code or its identifier. Nothing is kept. Facts left out are listed as missing.
    """
    with transaction(actor) as tx:
        call = queries.by_reference(tx, code)
        file = queries.definition(call)
        answers = read_json(questions(file), body.facts)
        return CheckOut.model_validate(verdict(file, answers, queries.priority_codes(tx, call, file)))
