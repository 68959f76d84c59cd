"""Papers, pure: frozen content in, the bytes of a PDF or a CSV out. No table, no clock, no network.

The same content gives the same bytes, so a hash proves a paper. Papers are written in English, as the content was frozen.
"""

from payments.documents.billing import credit_note_paper, credit_note_sheet, invoice_paper, invoice_sheet
from payments.documents.figures import SANDBOX
from payments.documents.papers import Fact, Paper, Party, Section, Sheet, Sum, canonical, digest
from payments.documents.receipts import receipt_paper, receipt_sheet
from payments.documents.sheets import csv_bytes, guarded
from payments.documents.statements import statement_paper, statement_sheet
from payments.documents.typesetting import pdf_bytes

# Goes up with every change of layout; what was rendered before keeps its bytes and its version.
RENDERER_VERSION = 2

__all__ = [
    "RENDERER_VERSION",
    "SANDBOX",
    "Fact",
    "Paper",
    "Party",
    "Section",
    "Sheet",
    "Sum",
    "canonical",
    "credit_note_paper",
    "credit_note_sheet",
    "csv_bytes",
    "digest",
    "guarded",
    "invoice_paper",
    "invoice_sheet",
    "pdf_bytes",
    "receipt_paper",
    "receipt_sheet",
    "statement_paper",
    "statement_sheet",
]
