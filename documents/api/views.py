"""The forms and the templates an authority prints them from."""

from typing import Any

from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import User
from documents.form_kinds import FIELD_KINDS, form_kinds
from documents.policies import authority_for_templates
from documents.queries.papers import templates_in_use


class FormFieldOut(serializers.Serializer[Any]):
    name = serializers.CharField()
    kind = serializers.ChoiceField(FIELD_KINDS)
    required = serializers.BooleanField()  # type: ignore[assignment]  # declared fields never become attributes


class FormOut(serializers.Serializer[Any]):
    """One of the standard forms; ``template_version`` is null while it has no template."""

    key = serializers.CharField()
    no = serializers.CharField(help_text=gettext_lazy("文书序号：1至56，投诉举报文书C1至C10"))
    name = serializers.CharField()
    code = serializers.CharField(allow_blank=True, help_text=gettext_lazy("代字；没有文号的为空"))
    subject = serializers.ChoiceField(["case", "lead"])
    basis = serializers.CharField()
    typed = FormFieldOut(many=True)
    template_version = serializers.IntegerField(allow_null=True)
    template_is_own = serializers.BooleanField()
    template_sha256 = serializers.CharField(allow_blank=True)


class FormListView(APIView):
    @extend_schema(
        operation_id="forms_list",
        tags=["forms"],
        summary=gettext_lazy("文书种类和模板"),
        description=gettext_lazy("66种文书，各自填写的栏目，以及您所在处罚机关正在使用的模板。"),
        responses=FormOut(many=True),
    )
    def get(self, request: Request) -> Response:
        assert isinstance(request.user, User)  # noqa: S101 - the default permission lets nobody else through
        used = templates_in_use(authority_for_templates(request.user))
        rows = [
            {
                "key": kind.key, "no": kind.no, "name": kind.name, "code": kind.code, "subject": kind.subject,
                "basis": kind.basis, "typed": kind.fields,
                "template_version": template.version if template else None,
                "template_is_own": template is not None and template.office_id is not None,
                "template_sha256": template.sha256 if template else "",
            }
            for kind in form_kinds().values()
            for template in [used.get(kind.key)]
        ]  # fmt: skip
        return Response(FormOut(rows, many=True).data)
