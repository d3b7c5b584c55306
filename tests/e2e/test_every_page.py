"""Every page in both languages, on an office screen and on a phone: accessible, calm, without sideways scrolling."""

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from cases.actions import performance, term
from cases.actions.decision import serve_decision
from deadlines.actions.reminders import sweep_reminders
from tests.builders import City, decide, make_case, make_lead, make_notified_case, make_verified_lead, moment
from tests.e2e.conftest import SitDown
from tests.e2e.desk import DESKTOP, PHONE, Desk
from tests.e2e.shown import ago, lead_pages

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def make_matters(city: City) -> dict[str, str]:
    """A lead or case for each kind of page; the addresses by a name for the picture."""
    now = timezone.now()
    overdue = make_lead(city, at=moment(f"{ago(40)}"), party="逾期未核查的商店")
    verified = make_verified_lead(city, at=moment(f"{ago(3)}"))
    suspended = make_case(city, at=moment(f"{ago(50)}"))
    term.suspend_case(
        case_id=suspended.pk, ground="missing_party", starts_on=ago(20), reason="当事人下落不明。",
        actor=city.east_director, at=now,
    )  # fmt: skip
    notified = make_notified_case(city, filed=f"{ago(60)}", concluded=f"{ago(40)}", served=f"{ago(30)}")
    paid = decide(
        city, make_notified_case(city, filed=f"{ago(90)}", concluded=f"{ago(70)}", served=f"{ago(60)}"),
        at=moment(f"{ago(40)}"),
    )  # fmt: skip
    serve_decision(case_id=paid.pk, served_on=ago(38), actor=city.east_handler, at=moment(f"{ago(38)}"))
    performance.record_payment(
        case_id=paid.pk, amount=paid.due_amount, paid_on=ago(30), actor=city.east_handler, at=moment(f"{ago(30)}")
    )
    sweep_reminders(at=now)
    return {
        "home": "/",
        "home-office": "/?scope=office",
        "notices": "/notices/?show=all",
        "search": "/search/?q=商店",
        "leads": "/leads/",
        "leads-empty": "/leads/?q=没有这家",
        "lead-overdue": reverse("lead_page", args=[overdue.pk]),
        "lead-verified": reverse("lead_page", args=[verified.pk]),
        "lead-new-complaint": "/leads/new/?channel=complaint",
        "lead-new-sampling": "/leads/new/?channel=sampling",
        "lead-assign": reverse("lead_assign", args=[overdue.pk]),
        "lead-decline": reverse("lead_decline", args=[verified.pk]),
        "case-file": reverse("case_file", args=[verified.pk]),
        "cases": "/cases/",
        "case-suspended": reverse("case_page", args=[suspended.pk]),
        "case-notified": reverse("case_page", args=[notified.pk]),
        "case-decide": reverse("case_decide", args=[notified.pk]),
        "case-performed": reverse("case_page", args=[paid.pk]),
        "case-close": reverse("case_close", args=[paid.pk]),
        "calculator": f"/calculator/?rule=lead_verification&start={ago(5)}",
        "rules": "/rules/?q=线索",
        "calendar": f"/calendar/{timezone.localdate().year}/",
        "refusal-not-found": "/cases/999999/",
        "refusal-not-now": reverse("lead_decline", args=[overdue.pk]),
    }


WIDTHS = {"1366": DESKTOP, "390": PHONE}


def look_over(desk: Desk, name: str) -> list[str]:
    """On an office screen and on a phone: take the picture and say what is wrong with the page."""
    wrong = []
    for width, viewport in WIDTHS.items():
        desk.page.set_viewport_size(viewport)
        desk.shoot(f"{name}-{width}-zh-hans")
        wrong += [f"{name} {width}: {each}" for each in desk.barriers()]
        wrong += [f"{name} {width}: scrolls sideways"] * desk.overflows()
    return wrong


def open_page(desk: Desk, name: str, url: str, language: str) -> None:
    answer = desk.page.goto(url)
    assert answer is not None
    assert answer.ok or name.startswith("refusal"), f"{name}: {answer.status}"
    expect(desk.page.locator("html")).to_have_attribute("lang", language)


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["leads", "cases"])
def test_every_page_is_accessible_and_fits(sit_down: SitDown, town: City, kind: str) -> None:
    stranger = sit_down()
    stranger.page.goto("/login/")
    wrong = look_over(stranger, "login")
    pages = lead_pages(town) if kind == "leads" else {"east_director": make_matters(town)}
    for username, addresses in pages.items():
        reader = sit_down(getattr(town, username))
        for name, url in addresses.items():
            open_page(reader, name, url, "zh-hans")
            wrong += look_over(reader, name)
    assert wrong == []


