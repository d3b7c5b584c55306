"""A paper is frozen when it is issued, its number has no gap and never runs backwards, and void it stays visible."""

from collections.abc import Callable
from datetime import date
from hashlib import sha256

import pytest
from django.db import IntegrityError, transaction

from audit.models import Entry
from cases.actions import papers
from cases.models import Case
from core.errors import Invalid, WrongState
from documents.actions.papers import draft_paper, issue_paper
from documents.actions.templates import add_template, load_templates, retire_template, set_form_numbers
from documents.form_kinds import common_fields, form_kinds
from documents.models import IssuedNumber, NumberFormat, NumberSeries, Paper, Template
from documents.queries.papers import Rows, content_of, paper_of, papers_of_subject, template_for
from documents.templating import text_of
from tests.builders import NOW, SYSTEM, City, make_case, moment
from tests.documents.made_files import upload
from tests.documents.paper_builders import HEAD, INQUIRY, draft, issue, make_forms, make_template, word
from tests.refusals import refused
from tests.threads import at_once

TODAY = NOW.date()
COMMON: dict[str, str | Rows] = {
    name: [] if field.columns else f"〔{name}〕" for name, field in common_fields("case").items()
}


def made(city: City, subject_id: int = 7) -> Paper:
    """A draft of a matter nobody looks into."""
    return draft_paper(
        form="inquiry_notice", subject_kind="case", subject_id=subject_id, office=city.east, fields=INQUIRY,
        actor=city.east_handler, at=NOW,
    )  # fmt: skip


def issued(city: City, subject_id: int = 7) -> Paper:
    return issue_paper(
        subject_kind="case", subject_id=subject_id, paper_id=made(city, subject_id).pk, common=COMMON, dated_on=TODAY,
        actor=city.east_handler, at=NOW,
    )  # fmt: skip


def test_an_issued_paper_freezes_text_template_basis_and_hash_with_its_number(city: City) -> None:
    make_forms("inquiry_notice")
    case = make_case(city)
    template = template_for(city.east, "inquiry_notice")

    paper = issue(city, case)

    paper.refresh_from_db()
    assert paper.label == "《询问通知书》（east市监询通〔2026〕1号）"
    assert paper.text.splitlines() == [
        "east局",
        "east市监询通〔2026〕1号",
        "示例商店：经营超过保质期食品",
        "2026年3月2日",
    ]
    assert (paper.template, paper.template_sha256, paper.basis) == (template, template.sha256, paper.kind.basis)
    assert paper.file is not None and len(paper.context_sha256) == 64
    assert sha256(content_of(paper.file)).hexdigest() == paper.file.sha256
    assert paper.file.name == "询问通知书 east市监询通〔2026〕1号.docx"
    number = paper.number
    assert number is not None and (number.subject_kind, number.subject_id, number.is_void) == ("paper", paper.pk, False)
    entry = Entry.objects.filter(verb="documents.issue_paper").get()
    assert (entry.subject_kind, entry.subject_id, entry.facts["number"]) == ("case", case.pk, paper.number_text)

    with refused(WrongState, "wrong_state"):
        papers.revise_paper(case_id=case.pk, paper_id=paper.pk, fields={}, actor=city.east_handler, at=NOW)
    with refused(WrongState, "wrong_state"):
        papers.issue_paper(case_id=case.pk, paper_id=paper.pk, dated_on=TODAY, actor=city.east_handler, at=NOW)


