"""The vendored territory is complete, bilingual and a tree."""

import re
from collections import Counter

from backend.territory.reference import arrondissements, cercles, communes, provinces, regions

ARABIC = re.compile(r"^[\u0600-\u06ff '\-]+$")


def everything():
    return [*regions(), *provinces(), *cercles(), *communes(), *arrondissements()]


def test_counts():
    assert [len(rows()) for rows in (regions, provinces, cercles, communes, arrondissements)] == [
        12,
        75,
        213,
        1503,
        41,
    ]
    assert Counter(province.kind for province in provinces()) == {"province": 62, "prefecture": 13}
    assert {commune.kind for commune in communes()} == {"urban", "rural"}


def test_codes_are_unique_and_files_sorted():
    for rows in (regions(), provinces(), cercles(), communes(), arrondissements()):
        codes = [row.code for row in rows]
        assert codes == sorted(set(codes))
    isos = [row.iso for row in (*regions(), *provinces())]
    assert len(set(isos)) == 87
    assert all(re.fullmatch(r"MA-(\d\d|[A-Z]{3})", iso) for iso in isos)


def test_every_name_has_french_and_arabic():
    for row in everything():
        assert row.name_fr.strip() == row.name_fr != ""
        assert ARABIC.match(row.name_ar), row


def test_every_parent_exists_and_agrees_with_the_code():
    region_codes, province_codes = {r.code for r in regions()}, {p.code for p in provinces()}
    cercle_codes, commune_codes = {c.code for c in cercles()}, {c.code for c in communes()}
    for province in provinces():
        assert province.region_code in region_codes
        assert province.code.startswith(province.region_code + ".")
    for cercle in cercles():
        assert cercle.province_code in province_codes
        assert cercle.code.startswith(cercle.province_code + ".")
    for commune in communes():
        assert commune.province_code in province_codes
        assert commune.code.startswith(commune.province_code + ".")
        assert (commune.cercle_code is None) == (commune.kind == "urban")
        if commune.cercle_code:
            assert commune.cercle_code in cercle_codes
            assert commune.code.startswith(commune.cercle_code + ".")
    for arrondissement in arrondissements():
        assert arrondissement.commune_code in commune_codes


def test_two_parents_that_another_table_gets_wrong():
    by_name = {province.name_fr: province for province in provinces()}
    assert by_name["Chtouka-Aït Baha"].region_code == "09"
    assert by_name["Nouaceur"].region_code == "06"


def test_populations_sum_to_the_parent():
    """An exact sum means that no commune hangs on a wrong province, nor a province on a wrong region."""
    by_province: Counter[str] = Counter()
    for commune in communes():
        by_province[commune.province_code] += commune.population_2024
    by_region: Counter[str] = Counter()
    for province in provinces():
        assert by_province[province.code] == province.population_2024
        by_region[province.region_code] += province.population_2024
    for region in regions():
        assert by_region[region.code] == region.population_2024


def test_agadir():
    agadir = next(province for province in provinces() if province.code == "09.001")
    assert (agadir.kind, agadir.iso, agadir.name_ar) == ("prefecture", "MA-AGD", "أكادير-إدا وتنان")
    assert sum(commune.province_code == "09.001" for commune in communes()) == 13
