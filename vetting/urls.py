"""Addresses of this stage's pages."""

from django.urls import path

from vetting.views import assessments, banks, certifications, identity, learn, tests, verify, waivers

app_name = "vetting"
_ATTEMPT = "work/learn/tests/<uuid:attempt_id>/"
_TRAINING = "b/<slug:slug>/training/"

urlpatterns = [
    path("work/learn/", learn.learn, name="learn"),
    path("work/learn/identity/", identity.identity, name="identity"),
    path("work/learn/identity/status/", identity.identity_status, name="identity-status"),
    path("work/learn/certificates/", learn.certificates, name="certificates"),
    path("work/learn/certificates/<uuid:certificate_id>/share/", learn.share, name="certificate-share"),
    path("work/learn/tests/about/<uuid:assessment_id>/", tests.test_intro, name="test-intro"),
    path(_ATTEMPT, tests.attempt, name="attempt"),
    path(f"{_ATTEMPT}status/", tests.attempt_status, name="attempt-status"),
    path(f"{_ATTEMPT}answer/", tests.answer, name="attempt-answer"),
    path(f"{_ATTEMPT}check/", tests.check, name="attempt-check"),
    path(f"{_ATTEMPT}submit/", tests.submit, name="attempt-submit"),
    path(f"{_ATTEMPT}seat/", tests.seat, name="attempt-seat"),
    path("verify/<uuid:certificate_id>/", verify.verify, name="verify"),
    path(f"{_TRAINING}banks/", banks.banks, name="banks"),
    path(f"{_TRAINING}banks/<uuid:bank_id>/", banks.bank, name="bank"),
    path(f"{_TRAINING}banks/<uuid:bank_id>/new/", banks.new_item, name="item-new"),
    path(f"{_TRAINING}banks/<uuid:bank_id>/publish/", banks.publish_waiting, name="bank-publish"),
    path(f"{_TRAINING}banks/items/<uuid:item_id>/", banks.item, name="item"),
    path(f"{_TRAINING}banks/items/<uuid:item_id>/move/", banks.move_item, name="item-move"),
    path(f"{_TRAINING}tests/", assessments.assessments, name="assessments"),
    path(f"{_TRAINING}tests/<uuid:assessment_id>/", assessments.assessment, name="assessment"),
    path(f"{_TRAINING}certifications/", certifications.certifications, name="certifications"),
    path(f"{_TRAINING}certifications/<uuid:certification_id>/", certifications.certification, name="certification"),
    path(f"{_TRAINING}certifications/<uuid:certification_id>/waivers/", waivers.waivers, name="waivers"),
]
