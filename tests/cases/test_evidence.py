"""Evidence of a case: registered, adopted, corrected, judged, kept from hand to hand, recorded."""

import itertools
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.hashes import SM3, Hash
from django.db import IntegrityError, transaction

from accounts.models import User
from cases.actions import evidence as verbs
from cases.actions.recordings import index_recording
from cases.models import Custody, Evidence, Recording
from cases.queries.evidence import broken_steps, custody_of, legal_evidence_moves
from cases.states.evidence import EVIDENCE_TABLE, EvidenceState
from clues.actions.files import attach_files
from core.errors import Invalid, NotFound, NotPermitted, WrongState
from documents import packages
from documents.models import StoredFile
from tests.builders import City, make_case, make_user, moment
from tests.cases.evidence_builders import described, make_evidence, make_measure
from tests.cases.stages import case_in
from tests.documents.made_files import MACRO_WORD, MP4, PDF, PNG, archive, docx, upload
from tests.refusals import refused

AT = moment("2026-03-04")
Verb = Callable[[City, Evidence, User], Evidence]
VERBS: dict[str, Verb] = {
    "attach_files": lambda city, it, actor: verbs.attach_evidence(
        evidence_id=it.pk, upload=[upload(PNG, "照片.png")], actor=actor, at=AT
    ),
    "correct_evidence": lambda city, it, actor: verbs.correct_evidence(
        evidence_id=it.pk, described=described(city, title="送货单"), reason="名称写错", actor=actor, at=AT
    ),
    "verify_evidence": lambda city, it, actor: verbs.verify_evidence(
        evidence_id=it.pk, opinion="与原件核对一致", actor=actor, at=AT
    ),
    "exclude_evidence": lambda city, it, actor: verbs.exclude_evidence(
        evidence_id=it.pk, reason="偷拍偷录取得", actor=actor, at=AT
    ),
    "hand_over_evidence": lambda city, it, actor: verbs.hand_over_evidence(
        evidence_id=it.pk, taken_by_id=city.east_head.pk, place="保管室", condition="封条完好", seal_number="封7",
        actor=actor, at=AT,
    ),
    "confirm_custody": lambda city, it, actor: verbs.confirm_custody(evidence_id=it.pk, actor=actor, at=AT),
}  # fmt: skip
OFFICERS = {"east_handler", "east_handler2"}
MAY = {
    "attach_files": OFFICERS, "correct_evidence": OFFICERS, "verify_evidence": OFFICERS,
    "exclude_evidence": OFFICERS | {"east_director"}, "hand_over_evidence": {"east_handler"}, "confirm_custody": set(),
}  # fmt: skip
BLIND = {"squad_head", "handler", "handler2", "west_handler", "west_head"}


def people_of(city: City) -> dict[str, User]:
    return {name: person for name, person in vars(city).items() if isinstance(person, User)}


def in_state(city: City, state: str) -> Evidence:
    it = make_evidence(city, make_case(city), at=AT)
    name = {"verified": "verify_evidence", "excluded": "exclude_evidence", "superseded": "correct_evidence"}.get(state)
    if name:
        VERBS[name](city, it, city.east_handler)
    return Evidence.objects.get(pk=it.pk)


@pytest.mark.parametrize("state", EvidenceState.values)
def test_every_verb_against_every_state_and_every_person(city: City, state: str) -> None:
    rows = {row.name: row for row in EVIDENCE_TABLE if row.sources}
    assert set(rows) == set(VERBS)
    it = in_state(city, state)
    people = people_of(city)
    for verb, row in rows.items():
        possible = row.starts_from(state) and verb != "confirm_custody"  # nothing was handed over
        for name, person in people.items():
            if name in BLIND:
                with refused(NotFound):
                    VERBS[verb](city, it, person)
            elif possible and name in MAY[verb]:
                with transaction.atomic():
                    VERBS[verb](city, it, person)
                    assert Evidence.objects.get(pk=it.pk).state == (row.target or state)
                    transaction.set_rollback(True)
            elif possible:
                with refused(NotPermitted):
                    VERBS[verb](city, it, person)
        if not possible:
            with refused(WrongState):
                VERBS[verb](city, it, city.east_handler)
    for name, person in people.items():
        if name not in BLIND:
            offered = {row.name for row in legal_evidence_moves(person, it, custody_of(it))}
            assert offered == {v for v, row in rows.items() if row.starts_from(state) and name in MAY[v]}, name


