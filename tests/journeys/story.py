"""The steps of the cycle, each as its people do it: through the pages, by the words on them."""

from datetime import datetime, timedelta

from backend.core.calendar import local
from backend.core.money import format_money
from tests.files import given as files
from tests.journeys import tale as told
from tests.journeys.reader import Reader, plain
from tests.journeys.site import Site
from tests.journeys.tale import Tale
from tests.value_chains import given as chains
from tests.world import HERE


def amount(centimes: int, lang: str) -> str:
    """A sum as pages write it."""
    return plain(format_money(centimes, lang))


# -- the call --------------------------------------------------------------------------------------
def opens_a_call(site: Site, officer: Reader, code: str = "agadir-voyage") -> str:
    """The officer pastes a call file and publishes it; returns the address of her page about it."""
    chains.priorities()
    now = site.now()
    officer.goes_to("/das/calls").is_well().sees("Aucun appel pour le moment")
    officer.follows("Charger un appel").is_well()
    officer.types("Texte du fichier d’appel", "code: incomplet\n").presses("Vérifier et garder en brouillon")
    officer.sees("Ce que vous avez saisi est gardé.").is_well()
    text = told.call_text(code, now - timedelta(days=1), now + timedelta(days=10))
    officer.types("Texte du fichier d’appel", text).presses("Vérifier et garder en brouillon")
    officer.reads_title(told.TITLE).is_well()
    officer.follows("Relire avant de publier").reads_title("Publier cet appel ?").is_well()
    officer.presses("Publier l’appel").sees("phase.call.open").is_well()
    return officer.path


def reads_the_call(visitor: Reader) -> None:
    """Anybody: the home page, then what the call asks."""
    visitor.goes_to("/").sees("Appels ouverts").sees(told.TITLE).is_well()
    visitor.follows("Voir les conditions").reads_title(told.TITLE).is_well()
    visitor.sees(amount(600_000_000, visitor.lang)).sees(amount(30_000_000, visitor.lang))


# -- the holder ------------------------------------------------------------------------------------
def registers(holder: Reader, tale: Tale) -> None:
    """She opens her account and signs in."""
    holder.goes_to("/register").is_well()
    holder.types("Nom et prénom", tale.name).types("Adresse électronique", tale.email)
    holder.types("Mot de passe", told.PASSWORD).presses("Ouvrir mon compte")
    holder.sees("Votre demande de compte est reçue").is_well()
    holder.sign_in(tale.email, told.PASSWORD)
    holder.reads_title("Mon espace").is_well()


def enters_her_organisation(holder: Reader, tale: Tale, members: int | None = None) -> None:
    """The cooperative and those who make it."""
    holder.follows("Inscrire une organisation").is_well()
    holder.page.get_by_label(
        holder.words("Dans quelle province ou préfecture est son siège ?")
    ).select_option(HERE)
    holder.presses("Continuer").is_well()
    holder.types({"fr": "Nom en français", "ar": holder.words("Nom en arabe")}, tale.organisation)
    holder.picks("Forme juridique", "enum.legal_form.cooperative")
    holder.picks("Commune du siège", told.commune())
    holder.types("Numéro au registre local des coopératives ou du commerce", "4112/2019")
    holder.types("Date de création", "2019-05-02").types("Dernière assemblée générale", "2023-04-12")
    holder.types("Téléphone de l’organisation", "06 12 34 56 78").presses("Inscrire l’organisation")
    holder.reads_title(tale.organisation).sees("Aucun membre n’est inscrit").is_well()
    for name, sex, born in tale.members[:members]:
        with holder.within(holder.page.locator("#members")):
            holder.types("Nom et prénom", name).chooses(f"enum.sex.{sex}")
            holder.types("Année de naissance", born).presses("Ajouter ce membre")
            holder.sees(name)
    holder.sees(holder.count("{n} membre", "{n} membres", len(tale.members[:members]))).is_well()


