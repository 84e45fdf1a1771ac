"""Forms with files: read within bounds, their files closed whatever becomes of them."""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Annotated

from fastapi import Depends, Request
from starlette.datastructures import FormData, UploadFile
from starlette.requests import ClientDisconnect

from ..core.errors import INVALID, FieldError


def posted(files: int) -> Callable[[Request], Awaitable[FormData]]:
    """The dependency that reads a form of ten fields and so many files at the most."""

    async def form_of(request: Request) -> FormData:
        try:
            return await request.form(max_fields=10, max_files=files)
        except ClientDisconnect:  # nobody hears the answer
            raise INVALID([FieldError("body", "body_unreadable")]) from None

    return form_of


Posted = Annotated[FormData, Depends(posted(1))]
"""A form with one file."""


@contextmanager
def closing(form: FormData) -> Iterator[list[UploadFile]]:
    """The files of the form; the browser sends an empty one for a field left empty."""
    uploads = [one for _, one in form.multi_items() if isinstance(one, UploadFile)]
    try:
        yield [one for one in uploads if one.filename]
    finally:
        for one in uploads:
            one.file.close()


def file_of(form: FormData, name: str = "file") -> UploadFile:
    """The file of that field; raises `invalid` beside it when none was chosen."""
    file = form.get(name)
    if not isinstance(file, UploadFile) or not file.filename:
        raise INVALID([FieldError(name, "file_missing")])
    return file
