"""The first parts of minutes in words: what the session is, who was there, its agenda."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from ...core.calendar import format_date
from ...core.i18n import label
from .teller import Block, Json, Teller, translate


class Opening(Teller):
    """Head, roll, agenda."""

    def _head(self) -> Iterator[Block]:
        session = self.record["session"]
        yield {"kind": "facts", "rows": [*self._place(session), *self._hours(session), *self._grounds()]}
        if session["late_notice"]:
            yield self._p(
                translate(
                    self.lang,
                    "Convocation hors délai ({n} jours demandés). Motif : {reason}",
                    n=self.record["procedure"]["notice_days"],
                    reason=session["late_notice"],
                )
            )

    def _place(self, session: Json) -> Iterator[list[Any]]:
        """Which session, of which committee's number, where."""
        number = {"ltr": f"{self.record['number']} · v{self.record['version']}"}
        yield [translate(self.lang, "Numéro"), number]
        said = {"number": session["number"], "moment": self.moment(session["scheduled_at"])}
        yield [translate(self.lang, "Séance"), translate(self.lang, "n° {number}, {moment}", **said)]
        if session["second_of"]:
            after = translate(
                self.lang, "après la séance n° {number}, sans quorum", number=session["second_of"]
            )
            yield [translate(self.lang, "Seconde convocation"), after]
        if session["place"]:
            yield [translate(self.lang, "Lieu"), session["place"]]

    def _hours(self, session: Json) -> Iterator[list[Any]]:
        """Convened, opened, ended."""
        yield [translate(self.lang, "Convocation"), self._convocation(session)]
        if session["opened_at"]:
            yield [translate(self.lang, "Ouverte"), self.moment(session["opened_at"])]
        if session["closed_at"]:
            lapsed = self.record["kind"] == "lapse"
            ended = translate(self.lang, "Constat de carence") if lapsed else translate(self.lang, "Levée")
            yield [ended, self.moment(session["closed_at"])]

    def _grounds(self) -> Iterator[list[Any]]:
        """The order that created the committee, the rules under which it sat."""
        committee, rules = self.record["committee"], self.record["procedure"]
        order = translate(
            self.lang,
            "arrêté n° {number} du {day}",
            number=committee["order_number"],
            day=format_date(date.fromisoformat(committee["ordered_on"]), self.lang),
        )
        yield [translate(self.lang, "Comité créé par"), order]
        version = translate(self.lang, "version {n}", n=rules["number"])
        yield [translate(self.lang, "Règlement intérieur"), version]

    def _convocation(self, session: Json) -> str:
        if session["convened_at"]:
            return translate(self.lang, "envoyée {moment}", moment=self.moment(session["convened_at"]))
        return translate(self.lang, "aucune n’est enregistrée")

    def _roll(self) -> Iterator[Block]:
        yield self._h(translate(self.lang, "Présences et quorum"))
        sittings = self.record["sittings"]
        for n, sitting in enumerate(sittings, 1):
            if len(sittings) > 1:
                opened = self.moment(sitting["opened_at"]) if sitting["opened_at"] else ""
                yield self._p(translate(self.lang, "Réunion {n}, {moment}", n=n, moment=opened), strong=True)
            yield {
                "kind": "table",
                "caption": translate(self.lang, "Présences"),
                "columns": [
                    [translate(self.lang, "Membre"), "text", 4],
                    [translate(self.lang, "Organisme"), "text", 4],
                    [translate(self.lang, "Présence"), "text", 3],
                ],
                "rows": [self._called(row) for row in sitting["roll"]],
            }
        found = self.record["session"]["quorum"]
        if self.record["kind"] == "lapse":
            yield self._p(
                translate(
                    self.lang,
                    "Voix représentées : {present} sur {seats} ; il en fallait {needed}. Séance non tenue.",
                    **found,
                )
            )
        else:
            yield self._p(
                translate(
                    self.lang,
                    "Voix représentées à la fin : {present} ; le règlement en demande {needed} sur {seats}.",
                    **found,
                )
            )

    def _called(self, row: Json) -> list[Any]:
        name = (
            self.loc(row["name"])
            + (" · " + translate(self.lang, "préside") if row["chairs"] else "")
            + ("" if row["votes"] else " · " + translate(self.lang, "sans voix"))
        )
        said = label(self.lang, f"enum.presence.{row['presence']}")
        if row["stand_in"]:
            said += translate(self.lang, " : {name}", name=self.loc(row["stand_in"]))
        if row["arrived_at"]:
            said += " · " + translate(self.lang, "arrivée à {hour}", hour=self.hour(row["arrived_at"]))
        if row["left_at"]:
            said += " · " + translate(self.lang, "départ à {hour}", hour=self.hour(row["left_at"]))
        return [name, self.loc(row["body"]), said]

    def _agenda(self) -> Iterator[Block]:
        if not self.record["agenda"]:
            return
        yield self._h(translate(self.lang, "Ordre du jour"))
        yield {
            "kind": "table",
            "caption": translate(self.lang, "Ordre du jour"),
            "columns": [
                [translate(self.lang, "N°"), "num", 1],
                [translate(self.lang, "Point"), "text", 7],
                [translate(self.lang, "Traité"), "text", 4],
            ],
            "rows": [self._point(item) for item in self.record["agenda"]],
        }
        for item in self.record["agenda"]:
            if item.get("notes"):
                yield self._p(
                    translate(self.lang, "Point {n} : {notes}", n=item["number"], notes=item["notes"])
                )

    def _point(self, item: Json) -> list[Any]:
        if item.get("hidden"):
            return [
                {"ltr": str(item["number"])},
                translate(self.lang, "Point masqué : vous y étiez récusée ou récusé."),
                "",
            ]
        title = self.loc(item["title"]) + (
            " · " + translate(self.lang, "ajouté en séance") if item["added"] else ""
        )
        times = [self.hour(item[key]) for key in ("taken_at", "done_at") if item[key]]
        said = (
            translate(self.lang, "de {start} à {end}", start=times[0], end=times[1])
            if len(times) == 2
            else translate(self.lang, "non traité")
            if not times
            else times[0]
        )
        return [{"ltr": str(item["number"])}, title, said]
