"""From draft to catalogue: who may, what is checked, and what publishing does and does not do."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import IntegrityError, InternalError, connection, transaction

from gigcx.audit.models import AuditEntry, OutboxEvent
from gigcx.kernel.errors import Invalid, MoveRefused, NotAllowed, NotFound
from gigcx.tenancy.actors import AgentActor, BrandActor, PersonActor
from gigcx.tenancy.models import Brand
from recruiting.models import Agent, Program
from tests import cast
from tests.factories import training as train
from training import actions, queries
from training.errors import (
    CheckExists,
    CommentRequired,
    CourseExists,
    DraftExists,
    EffectChanged,
    NotAlone,
    NothingNewer,
    PageChanged,
    SamePerson,
    VersionInReview,
    VersionInvalid,
    VersionNotOpen,
)
from training.models import Course, CourseVersion, Enrolment, Page, PageProgress, TrainingTime
from training.pages.checksums import text_checksum
from training.pages.outlines import choice, words
from training.pages.starters import TONE
from training.queries.requirement import CourseKind, Demand
from training.states import COURSE_VERSION_MOVES, ChangeClass, CourseVersionState, EnrolmentState
from vetting.models import Certificate, Evidence

AT = cast.MONDAY_NOON


@pytest.fixture
def draft(program: Program, tina: BrandActor) -> CourseVersion:
    """Tina's draft, made from the tone starter."""
    return actions.create_course(program_id=program.pk, title="Our tone", outline=TONE, by=tina, at=AT)


def approve(version: CourseVersion, author: BrandActor, approver: BrandActor) -> CourseVersion:
    actions.request_review(course_version_id=version.pk, by=author, at=AT)
    return actions.approve_version(course_version_id=version.pk, by=approver, at=AT)


def publish(version: CourseVersion, by: BrandActor, change: str = ChangeClass.MINOR) -> CourseVersion:
    version.refresh_from_db()
    effect = queries.publish_effect(version, change=change, at=AT)
    return actions.publish_course_version(
        course_version_id=version.pk, change=change, effect_digest=effect.digest, by=by, at=AT
    )


def first_page(version: CourseVersion) -> Page:
    return train.pages_of(version)[0]


def save(page: Page, body: str, by: BrandActor, seen: str = "") -> Page:
    return actions.save_page(
        page_id=page.pk,
        title=page.title,
        body=body,
        seen_checksum=seen or text_checksum(page.title, page.body),
        by=by,
        at=AT,
    )


# writing


def test_a_course_starts_as_a_draft_with_pages_and_questions(draft: CourseVersion) -> None:
    assert (draft.n, draft.state, draft.expected_minutes) == (1, CourseVersionState.DRAFT, 10)
    modules = queries.modules_of(draft)
    assert [module.title for module in modules] == ["How we sound", "When it is hard"]
    assert queries.problems_of_version(modules) == []


def test_two_courses_of_one_brand_have_two_names(draft: CourseVersion, program: Program, tina: BrandActor) -> None:
    with pytest.raises(CourseExists):
        actions.create_course(program_id=program.pk, title="Our  tone", by=tina, at=AT)
    with pytest.raises(Invalid):
        actions.create_course(program_id=program.pk, title="   ", by=tina, at=AT)


def test_a_planner_does_not_write_courses(acme: Brand, program: Program) -> None:
    planner = cast.make_member(acme, "Pia Planner", role="planner")
    with pytest.raises(NotAllowed):
        actions.create_course(program_id=program.pk, title="Mine", by=planner, at=AT)


def test_globex_finds_nothing_of_acme(draft: CourseVersion, globex_owner: BrandActor, mallory: PersonActor) -> None:
    page = first_page(draft)
    for actor in (globex_owner, mallory):
        with pytest.raises(NotFound):
            save(page, "Mine now", actor)  # type: ignore[arg-type]
        with pytest.raises(NotFound):
            queries.course_for(actor, draft.course_id)
        assert not queries.courses_for(actor).exists()
    with pytest.raises(NotFound):
        actions.publish_course_version(
            course_version_id=draft.pk, change="minor", effect_digest="", by=globex_owner, at=AT
        )


