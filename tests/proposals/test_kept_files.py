"""Files that were accepted: how they are kept, and who gets them back."""

import hashlib
import os
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, default_storage
from django.core.files.uploadedfile import TemporaryUploadedFile
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import Grant, Role
from proposals.attachments import (
    attach,
    check_upload,
    discard_on_failure,
    remove,
)
from proposals.management.commands.clean_files import FOLDERS, file_fields
from proposals.models import Attachment, Contact
from proposals.status import ProposalStatus
from supervision.models import Topic, TopicEvent, TopicFile
from tests.cast import CONTACT, make_proposal, make_user

from .test_attachments import GENUINE, PDF, jpeg, upload

# --- Keeping --------------------------------------------------------------------------------------------


@pytest.fixture
def disk(tmp_path, monkeypatch):
    """Keep files in a folder rather than in memory."""
    storage = FileSystemStorage(location=tmp_path / "files")
    monkeypatch.setattr(Attachment._meta.get_field("file"), "storage", storage)
    monkeypatch.setattr(default_storage, "_wrapped", storage)
    return Path(storage.location)


def files_below(folder):
    return [path for path in folder.rglob("*") if path.is_file()]


def keep(walk, user, name="报告.pdf", content=PDF, **owner):
    return attach(check_upload(upload(name, content)), proposal=walk.proposal, user=user, **owner)


def test_keeps_a_file_under_a_random_name(cast, disk):
    walk = make_proposal(cast)
    attachment = keep(walk, cast.lin, "../图纸.pdf")
    (path,) = files_below(disk)
    assert path.read_bytes() == PDF
    assert len(path.name) == 32
    assert "." not in path.name
    attachment.refresh_from_db()
    assert (attachment.name, attachment.content_type, attachment.size) == (
        "图纸.pdf",
        "application/pdf",
        len(PDF),
    )
    assert attachment.sha256 == hashlib.sha256(PDF).hexdigest()
    assert attachment.uploaded_by == cast.lin


def test_keeps_a_large_upload_that_lies_in_a_temporary_file(cast, disk):
    uploaded = TemporaryUploadedFile("大.pdf", "application/pdf", len(PDF), None)
    uploaded.write(PDF)
    uploaded.seek(0)
    attachment = attach(check_upload(uploaded), proposal=make_proposal(cast).proposal, user=cast.lin)
    assert attachment.file.open().read() == PDF
    uploaded.close()  # the request's end; knows that its file was moved


def test_refuses_more_files_than_allowed(cast, settings):
    settings.ATTACHMENT_MAX_FILES = 2
    walk = make_proposal(cast, ProposalStatus.HANDLING).accept()
    keep(walk, cast.lin)
    keep(walk, cast.lin)
    with pytest.raises(ValidationError, match="附件最多 2 个"):
        keep(walk, cast.lin)
    contact = Contact.objects.create(
        assignment=walk.place("civil"), stage="before", mode="visit", on="2026-01-05"
    )
    keep(walk, cast.chen, contact=contact)  # a unit's own papers do not use up the deputy's


@pytest.mark.django_db(transaction=True)
def test_rolled_back_files_are_removed(cast, disk):
    walk = make_proposal(cast)
    keep(walk, cast.lin, "先前.pdf")
    with pytest.raises(RuntimeError):
        with discard_on_failure(), transaction.atomic():
            keep(walk, cast.lin, "一.pdf")
            keep(walk, cast.lin, "二.pdf")
            raise RuntimeError
    assert [a.name for a in Attachment.objects.all()] == ["先前.pdf"]
    assert len(files_below(disk)) == 1


