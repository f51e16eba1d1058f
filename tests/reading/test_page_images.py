"""Pages of a PDF as images, and the page on which a passage begins."""

from __future__ import annotations

import base64
import io

import pytest
from laid_out import column, pdf_of
from PIL import Image

from assistant.errors import UnreadableFile
from assistant.reading.bounded import BoundedReader
from assistant.reading.page_images import page_image, page_of

PDF = pdf_of([column(["The first page."]), [], column(["The third page."] * 9)])


def test_a_page_becomes_an_image_that_shows_its_words() -> None:
    with BoundedReader() as reader:
        answer = reader.image("letter.pdf", PDF, 3)
        blank = reader.image("letter.pdf", PDF, 2)
    assert answer["pages"] == 3
    image = Image.open(io.BytesIO(base64.b64decode(answer["png"])))
    assert image.size == (1240, round(1240 * 842 / 595))
    assert image.convert("L").getextrema() == (0, 255)
    assert Image.open(io.BytesIO(base64.b64decode(blank["png"]))).convert("L").getextrema() == (255, 255)


def test_without_a_page_only_the_pages_are_counted() -> None:
    assert page_image("letter.pdf", PDF, 0) == {"pages": 3}


@pytest.mark.parametrize(("data", "page"), [(PDF, 4), (PDF, -1), (b"%PDF-1.4 cut", 1), (b"", 1)])
def test_what_cannot_be_drawn_is_refused(data: bytes, page: int) -> None:
    with pytest.raises(UnreadableFile):
        page_image("letter.pdf", data, page)


ONE = "The records do not show that function has gained in any way that was mea-\nsured at work or at home."
OTHER = "A red flag is named in the record, and imaging of the low back is there-\nfore supported."
TEXT = f"Head of the letter\n\f\nIssue 1\n{ONE}\n\f\nIssue 2\n{OTHER}\nIssue 3\n\f\n{ONE}"
STARTS = [0, *(i + 1 for i, sign in enumerate(TEXT) if sign == "\f")]


@pytest.mark.parametrize(
    ("passages", "page"),
    [
        pytest.param([ONE], 2, id="the first"),
        pytest.param([ONE, OTHER.replace("-\n", "")], 3, id="its line ends differ"),
        pytest.param([ONE, OTHER, ONE], 4, id="the same words again"),
        pytest.param(["never written there at all", OTHER], 3, id="an earlier one is missing"),
        pytest.param([ONE, "never written there at all"], None, id="not found"),
        pytest.param(["Issue"], None, id="too short to tell"),
        pytest.param([""], None, id="no words"),
    ],
)
def test_the_page_of_a_passage(passages: list[str], page: int | None) -> None:
    assert page_of(TEXT, STARTS, passages) == page