def test_another_template_later_leaves_an_issued_paper_as_it_was(city: City) -> None:
    make_forms("inquiry_notice")
    case = make_case(city)
    before = issue(city, case)
    assert before.file is not None
    content = content_of(before.file)

    own = make_template("inquiry_notice", ["本局自己的模板", *HEAD], office=city.east, actor=city.east_director)
    after = issue(city, case)

    before.refresh_from_db()
    assert before.file is not None and content_of(before.file) == content
    assert "自己的模板" not in before.text and after.text.startswith("本局自己的模板")
    assert (after.template, own.version) == (own, 1)
    assert template_for(city.west, "inquiry_notice").office is None, "another authority prints from the national one"

    with refused(Invalid, "same_template", "upload"):
        add_template(
            form="inquiry_notice", office=city.east, upload=upload(content_of(own.file), "再次.docx"),
            actor=city.east_director, at=NOW,
        )  # fmt: skip
    retire_template(form="inquiry_notice", office=city.east, actor=city.east_director, at=NOW)
    assert template_for(city.east, "inquiry_notice").office is None
    with refused(WrongState, "no_own_template"):
        retire_template(form="inquiry_notice", office=city.east, actor=city.east_director, at=NOW)
    again = make_template("inquiry_notice", ["第二版", *HEAD], office=city.east, actor=city.east_director)
    assert again.version == 2
    assert Template.objects.filter(office=city.east, retired_at__isnull=True).count() == 1


def test_what_looks_like_markup_is_text_on_the_paper(city: City) -> None:
    make_forms()
    make_template("inquiry_notice", ["{{ 当事人名称 }}", "{{ 调查事项 }}"])
    case = make_case(city)
    Case.objects.filter(pk=case.pk).update(party_name="A & B <x>")

    paper = issue(city, case, fields={**INQUIRY, "调查事项": "<w:p/> & {{ 7*7 }}\0\ud800"})

    assert paper.text.splitlines() == ["A & B <x>", "<w:p/> & {{ 7*7 }}"]


def test_a_number_is_of_the_year_of_its_day_and_days_never_run_backwards(city: City) -> None:
    make_forms("inquiry_notice")
    case = make_case(city)
    issue(city, case, at=moment("2026-03-05"))
    late = draft(city, case)
    with refused(Invalid, "number_date_backwards", "on"):
        papers.issue_paper(
            case_id=case.pk, paper_id=late.pk, dated_on=date(2026, 3, 4), actor=city.east_handler,
            at=moment("2026-03-06"),
        )  # fmt: skip
    for wrong, code in ((date(2026, 3, 7), "future_date"), (date(2026, 3, 1), "date_too_early")):
        with refused(Invalid, code, "dated_on"):
            papers.issue_paper(
                case_id=case.pk, paper_id=late.pk, dated_on=wrong, actor=city.east_handler, at=moment("2026-03-06")
            )
    assert issue(city, case, at=moment("2027-01-04")).number_text == "east市监询通〔2027〕1号"


def test_void_a_paper_stays_with_its_number_and_the_next_one_takes_another(city: City) -> None:
    make_forms("inquiry_notice")
    case = make_case(city)
    paper = issue(city, case)
    with refused(Invalid, "required", "reason"):
        papers.void_paper(case_id=case.pk, paper_id=paper.pk, reason=" ", actor=city.east_handler, at=NOW)

    voided = papers.void_paper(case_id=case.pk, paper_id=paper.pk, reason="地点写错", actor=city.east_handler2, at=NOW)

    assert (voided.state, voided.void_reason, voided.number_text) == ("void", "地点写错", paper.number_text)
    assert IssuedNumber.objects.get(text=paper.number_text).is_void
    assert issue(city, case).number_text == "east市监询通〔2026〕2号"
    assert [each.state for each in papers_of_subject("case", case.pk)] == ["void", "issued"]
    history = case.moves.filter(name__endswith="_paper").order_by("id")
    assert [(move.name, move.source, move.target) for move in history] == [
        (f"{name}_paper", "investigating", "investigating") for name in ("issue", "void", "issue")
    ]
    assert history[1].reason == "《询问通知书》（east市监询通〔2026〕1号）：地点写错"
    with refused(WrongState, "wrong_state"):
        papers.void_paper(case_id=case.pk, paper_id=paper.pk, reason="再次", actor=city.east_handler, at=NOW)


