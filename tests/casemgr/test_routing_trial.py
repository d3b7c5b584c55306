"""A new division of powers is tried on past leads before it is loaded."""

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from audit.models import Entry
from clues.actions.intake import log_lead
from clues.models import Lead
from routing.models import RuleSet
from tests.builders import NOW, ROUTING, City, make_lead, make_routing

URL = "/routing/dry-run/"
NEXT = ROUTING.replace("tests-1", "tests-2")
TO_THE_WEST = NEXT.replace("其余由东区局承办, office: east", "其余由西区局承办, office: west")


def make_routed(city: City, count: int = 1) -> list[Lead]:
    """Leads of food, which the division in force gives to the east."""
    return [
        log_lead(
            channel="self_found", received_on=NOW.date(), party_name=f"示例商店{number}", summary="有过期食品。",
            category="food-sale", region_code="370202", actor=city.east_clerk, at=NOW,
        )
        for number in range(count)
    ]  # fmt: skip


def tried(client: Client, text: str, leads: str = "1000", status: int = 200) -> str:
    response = client.post(URL, {"text": text, "leads": leads})
    assert response.status_code == status
    return response.content.decode()


@pytest.fixture
def head(client: Client, city: City) -> Client:
    make_routing(city)
    client.force_login(city.east_director)
    return client


def test_the_page_begins_with_the_rules_in_force_and_they_change_nothing(head: Client, city: City) -> None:
    make_routed(city)
    assert "其余由东区局承办" in head.get(URL).content.decode()
    page = tried(head, RuleSet.objects.get().text)
    assert "1 条线索中有 0 条会换承办机构" in page
    assert "没有线索会换承办机构" in page


def test_a_lead_that_would_go_elsewhere_is_named_with_both_offices_and_the_rule(head: Client, city: City) -> None:
    (lead,) = make_routed(city)
    before = (Entry.objects.count(), RuleSet.objects.count())
    page = tried(head, TO_THE_WEST)
    assert "1 条线索中有 1 条会换承办机构" in page
    row = page.split("<tbody>")[1].split("</tbody>")[0]
    for words in (lead.number, f"/leads/{lead.pk}/", "east局", "west局", "其余由西区局承办"):
        assert words in row
    assert "种组合都有唯一承办机构" in page
    assert (Entry.objects.count(), RuleSet.objects.count()) == before, "nothing is stored"


def test_a_lead_passed_on_within_its_authority_has_not_gone_elsewhere(head: Client, city: City) -> None:
    (lead,) = make_routed(city)
    Lead.objects.filter(pk=lead.pk).update(office=city.east_squad)
    assert "1 条线索中有 0 条" in tried(head, NEXT)
    everything_to_the_city = NEXT.replace("其余由东区局承办, office: east", "其余由市局承办, office: city")
    assert "1 条线索中有 1 条" in tried(head, everything_to_the_city), "a district's lead is not the city's"


def test_only_leads_in_scope_with_a_category_are_asked_about_the_newest_first(head: Client, city: City) -> None:
    make_routed(city, 3)
    make_lead(city)
    assert "2 条线索中有 2 条" in tried(head, TO_THE_WEST, leads="2")
    assert "3 条线索中有 3 条" in tried(head, TO_THE_WEST)
    head.force_login(city.west_head)
    assert "您的查看范围内没有填写了事项类别的线索" in tried(head, TO_THE_WEST)


def test_gaps_clashes_and_unknown_offices_are_told_in_words(head: Client, city: City) -> None:
    make_routed(city)
    page = tried(head, NEXT.partition("  - {key: east_rest")[0])
    assert "这份划分现在不能加载" in page
    assert "种组合无人承办，例如：" in page
    assert "无人承办</span>" in page
    clash = NEXT.replace("order: 30", "order: 90")
    assert "次序相同（90）又都适用于" in tried(head, clash)
    assert "规则east_rest写的机构nowhere不存在" in tried(head, NEXT.replace("office: east}", "office: nowhere}"))
    idle = NEXT + "  - {key: never, order: 99, name: 轮不到的规则, office: west}\n"
    assert "99 轮不到的规则" in tried(head, idle)


def test_a_file_that_is_none_comes_back_with_what_is_wrong_and_stays_on_the_page(head: Client, city: City) -> None:
    page = tried(head, "rules: [", status=400)
    assert "不是有效的YAML" in page
    assert "rules: [" in page
    assert "没有编号nonsense" in tried(head, NEXT.replace("[antitrust]", "[nonsense]"), status=400)
    assert "请填写规则，或者上传规则文件" in tried(head, "", status=400)
    for leads in ("0", "5001", "many"):
        assert "field-error" in tried(head, NEXT, leads=leads, status=400)


def test_an_uploaded_file_is_tried_and_its_text_stays_to_be_worked_on(head: Client, city: City) -> None:
    make_routed(city)
    file = SimpleUploadedFile("new.yaml", b"\xef\xbb\xbf" + TO_THE_WEST.encode())
    page = head.post(URL, {"text": "", "leads": "1000", "file": file}).content.decode()
    assert "1 条线索中有 1 条" in page
    assert "其余由西区局承办, office: west" in page
    for content, why in ((b"\xff\xfe\x00", "不是UTF-8"), (b"#" * 200_001, "规则文件太大")):
        answer = head.post(URL, {"text": "", "leads": "1000", "file": SimpleUploadedFile("x.yaml", content)})
        assert answer.status_code == 400
        assert why in answer.content.decode()


@pytest.mark.parametrize("who", ["east_handler", "east_clerk", "east_reviewer"])
def test_only_heads_and_supervisors_may_try(client: Client, city: City, who: str) -> None:
    make_routing(city)
    client.force_login(getattr(city, who))
    assert client.get(URL).status_code == 403
    assert client.post(URL, {"text": NEXT}).status_code == 403
    assert URL not in client.get("/routing/").content.decode()


@pytest.mark.parametrize("who", ["east_head", "east_director", "supervisor", "leader"])
def test_the_pages_of_the_division_lead_there(client: Client, city: City, who: str) -> None:
    make_routing(city)
    client.force_login(getattr(city, who))
    assert f'href="{URL}"' in client.get("/routing/").content.decode()
    assert client.get(URL).status_code == 200


@pytest.mark.parametrize("count", [1, 3])
def test_more_leads_cost_no_more_queries(
    head: Client, city: City, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    make_routed(city, count)
    tried(head, TO_THE_WEST)
    with django_assert_num_queries(14):
        tried(head, TO_THE_WEST)


def test_without_any_division_the_page_begins_empty(client: Client, city: City) -> None:
    client.force_login(city.east_director)
    assert client.get(URL).status_code == 200


def test_the_command_says_the_same_over_all_leads(
    city: City, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make_routing(city)
    (lead,) = make_routed(city)
    file = tmp_path / "division.yaml"
    file.write_text(TO_THE_WEST)
    call_command("try_routing", file)
    told = capsys.readouterr().out
    assert "leads: 1, elsewhere: 1" in told
    assert f"{lead.number}: east局 -> west局 其余由西区局承办" in told
    for wrong in ("rules: [", None):
        file.write_text(wrong) if wrong else file.unlink()
        with pytest.raises(CommandError):
            call_command("try_routing", file)
    with pytest.raises(CommandError, match="1 to 5000"):
        call_command("try_routing", file, leads=5001)
