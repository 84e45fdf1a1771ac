"""Who may: uploads and files are those of whoever sent them.

What is attached to something is read through what it is attached to, by that slice's rules.
"""

from ..core.policy import rule
from ..people.policy import is_self
from .models import StoredFile, Upload

rule("upload.read", Upload, lambda a: is_self(a, Upload.created_by))
rule("upload.write", Upload, lambda a: is_self(a, Upload.created_by))
rule("file.read", StoredFile, lambda a: is_self(a, StoredFile.created_by))
rule("file.create", StoredFile, lambda a: is_self(a, StoredFile.created_by))
