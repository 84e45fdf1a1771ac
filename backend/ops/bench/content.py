# ruff: noqa: E501 (SQL keeps its columns together)
"""What the loaded rows say: words and SQL, in the sizes of real dossiers."""

from typing import Any

SUMMARY = (
    "Les adhérentes trient, concassent et pressent l’argan à la main. Le projet installe une presse, une salle "
    "de conditionnement aux normes et un point de vente au souk hebdomadaire, afin de vendre en bouteilles "
    "étiquetées plutôt qu’en vrac, et de tenir le stock entre deux récoltes."
)
NOTES = {
    "impact": "Emplois chiffrés par poste, revenu mensuel attendu par adhérente cohérent avec la filière.",
    "viability": "Débouchés engagés avec deux revendeurs ; fonds de roulement à préciser.",
}
SNAPSHOT: dict[str, Any] = {
    "organisation": {
        "name": {"fr": "Coopérative", "ar": "تعاونية"}, "legal_form": "cooperative", "province_code": "09.001",
        "commune_code": "09.001.05.09", "register_number": "4112/2019", "created_on": "2019-05-02",
        "last_agm_on": "2023-04-12",
    },
    "members": [{"sex": "woman", "birth_year": 1980 + n, "office": None} for n in range(6)],
}  # fmt: skip


def sections(commune: str) -> dict[str, dict[str, Any]]:
    """A complete dossier that passes every rule of Agadir 2023, its papers aside."""
    return {
        "project": {
            "title": "Unité de trituration et de conditionnement d’huile d’argan",
            "summary": SUMMARY,
            "sector": "agriculture",
            "chain": "argan",
        },
        "location": {"commune": commune, "premises": "rented", "address": "Douar Tamaït, route de l’oued"},
        "budget": {
            "lines": [
                {"label": "Presse à froid et filtre", "kind": "investment", "amount_centimes": 18_000_000},
                {"label": "Concasseuses", "kind": "investment", "amount_centimes": 9_000_000},
                {"label": "Aménagement de la salle", "kind": "investment", "amount_centimes": 8_000_000},
                {"label": "Étiqueteuse et balance", "kind": "investment", "amount_centimes": 5_000_000},
            ]
        },
        "financing": {
            "indh_centimes": 24_000_000,
            "own_cash_centimes": 10_000_000,
            "own_in_kind_centimes": 6_000_000,
        },
        "results": {"jobs_women": 8, "jobs_men": 2, "jobs_youth": 3, "income_centimes": 250_000},
        "declarations": {"accepted": ["accurate", "no_double_funding", "personal_data"]},
    }


HOLDERS = (
    """INSERT INTO person (id, version, name, email, language, active, created_at)
       SELECT person, 1, 'Présidente ' || i, 'holder-' || i || '@exemple.test',
              CASE WHEN i %% 3 = 0 THEN 'ar' ELSE 'fr' END, true, now() FROM n""",
    """INSERT INTO role_grant (id, person_id, role, granted_at) SELECT uuidv7(), person, 'holder', now() FROM n""",
    """INSERT INTO organisation (id, version, name, legal_form, province_code, commune_code, register_number,
                                 created_on, last_agm_on)
       SELECT organisation, 1, jsonb_build_object('fr', 'Coopérative agricole Tifaout ' || i, 'ar', 'تعاونية تيفاوت ' || i),
              'cooperative', %(province)s, %(commune)s, i || '/2019', DATE '2019-05-02', DATE '2023-04-12' FROM n""",
    """INSERT INTO member (id, organisation_id, position, name, sex, birth_year, office)
       SELECT uuidv7(), organisation, m, 'Membre ' || m, CASE WHEN m < 5 THEN 'woman' ELSE 'man' END, 1978 + 3 * m,
              CASE m WHEN 0 THEN 'president' WHEN 1 THEN 'treasurer' END FROM n, generate_series(0, 5) m""",
    """INSERT INTO representative (id, organisation_id, person_id, since)
       SELECT uuidv7(), organisation, person, now() FROM n""",
)
APPLICATIONS = """
INSERT INTO application (id, version, call_id, organisation_id, province_code, number, state, content, title, sector,
                         chain_code, commune_code, total_centimes, requested_centimes, created_by, created_at,
                         submitted_at, first_submitted_at, receipt_code, content_sha256, snapshot)
SELECT application, 10, %(call)s, organisation, %(province)s, 'CLA-2026-' || lpad(i::text, 5, '0'), 'eligible',
       jsonb_set(%(content)s, '{project,title}', to_jsonb('Unité de trituration et de conditionnement n° ' || i)),
       'Unité de trituration et de conditionnement n° ' || i, 'agriculture', 'argan', %(commune)s, 40000000,
       20000000 + i, person, now() - interval '50 days', now() - interval '40 days',
       now() - interval '40 days', 'BNCH-' || lpad(i::text, 9, '0'), encode(sha256(i::text::bytea), 'hex'), %(snapshot)s
  FROM n WHERE i <= %(number)s
"""
