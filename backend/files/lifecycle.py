"""What may go wrong with a file, each with its own reason and what to do; what is announced of files."""

from ..core.errors import problem
from ..core.events import declare

# -- on the way
FILE_TOO_LARGE = problem("file_too_large", 413)
UPLOADS_TOO_MANY = problem("uploads_too_many", 429)
UPLOAD_OFFSET = problem("upload_offset", 409)
UPLOAD_BEYOND = problem("upload_beyond", 422)
UPLOAD_UNFINISHED = problem("upload_unfinished", 409)
UPLOAD_EXPIRED = problem("upload_expired", 410)

# -- in the content
FILE_EMPTY = problem("file_empty", 422)
FILE_KIND = problem("file_kind", 415)
PDF_ENCRYPTED = problem("pdf_encrypted", 422)
PDF_DAMAGED = problem("pdf_damaged", 422)
IMAGE_DAMAGED = problem("image_damaged", 422)
IMAGE_TOO_LARGE = problem("image_too_large", 422)
SHEET_ENCRYPTED = problem("sheet_encrypted", 422)
SHEET_DAMAGED = problem("sheet_damaged", 422)
SHEET_BOMB = problem("sheet_bomb", 422)
SHEET_MACROS = problem("sheet_macros", 422)
FILE_INFECTED = problem("file_infected", 422)
FILE_LOST = problem("file_lost", 404)

declare("file.received", "file.infected")
