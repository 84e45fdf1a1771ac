"""The register of holders: numbers read and doubted, never refused for a check; found in both languages."""

import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st
from sqlalchemy import select, text

from backend.core.actor import SYSTEM
from backend.core.tx import transaction
from backend.people import commands, identifiers, queries
from backend.people.models import Organisation
from backend.people.queries import Wanted
from backend.people.schemas import OrganisationIn, OrganisationPatch
from tests.people import given
from tests.people.test_organisations import last_event, listed, refused
from tests.world import COMMUNE, HERE

RIB = "007640000123456789012380"
GOOD_RIB = RIB[:22] + f"{97 - int(RIB[:22]) * 100 % 97:02d}"


@drawn(st.text(alphabet="0123456789", min_size=22, max_size=22))
def test_a_rib_with_its_key_is_never_doubtful(body):
    key = 97 - int(body) * 100 % 97
    assert not identifiers.read_rib(f"{body}{key:02d}").doubtful
    assert identifiers.read_rib(f"{body}{(key + 1) % 97:02d}").doubtful


@pytest.mark.parametrize("wrong", ["", "12", "a" * 24, GOOD_RIB + "1", "١" * 23])
def test_a_rib_of_another_length_is_refused(wrong):
    with pytest.raises(ValueError, match="24 digits"):
        identifiers.read_rib(wrong)


def test_arabic_digits_and_spaces_are_read():
    arabic = "".join("٠١٢٣٤٥٦٧٨٩"[int(c)] for c in GOOD_RIB)
    assert identifiers.read_rib(f" {arabic[:3]} {arabic[3:6]}-{arabic[6:]}").value == GOOD_RIB
    assert identifiers.read_cin("jb ١٢٣٤٥٦").value == "JB123456"
    assert identifiers.read_cin("JB123456").doubtful is False
    assert identifiers.read_cin("123456").doubtful
    for wrong in ("", "ABCDEF", "12", "A" * 13, "JB12é", "<b>12"):
        with pytest.raises(ValueError, match="identity card"):
            identifiers.read_cin(wrong)
    assert (identifiers.masked_cin("JB123456"), identifiers.masked_cin("J1234")) == ("JB•••56", "J•••4")
    assert identifiers.masked_rib(GOOD_RIB) == f"••• {GOOD_RIB[-4:]}"
    assert identifiers.bare_number("4112 / 2019") == identifiers.bare_number("٤١١٢-2019") == "41122019"


def test_a_doubtful_number_is_kept_and_said(world):
    made = given.organisation(
        world.holder, ice="001561191000068", bank_account=RIB[:23] + "9", register_number="RC abc"
    )
    assert last_event("organisation.created").data["doubts"] == ["register_shape", "ice_check", "rib_check"]
    with transaction(world.holder) as tx:
        patch = OrganisationPatch(ice="", bank_account=GOOD_RIB, register_number="4112/2019")
        commands.edit_organisation(tx, made, patch)
    assert last_event("organisation.edited").data.get("doubts") is None


def test_the_account_is_whole_for_its_editors_only(client, world):
    with transaction(world.holder) as tx:
        commands.edit_organisation(tx, world.tifaout, OrganisationPatch(bank_account=GOOD_RIB))
    path = f"/api/v1/organisations/{world.tifaout}"
    for name in ("holder", "officer"):
        assert client(name).get(path).json()["bank_account"] == GOOD_RIB
    for name in ("auditor", "administrator", "coordination"):
        answer = client(name).get(path)
        assert answer.json()["bank_account"] == f"••• {GOOD_RIB[-4:]}"
        page = client(name).get(f"/organisations/{world.tifaout}", headers={"accept": "text/html"})
        assert page.status_code == 200
        assert GOOD_RIB not in answer.text + page.text
    assert GOOD_RIB not in client("officer").get("/api/v1/organisations").text
    with transaction(SYSTEM) as tx:
        trail = text("SELECT coalesce(old::text,'') || coalesce(new::text,'') FROM row_change"
                     " UNION ALL SELECT data::text FROM event")  # fmt: skip
        assert not [row for row in tx.session.scalars(trail) if GOOD_RIB in row]


def test_sectors_and_chains_are_of_the_list(world):
    made = given.organisation(world.holder, sectors=["agriculture"], chains=["argan"])
    assert listed(world.holder, sector="agriculture") == {made}
    assert listed(world.holder, sector="services") == set()
    wrong = OrganisationIn.model_validate(given.ORGANISATION | {"chains": ["argan", "gold"]})
    error = refused(lambda tx: commands.create_organisation(tx, wrong), world.holder).errors[0]
    assert (error.field, error.code) == ("chains.1", "activity_unknown")


def test_names_are_found_as_they_are_said(world):
    made = given.organisation(world.holder, name={"fr": "Coopérative Thé d’Été", "ar": "تَعَاوُنِيَّة الأركان"})
    for said in ("the ete", "THÉ", "اركان", "الأركان", "تعاونيه أركان", "cooperative the"):
        assert listed(world.officer, text=said) == {made}, said
    assert listed(world.officer, text="thé absent") == set()
    assert listed(world.officer, text="« »") == set()
    assert listed(world.officer, commune=COMMUNE, province=HERE) >= {made}
    with transaction(SYSTEM) as tx:
        row = tx.session.get(Organisation, made)
        assert row.folded_name == "cooperative the d ete تعاونيه اركان"
    with transaction(world.holder) as tx:
        commands.edit_organisation(tx, made, OrganisationPatch(name={"fr": "Nouveau nom"}))
    assert listed(world.officer, text="nouveau") == {made}


def test_every_name_is_folded(world):
    with transaction(SYSTEM) as tx:
        assert not tx.session.scalars(select(Organisation.id).where(Organisation.folded_name == "")).all()


def test_lists_cost_the_same_for_any_filter(world, statements):
    wanted = Wanted("tifaout", HERE, None, COMMUNE, "agriculture")
    for limit in (1, 3):
        with transaction(world.officer) as tx, statements() as sql:
            queries.organisations(tx, wanted, limit=limit)
            queries.count_organisations(tx, wanted)
        assert len(sql) == 2


def test_the_page_keeps_boxes_and_filters(client, world):
    browser = client("officer")
    html = {"accept": "text/html"}
    path = f"/organisations/{world.tifaout}"
    form = {
        "version": "1", "name.fr": "Tifaout", "legal_form": "cooperative", "commune_code": COMMUNE,
        "activities": "1", "sectors.agriculture": "1", "chains.argan": "1", "bank_account": RIB[:23] + "9",
    }  # fmt: skip
    assert browser.post(path, data=form, headers=html, follow_redirects=False).status_code == 303
    page = browser.get(path, headers=html).text
    assert "RIB à vérifier" in page
    assert 'name="sectors.agriculture" value="1" checked' in page.replace("  ", " ") or "checked" in page
    found = browser.get("/organisations?sector=agriculture&province=09.001", headers=html).text
    assert str(world.tifaout) in found
    assert str(world.rival_cooperative) not in found
    form = {name: value for name, value in form.items() if not name.startswith(("sectors", "chains"))}
    browser.post(path, data=form | {"version": "2"}, headers=html)
    with transaction(SYSTEM) as tx:
        assert tx.session.get(Organisation, world.tifaout).sectors == []