def test_two_authors_saving_one_page_both_keep_their_text(
    draft: CourseVersion, tina: BrandActor, rita: BrandActor
) -> None:
    page = first_page(draft)
    begun = text_checksum(page.title, page.body)
    save(page, "Rita's text", rita, begun)
    with pytest.raises(PageChanged) as clash:
        save(page, "Tina's text", tina, begun)
    assert (clash.value.theirs, clash.value.yours) == ("Rita's text", "Tina's text")
    save(page, "Tina's text", tina, clash.value.checksum)
    page.refresh_from_db()
    assert page.body == "Tina's text"


def test_saving_the_same_text_again_writes_no_history(draft: CourseVersion, tina: BrandActor) -> None:
    page = first_page(draft)
    before = AuditEntry.objects.count()
    save(page, page.body, tina, "stale")
    assert AuditEntry.objects.count() == before


@pytest.mark.parametrize("body", ["x" * 100_001, "zero \x00 byte"])
def test_text_that_cannot_be_kept_is_refused_by_name(draft: CourseVersion, tina: BrandActor, body: str) -> None:
    with pytest.raises(Invalid) as refused:
        save(first_page(draft), body, tina)
    assert refused.value.field == "body"


@pytest.mark.parametrize("text", ["😀 מרחבא \u202eabc", "'; DROP TABLE training_page; --", "日本語"])
def test_any_writing_is_kept_as_typed(draft: CourseVersion, tina: BrandActor, text: str) -> None:
    page = save(first_page(draft), text, tina)
    page.refresh_from_db()
    assert page.body == text


def test_a_questions_key_is_used_once_on_a_page(draft: CourseVersion, tina: BrandActor) -> None:
    page = first_page(draft)
    question = choice("mine", "Which?", ("This", True, ""), ("That", False, ""))
    check = actions.add_check(page_id=page.pk, question=question, by=tina, at=AT)
    with pytest.raises(CheckExists):
        actions.add_check(page_id=page.pk, question=question, by=tina, at=AT)
    before = Page.objects.across_brands().get(pk=page.pk).checksum
    actions.save_check(check_id=check.pk, question=words("mine", "Which?", "this"), by=tina, at=AT)
    assert Page.objects.across_brands().get(pk=page.pk).checksum != before
    actions.remove_check(check_id=check.pk, by=tina, at=AT)
    assert not page.checks.filter(key="mine").exists()


def test_a_question_with_one_answer_is_refused_by_name(draft: CourseVersion, tina: BrandActor) -> None:
    with pytest.raises(Invalid) as refused:
        actions.add_check(
            page_id=first_page(draft).pk, question=choice("q", "Which?", ("This", True, "")), by=tina, at=AT
        )
    assert refused.value.field == "options"


def test_pages_are_added_moved_and_removed(draft: CourseVersion, tina: BrandActor) -> None:
    module = queries.modules_of(draft)[0]
    page = actions.add_page(module_id=module.pk, title="Third", by=tina, at=AT)
    actions.move_page(page_id=page.pk, step=-1, by=tina, at=AT)
    assert [row.title for row in queries.modules_of(draft)[0].pages.all()][1] == "Third"
    actions.move_page(page_id=page.pk, step=-9, by=tina, at=AT)
    assert next(iter(queries.modules_of(draft)[0].pages.all())).title == "Third"
    actions.remove_page(page_id=page.pk, by=tina, at=AT)
    assert queries.modules_of(draft)[0].pages.count() == 2
    chapter = actions.add_module(course_version_id=draft.pk, title="More", by=tina, at=AT)
    lone = actions.add_page(module_id=chapter.pk, title="Lone", by=tina, at=AT)
    actions.remove_page(page_id=lone.pk, by=tina, at=AT)
    assert [module.title for module in queries.modules_of(draft)] == ["How we sound", "When it is hard"]


# review


def test_a_page_with_an_unknown_block_blocks_review_and_names_the_line(draft: CourseVersion, tina: BrandActor) -> None:
    page = first_page(draft)
    save(page, "Fine.\n\n:::vidoe intro\n:::\n\n[x](javascript:alert(1))\n\n:::check first-promise\n:::", tina)
    with pytest.raises(VersionInvalid) as refused:
        actions.request_review(course_version_id=draft.pk, by=tina, at=AT)
    found = [(problem.page_title, problem.line, problem.code) for problem in refused.value.problems]
    assert found == [(page.title, 3, "unknown_directive"), (page.title, 6, "link_unsafe")]
    draft.refresh_from_db()
    assert draft.state == CourseVersionState.DRAFT


