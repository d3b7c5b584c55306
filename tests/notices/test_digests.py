"""Notices gathered into digests, and digests sent."""

import threading
from datetime import datetime, timedelta

import pytest
from django.core import mail
from django.db import connection

from accounts.models import User
from deadlines.actions.reminders import sweep_reminders
from notices.actions import NewNotice, gather_digests, post_notices, send_deliveries
from notices.models import Channel, Delivery, DeliveryState, Notice
from tests.builders import City, make_user, moment
from tests.deadlines.sweeping import PARTY, run_clock

AT = moment("2026-03-18T10:00")
NIGHT = moment("2026-03-18T22:00")


def tell(user: User, key: str = "a", *, urgent: bool = False, late: bool = False, at: datetime = AT) -> None:
    new = NewNotice(
        recipient_id=user.pk, kind="test", key=key, subject_kind="test", subject_id=7, title=f"{key} · {PARTY}",
        outside=f"{key}号", is_urgent=urgent, is_late=late,
    )  # fmt: skip
    post_notices([new], at=at)


@pytest.fixture
def reader(law: None) -> User:
    return make_user("reader", email="reader@example.org")


def test_one_mail_per_person_and_run_lists_every_notice_by_number_only(reader: User) -> None:
    tell(reader, "线索1")
    tell(reader, "线索2", late=True)

    assert gather_digests(at=AT) == 1
    assert send_deliveries(at=AT) == 1

    (sent,) = mail.outbox
    delivery = Delivery.objects.get()
    assert sent.to == ["reader@example.org"]
    assert sent.subject == "【期限提醒】2 条通知，其中 1 条迟到"
    assert sent.body.splitlines() == [
        "1. 线索1号",
        "   http://127.0.0.1:8000/notices/",
        "2. 【迟到】线索2号",
        "   http://127.0.0.1:8000/notices/",
        "",
        "全部通知：http://127.0.0.1:8000/notices/",
        f"编号：{delivery.message_id}",
    ]
    assert sent.extra_headers["Message-ID"] == f"<{delivery.message_id}@localhost>"
    assert PARTY not in sent.subject + sent.body
    assert (delivery.state, delivery.sent_at, delivery.attempts) == (DeliveryState.SENT, AT, 1)


def test_a_notice_is_gathered_once(reader: User) -> None:
    tell(reader)
    gather_digests(at=AT)

    assert gather_digests(at=AT + timedelta(minutes=1)) == 0
    assert send_deliveries(at=AT) == 1
    assert send_deliveries(at=AT + timedelta(days=1)) == 0
    assert len(mail.outbox) == 1


def test_a_notice_told_after_the_digest_goes_into_the_next(reader: User) -> None:
    tell(reader, "甲")
    gather_digests(at=AT)
    tell(reader, "乙")
    gather_digests(at=AT + timedelta(minutes=1))
    send_deliveries(at=AT + timedelta(minutes=1))

    assert ["甲号" in sent.body for sent in mail.outbox] == [True, False]
    assert ["乙号" in sent.body for sent in mail.outbox] == [False, True]


def test_a_notice_without_words_for_outside_says_only_that_there_is_one(reader: User) -> None:
    new = NewNotice(reader.pk, "test", "k", "test", 1, title=f"内部 · {PARTY}", body=PARTY)
    post_notices([new], at=AT)
    gather_digests(at=AT)
    send_deliveries(at=AT)

    assert mail.outbox[0].body.startswith("1. 您有一条新通知\n")
    assert PARTY not in mail.outbox[0].body


def test_at_night_only_the_urgent_leaves_and_the_rest_in_the_morning(reader: User) -> None:
    tell(reader, "急", urgent=True)
    tell(reader, "缓")

    gather_digests(at=NIGHT)
    send_deliveries(at=NIGHT)
    assert [("急号" in sent.body, "缓号" in sent.body) for sent in mail.outbox] == [(True, False)]

    assert gather_digests(at=moment("2026-03-19T08:59")) == 0
    assert gather_digests(at=moment("2026-03-19T09:00")) == 1
    send_deliveries(at=moment("2026-03-19T09:00"))
    assert "缓号" in mail.outbox[1].body


@pytest.mark.parametrize(("clock", "is_open"), [("09:00", True), ("17:29", True), ("17:30", False), ("00:00", False)])
def test_the_sending_hours_are_half_open(reader: User, clock: str, is_open: bool) -> None:
    tell(reader)

    assert gather_digests(at=moment(f"2026-03-18T{clock}")) == int(is_open)


def test_who_has_no_channel_or_no_account_any_more_has_nothing_waiting(city: City) -> None:
    gone = make_user("gone", email="gone@example.org")
    User.objects.filter(pk=gone.pk).update(is_active=False)
    tell(city.east_handler)
    tell(gone)

    assert gather_digests(at=NIGHT) == 0

    assert not Notice.objects.filter(gathered_at__isnull=True).exists()
    assert Notice.objects.filter(read_at__isnull=True).count() == 2
    assert not Delivery.objects.exists()


def test_each_channel_of_a_person_gets_its_own_delivery(reader: User) -> None:
    User.objects.filter(pk=reader.pk).update(gateway="wecombot://key")
    tell(reader)

    assert gather_digests(at=AT) == 2

    assert set(Delivery.objects.values_list("channel", flat=True)) == {Channel.EMAIL, Channel.GATEWAY}
    assert all(delivery.notices.count() == 1 for delivery in Delivery.objects.all())


def test_a_very_long_digest_is_cut_and_says_so(reader: User) -> None:
    for number in range(203):
        tell(reader, f"线索{number}")
    gather_digests(at=AT)
    send_deliveries(at=AT)

    assert mail.outbox[0].subject == "【期限提醒】203 条通知"
    assert "200. 线索199号" in mail.outbox[0].body
    assert "线索200号" not in mail.outbox[0].body
    assert "另有 3 条，请登录后查看。" in mail.outbox[0].body


def test_thirty_silent_days_come_out_as_one_mail_per_person(city: City) -> None:
    for person in (city.east_handler, city.east_head, city.supervisor):
        User.objects.filter(pk=person.pk).update(email=f"{person.username}@example.org")
    for number in range(1, 41):
        run_clock(city, number)
    back = moment("2026-04-27T10:00")

    sweep_reminders(at=back)
    gather_digests(at=back)
    send_deliveries(at=back)

    assert Notice.objects.count() == 240
    assert sorted((sent.to[0].split("@")[0], sent.subject) for sent in mail.outbox) == [
        ("east_handler", "【期限提醒】160 条通知，其中 160 条迟到"),
        ("east_head", "【期限提醒】40 条通知，其中 40 条迟到"),
        ("supervisor", "【期限提醒】40 条通知，其中 40 条迟到"),
    ]
    assert all(f"线索{number}号" in mail.outbox[0].body for number in range(1, 41))
    assert PARTY not in "".join(str(sent.body) for sent in mail.outbox)


@pytest.mark.django_db(transaction=True)
def test_gatherers_at_the_same_time_gather_each_notice_once(transactional_db: None) -> None:
    readers = [make_user(f"reader{number}", email=f"r{number}@example.org") for number in range(8)]
    for reader in readers:
        for number in range(5):
            tell(reader, f"k{number}")
    failures: list[Exception] = []

    def gather() -> None:
        try:
            gather_digests(at=AT)
        except Exception as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=gather) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failures == []
    through = Notice.deliveries.through.objects
    assert through.count() == through.values("notice_id").distinct().count() == 40
    assert not Notice.objects.filter(gathered_at__isnull=True).exists()
