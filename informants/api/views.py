"""Informants by code; the way to an identity and to a reward, each verb a POST."""

from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from django.utils import timezone
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import User
from core.api.inputs import Input
from core.api.verbs import MatterViewSet, described, given, next_moves, verb
from core.transitions import Transition
from informants import actions, states
from informants.api import serializers as shapes
from informants.api.filters import InformantFilter, OpeningFilter, RewardFilter
from informants.models import Informant, Opening, Reward
from informants.queries import (
    informant_for,
    informants_for,
    legal_moves,
    legal_reward_moves,
    opening_for,
    openings_for,
    readings_of,
    reward_for,
    reward_moves_of,
    rewards_for,
)


def _begins(row: Transition, form: type[Input], act: Callable[..., Any], shape: Any, told: Callable[..., Any]) -> Any:
    """The POST on an informant that brings forth an opening or a reward, and answers with it."""

    def run(self: MatterViewSet[Any], request: Request, pk: int) -> Response:
        made = act(informant_id=pk, actor=_user(request), at=timezone.now(), **given(form, request))
        return Response(told(made, request), status=201)

    run.__name__ = row.name
    run.__doc__ = described(row.basis, act)
    posted = action(detail=True, methods=["post"], url_path=row.name, url_name=row.name)(run)
    return extend_schema(summary=row.label, request=form, responses={201: shape})(posted)


def _told_opening(opening: Opening, request: Request) -> dict[str, Any]:
    legal = legal_moves(_user(request), opening, timezone.now())
    return {
        **shapes.OpeningFacts(opening).data,
        "readings": shapes.ReadingOut(readings_of(opening), many=True).data,
        "legal_moves": next_moves(legal, "opening", opening.pk, request),
    }


def _told_reward(reward: Reward, request: Request) -> dict[str, Any]:
    legal = legal_reward_moves(_user(request), reward)
    return {
        **shapes.RewardFacts(reward).data,
        "moves": shapes.RewardMoveOut(reward_moves_of(reward), many=True).data,
        "legal_moves": next_moves(legal, "reward", reward.pk, request),
    }


class InformantViewSet(MatterViewSet[Informant]):
    queryset = Informant.objects.none()  # names the model to the reference; rows come through the gates
    serializer_class = shapes.InformantOut
    filterset_class = InformantFilter
    ordering: ClassVar[Sequence[str]] = ("-id",)

    @extend_schema(
        summary=gettext_lazy("举报人代号列表"),
        description=gettext_lazy("只有代号和事项，没有身份信息；新的在前。"),
        responses=shapes.InformantRow(many=True),
    )
    def list(self, request: Request) -> Response:
        return self.answer_page(informants_for(_user(request)), shapes.InformantRow)

    @extend_schema(summary=gettext_lazy("举报人代号"), responses=shapes.InformantOut)
    def retrieve(self, request: Request, pk: int) -> Response:
        return self.answer(informant_for(_user(request), pk))

    ask = _begins(states.REQUEST, shapes.RequestIn, actions.request_opening, shapes.OpeningOut, _told_opening)
    propose = _begins(states.PROPOSE, shapes.ProposeIn, actions.propose_reward, shapes.RewardOut, _told_reward)

    def answer(self, matter: Informant) -> Response:
        return Response(shapes.InformantOut(matter).data)


class OpeningViewSet(MatterViewSet[Opening]):
    queryset = Opening.objects.none()  # names the model to the reference; rows come through the gates
    subject = "opening_id"
    serializer_class = shapes.OpeningOut
    filterset_class = OpeningFilter
    ordering: ClassVar[Sequence[str]] = ("-id",)

    @extend_schema(
        summary=gettext_lazy("查阅申请列表"),
        description=gettext_lazy("自己申请的、审批过的，以及可以由自己审批的；新的在前。"),
        responses=shapes.OpeningRow(many=True),
    )
    def list(self, request: Request) -> Response:
        return self.answer_page(openings_for(_user(request)), shapes.OpeningRow)

    @extend_schema(summary=gettext_lazy("查阅申请"), responses=shapes.OpeningOut)
    def retrieve(self, request: Request, pk: int) -> Response:
        return self.answer(opening_for(_user(request), pk))

    approve = verb(states.APPROVE, shapes.ApproveIn, actions.approve_opening, shapes.OpeningOut)
    refuse = verb(states.REFUSE, shapes.InformantReasonIn, actions.refuse_opening, shapes.OpeningOut)
    close = verb(states.CLOSE, shapes.SealedNothingIn, actions.close_opening, shapes.OpeningOut)

    @extend_schema(
        summary=states.READ.label,
        description=described(states.READ.basis, actions.open_identity),
        request=shapes.SealedNothingIn,
        responses=shapes.IdentityOut,
    )
    @action(detail=True, methods=["post"])
    def read(self, request: Request, pk: int) -> Response:
        given(shapes.SealedNothingIn, request)
        found = actions.open_identity(opening_id=pk, actor=_user(request), at=timezone.now())
        return Response(shapes.IdentityOut(found).data, headers={"Cache-Control": "no-store"})

    def answer(self, matter: Opening) -> Response:
        return Response(_told_opening(matter, self.request))


class RewardViewSet(MatterViewSet[Reward]):
    queryset = Reward.objects.none()  # names the model to the reference; rows come through the gates
    subject = "reward_id"
    serializer_class = shapes.RewardOut
    filterset_class = RewardFilter
    ordering: ClassVar[Sequence[str]] = ("-id",)

    @extend_schema(
        summary=gettext_lazy("举报奖励列表"),
        description=gettext_lazy("按代号，没有身份信息；新的在前。"),
        responses=shapes.RewardRow(many=True),
    )
    def list(self, request: Request) -> Response:
        return self.answer_page(rewards_for(_user(request)), shapes.RewardRow)

    @extend_schema(summary=gettext_lazy("举报奖励"), responses=shapes.RewardOut)
    def retrieve(self, request: Request, pk: int) -> Response:
        return self.answer(reward_for(_user(request), pk))

    grant = verb(states.GRANT, shapes.GrantIn, actions.grant_reward, shapes.RewardOut)
    deny = verb(states.DENY, shapes.InformantReasonIn, actions.deny_reward, shapes.RewardOut)
    tell = verb(states.TELL, shapes.TellRewardIn, actions.tell_reward, shapes.RewardOut)
    claim = verb(states.CLAIM, shapes.ClaimIn, actions.claim_reward, shapes.RewardOut)
    lapse = verb(states.LAPSE, shapes.InformantReasonIn, actions.lapse_reward, shapes.RewardOut)

    def answer(self, matter: Reward) -> Response:
        return Response(_told_reward(matter, self.request))


def _user(request: Request) -> User:
    assert isinstance(request.user, User)  # noqa: S101 - the default permission lets nobody else through
    return request.user