def test_an_empty_course_is_not_reviewed(program: Program, tina: BrandActor) -> None:
    version = actions.create_course(program_id=program.pk, title="Empty", by=tina, at=AT)
    with pytest.raises(VersionInvalid) as refused:
        actions.request_review(course_version_id=version.pk, by=tina, at=AT)
    assert [problem.code for problem in refused.value.problems] == ["empty_page"]


def test_nobody_approves_what_they_wrote(draft: CourseVersion, tina: BrandActor, rita: BrandActor) -> None:
    save(first_page(draft), first_page(draft).body + "\n\nRita was here.", rita)
    actions.request_review(course_version_id=draft.pk, by=tina, at=AT)
    for author in (tina, rita):
        with pytest.raises(SamePerson):
            actions.approve_version(course_version_id=draft.pk, by=author, at=AT)
        with pytest.raises(NotAlone):
            actions.approve_own_version(course_version_id=draft.pk, by=author, at=AT)


def test_the_database_refuses_an_author_as_approver(draft: CourseVersion, tina: BrandActor) -> None:
    rows = CourseVersion.objects.across_brands().filter(pk=draft.pk)
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(state="approved", approved_at=AT, approved_by=tina.user)


def test_alone_in_the_brand_one_may_approve_and_it_is_on_record(program: Program, acme_owner: BrandActor) -> None:
    version = actions.create_course(program_id=program.pk, title="Alone", outline=TONE, by=acme_owner, at=AT)
    actions.request_review(course_version_id=version.pk, by=acme_owner, at=AT)
    version = actions.approve_own_version(course_version_id=version.pk, by=acme_owner, at=AT)
    assert version.is_self_approved
    entry = AuditEntry.objects.get(action="training.approve_version", subject_id=version.pk)
    assert "nobody else" in entry.reason


def test_nobody_writes_while_it_is_reviewed_and_writing_voids_an_approval(
    draft: CourseVersion, tina: BrandActor, rita: BrandActor
) -> None:
    page = first_page(draft)
    actions.request_review(course_version_id=draft.pk, by=tina, at=AT)
    with pytest.raises(VersionInReview):
        save(page, "New", tina)
    actions.approve_version(course_version_id=draft.pk, by=rita, at=AT)
    save(page, page.body + "\n\nOne more line.", tina)
    draft.refresh_from_db()
    assert (draft.state, draft.approved_by) == (CourseVersionState.DRAFT, None)


def test_a_version_goes_back_with_a_comment(draft: CourseVersion, tina: BrandActor, rita: BrandActor) -> None:
    actions.request_review(course_version_id=draft.pk, by=tina, at=AT)
    with pytest.raises(CommentRequired):
        actions.return_version(course_version_id=draft.pk, comment=" ", by=rita, at=AT)
    version = actions.return_version(course_version_id=draft.pk, comment="Shorter, please.", by=rita, at=AT)
    assert (version.state, version.review_comment) == (CourseVersionState.DRAFT, "Shorter, please.")


@pytest.mark.parametrize("state", CourseVersionState.values)
def test_only_the_moves_of_the_table_are_made(
    draft: CourseVersion, tina: BrandActor, rita: BrandActor, state: str
) -> None:
    _bring_to(draft, state, tina, rita)
    attempts: dict[str, Callable[[], object]] = {
        CourseVersionState.IN_REVIEW: lambda: actions.request_review(course_version_id=draft.pk, by=tina, at=AT),
        CourseVersionState.APPROVED: lambda: actions.approve_version(course_version_id=draft.pk, by=rita, at=AT),
        CourseVersionState.PUBLISHED: lambda: publish(draft, rita),
    }
    for target, attempt in attempts.items():
        if target in COURSE_VERSION_MOVES[state]:
            continue
        with pytest.raises(MoveRefused):
            attempt()
    draft.refresh_from_db()
    assert draft.state == state


def _bring_to(draft: CourseVersion, state: str, tina: BrandActor, rita: BrandActor) -> None:
    if state != CourseVersionState.DRAFT:
        actions.request_review(course_version_id=draft.pk, by=tina, at=AT)
    if state in ("approved", "published", "closed"):
        actions.approve_version(course_version_id=draft.pk, by=rita, at=AT)
    if state in ("published", "closed"):
        publish(draft, rita)
    if state == "closed":
        CourseVersion.objects.across_brands().filter(pk=draft.pk).update(state="closed", closed_at=AT)


# publishing


