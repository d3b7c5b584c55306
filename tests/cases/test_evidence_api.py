"""Evidence and measures over the API, from collection to the last item."""

from typing import Any

import time_machine

from cases.models import Evidence, Measure
from tests.api_client import Caller, problem_of
from tests.builders import City, make_case, moment
from tests.cases.evidence_builders import LAW
from tests.documents.made_files import MACRO_WORD, PDF, docx, upload

DESCRIBED = {
    "kind": "document", "title": "进货单", "proves": "购进数量", "origin": "示例商店", "obtained_on": "2026-03-02",
    "officer": 1, "second_officer": 2, "storage": "证物室",
}  # fmt: skip
TAKEN = {
    "officer": 1, "second_officer": 2, "taken_at": "2026-03-02T09:00:00+08:00", "place": "仓库", "presence": "到场",
    "items": [{"name": "饼干", "quantity": "12.5", "unit": "箱", "value": "300.00"}],
}  # fmt: skip
ORDERED = {"kind": "seizure", "reason": "可能转移", "basis": LAW}
# A body each verb takes, by the last part of its route's name.
BODIES: dict[str, dict[str, Any]] = {
    "case-evidence": DESCRIBED,
    "case-adopt-evidence": {**DESCRIBED, "check": 1},
    "case-recordings": {
        "act": "inspection", "title": "现场", "started_at": "2026-03-02T09:00:00+08:00",
        "ended_at": "2026-03-02T09:30:00+08:00", "device": "仪07", "operator": 1, "medium": "硬盘3",
    },
    "case-measures": ORDERED,
    "case-take-urgent-measure": {**TAKEN, **ORDERED},
    "evidence-attach-files": {"upload": upload(PDF, "一.pdf")},
    "evidence-correct-evidence": {**DESCRIBED, "reason": "写错"},
    "evidence-verify-evidence": {"opinion": "一致"},
    "evidence-exclude-evidence": {"reason": "偷录"},
    "evidence-hand-over-evidence": {"taken_by": 1, "place": "保管室", "condition": "完好"},
    "evidence-confirm-custody": {},
    "measure-take-measure": TAKEN,
    "measure-approve-urgent": {"reason": "同意"},
    "measure-refuse-urgent": {"reason": "不当"},
    "measure-handle-registered": {"handling": "preserve", "reason": "已拍照"},
    "measure-extend-seizure": {"reason": "复杂", "told_on": "2026-03-02"},
    "measure-exclude-test-days": {
        "reason": "送检", "told_on": "2026-03-02", "first_day": "2026-03-03", "last_day": "2026-03-04",
    },
    "measure-release-measure": {"ground": "unrelated", "reason": "无关"},
    "measure-return-items": {"returned_on": "2026-03-02", "received_by": "张某某"},
    "measure-confiscate-items": {"reason": "销毁"},
    "measure-dispose-early": {"items": [1], "basis": "consent", "proceeds": "80.50", "kept_proof": "留样"},
    "measure-hand-over-items": {"receiver": "示例市公安局", "reason": "涉嫌犯罪"},
    "measure-announce-items": {"announced_on": "2026-03-02", "reason": "下落不明"},
    "measure-send-to-treasury": {"reason": "无人领取"},
}  # fmt: skip


def posted(caller: Caller, path: str, body: Any, status: int = 200) -> dict[str, Any]:
    response = caller.post(path, body)
    assert response.status_code == status, response.content.decode()
    answer: dict[str, Any] = response.json()
    return answer


def moves(answer: dict[str, Any]) -> list[str]:
    return [each["name"] for each in answer["legal_moves"]]


