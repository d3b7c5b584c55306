"""What setting a template asks for."""

from django import forms
from django.utils.translation import gettext_lazy

from core.forms import FilesField, VerbForm


class TemplateForm(VerbForm):
    upload = FilesField(
        label=gettext_lazy("Word文件（docx）"),
        most=1,
        help_text=gettext_lazy(
            "在正在使用的模板上修改。占位写成两层花括号里的名称，例如 {{ 当事人名称 }}；可以用的名称列在上一页。"
        ),
    )
    note = forms.CharField(label=gettext_lazy("修改说明"), max_length=200, required=False)


class RetireForm(VerbForm):
    consequence = gettext_lazy("本机关自己的模板不再使用，以后制作的文书改用全国统一模板；已经签发的文书不变。")