def test_publishing_issues_no_certificate_evidence_or_pay(
    draft: CourseVersion, tina: BrandActor, rita: BrandActor, ada_obi: Agent
) -> None:
    approve(draft, tina, rita)
    version = publish(draft, rita)
    assert version.state == CourseVersionState.PUBLISHED
    assert version.checksum
    assert OutboxEvent.objects.filter(type="training.course_version_published").count() == 1
    for table in (Certificate, Evidence, TrainingTime, Enrolment):
        assert not table.objects.across_brands().exists()


def test_a_publish_whose_effect_changed_since_the_preview_is_refused(
    ada_obi: Agent, course: Course, version: CourseVersion, tina: BrandActor, rita: BrandActor
) -> None:
    draft = actions.start_draft(course_id=course.pk, by=tina, at=AT)
    approve(draft, tina, rita)
    draft.refresh_from_db()
    shown = queries.publish_effect(draft, change=ChangeClass.MATERIAL, at=AT)
    train.make_enrolment(ada_obi, version, state=EnrolmentState.COMPLETED)
    with pytest.raises(EffectChanged):
        actions.publish_course_version(
            course_version_id=draft.pk, change="material", effect_digest=shown.digest, by=rita, at=AT
        )
    draft.refresh_from_db()
    assert draft.state == CourseVersionState.APPROVED
    assert queries.publish_effect(draft, change=ChangeClass.MATERIAL, at=AT).agents_called_back == 1


def test_published_rows_never_change(version: CourseVersion, tina: BrandActor) -> None:
    page = first_page(version)
    with pytest.raises(VersionNotOpen):
        save(page, "New", tina)
    for statement in (
        "UPDATE training_page SET body = 'x'",
        "DELETE FROM training_knowledgecheckkey",
        "UPDATE training_knowledgecheck SET key = 'y'",
        "UPDATE training_module SET title = 'z'",
        "UPDATE training_courseversion SET expected_minutes = 1",
    ):
        with pytest.raises((IntegrityError, InternalError)), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    with pytest.raises((IntegrityError, InternalError)), transaction.atomic():
        train._make_page(page.module, 9)


def test_a_new_version_begins_as_a_copy_and_there_is_one_draft(
    course: Course, version: CourseVersion, tina: BrandActor
) -> None:
    draft = actions.start_draft(course_id=course.pk, by=tina, at=AT)
    old, new = train.pages_of(version), train.pages_of(draft)
    assert [(page.stable_key, page.checksum, page.body) for page in old] == [
        (page.stable_key, page.checksum, page.body) for page in new
    ]
    assert {page.pk for page in old}.isdisjoint({page.pk for page in new})
    assert new[0].checks.get().secret.key == {"options": ["a"]}
    with pytest.raises(DraftExists):
        actions.start_draft(course_id=course.pk, by=tina, at=AT)


def test_a_material_change_calls_back_for_the_changed_pages_only(
    ada: AgentActor, course: Course, version: CourseVersion, tina: BrandActor, rita: BrandActor
) -> None:
    train.make_enrolment(Agent.objects.for_actor(ada).get(), version, state=EnrolmentState.COMPLETED)
    _publish_change(course, tina, rita, ChangeClass.MATERIAL)
    delta = queries.open_enrolment_of(ada.agent_id, course.pk)
    assert delta is not None
    assert (delta.kind, delta.reason, delta.due_at) == ("delta", "forced_update", AT + timedelta(days=14))
    home = queries.course_home(delta)
    assert [page.is_done for page in home.pages] == [True, False]
    changed = train.pages_of(delta.version)[1]
    actions.complete_page(enrolment_id=delta.pk, page_id=changed.pk, by=ada, at=AT)
    time = TrainingTime.objects.across_brands().get()
    assert (time.reason, time.counted_seconds) == ("forced_update", changed.expected_seconds)


def test_an_enrolment_open_at_a_material_publish_finishes_on_its_version_and_gets_only_the_delta(
    ada: AgentActor, course: Course, enrolment: Enrolment, tina: BrandActor, rita: BrandActor
) -> None:
    _publish_change(course, tina, rita, ChangeClass.MATERIAL)
    enrolment.refresh_from_db()
    assert enrolment.state == EnrolmentState.ENROLLED
    _finish(enrolment, ada)
    delta = queries.open_enrolment_of(ada.agent_id, course.pk)
    assert delta is not None
    assert delta.kind == "delta"
    assert Evidence.objects.across_brands().get().valid_until == AT + timedelta(days=14)


