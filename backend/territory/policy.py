"""Reference data is public; loading it is the platform's own act."""

from sqlalchemy import false, true

from ..core.policy import rule
from .models import Commune, Province, ReferenceLoad, Region

for model in (Region, Province, Commune):
    rule(f"{model.__tablename__}.read", model, lambda _a: true())
rule("reference_load.create", ReferenceLoad, lambda _a: false())
