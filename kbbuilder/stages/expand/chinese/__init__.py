"""Chinese question forms."""

from kbbuilder.stages.expand.chinese.forms import wordings

__all__ = ["wordings"]