def test_what_is_typed_is_refused_with_its_field_and_article(city: City) -> None:
    case = make_case(city)
    novice = make_user("novice", city.east_squad)
    novice.certificates.all().delete()
    wrong: list[tuple[dict[str, Any], str, str]] = [
        ({"kind": "rumour"}, "unknown_evidence_kind", "kind"),
        ({"title": " "}, "required", "title"),
        ({"proves": ""}, "required", "proves"),
        ({"source": ""}, "required", "source"),
        ({"storage": ""}, "required", "storage"),
        ({"obtained_on": date(2026, 3, 5)}, "future_date", "obtained_on"),
        ({"second_officer_id": city.east_handler.pk}, "two_officers_required", "second_officer"),
        ({"second_officer_id": novice.pk}, "no_certificate", "second_officer"),
        ({"officer_id": city.east_head.pk}, "not_in_office", "officer"),
        ({"is_original": False}, "copy_note_required", "copy_note"),
        ({"pages": 0}, "bad_page_count", "pages"),
        ({"title": "长" * 121}, "too_long", "title"),
    ]
    for changes, code, field in wrong:
        with refused(Invalid, code, field):
            make_evidence(city, case, at=AT, **changes)
    copy = make_evidence(city, case, at=AT, is_original=False, copy_note="张某某核对，与原件一致，2026-03-02。")
    assert (copy.number, copy.version, copy.state) == (1, 1, "collected")


def test_evidence_is_not_added_after_the_decision_but_goes_on_being_kept(city: City) -> None:
    case = case_in(city, "decided")
    with refused(WrongState, "case_state"):
        make_evidence(city, case, at=moment("2026-03-25"))


def test_files_are_hashed_on_receipt_and_hostile_ones_change_nothing(city: City) -> None:
    case = make_case(city)
    with_file = verbs.add_evidence(
        case_id=case.pk, described=described(city), actor=city.east_handler, at=AT, upload=[upload(PDF, "进货单.pdf")]
    )
    stored = StoredFile.objects.get(subject_kind="evidence", subject_id=with_file.pk)
    sm3 = Hash(SM3())
    sm3.update(PDF)
    assert stored.sm3 == sm3.finalize().hex()
    bomb = docx({"word/media/image1.bmp": bytes(packages.BYTES_OF_A_SMALL_ONE + 1)})
    for content, name, code in (
        (b"", "空.pdf", "empty_file"),
        (PDF + archive({"a.js": b"x"}), "图.pdf", "mixed_content"),
        (docx(main=MACRO_WORD), "宏.docx", "macro_file"),
        (bomb, "炸弹.docx", "archive_bomb"),
    ):
        with refused(Invalid, code, "upload"):
            verbs.add_evidence(
                case_id=case.pk, described=described(city), actor=city.east_handler, at=AT,
                upload=[upload(PNG, "好.png"), upload(content, name)],
            )  # fmt: skip
        with refused(Invalid, code, "upload"):
            verbs.attach_evidence(
                evidence_id=with_file.pk, upload=[upload(content, name)], actor=city.east_handler, at=AT
            )


class TwoGigabytes:
    """An upload of two gigabytes that counts how much of it is asked for."""

    name = "录像.pdf"
    given = 0

    def chunks(self) -> Iterator[bytes]:
        while self.given < 2 * 2**30:
            self.given += 2**20
            yield bytes(2**20)


