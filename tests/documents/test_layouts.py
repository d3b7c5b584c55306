"""The 66 forms as they come with the product: whole, true to the official text, ready to be filled and edited."""

import re
from io import BytesIO

import pytest
from docx import Document
from docx.oxml.ns import qn

from documents.form_kinds import FOLDER, FormKind, common_fields, form_kind, form_kinds
from documents.layouts import docx_of, layout_of, standard_template
from documents.templating import check_template, fill, names_in, text_of

HARD = "A & B <x>"
HAN = re.compile(r"[\u4e00-\u9fff]{2,}")
PAGE = re.compile(r"\f?— \d+ —\n")
# Where a form's first line is not its name as the set lists it.
TITLES = {"25": "封 条", "26": "实施行政强制措施场所/设施/财物\n委托保管书", "54": "全宗号 目录号 案卷号"}
# Words between official blanks, or choices apart by strokes, that a field now takes; and what the law has changed since.
TAKEN_BY_FIELDS = {
    "2": {"市场监督管理局管辖"},
    "6": {"财物实施了查封", "扣押行政强制措施", "相关场所"},
    "20": {"部分证据"},
    "21": {"决定对有关场所", "扣押的场所", "财物应当妥善保管"},
    "22": {"有关场"},
    "23": {"有关场所", "财物采取", "起对全部", "部分物品"},
    "26": {"或至本局通知时止"},
    "28": {"查封", "扣押了存"},
    "30": {
        "本局现委托你单位对下列物品进行检测", "委托检测", "鉴定事项", "前提交由检测", "鉴定人员及你单位签名盖章的报告一式",
        "鉴定的内容", "以及你单位和检测",
    },
    "31": {"的有关场所", "设施", "财物", "相关机构对有关物品进行检测", "鉴定期间自"},
    "32": {"的下列物品进行检测", "鉴定结果为", "如对该检测", "鉴定结果有异议", "鉴定报告书"},
    "39": {"一案公开", "不公开举行听证"},
    "44": {"可以在收到本当场", "内向", "也可以在", "内依法向"},
    "47": {"提出延期"},
    "51": {"因你下落不明", "自本公告发布之日起六十日内到本局领"},
    "C10": {"条例", "办法", "条规定"},
}  # fmt: skip


def official_texts() -> dict[str, str]:
    """The official text of every form by number."""
    penalty = (FOLDER / "official" / "penalty_document_templates_2021.txt").read_text(encoding="utf-8")
    text, texts, start = "".join(PAGE.sub("", page) + "\n" for page in penalty.split("\f")[4:]), {}, 0
    last = ""
    for kind in form_kinds().values():
        if kind.no.isdigit():
            title = re.compile(f"^{re.escape(TITLES.get(kind.no, kind.name))}$", re.MULTILINE).search(text, start)
            assert title is not None, kind.name
            texts[last], start, last = text[start : title.start()], title.start(), kind.no
    texts[last] = text[start:]
    complaint = (FOLDER / "official" / "complaint_document_templates_2026-04.txt").read_text(encoding="utf-8")
    parts = re.split(r"\n文书式样[一二三四五六七八九十]+\n", complaint.replace("\f", "\n"))[1:]
    return texts | {f"C{number}": part for number, part in enumerate(parts, start=1)}


def fixed_words(kind: FormKind) -> str:
    """What the layout says whatever is filled in, without blanks and punctuation."""
    text = layout_of(kind).replace("{{ 机关名称 }}", "市场监督管理局")
    text = re.sub(r'\{\{ "(.)" if .*?\}\}', r"\1", text)
    text = re.sub(r'\{\{ \w+ or "([^"]*)" \}\}', r"\1", text)
    text = re.sub(r"\{\{.*?\}\}|\{%.*?%\}|^\|?% .*$", "", text, flags=re.MULTILINE)
    return "".join(HAN.findall(re.sub(r"[^\u4e00-\u9fff]", "", text)))


def test_no_words_of_the_official_forms_are_lost() -> None:
    official = official_texts()
    for kind in form_kinds().values():
        found = fixed_words(kind)
        # A date and a number are filled in by now; kind words are compared with the official list.
        runs = {run.strip("年月日时分") for run in HAN.findall(PAGE.sub("", official[kind.no]))}
        lost = {run for run in runs if run not in found and not re.match("市?监|听通", run)}
        assert lost == TAKEN_BY_FIELDS.get(kind.no, set()), kind.name


def test_every_form_is_a_template_of_itself_and_takes_any_text_as_it_stands() -> None:
    for key, kind in form_kinds().items():
        template = standard_template(kind)
        check_template(template, kind)
        names = names_in(template)
        assert {field.name for field in kind.fields} <= names, f"{key}: typed and printed nowhere"
        common = common_fields(kind.subject)
        rows = {
            name: [dict.fromkeys(common[name].columns, HARD)] * 3
            for name in names & common.keys()
            if common[name].columns
        }
        filled = fill(template, {**dict.fromkeys(names, HARD), **rows})
        text = text_of(filled)
        assert HARD in text and "{" not in text and "%" not in text, key
        for table in Document(BytesIO(filled)).tables:
            for row in table.rows:
                spans = [cell.tcPr.gridSpan.val if cell.tcPr.gridSpan is not None else 1 for cell in row._tr.tc_lst]
                assert sum(spans) == len(table.columns), key


