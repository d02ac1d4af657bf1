"""Other ways customers ask the same thing: wordings made by rule, and the choice among them by search."""

from kbbuilder.stages.expand.propose import propose
from kbbuilder.stages.expand.select import CLEAR_WIN, TIE, DroppedWording, Expanded, RankTexts, select

__all__ = ["CLEAR_WIN", "TIE", "DroppedWording", "Expanded", "RankTexts", "propose", "select"]
