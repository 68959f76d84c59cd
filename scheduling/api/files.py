"""Files of demand, and demand that recurs, for machines."""

import base64
import binascii
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from gigcx.audit.hints import hint
from gigcx.kernel import clock
from gigcx.kernel.errors import Invalid
from gigcx.web.api.views import BrandApiView
from scheduling import actions
from scheduling.api.demand import PLAN, WINDOW, WRITE, of_program, seen
from scheduling.api.demand_shapes import (
    ColumnsSerializer,
    DemandTemplateSerializer,
    ForecastSerializer,
    ReceiveUploadSerializer,
    SaveTemplateSerializer,
    UploadBatchSerializer,
    UploadDetailSerializer,
)
from scheduling.formats.columns import ColumnMap
from scheduling.models import DemandTemplate, UploadBatch
from scheduling.queries.templates import template_for
from scheduling.queries.uploads import upload_for
from scheduling.states import UploadState
from scheduling.tasks import work_on_upload


class UploadList(BrandApiView):
    """Files of demand."""

    serializer_class = UploadBatchSerializer
    permissions = PLAN

    @extend_schema(operation_id="upload_list", tags=["demand"], parameters=WINDOW[:1])
    def get(self, request: Request, **_kwargs: object) -> Response:
        """This function will list the brand's files."""
        rows = UploadBatch.objects.for_actor(self.actor).defer("content", "rows", "row_errors")
        return self.listed(of_program(self, request, rows))

    @extend_schema(
        operation_id="upload_receive",
        tags=["demand"],
        request=ReceiveUploadSerializer,
        responses={201: UploadDetailSerializer},
    )
    def post(self, request: Request, **_kwargs: object) -> Response:
        """This function will take a file in and read it with guessed columns; nothing is planned yet.

        A long file is read in the background: ask again while `asked` says so.
        """
        body = self.body(ReceiveUploadSerializer)
        batch = actions.receive_upload(
            program_id=body["program_id"],
            channel=body["channel"],
            language=body["language"],
            kind=body["kind"],
            file_name=body["file_name"],
            content=_content(body),
            by=self.actor,
            at=clock.now(),
        )
        if batch.asked:
            hint(work_on_upload, batch_id=str(batch.pk))
        return Response(_told(batch), status=201)


class UploadDetail(BrandApiView):
    """One file."""

    serializer_class = UploadDetailSerializer

    @extend_schema(operation_id="upload", tags=["demand"])
    def get(self, request: Request, upload_batch_id: UUID, **_kwargs: object) -> Response:
        """This function will answer a file with its faults by row and column."""
        return Response(_told(upload_for(self.actor, upload_batch_id)))


class UploadPreview(BrandApiView):
    """Naming a file's columns."""

    serializer_class = UploadDetailSerializer
    permissions = WRITE

    @extend_schema(
        operation_id="upload_preview",
        tags=["demand"],
        request=ColumnsSerializer,
        responses={200: UploadDetailSerializer, 202: UploadDetailSerializer},
    )
    def post(self, request: Request, upload_batch_id: UUID, **_kwargs: object) -> Response:
        """This function will read a file with the columns named."""
        mapped = ColumnMap(**self.body(ColumnsSerializer))
        if actions.is_long_upload(upload_for(self.actor, upload_batch_id)):
            return _asked(self, upload_batch_id, mapped)
        batch = actions.preview_upload(batch_id=upload_batch_id, mapped=mapped, by=self.actor, at=clock.now())
        return Response(_told(batch))


class UploadApply(BrandApiView):
    """Applying a file."""

    serializer_class = UploadDetailSerializer
    permissions = WRITE

    @extend_schema(
        operation_id="upload_apply",
        tags=["demand"],
        request=None,
        responses={200: UploadDetailSerializer, 202: UploadDetailSerializer},
    )
    def post(self, request: Request, upload_batch_id: UUID, **_kwargs: object) -> Response:
        """This function will write everything in a file, or nothing; the same file twice answers with the first."""
        found = upload_for(self.actor, upload_batch_id)
        if actions.is_long_upload(found) and found.state != UploadState.APPLIED:
            return _asked(self, upload_batch_id, None)
        batch = actions.apply_upload(batch_id=upload_batch_id, by=self.actor, at=clock.now())
        return Response(_told(batch))


class UploadStop(BrandApiView):
    """Calling the reading of a long file off."""

    serializer_class = UploadDetailSerializer
    permissions = WRITE

    @extend_schema(operation_id="upload_stop", tags=["demand"], request=None, responses={200: UploadDetailSerializer})
    def post(self, request: Request, upload_batch_id: UUID, **_kwargs: object) -> Response:
        """This function will stop the reading of a file, which is kept; `progress.given_up` then says so."""
        return Response(_told(actions.stop_upload(batch_id=upload_batch_id, by=self.actor, at=clock.now())))


class UploadRetry(BrandApiView):
    """Asking anew for what was stopped or given up."""

    serializer_class = UploadDetailSerializer
    permissions = WRITE

    @extend_schema(operation_id="upload_retry", tags=["demand"], request=None, responses={202: UploadDetailSerializer})
    def post(self, request: Request, upload_batch_id: UUID, **_kwargs: object) -> Response:
        """This function will ask a worker for the same again."""
        with transaction.atomic():
            batch = actions.retry_upload(batch_id=upload_batch_id, by=self.actor, at=clock.now())
            transaction.on_commit(lambda: hint(work_on_upload, batch_id=str(batch.pk)))
        return Response(_told(batch), status=202)