def test_an_action_that_fails_leaves_no_file(cast, disk, monkeypatch):
    walk = make_proposal(cast, ProposalStatus.HANDLING).accept()

    def contact():
        checked = check_upload(upload("会谈纪要.pdf", PDF))
        on = timezone.localdate(walk.now)
        walk.do("log_contact", cast.chen, walk.place("civil"), on=on, files=[checked], **CONTACT)

    def fail(*args, **kwargs):
        assert len(files_below(disk)) == 1
        raise RuntimeError

    with monkeypatch.context() as patched:
        patched.setattr("proposals.workflow.engine.history.append", fail)
        with pytest.raises(RuntimeError):
            contact()
    assert files_below(disk) == []
    assert not Attachment.objects.exists()
    contact()
    assert Attachment.objects.get().contact.people == CONTACT["people"]
    assert len(files_below(disk)) == 1


@pytest.mark.django_db(transaction=True)
def test_kept_files_stay_after_commit(cast, disk):
    walk = make_proposal(cast)
    with discard_on_failure(), transaction.atomic():
        keep(walk, cast.lin)
    assert len(files_below(disk)) == 1


def test_a_refused_row_leaves_no_file(cast, disk):
    checked = replace(check_upload(upload("报告.pdf", PDF)), size=None)
    with pytest.raises(IntegrityError), transaction.atomic():
        attach(checked, proposal=make_proposal(cast).proposal, user=cast.lin)
    assert files_below(disk) == []


@pytest.mark.django_db(transaction=True)
def test_remove_deletes_the_file_after_commit(cast, disk):
    attachment = keep(make_proposal(cast), cast.lin)
    with transaction.atomic():
        remove(attachment)
        assert len(files_below(disk)) == 1
    assert files_below(disk) == []
    assert not Attachment.objects.exists()


def test_clean_files_removes_old_orphans_only(cast, disk, capsys):
    attachment = keep(make_proposal(cast), cast.lin)
    folder = disk / "attachments" / "2026" / "01"
    folder.mkdir(parents=True)
    (folder / "old").write_bytes(b"x")
    (folder / "new").write_bytes(b"x")
    (disk / "elsewhere").write_bytes(b"x")
    long_ago = attachment.uploaded_at.timestamp() - timedelta(days=2).total_seconds()
    for path in (folder / "old", disk / "elsewhere", Path(attachment.file.path)):
        os.utime(path, (long_ago, long_ago))
    call_command("clean_files")
    assert "已清理 1 个" in capsys.readouterr().out
    assert {path.name for path in files_below(disk)} == {"new", "elsewhere", Path(attachment.file.name).name}


def test_clean_files_knows_every_model_that_keeps_files(cast, disk, monkeypatch, capsys):
    for field in file_fields():
        monkeypatch.setattr(field, "storage", default_storage)
        assert field.generate_filename(None, "x.pdf").partition("/")[0] in FOLDERS, field
    topic = Topic.objects.create(congress=cast.congress, year=2026, title="社区养老", reason="反映集中")
    event = TopicEvent.objects.create(topic=topic, action="decide", at=timezone.now(), words="决定")
    kept = TopicFile(
        event=event, name="纪要.pdf", content_type="application/pdf", size=len(PDF), sha256="0" * 64
    )
    kept.file.save("纪要.pdf", ContentFile(PDF))
    (path,) = files_below(disk)
    for folder in FOLDERS:
        (disk / folder).mkdir(exist_ok=True)
        (disk / folder / "orphan").write_bytes(b"x")
    for each in files_below(disk):
        os.utime(each, (0, 0))
    call_command("clean_files")
    assert f"已清理 {len(FOLDERS)} 个" in capsys.readouterr().out
    assert files_below(disk) == [path]


def test_clean_files_before_any_upload(disk, db, capsys):
    call_command("clean_files")
    assert "已清理 0 个" in capsys.readouterr().out


# --- Handing out ----------------------------------------------------------------------------------------


def address(attachment):
    return reverse("proposals:attachment", args=[attachment.pk])


def fetch(client, user, attachment):
    client.force_login(user)
    return client.get(address(attachment))


