"""The ground floor's sweeps of what `gigcx.web` keeps."""

from gigcx.audit.ticking import sweep_every
from gigcx.web.tasks import hint_forgetting

sweep_every(3600, "web.forget_old_answers", hint_forgetting)
