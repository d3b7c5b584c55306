"""Every address of the project has a row here saying who may come in; one without a row fails."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import product
from typing import Any

import pytest
from django.test import Client
from django.urls import get_resolver, reverse
from django.urls.resolvers import URLPattern, URLResolver

from accounts.actions import delegate_post
from accounts.models import Delegation
from cases.actions.duties import ask_recusal
from cases.actions.evidence import attach_evidence
from cases.actions.recordings import index_recording
from cases.models import Case, CaseFile, Evidence, Recording, Recusal
from cases.queries.casefile import last_move_of
from clues.actions.custody import assign_lead
from clues.actions.disputes import raise_dispute
from clues.actions.files import attach_files
from clues.models import Dispute
from deadlines.models import Clock
from documents.models import Paper, Service, StoredFile
from exchange.actions.running import run_imports
from exchange.actions.steps import check_import, upload_leads
from exchange.models import Import
from notices.actions import NewNotice, post_notices
from notices.models import Notice
from tests.api_client import Caller, problem_of
from tests.builders import NOW, City, make_case, make_lead
from tests.casemgr.gates import Gate
from tests.casemgr.route_table import TABLE
from tests.cases.duties_builders import APPROVAL_BODIES, RECUSAL_BODIES, ask_to_suspend
from tests.cases.evidence_builders import make_evidence, make_measure
from tests.cases.hearing_stages import BODIES as HEARING_BODIES
from tests.cases.money_stages import BODIES as MONEY_BODIES
from tests.cases.test_case_api import BODIES as CASE_BODIES
from tests.cases.test_evidence_api import BODIES as EVIDENCE_BODIES
from tests.clues.lead_papers import issued, print_forms
from tests.clues.test_lead_api import BODIES as LEAD_BODIES
from tests.documents.made_files import MP4, PDF, upload
from tests.documents.paper_builders import PAPER_BODIES, announce, issue, make_forms
from tests.drafts.made import make_draft
from tests.exchange.files import rows as ledger_rows
from tests.exchange.files import xlsx as ledger
from tests.informants.people import ask, make_informant, propose
from tests.informants.test_informant_api import BODIES as INFORMANT_BODIES
from tests.refusals import everything

GATED = (
    Gate.LEAD, Gate.CASE, Gate.CLOCK, Gate.OFFICE, Gate.NOTICE, Gate.INFORMANT, Gate.OPENING, Gate.REWARD, Gate.IMPORT,
    Gate.EVIDENCE, Gate.RECORDING, Gate.MEASURE, Gate.APPROVAL, Gate.POST, Gate.DELEGATION,
    Gate.PERSON, Gate.CERTIFICATE,
    Gate.DRAFT,
)  # fmt: skip
SUPERVISED = [
    gate for gate in GATED if gate not in (Gate.NOTICE, Gate.DRAFT, Gate.INFORMANT, Gate.OPENING, Gate.IMPORT)
]  # may consent to a reading
READS = (
    "-detail",
    "-reviewers",
    "-people",
    "-download",
    "-recusals",
    "-reviews",
    "-papers",
    "-outcomes",
    "-proposals",
    "-discretion",
    "-defences",
    "-hearings",
    "-discussions",
)  # the rest of the gated API are verbs
READ_PAGES = ("case_history", "case_duties", "case_proposals", "case_hearing")
POSTED = ("case_file_request",)  # by a button of another page
REFUSED_AS = dict.fromkeys(("api:case-grant-recusal", "api:case-refuse-recusal"), "not_recusal_decider") | {
    "api:delegation-revoke": "not_the_delegator"
}
STRANGERS = ("west_handler", "west_head", "handler", "squad_head")
ELSEWHERE = ("west_head", "handler")  # the pages, which share the gates of the API


@dataclass(frozen=True)
class Route:
    name: str
    arguments: tuple[str, ...]

    @property
    def is_api(self) -> bool:
        return self.name.startswith("api:") and self.name != "api:docs"


def routes() -> dict[str, Route]:
    return {route.name: route for route in _walk(get_resolver().url_patterns, "", ())}


def _walk(patterns: list[URLPattern | URLResolver], namespace: str, arguments: tuple[str, ...]) -> Iterator[Route]:
    for pattern in patterns:
        inner = (*arguments, *pattern.pattern.converters)
        if isinstance(pattern, URLResolver):
            prefix = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from _walk(pattern.url_patterns, prefix, inner)
        else:
            yield Route(f"{namespace}{pattern.name}", inner)


def address(name: str, number: int) -> str:
    """The address of a route; every matter in it is matter ``number``."""
    values: dict[str, Any] = {"year": 2026, "form": "scene_record", "kind": "suspend", "way": "direct", "part": "main"}
    if "paper_id" in routes()[name].arguments:
        values["paper_id"] = Paper.objects.get(subject_kind="lead" if "lead" in name else "case").pk
    if name == "lead_paper_new":
        values["form"] = "complaint_register"
    if "service_id" in routes()[name].arguments:
        values["service_id"] = Service.objects.get().pk
    if "recusal_id" in routes()[name].arguments:
        values["recusal_id"] = Recusal.objects.get().pk
    if "part" in routes()[name].arguments:
        values["file_id"] = CaseFile.objects.get().pk
    elif "file_id" in routes()[name].arguments:  # the lead's came first, the case's last
        kind = next((word for word in ("evidence", "receipt") if word in name), "lead")
        of = StoredFile.objects.filter(subject_kind=kind.replace("receipt", "service"))
        values["file_id"] = of.order_by("-pk" if name.startswith("case") else "pk")[0].pk
    arguments = {each: values.get(each, number) for each in routes()[name].arguments}
    return reverse(name, kwargs=arguments)


@pytest.fixture
def numbers(city: City) -> dict[Gate, int]:
    """One matter of each kind in the east squad."""
    lead, case = make_lead(city), make_case(city)
    assert case.lead is not None
    for each in (lead, case.lead):
        given = [upload(PDF, "来信.pdf"), upload(PDF, "附件.pdf")]
        attach_files(lead_id=each.pk, upload=given, purpose="material", actor=city.east_handler, at=NOW)
    ask_recusal(
        case_id=case.pk, person_id=city.east_director.pk, interest="other", reason="是当事人的亲属",
        asked_on=NOW.date(), actor=city.east_handler, at=NOW,
    )  # fmt: skip
    bound(city, case, *StoredFile.objects.filter(subject_kind="lead", subject_id=case.lead.pk))
    make_forms("inquiry_notice")
    announce(city, case, issue(city, case))
    print_forms("lead_source_register")
    issued(lead, "lead_source_register", city.east_handler, at=NOW)
    informant = make_informant(city, lead=lead)
    post_notices([NewNotice(city.east_handler.pk, "deadline_due", "k", "lead", lead.pk, "今日届满")], at=NOW)
    clock = Clock.objects.get(subject_kind="lead", subject_id=lead.pk, rule="lead_verification")
    return {
        Gate.NONE: 1, Gate.USER: 1, Gate.LEAD: lead.pk, Gate.CASE: case.pk, Gate.CLOCK: clock.pk,
        Gate.OFFICE: city.east_squad.pk, Gate.NOTICE: Notice.objects.get(key="k").pk, Gate.INFORMANT: informant.pk,
        Gate.IMPORT: checked_import(city).pk,
        Gate.DISPUTE: dispute(city).pk, Gate.APPROVAL: ask_to_suspend(city, case).pk,
        Gate.EVIDENCE: exhibit(city, case).pk, Gate.RECORDING: recording(city, case).pk,
        Gate.DRAFT: make_draft(city.east_handler).pk,
        Gate.POST: city.east_handler2.posts.get().pk, Gate.DELEGATION: lent(city).pk,
        Gate.PERSON: city.east_handler2.pk, Gate.CERTIFICATE: city.east_handler2.certificates.get().pk,
        Gate.MEASURE: make_measure(city, case, at=NOW - timedelta(hours=2)).pk,
        Gate.OPENING: ask(informant, city.east_handler).pk, Gate.REWARD: propose(informant, city.east_handler).pk,
    }  # fmt: skip


def bound(city: City, case: Case, main: StoredFile, bundle: StoredFile) -> None:
    """The case has a file to take away; how one is bound is proved elsewhere."""
    CaseFile.objects.create(
        case=case, state="ready", requested_by=city.east_handler, requested_at=NOW, last_move=last_move_of(case),
        main=main, bundle=bundle, finished_at=NOW,
    )  # fmt: skip


def exhibit(city: City, case: Case) -> Evidence:
    """Of the case, with a file."""
    made = make_evidence(city, case, at=NOW)
    return attach_evidence(evidence_id=made.pk, upload=[upload(PDF, "证据.pdf")], actor=city.east_handler, at=NOW)


def recording(city: City, case: Case) -> Recording:
    """Of the case, kept as a file."""
    return index_recording(
        case_id=case.pk, act="inspection", title="现场", started_at=NOW - timedelta(hours=2), ended_at=NOW,
        device="仪07", operator_id=city.east_handler.pk, upload=[upload(MP4, "现场.mp4")], actor=city.east_handler,
        at=NOW,
    )  # fmt: skip


def checked_import(city: City) -> Import:
    """A ledger of the east squad that waits for somebody's word."""
    of = upload_leads(
        upload=upload(ledger(ledger_rows(1)), "台账.xlsx"), office_id=city.east_squad.pk, mode="good_rows_only",
        actor=city.east_clerk, at=NOW,
    )  # fmt: skip
    check_import(import_id=of.pk, mapping=of.mapping, actor=city.east_clerk, at=NOW)
    run_imports(clock=lambda: NOW)
    return of