def test_a_breaking_change_asks_for_everything_again_and_pays_again(
    ada: AgentActor, course: Course, enrolment: Enrolment, tina: BrandActor, rita: BrandActor
) -> None:
    _finish(enrolment, ada)
    _publish_change(course, tina, rita, ChangeClass.BREAKING)
    again = queries.open_enrolment_of(ada.agent_id, course.pk)
    assert again is not None
    assert not any(page.is_done for page in queries.course_home(again).pages)
    _finish(again, ada)
    times = TrainingTime.objects.across_brands().order_by("earned_at", "pk").values_list("reason", "counted_seconds")
    assert list(times) == [("first", 1800), ("forced_update", 1800)]


def test_moving_keeps_pages_with_equal_checksum_and_asks_again_for_changed_ones(
    ada: AgentActor, course: Course, enrolment: Enrolment, tina: BrandActor, rita: BrandActor
) -> None:
    with pytest.raises(NothingNewer):
        actions.move_enrolment(enrolment_id=enrolment.pk, by=ada, at=AT)
    first, _second = train.pages_of(enrolment.version)
    _answer(enrolment, ada)
    actions.complete_page(enrolment_id=enrolment.pk, page_id=first.pk, by=ada, at=AT)
    PageProgress.objects.across_brands().filter(page=first).update(active_seconds=40)
    _publish_change(course, tina, rita, ChangeClass.MATERIAL)
    successor = actions.move_enrolment(enrolment_id=enrolment.pk, by=ada, at=AT)
    assert [page.is_done for page in queries.course_home(successor).pages] == [True, False]
    assert queries.spent_seconds(successor) == 40
    enrolment.refresh_from_db()
    assert (enrolment.state, successor.moved_from_id) == (EnrolmentState.MOVED, enrolment.pk)


def _publish_change(course: Course, tina: BrandActor, rita: BrandActor, change: str) -> CourseVersion:
    draft = actions.start_draft(course_id=course.pk, by=tina, at=AT)
    save(train.pages_of(draft)[1], "Short words are kind.", tina)
    approve(draft, tina, rita)
    return publish(draft, rita, change)


def _answer(enrolment: Enrolment, by: AgentActor) -> None:
    check = train.check_of(train.pages_of(enrolment.version)[0])
    actions.answer_check(
        enrolment_id=enrolment.pk, check_id=check.pk, client_seq=1, response={"options": ["a"]}, by=by, at=AT
    )


def _finish(enrolment: Enrolment, by: AgentActor) -> None:
    _answer(enrolment, by)
    for page in train.pages_of(enrolment.version):
        actions.complete_page(enrolment_id=enrolment.pk, page_id=page.pk, by=by, at=AT)


# what certifications make of it


def test_a_finished_course_meets_the_requirement(ada: AgentActor, ada_obi: Agent, enrolment: Enrolment) -> None:
    kind = CourseKind()
    params = kind.clean_params({"subject_key": str(enrolment.course_id)}, brand_id=enrolment.brand_id)
    step = kind.next_step(ada_obi, params, AT)
    assert step is not None
    assert step.url == f"/work/learn/courses/{enrolment.pk}/"
    _finish(enrolment, ada)
    evidence = list(Evidence.objects.across_brands().filter(agent=ada_obi))
    assert kind.judge(evidence, params, kind.context(params, AT), AT).is_met
    assert not kind.judge([], params, kind.context(params, AT), AT).is_met


def test_only_published_courses_of_the_brand_can_be_asked_for(
    course: Course, globex: Brand, version: CourseVersion
) -> None:
    with pytest.raises(Invalid):
        CourseKind().clean_params({"subject_key": str(course.pk)}, brand_id=globex.pk)
    assert CourseKind().choices(brand_id=course.brand_id) == [(str(course.pk), course.title)]


def test_earlier_evidence_counts_until_the_deadline_of_a_bigger_change(
    ada: AgentActor, ada_obi: Agent, enrolment: Enrolment
) -> None:
    _finish(enrolment, ada)
    evidence = list(Evidence.objects.across_brands().filter(agent=ada_obi))
    params = {"subject_key": str(enrolment.course_id)}
    deadline = AT + timedelta(days=14)
    context = (Demand(AT + timedelta(days=1), deadline),)
    before = CourseKind().judge(evidence, params, context, AT + timedelta(days=2))
    assert (before.is_met, before.until) == (True, deadline)
    assert CourseKind().judge(evidence, params, context, deadline).blocker == "course_changed"
