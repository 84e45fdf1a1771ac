"""What was voted and decided, in words."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from ...core.calendar import format_date
from ...core.i18n import label, ntranslate
from ...core.money import format_money
from ..queries import in_words
from .teller import Block, Json, Teller, inside, translate

CHOICES = ("for", "against", "abstain")


class Deliberated(Teller):
    """Motions and decisions."""

    def _motions(self) -> Iterator[Block]:
        yield self._h(translate(self.lang, "Votes"))
        if not self.record["motions"]:
            yield self._p(translate(self.lang, "Aucune motion n’a été mise aux voix."))
        for motion in self.record["motions"]:
            if motion.get("hidden"):
                yield self._p(
                    translate(
                        self.lang,
                        "Motion n° {n} : masquée, vous y étiez récusée ou récusé.",
                        n=motion["number"],
                    )
                )
                continue
            kind = label(self.lang, f"enum.motion_kind.{motion['kind']}")
            yield self._p(
                translate(self.lang, "Motion n° {n} ({kind})", n=motion["number"], kind=kind), strong=True
            )
            yield self._p(self.loc(motion["text"]))
            yield from (self._p(line) for line in self._result(motion))

    def _result(self, motion: Json) -> Iterator[str]:
        if motion["reason"]:
            yield translate(self.lang, "Motif : {reason}", reason=motion["reason"])
        if motion["files"]:
            yield ntranslate(
                self.lang,
                "Porte sur {n} dossier : {files}.",
                "Porte sur {n} dossiers : {files}.",
                len(motion["files"]),
                files=inside(self.lang, ", ".join(motion["files"])),
            )
        if motion["recused"]:
            yield translate(self.lang, "Récusation : {names}.", names=self.names(motion["recused"]))
        result = motion["result"]
        if result is None:
            yield label(self.lang, f"state.motion.{motion['state']}") + "."
            return
        yield translate(
            self.lang,
            "Quorum sur cette motion : {present} voix représentées, {needed} demandées.",
            present=result["present"],
            needed=result["needed"],
        )
        yield (
            translate(
                self.lang,
                "Pour : {votes_for} ; contre : {votes_against} ; abstention : {abstentions}.",
                **{key: result[key] for key in ("votes_for", "votes_against", "abstentions")},
            )
            + " "
            + label(self.lang, f"state.motion.{motion['state']}")
            + "."
        )
        if motion["secret"]:
            yield translate(
                self.lang,
                "Vote secret : {n} sièges ont voté ; ce que chacun a choisi n’est conservé nulle part.",
                n=len(motion["ballots"]),
            )
        else:
            yield from self._named_votes(motion["ballots"])
        if result["casting"] == "secret":
            yield translate(
                self.lang, "Partage des voix : au vote secret, la voix prépondérante ne joue pas."
            )
        elif result["casting"] == "used":
            yield translate(
                self.lang,
                "Partage des voix : la voix du président ou de la présidente a emporté la décision.",
            )

    def _named_votes(self, ballots: Sequence[Json]) -> Iterator[str]:
        for choice in CHOICES:
            voters = [one for one in ballots if one["choice"] == choice]
            if voters:
                said = [self._voter(one) for one in voters]
                word = label(self.lang, f"enum.ballot_choice.{choice}")
                yield translate(
                    self.lang,
                    "{choice} : {names}.",
                    choice=word,
                    names=("، " if self.lang == "ar" else ", ").join(said),
                )
        for one in ballots:
            if one["dissent"]:
                yield translate(
                    self.lang, "Opinion de {name} : {text}", name=self.loc(one["name"]), text=one["dissent"]
                )

    def _voter(self, ballot: Json) -> str:
        name = str(inside(self.lang, self.loc(ballot["name"])))
        if not ballot["by"]:
            return name
        return translate(self.lang, "{name} (par {other})", name=name, other=self.loc(ballot["by"]))

    def _decisions(self) -> Iterator[Block]:
        yield self._h(translate(self.lang, "Décisions"))
        decisions = self.record["decisions"]
        if hidden := self.record.get("hidden_files"):
            yield self._p(
                ntranslate(
                    self.lang,
                    "{n} dossier est masqué : vous y étiez récusée ou récusé.",
                    "{n} dossiers sont masqués : vous y étiez récusée ou récusé.",
                    hidden,
                )
            )
        if not decisions:
            yield self._p(translate(self.lang, "Aucune décision n’a été proposée."))
        for call in dict.fromkeys(one["call"]["id"] for one in decisions):
            yield self._list([one for one in decisions if one["call"]["id"] == call])

    def _list(self, decisions: Sequence[Json]) -> Block:
        funded = sum(
            one["amount_centimes"] for one in decisions
            if one["state"] == "adopted" and one["outcome"] in ("funded", "conditional")
        )  # fmt: skip
        return {
            "kind": "table",
            "titled": True,
            "caption": self.loc(decisions[0]["call"]["title"]),
            "columns": [
                [translate(self.lang, "Rang"), "num", 1],
                [translate(self.lang, "Projet"), "text", 5],
                [translate(self.lang, "Décision"), "text", 2],
                [translate(self.lang, "Montant, DH"), "num", 3],
                [translate(self.lang, "Raisons"), "text", 6],
            ],
            "rows": [self._decided(one) for one in decisions],
            "total": [translate(self.lang, "Engagé"), {"ltr": format_money(funded, self.lang, unit=False)}],
        }

    def _decided(self, one: Json) -> list[Any]:
        adopted = one["state"] not in ("set_aside", "proposed")
        outcome = f"enum.decision_outcome.{one['outcome']}" if adopted else f"state.decision.{one['state']}"
        amount = {"ltr": format_money(one["amount_centimes"], self.lang, unit=False)}
        why = [in_words(dict(reason), self.lang) for reason in one["reasons"]]
        if one["deviates"]:
            why.insert(0, translate(self.lang, "Écart aux propositions."))
        if one["recused"]:
            why.append(translate(self.lang, "Récusation : {names}.", names=self.names(one["recused"])))
        if one["conditions"]:
            due = format_date(date.fromisoformat(one["conditions_due_on"]), self.lang)
            conditions = " ; ".join(self.loc(condition) for condition in one["conditions"])
            why.append(
                translate(
                    self.lang,
                    "Conditions, au plus tard le {day} : {conditions}",
                    day=due,
                    conditions=conditions,
                )
            )
        return [
            {"ltr": str(one["rank"])},
            f"{one['title']} · {self.loc(one['holder'])} · {inside(self.lang, one['number'])}",
            label(self.lang, outcome),
            amount if adopted and one["amount_centimes"] else "–",
            " ".join(why),
        ]