def begins_her_dossier(holder: Reader) -> str:
    """From her space to the task list; returns its address."""
    holder.goes_to("/my").follows("Commencer un dossier").is_well()
    holder.presses("Commencer le dossier").reads_title("Votre dossier").is_well()
    holder.sees("Rubriques complètes : {done} sur {total}", done=2, total=9)
    return holder.path


def fills_every_section(holder: Reader, tale: Tale) -> None:
    """Each short page in turn, back to the task list after each."""
    _describes_the_project(holder, tale)
    _says_where(holder)
    _says_what_it_costs(holder, tale)
    _says_who_pays(holder)
    _says_what_comes_of_it(holder)
    _sends_her_papers(holder)
    _declares(holder)
    holder.sees("Rubriques complètes : {done} sur {total}", done=9, total=9)


def _section(holder: Reader, name: str) -> None:
    holder.follows(name).reads_title(name).is_well()


def _saved(holder: Reader) -> None:
    holder.presses("Enregistrer")
    holder.page.wait_for_url(lambda url: url.rsplit("/", 2)[-2] == "applications")


def _describes_the_project(holder: Reader, tale: Tale) -> None:
    _section(holder, "Projet et filière")
    holder.types("Titre du projet", tale.title).types("Ce que vous voulez faire, et pour qui", tale.summary)
    holder.picks("Secteur", told.sector()).picks("Filière", told.chain())
    _saved(holder)
    holder.reads_title(tale.title)


def _says_where(holder: Reader) -> None:
    _section(holder, "Lieu du projet")
    holder.picks("Commune du projet", told.commune()).chooses("Local en location")
    _saved(holder)
    holder.sees(told.commune())


def _says_what_it_costs(holder: Reader, tale: Tale) -> None:
    """First a sum that cannot be read: nothing of what she typed is lost."""
    _section(holder, "Budget")
    for n, (what, cost) in enumerate(tale.lines, 1):
        with holder.within("Ligne {n}", n=n):
            holder.types("Dépense", what).picks("Nature", "Investissement")
            holder.types("Prix unitaire", "trois mille" if n == 1 else cost)
    holder.presses("Enregistrer").sees("Ce que vous avez saisi est gardé.").is_well()
    with holder.within("Ligne {n}", n=1):
        assert holder.value_of("Prix unitaire") == "trois mille"
        assert holder.value_of("Dépense") == tale.lines[0][0]
        holder.types("Prix unitaire", tale.lines[0][1])
    _saved(holder)
    holder.sees(amount(told.TOTAL_CENTIMES, holder.lang))


def _says_who_pays(holder: Reader) -> None:
    _section(holder, "Financement")
    holder.types("Demandé à l’INDH", told.ASKED).types("Apport en argent", told.OWN_CASH)
    holder.types("Apport en nature", told.OWN_IN_KIND)
    _saved(holder)
    holder.sees("{amount} demandés à l’INDH", amount=amount(told.ASKED_CENTIMES, holder.lang))


def _says_what_comes_of_it(holder: Reader) -> None:
    _section(holder, "Résultats attendus")
    holder.types("Emplois de femmes", "8").types("Parmi elles, combien de jeunes ?", "2")
    holder.types("Emplois d’hommes", "2").types("Parmi les hommes, combien de jeunes ?", "1")
    holder.types("Revenu attendu par personne et par mois", "2 500")
    _saved(holder)


def _sends_her_papers(holder: Reader) -> None:
    """Where scripts run, choosing a file sends it; elsewhere the form does."""
    _section(holder, "Pièces justificatives")
    for n, code in enumerate(told.papers(), 1):
        with holder.within(holder.page.locator(f"#paper-{code}")):
            paper = {"name": f"{code}.pdf", "mimeType": "application/pdf", "buffer": files.pdf(n)}
            holder.where.locator("input[type=file]").first.set_input_files(paper)  # type: ignore[arg-type]
            if not holder.script:
                holder.presses("Envoyer")
            holder.where.locator(".sent").wait_for()
            holder.sees("Fournie")
    holder.is_well().follows("Retour au dossier")