def lent(city: City) -> Delegation:
    """The duties of the east head, to one of the squad."""
    return delegate_post(
        post_id=city.east_head.posts.get().pk, to_user_id=city.east_handler2.pk, starts_on=NOW.date(),
        ends_on=NOW.date(), reason="出差", actor=city.east_head, at=NOW,
    )  # fmt: skip


def dispute(city: City) -> Dispute:
    """Between the east squad and its district, which strangers to the east do not see."""
    lead = make_lead(city)
    assign_lead(lead_id=lead.pk, office_id=city.east_squad.pk, actor=city.east_clerk, at=NOW)
    raise_dispute(lead_id=lead.pk, office_id=city.east.pk, reason="由区局直接办理", actor=city.east_clerk, at=NOW)
    return Dispute.objects.get(lead=lead)


BY_NAME = {**EVIDENCE_BODIES, **APPROVAL_BODIES, **PAPER_BODIES, **INFORMANT_BODIES}


def body_for(name: str) -> dict[str, Any]:
    """A body the verb would take, so that nothing but the gate refuses it."""
    if name.startswith("api:dispute"):
        return {"reason": "协商不成"} if "escalate" in name else {"office": 1, "opinion": "由其承办"}
    if name in ("api:import-check", "api:import-confirm"):
        names = ["channel", "received_on", "party_name", "summary"]
        return {"mapping": names} if name.endswith("check") else {"mode": "good_rows_only"}
    if (bare := name.removeprefix("api:")) in BY_NAME:
        return BY_NAME[bare]
    if name == "api:certificate-revoke":
        return {"revoked_on": "2026-03-02"}
    verb = name.partition("-")[2].replace("-", "_")
    if verb in RECUSAL_BODIES:
        return RECUSAL_BODIES[verb]
    if name.startswith("api:lead"):
        return LEAD_BODIES.get(verb, {})
    if name.startswith("api:case"):
        return CASE_BODIES.get(verb, {}) or HEARING_BODIES.get(verb, {})
    if name.startswith("api:money"):
        return MONEY_BODIES.get(verb, {})
    return {"due_on": "2026-03-30", "reason": "文书载明"} if name == "api:clock-fix" else {}