@pytest.mark.parametrize("name", ["现场.jpg", "批复.pdf", "说明.docx", "台账.et", "示意图.png", "有损.webp"])
def test_download(client, cast, name):
    attachment = keep(make_proposal(cast), cast.lin, name, GENUINE[name])
    response = fetch(client, cast.lin, attachment)
    assert response.status_code == 200
    assert b"".join(response.streaming_content) == GENUINE[name]
    assert response["Content-Type"] == attachment.content_type
    assert response["Content-Length"] == str(len(GENUINE[name]))
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in response["Content-Security-Policy"]
    assert ("sandbox" in response["Content-Security-Policy"]) == (not name.endswith("pdf"))
    assert "private" in response["Cache-Control"]
    assert "no-store" in response["Cache-Control"]
    shown = name.endswith(("jpg", "pdf", "png", "webp"))
    assert response["Content-Disposition"].startswith("inline" if shown else "attachment")


def test_download_has_the_chinese_name(client, cast):
    attachment = keep(make_proposal(cast), cast.lin, "现场 照片😀（一）.jpg", jpeg())
    disposition = fetch(client, cast.lin, attachment)["Content-Disposition"]
    assert disposition == (
        "inline; filename*=utf-8''%E7%8E%B0%E5%9C%BA%20%E7%85%A7%E7%89%87%F0%9F%98%80%EF%BC%88%E4%B8%80%EF%BC%89.jpg"
    )


def test_strangers_get_404(client, cast):
    walk = make_proposal(cast, ProposalStatus.HANDLING)
    attachment = keep(walk, cast.lin)
    for user in (
        cast.lin,
        cast.tang,
        cast.su,
        cast.chen,
        cast.fang,
        cast.gao,
        cast.jiang,
        cast.luo,
        cast.zhang,
    ):
        assert fetch(client, user, attachment).status_code == 200, user
    nobody = make_user("nobody", "无授权")
    strangers = [cast.xiao, cast.qin, cast.mo, cast.admin, nobody]
    strangers += [cast.stranger.liaison, cast.stranger.handler, cast.stranger.deputy, cast.stranger.admin]
    for user in strangers:
        assert fetch(client, user, attachment).status_code == 404, user


def test_files_of_a_draft_are_its_writers(client, cast):
    attachment = keep(make_proposal(cast), cast.lin)
    assert fetch(client, cast.lin, attachment).status_code == 200
    for user in (cast.tang, cast.su, cast.chen, cast.zhang):
        assert fetch(client, user, attachment).status_code == 404, user


def test_files_of_a_reply_draft_are_the_units(client, cast):
    walk = make_proposal(cast, ProposalStatus.HANDLING).accept().contact().write_reply()
    attachment = keep(walk, cast.chen, reply=walk.place("civil").reply)
    for user in (cast.chen, cast.fang):
        assert fetch(client, user, attachment).status_code == 200, user
    for user in (cast.lin, cast.su, cast.gao, cast.luo):
        assert fetch(client, user, attachment).status_code == 404, user
    walk.do("draft_reply", cast.chen, walk.place("civil")).do("issue", cast.fang, walk.place("civil"))
    for user in (cast.lin, cast.su, cast.gao, cast.luo):
        assert fetch(client, user, attachment).status_code == 200, user


def test_signed_out_visitors_are_asked_to_sign_in(client, cast):
    attachment = keep(make_proposal(cast), cast.lin)
    response = client.get(address(attachment))
    assert response.status_code == 302
    assert reverse("accounts:login") in response["Location"]


def test_ended_grants_end_the_access(client, cast):
    attachment = keep(make_proposal(cast, ProposalStatus.HANDLING), cast.lin)
    Grant.objects.filter(user=cast.chen, role=Role.HANDLER).update(is_active=False)
    assert fetch(client, cast.chen, attachment).status_code == 404


def test_only_reading_is_possible(client, cast):
    attachment = keep(make_proposal(cast), cast.lin)
    client.force_login(cast.lin)
    assert client.post(address(attachment)).status_code == 405


def test_a_lost_file_is_404(client, cast, caplog):
    attachment = keep(make_proposal(cast), cast.lin)
    default_storage.delete(attachment.file.name)
    assert fetch(client, cast.lin, attachment).status_code == 404
    assert attachment.file.name in caplog.text