def _declares(holder: Reader) -> None:
    _section(holder, "Déclarations")
    for assent in told.ASSENTS.values():
        holder.chooses(assent)
    _saved(holder)


def submits(holder: Reader, tale: Tale) -> str:
    """She checks, deposits, and keeps the code of her receipt."""
    holder.follows("Vérifier le dossier").reads_title("Le dossier est prêt à être déposé").is_well()
    holder.presses("Déposer le dossier").reads_title("Votre dossier est déposé").is_well()
    holder.sees(tale.organisation)
    link = holder.page.get_by_role("link", name=holder.words("Vérifier ce récépissé"))
    return str(link.get_attribute("href")).partition("code=")[2]


def verifies(stranger: Reader, code: str) -> None:
    """Somebody who was shown a receipt: is it genuine? A code with two letters swapped is not."""
    stranger.goes_to("/receipts").is_well()
    stranger.types("Code du récépissé", code).presses("Vérifier le code")
    stranger.reads_title("Ce récépissé est authentique").is_well()
    wrong = code[:-1] + ("A" if code[-1] != "A" else "B")
    stranger.types("Code du récépissé", wrong).presses("Vérifier le code")
    stranger.sees("Ce code est mal recopié").is_well()


# -- the province ----------------------------------------------------------------------------------
def screens(officer: Reader, call: str, tale: Tale) -> None:
    """The rules of the call are applied to what was deposited."""
    officer.goes_to(call).follows("link.call.applications").is_well()
    officer.sees(
        officer.count("{n} dossier attend la recevabilité", "{n} dossiers attendent la recevabilité", 1)
    )
    officer.follows(tale.title).reads_title(tale.title).sees("Toutes les règles qui refusent sont respectées")
    officer.is_well().goes_to(f"{call}/applications").follows("Préparer la recevabilité").is_well()
    officer.presses("Prononcer la recevabilité").sees("state.application.eligible").is_well()


def shares_out(officer: Reader, call: str) -> list[str]:
    """The officer has the dossier shared out; returns the names of who reads it."""
    officer.goes_to(f"{call}/assignments").is_well().presses("Répartir automatiquement")
    officer.reads_title("Chaque dossier a ses évaluateurs").is_well()
    return readers_of(officer, call)


def readers_of(officer: Reader, call: str) -> list[str]:
    """Whose names stand beside the dossier on the board."""
    officer.goes_to(f"{call}/assignments")
    return [plain(name) for name in officer.page.locator(".readers bdi").all_inner_texts()]


def declares_a_conflict(evaluator: Reader, tale: Tale) -> None:
    """She is tied to the holder: the dossier is closed to her, by her page and by its address."""
    evaluator.goes_to("/reviews").is_well().follows("Ouvrir le dossier")
    evaluator.reads_title("Avez-vous un lien avec ce porteur ?").does_not_see(tale.summary).is_well()
    address = evaluator.path
    evaluator.chooses("J’ai un lien : je me récuse").presses("Enregistrer ma déclaration")
    evaluator.is_well()  # a tie wants its reason
    assert evaluator.page.locator('input[value="yes"]').is_checked()
    evaluator.types("Quel lien ?", tale.tie).presses("Enregistrer ma déclaration")
    evaluator.sees("Vous êtes récusée ou récusé de ce dossier.").sees("Récusés").is_well()
    evaluator.does_not_see(tale.title)
    evaluator.goes_to(address).reads_title("Ce dossier vous est fermé").does_not_see(tale.title).is_well()


def opens_the_dossier(evaluator: Reader, tale: Tale) -> None:
    """No tie to declare: the dossier and its grid are shown."""
    evaluator.goes_to("/reviews").follows("Ouvrir le dossier").chooses("Je n’ai aucun lien")
    evaluator.presses("Enregistrer ma déclaration")
    evaluator.reads_title(tale.title).sees(tale.summary).is_well()