def status_of(answer: Any) -> int:
    """The status, once a file that is being served has been read to its end and closed."""
    if answer.streaming:
        b"".join(answer)
    status: int = answer.status_code
    return status


def test_every_address_has_its_row_and_every_row_its_address() -> None:
    assert sorted(routes()) == sorted(TABLE), "Add the new address to TABLE with who may come in, or drop the row."


def of_api(gate: Gate) -> list[str]:
    return [name for name, each in TABLE.items() if each is gate and routes()[name].is_api]


def of_pages(gate: Gate) -> list[str]:
    return [name for name, each in TABLE.items() if each is gate and not routes()[name].is_api]


@pytest.mark.parametrize("gate", [gate for gate in Gate if gate is not Gate.NONE])
def test_nobody_comes_in_without_logging_in(numbers: dict[Gate, int], gate: Gate) -> None:
    before = everything()
    for name in of_api(gate):
        for method in ("get", "post"):
            problem_of(getattr(Client(), method)(address(name, numbers[gate])), 401, "not_authenticated")
    for name in of_pages(gate):
        for method in ("get", "post"):
            response = getattr(Client(), method)(address(name, numbers[gate]))
            assert (response.status_code, response.headers.get("Location", "")[:13]) == (302, "/login/?next="), name
    assert everything() == before