def test_two_gigabytes_are_refused_as_soon_as_the_limit_is_passed(city: City, settings: Any) -> None:
    case, large = make_case(city), TwoGigabytes()
    with refused(Invalid, "file_too_large", "upload"):
        verbs.add_evidence(case_id=case.pk, described=described(city), actor=city.east_handler, at=AT, upload=[large])
    assert large.given == settings.FILE_SIZE_LIMIT + 2**20


def test_a_correction_is_a_new_registration_of_the_same_exhibit(city: City) -> None:
    before = make_evidence(city, make_case(city), at=AT)
    after = VERBS["correct_evidence"](city, before, city.east_handler2)
    before.refresh_from_db()
    assert (before.state, before.title, after.title) == ("superseded", "进货单", "送货单")
    assert (after.number, after.version, after.exhibit, after.state) == (1, 2, before, "collected")
    VERBS["hand_over_evidence"](city, after, city.east_handler)
    assert [step.evidence_id for step in custody_of(after)] == [before.pk, before.pk]
    with refused(WrongState, "wrong_state"):
        VERBS["correct_evidence"](city, before, city.east_handler)
    with refused(Invalid, "required", "reason"):
        verbs.correct_evidence(
            evidence_id=after.pk, described=described(city), reason="", actor=city.east_handler, at=AT
        )


def test_the_material_of_the_lead_is_adopted_once_and_keeps_its_hash(city: City) -> None:
    case = make_case(city, at=moment("2026-03-02"))
    attach_files(
        lead_id=case.lead_id or 0, upload=[upload(PDF, "举报材料.pdf")], purpose="material", actor=city.east_handler,
        at=AT,
    )  # fmt: skip
    file = StoredFile.objects.get(subject_kind="lead")

    def adopt(**what: int) -> Evidence:
        return verbs.adopt_evidence(
            case_id=case.pk, described=described(city, source="线索材料"), actor=city.east_handler, at=AT, **what
        )

    it = adopt(lead_file_id=file.pk)
    assert (it.lead_file, it.number, StoredFile.objects.count()) == (file, 1, 1)
    with refused(Invalid, "not_adoptable", "lead_file"):
        adopt(lead_file_id=file.pk)
    with refused(Invalid, "not_adoptable", "check"):
        adopt(check_id=1)
    with refused(Invalid, "nothing_adopted", "lead_file"):
        adopt()


# ---- custody ------------------------------------------------------------------------------------


def pass_on(city: City, it: Evidence, giver: User, taker: User, at: datetime) -> None:
    verbs.hand_over_evidence(
        evidence_id=it.pk, taken_by_id=taker.pk, place="保管室", condition="完好", actor=giver, at=at
    )
    verbs.confirm_custody(evidence_id=it.pk, actor=taker, at=at + timedelta(hours=1))


def test_custody_passes_from_holder_to_taker_without_gap(city: City) -> None:
    it = make_evidence(city, make_case(city), at=AT)
    VERBS["hand_over_evidence"](city, it, city.east_handler)
    with refused(WrongState, "custody_waiting"):
        VERBS["hand_over_evidence"](city, it, city.east_handler)
    with refused(NotPermitted, "not_taker"):
        VERBS["confirm_custody"](city, it, city.east_handler2)
    VERBS["confirm_custody"](city, it, city.east_head)
    with refused(NotPermitted, "not_holder"):
        VERBS["hand_over_evidence"](city, it, city.east_handler)
    with refused(WrongState, "nothing_to_confirm"):
        VERBS["confirm_custody"](city, it, city.east_head)
    for stranger in (city.west_handler, city.east_head):
        with refused(Invalid, "unknown_keeper", "taken_by"):
            verbs.hand_over_evidence(
                evidence_id=it.pk,
                taken_by_id=stranger.pk,
                place="保管室",
                condition="完好",
                actor=city.east_head,
                at=AT,
            )
    assert [(step.step, step.taken_by) for step in custody_of(it)] == [(1, city.east_handler), (2, city.east_head)]