def scores_by_keyboard(evaluator: Reader, tale: Tale, marks: str) -> None:
    """Digits mark, arrows change criterion, N writes, Ctrl+Enter signs; the mouse is not touched."""
    press = evaluator.page.keyboard.press
    for n, mark in enumerate(marks):
        press(mark)
        if n == 0:
            press("n")
            evaluator.page.keyboard.type(tale.note)
            press("Escape")
        if n + 1 < len(marks):
            press("ArrowDown")
    evaluator.sees_marked(100)
    evaluator.is_well()
    press("Control+Enter")
    evaluator.sees("Évaluation signée.").is_well()


def scores_by_hand(evaluator: Reader, tale: Tale, level: str) -> None:
    """The same with the mouse, or a finger; then the signature."""
    for criterion in told.CALL.grid.criteria:
        place = evaluator.page.locator(f'[id="marks.{criterion.code}"]')
        if not place.is_visible():
            evaluator.opens(dict(criterion.label))
        with evaluator.within(place):
            evaluator.chooses(dict(criterion.levels[int(level)]))
    evaluator.presses("Signer et passer au suivant").sees("Évaluation signée.")


def reads_the_ranking(officer: Reader, call: str, tale: Tale, score: str) -> None:
    officer.goes_to(f"{call}/ranking").sees(tale.title).sees(score).is_well()
    officer.sees(amount(told.ASKED_CENTIMES, officer.lang))


# -- the session -----------------------------------------------------------------------------------
def convenes(site: Site, officer: Reader) -> str:
    """The officer convenes the committee for today; returns the session's address."""
    soon = local(site.now()) + timedelta(minutes=10)
    officer.goes_to("/sessions").sees("Aucune séance n’est convoquée").is_well()
    officer.types("Jour et heure", f"{soon:%Y-%m-%dT%H:%M}").types("Lieu", "Agadir")
    officer.presses("Prévoir la séance").sees("La convocation n’est pas envoyée").is_well()
    return officer.path


def calls_the_roll(officer: Reader, present: list[str], absent: list[str]) -> None:
    """First too few for the quorum, then enough."""
    for names, word in ((present, "present"), (absent, "excused")):
        for name in names:
            with officer.within({"fr": name, "ar": name}):
                officer.chooses(f"enum.presence.{word}")
    officer.presses("Noter les présences").sees("Quorum atteint").is_well()
    officer.presses("Ouvrir la séance").sees("state.committee_session.open").is_well()


def proposes(officer: Reader, tale: Tale) -> None:
    officer.presses("Proposer selon le classement").sees(tale.title)
    officer.sees(amount(told.ASKED_CENTIMES, officer.lang)).is_well()
    officer.presses("Mettre aux voix").sees("Motion n° {n}", n=1).is_well()


def votes(member: Reader, session: str, choice: str) -> None:
    """A member votes in her own browser."""
    member.goes_to(session).is_well()
    with member.within(member.page.locator("#motion-1")):
        member.chooses(f"enum.ballot_choice.{choice}").presses("Enregistrer les votes")


def concludes(officer: Reader, session: str, tale: Tale) -> None:
    """The vote is closed, the session lifted; the minutes say it all."""
    officer.goes_to(session).presses("Enregistrer et clore le vote").sees("state.motion.adopted").is_well()
    officer.presses("Lever la séance").sees("state.committee_session.closed").is_well()
    officer.follows("Procès-verbal").sees("state.motion.adopted").is_well()
    officer.sees(tale.title).sees(amount(told.ASKED_CENTIMES, officer.lang).rsplit(" ", 1)[0])


def releases_the_letters(officer: Reader, call: str, tale: Tale) -> None:
    """Nobody learns before a person releases the letter."""
    officer.goes_to(f"{call}/letters").sees(tale.title).is_well()
    officer.presses("Libérer toutes les lettres").sees("state.letter.released").is_well()


def reads_her_decision(holder: Reader, dossier: str) -> None:
    holder.goes_to(f"{dossier}/decision")
    holder.reads_title(
        "Projet financé à hauteur de {amount}", amount=amount(told.ASKED_CENTIMES, holder.lang)
    ).is_well()