def test_a_draft_may_be_incomplete_and_is_not_issued_before_it_is_whole(city: City) -> None:
    make_forms("inquiry_notice")
    case = make_case(city)
    paper = draft(city, case, fields={"询问地点": "大队询问室"})

    with refused(Invalid, "required", "询问时间"):
        papers.issue_paper(case_id=case.pk, paper_id=paper.pk, dated_on=TODAY, actor=city.east_handler, at=NOW)
    papers.revise_paper(case_id=case.pk, paper_id=paper.pk, fields=INQUIRY, actor=city.east_handler, at=NOW)
    done = papers.issue_paper(case_id=case.pk, paper_id=paper.pk, dated_on=TODAY, actor=city.east_handler, at=NOW)
    assert done.state == "issued"


WRONG_FIELDS: list[tuple[str, dict[str, object], str, str]] = [
    ("inquiry_notice", {"没有的栏": "x"}, "unknown_paper_field", "没有的栏"),
    ("inquiry_notice", {"询问地点": "长" * 301}, "too_long", "询问地点"),
    ("inquiry_notice", {"询问地点": 5}, "not_text", "询问地点"),
    ("evidence_release_notice", {"解除日期": "3月32日"}, "not_a_day", "解除日期"),
    ("evidence_release_notice", {"部分解除": "是"}, "not_yes_or_no", "部分解除"),
    ("refund_order", {"退款金额": "1.234"}, "bad_amount", "退款金额"),
    ("refund_order", {"退款金额": "NaN"}, "bad_amount", "退款金额"),
    ("material_request", {"提供期限": "-3"}, "bad_count", "提供期限"),
    ("material_request", {"提供期限": True}, "bad_count", "提供期限"),
    ("nonsense", {}, "unknown_form", "kind"),
    ("complaint_register", {}, "form_of_other_subject", "form"),
]


def test_what_does_not_fit_a_field_is_refused_by_its_name(city: City) -> None:
    case = make_case(city)
    for form, fields, code, field in WRONG_FIELDS:
        with refused(Invalid, code, field):
            papers.draft_paper(case_id=case.pk, form=form, fields=fields, actor=city.east_handler, at=NOW)


def test_typed_values_are_kept_as_data_and_printed_as_words(city: City) -> None:
    make_forms()
    make_template(
        "evidence_release_notice", ["{{ 解除日期 }} {{ 部分解除 }}{% if 部分解除 %}部分{% endif %} {{ 联系人 }}"]
    )
    case = make_case(city)
    fields: dict[str, object] = {
        "登记保存日期": "2026年3月2日", "登记保存文号": "一号", "解除日期": date(2026, 3, 5), "部分解除": True,
    }  # fmt: skip

    paper = issue(city, case, "evidence_release_notice", fields)

    assert paper.fields["解除日期"] == "2026-03-05"
    assert paper.text == "2026年3月5日 ☑部分 East Handler", "the contact nobody typed is the officer in charge"


HOSTILE: list[tuple[str, Callable[[], bytes], str]] = [
    ("an unknown field", lambda: word(["{{ 别的栏目 }}"]), "template_unknown_field"),
    ("a field of another form", lambda: word(["{{ 催告书文号 }}"]), "template_unknown_field"),
    ("an attribute of Python", lambda: word(["{{ 文号.__class__ }}"]), "template_hostile"),
    ("a loop without end", lambda: word(["{% for x in range(10**9) %}{% endfor %}"]), "template_hostile"),
]


def test_a_template_with_an_unknown_field_or_hostile_content_never_comes_in(city: City) -> None:
    make_forms("inquiry_notice")
    for what, content, code in HOSTILE:
        with refused(Invalid, code):
            add_template(
                form="inquiry_notice", office=city.east, upload=upload(content(), f"{what}.docx"),
                actor=city.east_director, at=NOW,
            )  # fmt: skip
    for body, name, code in (
        (b"%PDF-1.4\n%%EOF\n", "模板.pdf", "type_not_allowed"), (b"", "模板.docx", "empty_file"),
    ):  # fmt: skip
        with refused(Invalid, code, "upload"):
            add_template(
                form="inquiry_notice", office=city.east, upload=upload(body, name), actor=city.east_director, at=NOW
            )
    with refused(Invalid, "too_long", "note"):
        add_template(
            form="inquiry_notice", office=city.east, upload=upload(word(), "模板.docx"), note="长" * 201,
            actor=city.east_director, at=NOW,
        )  # fmt: skip


