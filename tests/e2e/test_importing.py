"""A clerk brings in a ledger at the browser: upload, columns, what is wrong, the word to go on, the leads."""

from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from clues.models import Lead
from exchange.actions.running import run_imports
from tests.builders import City
from tests.e2e.conftest import SitDown
from tests.e2e.desk import PHONE, Desk
from tests.exchange.files import HEADERS, rows, xlsx

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def look(desk: Desk, name: str) -> None:
    """The page as it is, wide and on a phone, without a barrier."""
    desk.shoot(name)
    size = desk.page.viewport_size
    desk.page.set_viewport_size(PHONE)
    desk.shoot(f"{name}-390")
    assert not desk.overflows(), name
    # The page of a running import looks again by itself, also without script: that is what it is for.
    assert not [barrier for barrier in desk.barriers() if not barrier.startswith("meta-refresh")], name
    if size is not None:
        desk.page.set_viewport_size(size)


@pytest.mark.timeout(180)
def test_a_ledger_comes_in_at_the_browser(sit_down: SitDown, swept: City, tmp_path: Path) -> None:
    bad = [
        ("传闻", "2026-02-27", "某店", "内容"),
        ("投诉", "2026-02-30", "某店", "内容"),
        ("举报", "2026-02-27", "", "内容"),
    ]
    file = tmp_path / "二月台账.xlsx"
    file.write_bytes(xlsx([*rows(5), *bad, *rows(1)], headers=(*HEADERS[:3], "情况")))
    desk = sit_down(swept.east_clerk)

    desk.page.goto("/exchange/imports/")
    look(desk, "import-empty")
    desk.press("导入第一个文件")
    look(desk, "import-new")
    desk.page.set_input_files("input[type=file]", file)
    desk.fill(office=swept.east_squad.name, mode="只导入没有问题的行")
    desk.press("上传")
    desk.press("检查每一行")
    expect(desk.page.locator("main")).to_contain_text("缺少必需的列：线索内容")
    desk.fill(column_3="线索内容")
    look(desk, "import-columns")
    desk.press("检查每一行")
    expect(desk.page.locator("main")).to_contain_text("排队等候")
    look(desk, "import-waiting")

    run_imports(clock=timezone.now)
    desk.page.reload()
    look(desk, "import-checked")
    desk.press("确认导入 5 条线索")
    run_imports(clock=timezone.now)
    desk.page.reload()
    expect(desk.page.locator("main")).to_contain_text(Lead.objects.order_by("id")[0].number)
    look(desk, "import-done")
    desk.page.goto("/exchange/imports/")
    look(desk, "import-list")
