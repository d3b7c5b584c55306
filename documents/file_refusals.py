"""The refusals of an uploaded file; every check of its content raises one of these."""

from mmap import mmap

from django.utils.translation import gettext as _

from core.errors import Invalid

Content = bytes | mmap


def refused_file(detail: str, code: str) -> Invalid:
    return Invalid(detail, code=code, field="upload")


def broken() -> Invalid:
    return refused_file(_("文件不完整或者已经损坏。请在本机打开确认后重新保存，再上传。"), code="broken_file")


def mixed() -> Invalid:
    return refused_file(
        _("文件里除了应有的内容，还附着别的数据（例如图片后面接着压缩包）。请用看图或者办公软件另存为新文件后再上传。"),
        code="mixed_content",
    )


def with_macros() -> Invalid:
    return refused_file(
        _("文件带有宏，宏是会运行的程序，不能保存。请另存为不带宏的docx或者xlsx后再上传。"), code="macro_file"
    )


def encrypted() -> Invalid:
    return refused_file(_("文件设有打开密码，系统无法检查，别人也打不开。请取消密码后再上传。"), code="encrypted_file")
