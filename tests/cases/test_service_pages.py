"""Serving on pages and over the API."""

from datetime import date

import time_machine
from django.test import Client

from cases.states.matter import CaseState
from documents.models import Paper, Service
from documents.queries.service import receipts_of
from tests.api_client import Caller, problem_of
from tests.builders import City, moment
from tests.cases.service_builders import AT, RECEIVED, of, status_of
from tests.documents.made_files import PDF, upload
from tests.documents.paper_builders import PAPER_BODIES, announce


def test_a_paper_is_served_on_the_pages(city: City, notice: Paper) -> None:
    case, browser = of(notice), Client()
    browser.force_login(city.east_handler)
    here = f"/cases/{case.pk}/service/"
    with time_machine.travel(AT, tick=False):
        assert browser.get(f"/cases/{case.pk}/notify/")["Location"] == here
        assert "行政处罚告知书" in browser.get(here).content.decode()
        assert "witness" not in browser.get(f"{here}new/direct/").content.decode()
        assert browser.get(f"{here}new/pigeon/").status_code == 404
        body = {
            "paper_ids": [notice.pk], "recipient": "示例商店", "on": "2026-03-16", **RECEIVED,
            "officer": city.east_handler.pk, "second_officer": city.east_handler2.pk,
        }  # fmt: skip
        assert "请核对后勾选确认" in browser.post(f"{here}new/direct/", body).content.decode()
        body |= {"confirmed": "on", "upload": upload(PDF, "回证.pdf")}
        assert browser.post(f"{here}new/direct/", body)["Location"] == here
        service = Service.objects.get()
        receipt = browser.get(f"{here}{service.pk}/")
        assert "回证.pdf" in receipt.content.decode() and "李某" in receipt.content.decode()
        file = receipt.context["files"][0]
        assert b"".join(browser.get(f"{here}{service.pk}/files/{file.pk}/")).startswith(b"%PDF")
        page = browser.get(f"/cases/{case.pk}/").content.decode()
        assert 'id="service' in page and "登记送达" in page
        assert browser.post(f"{here}{service.pk}/void/", {"reason": "有误", "confirmed": "on"})["Location"] == here
        address = {"recipient": "示例商店", "address": "示例路1号", "signed_on": "2026-03-16"}
        assert browser.post(f"{here}address/", address)["Location"] == here
    assert of(notice).state == CaseState.APPROVED
    announce(city, of(notice), notice, at=AT)
    with time_machine.travel(moment("2026-04-21"), tick=False):
        running = Service.objects.get(state="running")
        assert "公告期满" in browser.get(f"{here}{running.pk}/").content.decode()
        assert browser.post(f"{here}{running.pk}/complete/", {"confirmed": "on"})["Location"] == here
    assert of(notice).notified_on == date(2026, 4, 19)


def test_a_paper_is_served_over_the_api(city: City, notice: Paper) -> None:
    case, caller = of(notice), Caller(city.east_handler)
    here = f"/cases/{case.pk}/services/"
    with time_machine.travel(AT, tick=False):
        assert caller.get(here).json() == {"services": [], "waiting": [notice.pk], "addresses": []}
        body = {"paper_ids": [notice.pk], "way": "direct", "recipient": "示例商店", "on": "2026-03-16", **RECEIVED}
        problem_of(caller.post(here, {**body, "on": "2026-03-01"}), 400, "served_before_paper")
        made = caller.post(here, body)
        assert (made.status_code, made.json()["papers"][0]["effect"]) == (201, "notify")
        service = made.json()["id"]
        assert caller.post(f"{here}{service}/void/", {"reason": "有误"}).json()["state"] == "void"
        address = {"recipient": "示例商店", "address": "示例路1号", "signed_on": "2026-03-16"}
        assert caller.post(f"/cases/{case.pk}/addresses/", address).status_code == 201
    announced = announce(city, of(notice), notice, at=AT)
    with time_machine.travel(moment("2026-04-21"), tick=False):
        done = caller.post(f"{here}{announced.pk}/complete/", {}).json()
        assert (done["state"], done["served_on"]) == ("served", "2026-04-19")
        assert len(caller.get(here).json()["services"]) == 2


def test_whoever_supervises_reads_the_service_and_moves_nothing_and_a_stranger_sees_none(
    city: City, notice: Paper
) -> None:
    case = of(notice)
    service = announce(city, case, notice, at=moment("2026-03-11"))
    here = f"/cases/{case.pk}/service/"
    file = receipts_of(service)[0]
    reads = ("", f"{service.pk}/", f"{service.pk}/files/{file.pk}/")
    verbs = ("new/direct/", "address/", f"{service.pk}/complete/", f"{service.pk}/void/")
    for user, seen, moved in ((city.supervisor, 200, 403), (city.west_handler, 404, 404)):
        browser = Client()
        browser.force_login(user)
        assert {status_of(browser.get(f"{here}{each}")) for each in reads} == {seen}
        assert {browser.get(f"{here}{each}").status_code for each in verbs} == {moved}
        caller, code = Caller(user), {403: "not_permitted", 404: "not_found"}[moved]
        for path, body in (
            ("services/", PAPER_BODIES["case-services"]), (f"services/{service.pk}/complete/", {}),
            (f"services/{service.pk}/void/", {"reason": "x"}), ("addresses/", PAPER_BODIES["case-confirm-address"]),
        ):  # fmt: skip
            problem_of(caller.post(f"/cases/{case.pk}/{path}", body), moved, code)