@pytest.mark.parametrize("step", [1, 2, 3, 4])
@pytest.mark.parametrize(
    "change",
    [
        {"place": "别处"}, {"condition": "破损"}, {"seal_number": "封9"}, {"given_at": moment("2026-03-01")},
        {"confirmed_at": moment("2026-03-09")}, {"given_from": "他人"}, {"sha256": "0" * 64},
    ],
)  # fmt: skip
def test_a_changed_step_shows(city: City, step: int, change: dict[str, Any]) -> None:
    it = make_evidence(city, make_case(city), at=AT)
    hands = [city.east_handler, city.east_head, city.east_handler2, city.east_handler]
    for place, (giver, taker) in enumerate(itertools.pairwise(hands), start=1):
        pass_on(city, it, giver, taker, AT + timedelta(days=place))
    assert broken_steps(custody_of(it)) == []
    Custody.objects.filter(evidence=it, step=step).update(**change)
    assert step in broken_steps(custody_of(it))


def test_a_step_sealed_anew_or_taken_out_shows_in_the_next(city: City) -> None:
    it = make_evidence(city, make_case(city), at=AT)
    pass_on(city, it, city.east_handler, city.east_head, AT)
    pass_on(city, it, city.east_head, city.east_handler2, AT + timedelta(days=1))
    forged = Custody.objects.get(evidence=it, step=2)
    forged.place = "别处"
    forged.sha256 = forged.computed_sha256()
    forged.confirmed_sha256 = forged.computed_confirmation()
    forged.save()
    assert broken_steps(custody_of(it)) == [3]
    with pytest.raises(IntegrityError), transaction.atomic():
        Custody.objects.filter(evidence=it, step=3).update(step=2)
    forged.delete()
    assert broken_steps(custody_of(it)) == [3]


# ---- recordings ---------------------------------------------------------------------------------


def test_recordings_are_indexed_as_a_file_or_as_a_medium(city: City) -> None:
    case = make_case(city)
    it = make_measure(city, case, at=moment("2026-03-03"))

    def index(**changes: Any) -> Recording:
        facts = {
            "act": "measure", "title": "扣押现场", "started_at": moment("2026-03-03T09:00"),
            "ended_at": moment("2026-03-03T09:30"), "device": "执法记录仪07", "operator_id": city.east_handler2.pk,
            "measure_id": it.pk, **changes,
        }  # fmt: skip
        return index_recording(case_id=case.pk, actor=city.east_handler, at=AT, **facts)

    stored = index(upload=[upload(MP4, "现场.mp4")])
    assert stored.file is not None
    assert (stored.sha256, stored.sm3, stored.medium) == (stored.file.sha256, stored.file.sm3, "")
    outside = index(medium="硬盘12-003", sha256="AB" * 32)
    assert (outside.file, outside.sha256, outside.sm3) == (None, "ab" * 32, "")
    other = make_measure(city, make_case(city), at=moment("2026-03-03"))
    for changes, code, field in (
        ({}, "required", "medium"),
        ({"medium": "盘", "upload": [upload(MP4, "现场.mp4")]}, "file_or_medium", "medium"),
        ({"medium": "盘", "sha256": "xyz"}, "bad_hash", "sha256"),
        ({"medium": "盘", "ended_at": AT + timedelta(hours=1)}, "future_date", "ended_at"),
        ({"medium": "盘", "ended_at": moment("2026-03-03T09:00")}, "ends_before_start", "ended_at"),
        ({"medium": "盘", "measure_id": other.pk}, "unknown_measure", "measure"),
        ({"medium": "盘", "act": "dance"}, "unknown_act", "act"),
        ({"upload": [upload(MP4, "一.mp4"), upload(MP4, "二.mp4")]}, "too_many_files", "upload"),
    ):
        with refused(Invalid, code, field):
            index(**changes)
