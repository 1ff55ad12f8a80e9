"""The needs assessment: who lives here, on whom violence falls, and what is done about it.

From Python: ``assess`` runs what is missing, ``sections`` and ``blocks`` show it; ``beside`` lays a
reader's own counts beside the model's. ``page`` is ``notebooks/02_needs_assessment.ipynb``.
"""

from vru_model.workbook.needs.assessment import assess, blocks, sections
from vru_model.workbook.needs.options import NeedsOptions

__all__ = ["NeedsOptions", "assess", "blocks", "sections"]
