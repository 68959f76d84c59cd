"""Uploads that stay in memory, bounded before they are read: nothing readable ever touches the disk."""

from collections.abc import Callable
from functools import wraps
from io import BytesIO
from typing import Any, Final

from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from vetting.vault import MAX_BYTES

_SLACK: Final = 64 * 1024
_FILES: Final = 2


class InMemoryHandler(FileUploadHandler):
    """Keeps each file in memory, and of one over the limit only a little more than the limit."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """This function will begin a file."""
        super().new_file(*args, **kwargs)
        self._buffer = BytesIO()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """This function will keep a chunk, and drop what lies beyond the limit: enough is kept to tell that it is too large."""
        if start <= MAX_BYTES:
            self._buffer.write(raw_data)

    def file_complete(self, file_size: int) -> InMemoryUploadedFile:
        """This function will hand the file over."""
        self._buffer.seek(0)
        return InMemoryUploadedFile(
            self._buffer, self.field_name, self.file_name or "", self.content_type, file_size, self.charset
        )


def bounded_upload(
    too_large: Callable[..., HttpResponse],
) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """This function will wrap a page that takes pictures so that a huge body is refused by its stated size.

    The size is looked at before anything reads the body, the check of the form's token included; `too_large(request)`
    answers. What is read stays in memory.
    """

    def wrap(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        protected = csrf_protect(view)

        @csrf_exempt
        @wraps(view)
        def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.method == "POST" and _stated_size(request) > MAX_BYTES * _FILES + _SLACK:
                return too_large(request, *args, **kwargs)
            request.upload_handlers = [InMemoryHandler(request)]
            return protected(request, *args, **kwargs)

        return inner

    return wrap


def _stated_size(request: HttpRequest) -> int:
    stated = request.META.get("CONTENT_LENGTH") or "0"
    return int(stated) if stated.isdecimal() else 0
