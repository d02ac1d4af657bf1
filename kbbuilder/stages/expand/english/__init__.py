"""English question forms."""

from kbbuilder.stages.expand.english.forms import wordings

__all__ = ["wordings"]
