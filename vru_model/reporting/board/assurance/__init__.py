"""The assurance pack: what an assurer asks for, written from the documents and the runs."""

from vru_model.reporting.board.assurance.pack import AssurancePack

__all__ = ["AssurancePack"]
