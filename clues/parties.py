"""Names of parties made comparable."""

import re
import unicodedata

KEEP = re.compile(r"[^0-9a-z\u3400-\u9fff\U00020000-\U0003ffff]")
FORM = re.compile(r"(股份有限公司|有限责任公司|有限公司|个体工商户|\(.*?\))")


def normal_name(name: str) -> str:
    """The name without legal form, brackets, spaces, width and case; '' when nothing is left or it is 待查.

    ``甲区 ＡＢＣ（示例）食品有限公司`` becomes ``甲区abc食品``.
    """
    plain = unicodedata.normalize("NFKC", name).lower()
    short = KEEP.sub("", FORM.sub("", plain))
    return "" if short in ("待查", "不详", "不明", "无") else (short or KEEP.sub("", plain))
