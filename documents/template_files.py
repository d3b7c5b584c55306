"""What a Word template may hold as a file: text, styles and pictures, nothing that runs, reaches out or bursts."""

from collections.abc import Iterator
from io import BytesIO
from typing import Any, Never
from zipfile import ZipFile

from django.utils.translation import gettext as _
from lxml import etree

from core.errors import Invalid
from documents.file_refusals import refused_file
from documents.packages import kind_of_package

# Local defaults: far above what a form of a few pages needs.
MOST_BYTES = 8 * 2**20
MOST_BYTES_OF_A_PART = 2 * 2**20
MOST_PARTS = 200

PICTURES = {".png": b"\x89PNG\r\n\x1a\n", ".jpg": b"\xff\xd8\xff", ".jpeg": b"\xff\xd8\xff", ".gif": b"GIF8"}
REACHING_RELATIONS = (
    "attachedtemplate", "oleobject", "afchunk", "control", "subdocument", "frame", "package", "mailmergesource",
    "mailmergeheadersource", "recipientdata", "transform", "externallink", "vbaproject",
)  # fmt: skip
REACHING_ELEMENTS = {"altChunk", "object", "OLEObject", "control", "subDoc", "mailMerge", "attachedTemplate"}
REACHING_ATTRIBUTES = {"src", "href"}
PLAIN_FIELDS = {"PAGE", "NUMPAGES", "SECTIONPAGES", "SECTION", "REF", "PAGEREF", "SEQ", "STYLEREF", "TOC"}


def require_harmless_file(template: bytes) -> None:
    """:raises Invalid: ``template_hostile``; ``template_broken`` for what is no whole .docx."""
    try:
        kind = kind_of_package(BytesIO(template))
    except Invalid as refusal:
        broken = refusal.code in ("broken_file", "mixed_content")
        raise refused_file(refusal.detail, code="template_broken" if broken else "template_hostile") from None
    if kind != "docx":
        refuse_broken(_("不是docx文档"))
    with ZipFile(BytesIO(template)) as archive:
        parts = [part for part in archive.infolist() if not part.is_dir()]
        if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_BYTES:
            refuse_hostile(_("解压后超过%(most)s兆字节，或者部件过多") % {"most": MOST_BYTES // 2**20})
        for part in parts:
            _require_harmless_part(part.filename, archive.read(part))


def broken_template(why: str) -> Invalid:
    return refused_file(
        _("模板不能使用：%(why)s。请用Word或者WPS打开核对，另存为docx后再上传。") % {"why": why}, code="template_broken"
    )


def refuse_broken(why: str) -> Never:
    """:raises Invalid: ``template_broken``."""
    raise broken_template(why)


def refuse_hostile(why: str) -> Never:
    """:raises Invalid: ``template_hostile``."""
    raise refused_file(_("模板不能使用：%(why)s。请去掉后再上传。") % {"why": why}, code="template_hostile")


def _require_harmless_part(name: str, content: bytes) -> None:
    """What a part is, its content type says and not its name: a picture must be one, all else must be XML."""
    ending = name[name.rfind(".") :].lower()
    if ending in PICTURES and content.startswith(PICTURES[ending]):
        return
    if ending not in (".xml", ".rels"):
        refuse_hostile(_("嵌有别的文件（%(name)s）") % {"name": name[:60]})
    if len(content) > MOST_BYTES_OF_A_PART:
        refuse_hostile(_("部件过大（%(name)s）") % {"name": name[:60]})
    try:
        root = etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False))
    except (etree.LxmlError, ValueError):
        refuse_broken(_("部件读不出来（%(name)s）") % {"name": name[:60]})
    if root.getroottree().docinfo.internalDTD is not None:
        refuse_hostile(_("带有文档类型定义"))
    for element in root.iter(etree.Element):
        _require_nothing_reaches_out(element)
    for code in _field_codes(root):
        word = (code.split() or ["PAGE"])[0].upper()
        if word not in PLAIN_FIELDS:
            refuse_hostile(_("域代码%(word)s不能用，只能用页码等文档内部的域") % {"word": word[:20]})


def _require_nothing_reaches_out(element: Any) -> None:  # Any: lxml has no types
    """By local names, so that no other namespace (ISO strict) is a way around."""
    name = _local(element.tag)
    if name in REACHING_ELEMENTS:
        refuse_hostile(_("嵌有或者引用了别的文件（%(name)s）") % {"name": name})
    if name == "Relationship" and (
        element.get("TargetMode", "").lower() == "external"
        or element.get("Type", "").lower().endswith(REACHING_RELATIONS)
    ):
        what = element.get("Target", "")[:60]
        refuse_hostile(_("引用了文件以外的内容（%(name)s），超链接也请去掉") % {"name": what})
    for key, value in element.attrib.items():
        if _local(key) in REACHING_ATTRIBUTES and ("//" in value or "\\\\" in value):
            refuse_hostile(_("引用了文件以外的内容（%(name)s），超链接也请去掉") % {"name": value[:60]})


def _field_codes(root: Any) -> Iterator[str]:
    """The code of every field: the text between the marks ``begin`` and ``separate`` or ``end``, in however many runs.

    :raises Invalid: ``template_hostile``: a field computes the code of another, which could then be anything.
    """
    fields: list[str | None] = []  # the code of each field we are in, None once it is complete
    for element in root.iter(etree.Element):
        name = _local(element.tag)
        if name == "fldSimple":
            yield _attribute(element, "instr")
        elif name == "delInstrText":
            yield element.text or ""
        elif name == "instrText":
            fields[-1:] = [((fields[-1] if fields else "") or "") + (element.text or "")]
        elif name == "fldChar" and _attribute(element, "fldCharType") == "begin":
            if fields and fields[-1] is not None:
                refuse_hostile(_("域代码里套着别的域"))
            fields.append("")
        elif name == "fldChar":
            yield (fields.pop() if fields else "") or ""
            fields += [None] if _attribute(element, "fldCharType") == "separate" else []
    yield from (code or "" for code in fields)


def _attribute(element: Any, name: str) -> str:
    return next((str(value) for key, value in element.attrib.items() if _local(key) == name), "")


def _local(name: str) -> str:
    return name.rpartition("}")[2]
