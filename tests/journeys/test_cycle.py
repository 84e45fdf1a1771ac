"""One call from its publication to a project six months old, through the pages, in each language."""

from datetime import timedelta

import pytest

from tests.journeys import story
from tests.journeys.reader import Reader
from tests.journeys.site import Site
from tests.journeys.tale import AR, FR, Tale

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(300)]

STAFF = ("Chair", "Evaluator", "Second", "Third", "Conflicted")


@pytest.mark.parametrize("tale", [FR, AR], ids=["fr", "ar"])
def test_one_call_from_opening_to_a_living_project(site: Site, tale: Tale) -> None:
    site.everybody_reads(tale.lang)
    site.reads("coach", tale.other)
    officer = site.reader("officer", tale.lang)
    call = story.opens_a_call(site, officer)

    holder = site.reader(None, tale.lang, phone=True)
    dossier, code = _she_applies(holder, tale)
    stranger = site.reader(None, tale.lang, phone=True)
    story.verifies(stranger, code)
    site.work()
    (receipt,) = site.letters_to(tale.email)
    assert code in receipt.get_content()

    site.pass_time(days=11)  # the call is closed
    story.screens(officer, call, tale)
    tied = _they_judge(site, officer, call, tale)
    _they_decide(site, officer, tale, tied)

    site.work()
    story.releases_the_letters(officer, call, tale)
    site.work()
    story.reads_her_decision(holder, dossier)
    story.publishes_the_results(officer, call, tale)
    convention = story.signs_the_convention(officer, tale)
    story.plans_the_coaching(officer, convention, "Coach")
    signed_at = site.now()
    site.work()

    milestone = story.reports(holder, tale)
    coach = site.reader("coach", tale.other, phone=True)
    story.validates(coach, milestone, tale)

    _they_are_reminded(site, tale, signed_at)

    site.move_to(story.moment_of(6, signed_at, 1))
    story.answers_the_wave(coach, tale)
    story.sees_the_project_alive(stranger, tale)


def _she_applies(holder: Reader, tale: Tale) -> tuple[str, str]:
    """On her phone, from the home page to the receipt."""
    story.reads_the_call(holder)
    story.registers(holder, tale)
    story.enters_her_organisation(holder, tale)
    dossier = story.begins_her_dossier(holder)
    story.fills_every_section(holder, tale)
    return dossier, story.submits(holder, tale)


def _they_judge(site: Site, officer: Reader, call: str, tale: Tale) -> str:
    """Two read; one is tied to the holder, a third takes her place; both sign. Returns who is tied."""
    tied, second = story.shares_out(officer, call)
    one = site.reader(tied.lower(), tale.lang)
    story.declares_a_conflict(one, tale)
    site.work()
    (substitute,) = set(story.readers_of(officer, call)) - {tied, second}
    three = site.reader(substitute.lower(), tale.lang)
    story.opens_the_dossier(three, tale)
    story.scores_by_keyboard(three, tale, "433333")
    two = site.reader(second.lower(), tale.lang, phone=True)
    story.opens_the_dossier(two, tale)
    story.scores_by_hand(two, tale, "3")
    story.reads_the_ranking(officer, call, tale, "78,13" if tale.lang == "fr" else "78")
    for reader in (one, two, three):
        reader.leaves()
    return tied


def _they_decide(site: Site, officer: Reader, tale: Tale, tied: str) -> None:
    """Four of five sit, the tied one among them: she sees nothing of the motion and has no vote on it."""
    session = story.convenes(site, officer)
    present = ["Chair", tied, *[name for name in STAFF[1:] if name != tied][:2]]
    story.calls_the_roll(officer, present, [name for name in STAFF if name not in present])
    story.proposes(officer, tale)
    for name in present:
        member = site.reader(name.lower(), tale.lang, phone=name == "Chair")
        if name == tied:
            member.goes_to(session).does_not_see(tale.title).is_well()
        else:
            story.votes(member, session, "for")
        member.leaves()
    story.concludes(officer, session, tale)


def _they_are_reminded(site: Site, tale: Tale, signed_at) -> None:
    """Fourteen days before her second milestone: one letter each, in the language of each."""
    before = len(site.letters_to(tale.email))
    site.move_to(story.moment_of(3, signed_at, -14) - timedelta(hours=3))
    assert len(site.letters_to(tale.email)) == before
    site.move_to(story.moment_of(3, signed_at, -14))
    site.work()  # once a rung, however often the workers look
    (hers,) = site.letters_to(tale.email)[before:]
    assert hers["Content-Language"] == tale.lang
    assert story.told.CALL.coaching.milestones[1].title[tale.lang] in hers["Subject"]
    assert tale.title in hers.get_content()
    coachs = site.letters_to("coach@exemple.test")[-1]
    assert coachs["Content-Language"] == tale.other
    assert story.told.CALL.coaching.milestones[1].title[tale.other] in coachs["Subject"]