def publishes_the_results(officer: Reader, call: str, tale: Tale) -> None:
    """Everybody was told: the results are read once more, then they are everybody's."""
    officer.goes_to(call).follows("link.call.results").sees(tale.title).is_well()
    officer.presses("Publier les résultats").reads_title("Résultats publiés").is_well()
    officer.follows("Lire la page publique").sees(tale.title).is_well()


# -- afterwards ------------------------------------------------------------------------------------
def signs_the_convention(officer: Reader, tale: Tale) -> str:
    """Own contribution proven, convention signed, first tranche paid; returns the convention's address."""
    officer.goes_to("/conventions").is_well().presses("Préparer les conventions")
    officer.follows(tale.organisation).is_well()
    address = officer.path.partition("?")[0]
    officer.types("Pièce qui la justifie", tale.evidence).presses("Noter la preuve")
    officer.sees("justifiée").is_well().presses("Noter la signature")
    officer.sees("state.convention.signed").is_well()
    officer.types("Preuve que la condition est remplie", tale.evidence).presses("Verser la tranche")
    officer.sees("state.tranche.released").sees(amount(9_600_000, officer.lang)).is_well()
    return address


def plans_the_coaching(officer: Reader, convention: str, coach: str) -> None:
    officer.goes_to(convention).follows("Voir l’accompagnement").is_well()
    officer.chooses({"fr": coach, "ar": coach}).presses("Planifier l’accompagnement")
    officer.sees("event.plan.created").is_well()


def reports(holder: Reader, tale: Tale) -> str:
    """The holder tells what was done at her first milestone; returns its address."""
    holder.goes_to("/milestones").is_well()
    first = dict(told.CALL.coaching.milestones[0].title)
    holder.page.locator("tbody tr", has_text=first[holder.lang]).get_by_role("link").first.click()
    holder.types("Votre compte rendu", tale.report).presses("Envoyer le compte rendu")
    holder.sees("event.milestone.reported").sees(tale.report.split("\n")[0]).is_well()
    return holder.path.partition("?")[0]


def validates(coach: Reader, milestone: str, tale: Tale) -> None:
    coach.goes_to("/milestones?view=to_validate").is_well()
    coach.goes_to(milestone).sees(tale.report.split("\n")[0]).is_well()
    coach.presses("Valider le jalon").sees("event.milestone.validated").is_well()


def answers_the_wave(coach: Reader, tale: Tale) -> None:
    """Six months on: the project is alive, says how many work there and what it sold."""
    coach.goes_to("/waves").sees(tale.title).is_well()
    coach.page.locator("main").get_by_role("link").filter(has_text=tale.title).first.click()
    coach.is_well().presses("Enregistrer la réponse")
    coach.sees("Ce que vous avez saisi est gardé.").is_well()  # a status is needed
    coach.chooses("enum.project_status.active")
    coach.types("Chiffre d’affaires des douze derniers mois", "85 000")
    coach.types("Femmes", "7").types("Hommes", "2").types("Adhérents aujourd’hui", "5")
    coach.presses("Enregistrer la réponse").sees("Réponse enregistrée")
    coach.sees(amount(8_500_000, coach.lang)).is_well()


def sees_the_project_alive(visitor: Reader, tale: Tale) -> None:
    """Anybody: the register of funded projects, and how many are alive."""
    visitor.goes_to("/observatory").sees(tale.title).sees(told.commune()).is_well()
    visitor.sees("{status} à {months} mois", status=visitor.words("enum.project_status.active"), months=6)


def moment_of(milestone_month: int, signed_at: datetime, days: int) -> datetime:
    """Ten o'clock, so many days from a milestone's date."""
    from backend.core.calendar import add_months

    due = add_months(local(signed_at).date(), milestone_month) + timedelta(days=days)
    return local(signed_at).replace(year=due.year, month=due.month, day=due.day, hour=10, minute=0)