def test_every_row_of_a_list_becomes_a_row_of_the_table_or_a_line() -> None:
    kind = form_kind("item_list")
    template = standard_template(kind)
    columns = common_fields("case")["物品清单"].columns
    goods = [dict.fromkeys(columns, "") | {"名称": name, "数量": "3"} for name in ("示例饼干", "示例糖果")]
    text = text_of(fill(template, {**dict.fromkeys(names_in(template), ""), "物品清单": goods}))
    assert "\n1\t示例饼干\t\t\t3\t\n2\t示例糖果\t\t\t3\t\n" in text


def test_boxes_and_choices_follow_what_was_ticked() -> None:
    kind = form_kind("hearing_notice")
    template = standard_template(kind)
    empty = dict.fromkeys(names_in(template), "")
    closed, public = (text_of(fill(template, empty | {"不公开": box})) for box in ("☑", "□"))
    assert "一案不公开举行听证" in closed and "一案公开举行听证" in public
    assert "担任听证员" not in public
    source = form_kind("lead_source_register")
    names = dict.fromkeys(names_in(standard_template(source)), "")
    ticked = {
        channel: text_of(fill(standard_template(source), names | {"来源渠道": channel})) for channel in ("举报", "舆情")
    }
    assert "☑投诉、举报" in ticked["举报"] and ticked["举报"].count("☑") == 1
    assert "☑其他\n" in ticked["舆情"] and ticked["舆情"].count("☑") == 1


def test_what_the_law_changed_since_the_forms_were_printed_is_printed_as_it_is_now() -> None:
    departing = {kind.no for kind in form_kinds().values() if kind.departure}
    assert departing == {"44", "51"}
    announcement = layout_of(form_kind("service_announcement"))
    assert "起三十日内" in announcement and "六十日" not in announcement
    spot = layout_of(form_kind("spot_penalty_decision"))
    assert "先向{{ 复议机关 }}申请行政复议" in spot and "也可以" not in spot


def test_a_form_stands_on_a4_in_the_official_fonts_with_named_styles() -> None:
    document = Document(BytesIO(standard_template(form_kind("penalty_notice"))))
    section = document.sections[0]
    assert [round((length or 0) / 36000) for length in (section.page_width, section.page_height)] == [210, 297]
    margins = (section.top_margin, section.left_margin, section.right_margin, section.bottom_margin)
    assert [round((length or 0) / 36000) for length in margins] == [37, 28, 26, 35]
    assert section.header.is_linked_to_previous
    fonts = {
        style.name: style.element.rPr.rFonts.get(qn("w:eastAsia"))
        for style in document.styles
        if style.name and style.name[0] in "公文机"
    }
    assert fonts["机关名称"] == "方正小标宋简体" and fonts["公文正文"] == "仿宋" and fonts["公文附注"] == "宋体"
    assert document.paragraphs[0].style is not None and document.paragraphs[0].style.name == "机关名称"


def test_a_record_bears_signatures_and_page_numbers_at_the_foot_of_every_page() -> None:
    footer = Document(BytesIO(standard_template(form_kind("inquiry_record")))).sections[0].footer
    xml = footer._element.xml
    assert "被询问人：" in footer.paragraphs[0].text
    assert 'w:instr="PAGE"' in xml and 'w:instr="NUMPAGES"' in xml


def test_the_same_layout_gives_the_same_bytes() -> None:
    kind = form_kind("closing_approval")
    assert docx_of(layout_of(kind), kind) == docx_of(layout_of(kind), kind) == standard_template(kind)


def test_cells_go_on_with_the_cell_above_them() -> None:
    table = Document(BytesIO(docx_of("|w 1 3\n| *左 | 甲 |\n| ^^ | 乙 |\n", form_kind("seal_strip")))).tables[0]
    assert table.cell(0, 0)._tc is table.cell(1, 0)._tc
    assert [table.cell(0, 1).text, table.cell(1, 1).text] == ["甲", "乙"]


@pytest.mark.parametrize(
    "layout", ["|w 1 1\n| a |", "|w 1 1\n| ^^ | b |", "% while x", "% if x\ntext", "% end", "|w 1 1\n| [3]a |"]
)
def test_a_layout_with_a_mistake_is_named_with_its_form(layout: str) -> None:
    with pytest.raises(ValueError, match="seal_strip"):
        docx_of(layout, form_kind("seal_strip"))


def test_no_layout_lies_beside_those_of_the_forms() -> None:
    assert {path.name for path in (FOLDER / "layouts").iterdir()} == {
        f"{kind.no.zfill(2)}_{kind.key}.txt" for kind in form_kinds().values()
    }