class UploadPublish(BrandApiView):
    """Publishing a file's forecasts."""

    serializer_class = ForecastSerializer
    permissions = WRITE

    @extend_schema(
        operation_id="upload_publish", tags=["demand"], request=None, responses={200: ForecastSerializer(many=True)}
    )
    def post(self, request: Request, upload_batch_id: UUID, **_kwargs: object) -> Response:
        """This function will publish every draft a file made."""
        made = actions.publish_upload(batch_id=upload_batch_id, by=self.actor, at=clock.now())
        return Response(ForecastSerializer(made, many=True).data)


class DemandTemplateList(BrandApiView):
    """Recurring demand."""

    serializer_class = DemandTemplateSerializer
    permissions = PLAN

    @extend_schema(operation_id="demand_template_list", tags=["demand"], parameters=WINDOW[:1])
    def get(self, request: Request, **_kwargs: object) -> Response:
        """This function will list the brand's templates."""
        return self.listed(of_program(self, request, DemandTemplate.objects.for_actor(self.actor)))

    @extend_schema(
        operation_id="demand_template_save",
        tags=["demand"],
        request=SaveTemplateSerializer,
        responses={201: DemandTemplateSerializer},
    )
    def post(self, request: Request, **_kwargs: object) -> Response:
        """This function will write recurring demand down."""
        return Response(self.get_serializer(_saved_template(self, None)).data, status=201)


class DemandTemplateDetail(BrandApiView):
    """One template."""

    serializer_class = DemandTemplateSerializer
    permissions = PLAN

    @extend_schema(operation_id="demand_template", tags=["demand"])
    def get(self, request: Request, demand_template_id: UUID, **_kwargs: object) -> Response:
        """This function will answer a template."""
        return Response(self.get_serializer(template_for(self.actor, demand_template_id)).data)

    @extend_schema(
        operation_id="demand_template_change",
        tags=["demand"],
        request=SaveTemplateSerializer,
        responses={200: DemandTemplateSerializer},
    )
    def post(self, request: Request, demand_template_id: UUID, **_kwargs: object) -> Response:
        """This function will change a template; weeks that are pencilled in stay."""
        template_for(self.actor, demand_template_id)
        return Response(self.get_serializer(_saved_template(self, demand_template_id)).data)


class DemandTemplatePause(BrandApiView):
    """Pausing a template."""

    serializer_class = DemandTemplateSerializer
    permissions = WRITE

    @extend_schema(
        operation_id="demand_template_pause",
        tags=["demand"],
        request=None,
        responses={200: DemandTemplateSerializer},
    )
    def post(self, request: Request, demand_template_id: UUID, **_kwargs: object) -> Response:
        """This function will stop a template from filling weeks."""
        done = actions.pause_template(template_id=demand_template_id, by=self.actor, at=clock.now())
        return Response(self.get_serializer(done).data)


class DemandTemplateResume(BrandApiView):
    """Resuming a template."""

    serializer_class = DemandTemplateSerializer
    permissions = WRITE

    @extend_schema(
        operation_id="demand_template_resume",
        tags=["demand"],
        request=None,
        responses={200: DemandTemplateSerializer},
    )
    def post(self, request: Request, demand_template_id: UUID, **_kwargs: object) -> Response:
        """This function will let a paused template fill weeks again."""
        done = actions.resume_template(template_id=demand_template_id, by=self.actor, at=clock.now())
        return Response(self.get_serializer(done).data)


class DemandTemplateEnd(BrandApiView):
    """Ending a template."""

    serializer_class = DemandTemplateSerializer
    permissions = WRITE

    @extend_schema(
        operation_id="demand_template_end",
        tags=["demand"],
        request=None,
        responses={200: DemandTemplateSerializer},
    )
    def post(self, request: Request, demand_template_id: UUID, **_kwargs: object) -> Response:
        """This function will end a template for good."""
        done = actions.end_template(template_id=demand_template_id, by=self.actor, at=clock.now())
        return Response(self.get_serializer(done).data)


def _asked(view: BrandApiView, batch_id: UUID, mapped: ColumnMap | None) -> Response:
    """A worker does it: 202, and the file says when it is done."""
    with transaction.atomic():
        batch = actions.ask_upload(batch_id=batch_id, mapped=mapped, by=view.actor, at=clock.now())
        transaction.on_commit(lambda: hint(work_on_upload, batch_id=str(batch_id)))
    return Response(_told(batch), status=202)


def _told(batch: UploadBatch) -> Any:
    return UploadDetailSerializer(batch).data


def _content(body: dict[str, Any]) -> bytes:
    if body.get("text") is not None:
        return str(body["text"]).encode(errors="replace")
    try:
        return base64.b64decode(body.get("content_base64", ""), validate=True)
    except (binascii.Error, ValueError) as broken:
        raise Invalid(_("This is not Base64."), field="content_base64") from broken


def _saved_template(view: BrandApiView, template_id: UUID | None) -> DemandTemplate:
    body = seen(view.body(SaveTemplateSerializer))
    body["rows"] = [dict(one) for one in body["rows"]]
    return actions.save_template(**body, template_id=template_id, by=view.actor, at=clock.now())
