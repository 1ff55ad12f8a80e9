"""The community sheet: two sides that anybody can read, and argue with."""

from vru_model.reporting.board.community.sheet import CommunitySheet

__all__ = ["CommunitySheet"]
