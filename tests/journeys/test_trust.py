"""Anybody checks that a deposit is in the record: in French, and in Arabic on a phone without script."""

import json
from pathlib import Path

import pytest

from tests.applications import given as applications
from tests.journeys.site import Site

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(180)]


@pytest.mark.parametrize(("lang", "phone"), [("fr", False), ("ar", True)])
def test_a_deposit_is_in_the_record(site: Site, tmp_path: Path, lang: str, phone: bool) -> None:
    deposit = applications.submitted(site.world)
    site.work()
    visitor = site.reader(None, lang, phone=phone, script=not phone)
    visitor.goes_to(f"/receipts?code={deposit.receipt_code}")
    visitor.follows("Preuve que ce dépôt est au registre").sees("Cette preuve est exacte").is_well()
    proof = visitor.page.request.get(f"{site.base}/api/v1/proofs/receipts/{deposit.receipt_code}").text()
    root = json.loads(proof)["seal"]["root"]

    visitor.follows("Vérifier autre chose").reads_title("Vérifier un document").is_well()
    visitor.types("Ou son texte, collé ici", proof.replace('"data.number",1', '"data.number",2'))
    visitor.types("Racine à comparer", root).presses("Vérifier la preuve")
    visitor.sees("Cette preuve ne tient pas").is_well()
    kept = tmp_path / "proof.json"
    kept.write_text(proof)
    visitor.page.locator("input[type=file]").set_input_files(kept)
    visitor.presses("Vérifier la preuve").sees("La racine est celle que vous avez donnée").is_well()

    visitor.follows("Tous les sceaux").reads_title("Sceaux du registre").is_well()
    visitor.follows("N° {n}", n=1).reads_title("Sceau n° {n}", n=1).is_well()
