"""Text recognition through rapidocr (ONNX models for Chinese and English inside its wheel): the optional extra `ocr`.

Loaded only when a page needs it. Detection sees a smaller copy of the picture, recognition the full one: together a
third of the time and of the memory that both take at full size, for the same characters.
"""

from __future__ import annotations

from importlib.util import find_spec

import numpy as np
from numpy.typing import NDArray

from kbbuilder.errors import MissingPackage
from kbbuilder.language.text import clean
from kbbuilder.ports import PageReader, SeenLine

PACKAGE = "rapidocr_onnxruntime"
DETECTION_SIDE = 1280
"""Longer side, in pixels, of what the detector sees: an A4 page at 109 dpi."""
MIN_CONFIDENCE = 0.5
"""Below this it is no text but a pattern: left out, as the library itself does."""


def open_page_reader() -> PageReader:
    """The reader of page pictures, its models loaded.

    Raises:
        MissingPackage: it is not installed, or a system library it needs is not.
    Cost: 0.2 s of CPU and 150 MB; a page then 1.5 s of CPU and up to 700 MB at its peak.
    """
    if find_spec(PACKAGE) is None:
        raise MissingPackage(
            "text recognition is not installed", hint='Install it with `pip install "kbbuilder[ocr]"` and try again.'
        )
    try:
        return _RapidOcr()
    except (ImportError, OSError) as error:
        raise MissingPackage(
            f"text recognition cannot be loaded: {error}",
            hint="Install the system library that is missing (libGL: `apt install libgl1`), "
            "or put opencv-python-headless in the place of opencv-python.",
        ) from error


class _RapidOcr:
    def __init__(self) -> None:
        import cv2
        from rapidocr_onnxruntime import RapidOCR
        from rapidocr_onnxruntime.utils.infer_engine import ONNXRuntimeError

        self._cv2 = cv2
        self._faults = (ONNXRuntimeError, cv2.error, MemoryError)
        cv2.setNumThreads(1)
        self._engine = RapidOCR(intra_op_num_threads=1, inter_op_num_threads=1)
        # One line at a time: a batch is filled up to its longest line, which costs more than it saves.
        self._engine.text_rec.rec_batch_num = 1

    def read(self, picture: NDArray[np.uint8]) -> tuple[SeenLine, ...] | None:
        try:
            return self._lines(picture)
        except self._faults:
            return None

    def _lines(self, picture: NDArray[np.uint8]) -> tuple[SeenLine, ...]:
        scale = min(1.0, DETECTION_SIDE / max(picture.shape[:2]))
        small = picture
        if scale < 1.0:
            small = self._cv2.resize(picture, None, fx=scale, fy=scale, interpolation=self._cv2.INTER_AREA)
        found, _ = self._engine.text_det(small)
        if found is None or len(found) == 0:
            return ()
        corners = [(np.asarray(box) / scale).astype(np.float32) for box in self._engine.sorted_boxes(found)]
        crops, _, _ = self._engine.text_cls(self._engine.get_crop_img_list(picture, corners))
        texts, _ = self._engine.text_rec(crops)
        lines = (
            _line(clean(str(text)).strip(), float(confidence), quad)
            for quad, (text, confidence, *_) in zip(corners, texts, strict=True)
        )
        return tuple(line for line in lines if line.text and line.confidence >= MIN_CONFIDENCE)


def _line(text: str, confidence: float, quad: NDArray[np.float32]) -> SeenLine:
    """A line from its corners: top left, top right, bottom right, bottom left."""
    left, top = quad.min(axis=0)
    right, bottom = quad.max(axis=0)
    height = (np.linalg.norm(quad[3] - quad[0]) + np.linalg.norm(quad[2] - quad[1])) / 2
    return SeenLine(
        text=text,
        box=(float(left), float(top), float(right), float(bottom)),
        height=float(height),
        confidence=round(min(1.0, max(0.0, confidence)), 3),
    )