def test_without_a_template_nothing_is_issued_and_no_number_is_lost(city: City) -> None:
    make_forms()
    case = make_case(city)
    paper = draft(city, case)
    with refused(Invalid, "no_template", "form"):
        papers.issue_paper(case_id=case.pk, paper_id=paper.pk, dated_on=TODAY, actor=city.east_handler, at=NOW)
    make_template("inquiry_notice")
    assert issue(city, case).number_text == "east市监询通〔2026〕1号"


@pytest.mark.usefixtures("transactional_db")
def test_eight_at_once_with_some_taken_back_leave_no_gap(city: City) -> None:
    make_forms("inquiry_notice")

    def take(number: int) -> int:
        kept = 0
        for turn in range(3):
            with transaction.atomic():
                issued(city, subject_id=number)
                if (number + turn) % 3 == 0:
                    transaction.set_rollback(True)
                else:
                    kept += 1
        return kept

    kept = at_once([lambda number=number: take(number) for number in range(1, 9)])  # type: ignore[misc]  # each its own number
    total = sum(each for each in kept if isinstance(each, int))
    assert all(isinstance(each, int) for each in kept), kept
    serials = list(IssuedNumber.objects.order_by("serial").values_list("serial", flat=True))
    assert serials == list(range(1, total + 1))
    assert NumberSeries.objects.get().last_serial == total == Paper.objects.filter(state="issued").count()


def test_the_database_refuses_half_a_paper(city: City) -> None:
    make_forms("inquiry_notice")
    paper = issued(city)
    assert paper.number is not None
    second = made(city)
    for change, constraint in (
        ({"text": ""}, "paper_issued_is_whole"),
        ({"file": None}, "paper_issued_is_whole"),
        ({"state": "draft"}, "paper_state_as_issued"),
        ({"state": "void"}, "paper_void_says_why"),
        ({"void_reason": "无"}, "paper_void_says_why"),
        ({"number_text": ""}, "paper_number_as_printed"),
    ):
        with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
            Paper.objects.filter(pk=paper.pk).update(**change)
    with pytest.raises(IntegrityError, match="paper_issued_is_whole"), transaction.atomic():
        Paper.objects.filter(pk=second.pk).update(number=paper.number, number_text=paper.number_text)
    with refused(Invalid, "number_in_use", "number"):
        issue_paper(
            subject_kind="case", subject_id=7, paper_id=second.pk, common=COMMON, dated_on=TODAY,
            number=paper.number, actor=city.east_handler, at=NOW,
        )  # fmt: skip
    assert paper_of("case", 7, paper.pk).number_text == paper.number_text


def test_the_national_templates_load_once_and_fit_their_forms(city: City) -> None:
    some = ("penalty_notice", "inquiry_record", "item_list")
    assert [each.form for each in load_templates(actor=SYSTEM, at=NOW, forms=some)] == list(some)
    assert load_templates(actor=SYSTEM, at=NOW, forms=some) == []
    coded = {kind.key for kind in form_kinds().values() if kind.code}
    known = set(NumberFormat.objects.values_list("kind", flat=True))
    assert {each.kind for each in set_form_numbers(actor=SYSTEM, at=NOW)} == coded - known
    assert set_form_numbers(actor=SYSTEM, at=NOW) == []
    assert coded <= set(NumberFormat.objects.values_list("kind", flat=True))
    case = make_case(city)
    paper = issue(city, case, "inquiry_record", {
        "询问开始时间": "2026年3月2日9时", "询问结束时间": "2026年3月2日10时", "询问地点": "大队询问室", "被询问人": "张某某",
        "问答内容": "问：第一句？\n答：第二句。",
    })  # fmt: skip
    assert paper.number is None and paper.number_text == ""
    assert paper.file is not None
    assert "问：第一句？\n答：第二句。" in text_of(content_of(paper.file))