def test_what_is_open_does_not_ask_who_is_there(db: None) -> None:
    statuses = {name: Client().get(address(name, 1)).status_code for name in (*of_pages(Gate.NONE), *of_api(Gate.NONE))}
    assert statuses == {
        "login": 200, "set_language": 302, "healthz": 200, "api:token": 405, "api:unknown": 404,
        "api:problem-list": 200, "api:problem-detail": 404,
    }  # fmt: skip
    assert Client().get("/language/")["Location"] == "/"


@pytest.mark.slow
@pytest.mark.parametrize("gate", GATED)
def test_a_matter_of_another_office_does_not_exist_over_the_api(
    city: City, numbers: dict[Gate, int], gate: Gate
) -> None:
    before = everything()
    for name, caller in product(of_api(gate), [Caller(getattr(city, stranger)) for stranger in STRANGERS]):
        seen, absent = (address(name, number).removeprefix("/api/v1") for number in (numbers[gate], 999_999))
        if name.endswith(READS):
            unseen, missing = caller.get(seen), caller.get(absent)
        else:
            unseen, missing = caller.post(seen, body_for(name)), caller.post(absent, body_for(name))
        problem_of(unseen, 404, "not_found")
        assert unseen.json() == missing.json(), f"{name}: the unseen must look exactly like what does not exist"
    assert everything() == before


@pytest.mark.slow
@pytest.mark.parametrize("gate", [gate for gate in GATED if of_pages(gate)])
def test_a_matter_of_another_office_does_not_exist_on_the_pages(
    city: City, numbers: dict[Gate, int], gate: Gate
) -> None:
    browsers = [Client() for _stranger in ELSEWHERE]
    for browser, stranger in zip(browsers, ELSEWHERE, strict=True):
        browser.force_login(getattr(city, stranger))
    before = everything()
    for name, browser in product(of_pages(gate), browsers):
        answers = {getattr(browser, method)(address(name, numbers[gate])).status_code for method in ("get", "post")}
        # An address that takes one method only refuses the other before it looks for anything.
        assert answers in ({404}, {404, 405}), name
    assert everything() == before


@pytest.mark.parametrize("gate", SUPERVISED)
def test_whoever_supervises_sees_the_matter_and_moves_nothing(city: City, numbers: dict[Gate, int], gate: Gate) -> None:
    """The same addresses exist for somebody whose post covers them, and no verb lets them act."""
    caller, browser = Caller(city.supervisor), Client()
    browser.force_login(city.supervisor)
    before = everything()
    for name in of_api(gate):
        path = address(name, numbers[gate]).removeprefix("/api/v1")
        if name.endswith(READS):
            assert status_of(caller.get(path)) == 200
        else:
            problem_of(caller.post(path, body_for(name)), 403, REFUSED_AS.get(name, "not_permitted"))
    for name in of_pages(gate):
        path = address(name, numbers[gate])
        if name.endswith(("_page", "_download")) or name in READ_PAGES:
            assert status_of(browser.get(path)) == 200, name
        elif name != "case_of_lead":  # this lead has no case yet
            shown, done = browser.get(path).status_code, browser.post(path).status_code
            assert (shown, done) == (405 if name in POSTED else 403, 403), name
    assert everything() == before
