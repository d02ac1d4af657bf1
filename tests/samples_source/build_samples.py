"""Build all sample documents: python tests/samples_source/build_samples.py.

Needs markdown-it-py, python-docx, python-pptx, openpyxl, pypdf, fonttools and playwright, a Chromium browser
and the fonts Noto Sans CJK and Liberation Sans. PLANTED.json lists the repeated and the contradicting facts.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from office import build_docx, build_pptx, build_xlsx
from pdf_manual import build_manuals

HERE = Path(__file__).resolve().parent
CONTENT = HERE / "content"
SAMPLES = HERE.parents[1] / "samples"

COMPANY_EN = "Havenlark Home Appliances Ltd"
COMPANY_ZH = "海云雀智能家居有限公司"

MANUALS = {
    "x200_manual": "BrewMaster-X200-User-Manual.pdf",
    "l5_manual": "智能门锁L5-产品手册.pdf",
}
COPIES = {
    "faq_page.html": "Help-and-FAQ.html",
    "troubleshooting_guide.md": "Troubleshooting-Guide-X200-HubH1.md",
    "hub_parameters.csv": "Hub-H1-Parameters.csv",
}


def build_office(samples: Path) -> None:
    """Write the Word, PowerPoint and Excel samples."""
    build_docx(
        CONTENT / "returns_policy.md",
        samples / "Returns-and-Refunds-Policy.docx",
        COMPANY_EN,
        "Havenlark · Returns and Refunds Policy",
        ("Page ", ""),
    )
    build_docx(
        CONTENT / "zh_faq.md",
        samples / "海云雀客服常见问题.docx",
        COMPANY_ZH,
        "海云雀 · 客户服务中心",
        ("第 ", " 页"),
    )
    build_pptx(CONTENT / "training_slides.md", samples / "净水器P600-P800产品培训.pptx", COMPANY_ZH)
    build_xlsx(CONTENT / "price_table.json", samples / "Price-and-Limits-价格与限制.xlsx", COMPANY_EN)


def build_text(samples: Path) -> None:
    """Copy the plain files and write those with another encoding."""
    for source, target in COPIES.items():
        shutil.copyfile(CONTENT / source, samples / target)
    agreement = (CONTENT / "service_agreement.txt").read_text(encoding="utf-8")
    (samples / "海云雀云服务协议.txt").write_bytes(agreement.replace("\n", "\r\n").encode("gb18030"))
    old_faq = (CONTENT / "old_faq.csv").read_text(encoding="utf-8")
    (samples / "旧版常见问题.csv").write_bytes(old_faq.replace("\n", "\r\n").encode("utf-8-sig"))


def main() -> None:
    """Build every sample."""
    SAMPLES.mkdir(exist_ok=True)
    build_text(SAMPLES)
    build_office(SAMPLES)
    build_manuals(CONTENT, {name: SAMPLES / file for name, file in MANUALS.items()})


if __name__ == "__main__":
    main()