@pytest.mark.slow
def test_every_page_fits_in_english_too(sit_down: SitDown, town: City) -> None:
    """The languages differ in words alone."""
    pages, wrong = lead_pages(town), []
    pages["east_director"] |= make_matters(town)
    for username, addresses in pages.items():
        reader = sit_down(getattr(town, username))
        reader.speak("en")
        for name, url in addresses.items():
            open_page(reader, name, url, "en")
            for width, viewport in WIDTHS.items():
                reader.page.set_viewport_size(viewport)
                wrong += [f"{name} {width}: scrolls sideways"] * reader.overflows()
            reader.shoot(f"{name}-390-en")
    assert wrong == []


def test_a_refused_form_leads_to_its_fields(sit_down: SitDown, swept: City) -> None:
    clerk = sit_down(swept.east_clerk)
    clerk.page.goto("/leads/new/?channel=self_found")
    clerk.fill(received_on="昨天", summary="有过期食品。")
    clerk.press("登记")
    expect(clerk.page.locator(".error-summary")).to_be_focused()
    clerk.shoot("lead-new-refused-1366-zh-hans")
    assert clerk.barriers() == []
    clerk.page.locator(".error-summary a", has_text="收到材料之日").click()
    expect(clerk.page.locator("[name=received_on]")).to_be_focused()
    expect(clerk.page.locator("[name=summary]")).to_have_value("有过期食品。")


def test_a_case_is_printed_without_the_frame(sit_down: SitDown, swept: City) -> None:
    case = make_notified_case(swept, filed=f"{ago(60)}", concluded=f"{ago(40)}", served=f"{ago(30)}")
    head = sit_down(swept.east_director)
    head.page.goto(reverse("case_page", args=[case.pk]))
    head.page.emulate_media(media="print")
    for part in (".topbar", ".side", ".next-steps", ".breadcrumb"):
        expect(head.page.locator(part)).to_be_hidden()
    assert head.page.locator(".main .button:visible, .related:visible").count() == 0  # nothing a pen could press
    expect(head.page.locator("h1")).to_be_visible()
    head.shoot("case-notified-print-zh-hans")


def test_the_pages_fit_at_twice_the_size(sit_down: SitDown, city: City) -> None:
    pages = make_matters(city)
    head = sit_down(city.east_director, viewport={"width": 683, "height": 384})
    for name in ("home", "leads", "lead-verified", "case-file", "cases", "case-performed"):
        head.page.goto(pages[name])
        assert not head.overflows(), name


def test_a_matter_is_reached_and_moved_by_keyboard_alone(sit_down: SitDown, swept: City) -> None:
    lead = make_verified_lead(swept, at=moment(f"{ago(3)}"))
    head = sit_down(swept.east_director)
    keys = head.page.keyboard
    keys.press("/")
    keys.type(lead.number)
    keys.press("Enter")
    head.page.wait_for_url("**/search/**")
    head.page.get_by_role("link", name=lead.number, exact=True).focus()
    keys.press("Enter")
    head.page.wait_for_url(f"**/leads/{lead.pk}/")
    head.page.get_by_role("link", name="退回补充核查", exact=True).focus()
    keys.press("Enter")
    head.page.wait_for_url("**/send_back/")
    head.page.locator("[name=reason]").focus()
    keys.type("请补充进货票据。")
    keys.press("Tab")
    keys.press("Enter")
    head.told("已退回East Handler补充核查")


def test_chinese_is_drawn_with_a_chinese_font(sit_down: SitDown, city: City) -> None:
    desk = sit_down()
    desk.page.goto("/login/")
    differ = desk.page.evaluate(
        """() => {
          const drawn = (sign) => {
            const canvas = document.createElement("canvas");
            const pen = canvas.getContext("2d");
            pen.font = "40px " + getComputedStyle(document.body).fontFamily;
            pen.fillText(sign, 10, 60);
            return canvas.toDataURL();
          };
          return drawn("案") !== drawn("件");
        }"""
    )
    assert differ, "every sign is drawn as the same box: no Chinese font is installed"