def test_evidence_over_the_api(city: City) -> None:
    case = make_case(city)
    officer, keeper = Caller(city.east_handler), Caller(city.east_head)
    people = {"officer": city.east_handler.pk, "second_officer": city.east_handler2.pk}
    with time_machine.travel(moment("2026-03-04"), tick=False):
        made = posted(officer, f"/cases/{case.pk}/evidence/", {**DESCRIBED, **people}, 201)
        assert moves(made) == [
            "attach_files", "correct_evidence", "verify_evidence", "exclude_evidence", "hand_over_evidence",
        ]  # fmt: skip
        at = f"/evidence/{made['id']}"
        made = posted(officer, f"{at}/attach_files/", {"upload": upload(PDF, "进货单.pdf")})
        assert [file["name"] for file in made["files"]] == ["进货单.pdf"]
        file = officer.get(f"{at}/files/{made['files'][0]['id']}/")
        assert b"".join(file) == PDF
        hostile = {"upload": upload(docx(main=MACRO_WORD), "宏.docx")}
        problem = problem_of(officer.post(f"{at}/attach_files/", hostile), 400, "macro_file")
        assert problem["errors"][0]["pointer"] == "#/upload"
        hand = {"taken_by": city.east_head.pk, "place": "保管室", "condition": "完好"}
        posted(officer, f"{at}/hand_over_evidence/", hand)
        made = posted(keeper, f"{at}/confirm_custody/", {})
        assert [(step["step"], step["is_intact"]) for step in made["custody"]] == [(1, True), (2, True)]
        made = posted(officer, f"{at}/correct_evidence/", {**DESCRIBED, **people, "title": "送货单", "reason": "写错"})
        assert (made["version"], made["exhibit"]) == (2, Evidence.objects.get(version=1).pk)
        made = posted(officer, f"/evidence/{made['id']}/verify_evidence/", {"opinion": "一致"})
        assert made["state"] == "verified"
        recording = {**BODIES["case-recordings"], "operator": city.east_handler.pk}
        posted(officer, f"/cases/{case.pk}/recordings/", recording, 201)
        problem_of(officer.post(f"/cases/{case.pk}/recordings/", {**recording, "sm3": "zz"}), 400, "bad_hash")
    assert [row["title"] for row in officer.get(f"/cases/{case.pk}/evidence/").json()] == ["送货单"]
    assert [row["medium"] for row in officer.get(f"/cases/{case.pk}/recordings/").json()] == ["硬盘3"]


def test_a_measure_over_the_api(city: City) -> None:
    case = make_case(city)
    officer, head = Caller(city.east_handler), Caller(city.east_director)
    people = {"officer": city.east_handler.pk, "second_officer": city.east_handler2.pk}
    with time_machine.travel(moment("2026-03-02T08:00"), tick=False):
        ordered = posted(head, f"/cases/{case.pk}/measures/", ORDERED, 201)
        problem_of(officer.post(f"/cases/{case.pk}/measures/", ORDERED), 403, "not_permitted")
    at = f"/measures/{ordered['id']}"
    with time_machine.travel(moment("2026-03-03"), tick=False):
        one_officer = {**TAKEN, "officer": city.east_handler.pk, "second_officer": city.east_handler.pk}
        problem = problem_of(officer.post(f"{at}/take_measure/", one_officer), 400, "two_officers_required")
        assert problem["errors"][0]["pointer"] == "#/second_officer"
        taken = posted(officer, f"{at}/take_measure/", {**TAKEN, **people})
        assert [clock["due_on"] for clock in taken["clocks"]] == ["2026-04-01"]
        assert moves(taken) == []
        assert moves(head.get(f"{at}/").json()) == [
            "extend_seizure", "exclude_test_days", "release_measure", "dispose_early", "hand_over_items",
        ]  # fmt: skip
        released = posted(head, f"{at}/release_measure/", BODIES["measure-release-measure"])
        assert [item["state"] for item in released["items"]] == ["to_return"]
        done = posted(officer, f"{at}/return_items/", {"returned_on": "2026-03-03", "received_by": "张某某"})
        assert [move["to_state"] for move in done["items"][0]["moves"]] == ["held", "to_return", "returned"]
        urgent = posted(officer, f"/cases/{case.pk}/measures/urgent/", {**TAKEN, **ORDERED, **people}, 201)
        posted(head, f"/measures/{urgent['id']}/approve_urgent/", {"reason": "同意"})
    listed = officer.get(f"/cases/{case.pk}/measures/").json()
    assert [(row["number"], row["state"]) for row in listed] == [(1, "released"), (2, "in_force")]
    assert Measure.objects.count() == 2
