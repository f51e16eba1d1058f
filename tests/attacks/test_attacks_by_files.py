"""Files that would fetch, open, run or swell: each is read as what it shows, or refused, and nothing else happens."""

from __future__ import annotations

import io
import json
import zipfile
import zlib
from pathlib import Path

import docx
import pytest
from conftest import Lure
from signed import SAME, Signed
from starlette.testclient import TestClient

from assistant.errors import AssistantError, UnreadableFile
from assistant.library.guideline_importing import NOTHING_GIVEN
from assistant.reading import files
from assistant.reading.files import read_bytes
from assistant.reading.folders import Source, record_in
from assistant.reading.guideline_metadata import front_matter

WORDS = "The injured worker is a 40-year-old man with low back pain."
_MAIN = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def test_a_page_of_html_fetches_nothing_and_runs_nothing(lure: Lure) -> None:
    page = f"""<html><head><base href="{lure.url}"><meta http-equiv=refresh content="0;url={lure.url}/r">
        <link rel=stylesheet href="{lure.url}/s"><script src="{lure.url}/j"></script></head>
        <body background="{lure.url}/b"><img src="{lure.url}/i"><iframe src="file:///etc/passwd"></iframe>
        <object data="{lure.url}/o"></object><svg><image href="{lure.url}/v"/></svg>
        <!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>&e; <p>{WORDS}</p></body></html>"""
    found = read_bytes("letter.html", page.encode())
    assert WORDS in found.text
    assert "root:" not in found.text
    assert lure.came == []


def _pdf(*objects: bytes) -> bytes:
    out = b"%PDF-1.7\n" + b"".join(b"%d 0 obj\n%b\nendobj\n" % (n, o) for n, o in enumerate(objects, 1))
    return out + b"trailer\n<< /Root 1 0 R /Size %d >>\nstartxref\n0\n%%%%EOF\n" % (len(objects) + 1)


def _page(contents: bytes, *more: bytes, root: bytes = b"") -> bytes:
    font = b"<< /Font << /F << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >>"
    return _pdf(
        b"<< /Type /Catalog /Pages 2 0 R %b >>" % root,
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources %b %b >>"
        % (font, b" ".join(more)),
        contents,
    )


def _stream(data: bytes, extra: bytes = b"") -> bytes:
    return b"<< /Length %d %b >>\nstream\n%b\nendstream" % (len(data), extra, data)


def test_a_pdf_opens_no_link_and_runs_no_action(lure: Lure) -> None:
    url = lure.url.encode()
    action = b"/OpenAction << /S /URI /URI (%b/open) >> /AA << /WC << /S /JavaScript /JS (app.launchURL('%b')) >> >>"
    annotation = b"/Annots [<< /Type /Annot /Subtype /Link /Rect [0 0 9 9] /A << /S /SubmitForm /F (%b/f) >> >>]"
    shown = _stream(b"BT /F 12 Tf 72 700 Td (%b) Tj ET" % WORDS.encode())
    found = read_bytes("letter.pdf", _page(shown, annotation % url, root=action % (url, url)))
    assert WORDS in found.text
    assert lure.came == []


def test_a_pdf_that_swells_is_read_within_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = b"BT /F 12 Tf 72 700 Td (%b) Tj ET" % WORDS.encode()
    swollen = zlib.compress(zlib.compress(shown + b" " * 60_000_000, 9), 9)
    assert len(swollen) < 1000
    packed = b"/Filter [/FlateDecode /FlateDecode]"
    assert read_bytes("letter.pdf", _page(_stream(swollen, packed))).text.strip() == WORDS
    monkeypatch.setattr(files, "MAX_TEXT", 10_000)
    many = zlib.compress(b"BT /F 12 Tf 72 700 Td " + b"(a) Tj " * 20_000 + b"ET", 9)
    with pytest.raises(UnreadableFile, match="more than 10,000 characters"):
        files.text_of("letter.pdf", _page(_stream(many, b"/Filter /FlateDecode")))


def test_a_pdf_whose_pages_hold_each_other_ends() -> None:
    with pytest.raises(UnreadableFile):
        read_bytes("letter.pdf", _pdf(
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [2 0 R 2 0 R 3 0 R] /Count 3 >>",
            b"<< /Type /Pages /Kids [2 0 R] /Parent 2 0 R /Count 1 >>",
        ))  # fmt: skip


def _docx(body: str, *, before: str = "", relations: str = "", words: str = WORDS) -> bytes:
    """A Word document whose main part is written by hand."""
    out = io.BytesIO()
    made = docx.Document()
    made.add_paragraph("x")
    made.save(out)
    parts = {}
    with zipfile.ZipFile(out) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    paragraph = f"<w:p><w:r><w:t>{words}</w:t></w:r></w:p>"
    parts["word/document.xml"] = (
        f'<?xml version="1.0"?>{before}<w:document xmlns:w="{_MAIN}"><w:body>{paragraph}{body}</w:body></w:document>'
    ).encode()
    if relations:
        kept = parts["word/_rels/document.xml.rels"].decode()
        parts["word/_rels/document.xml.rels"] = kept.replace(
            "</Relationships>", f"{relations}</Relationships>"
        ).encode()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return packed.getvalue()


def _text_or_reason(data: bytes) -> str:
    try:
        return read_bytes("letter.docx", data).text
    except UnreadableFile as error:
        return str(error)


def test_a_word_document_fetches_no_template_and_no_picture(lure: Lure) -> None:
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    relations = "".join(
        f'<Relationship Id="rX{n}" Type="{kind}/{what}" Target="{lure.url}/{what}" TargetMode="External"/>'
        for n, what in enumerate(("attachedTemplate", "image", "hyperlink", "oleObject", "frame"))
    )
    assert WORDS in read_bytes("letter.docx", _docx("", relations=relations)).text
    assert lure.came == []


def test_a_word_document_reads_no_file_and_no_address_by_an_entity(lure: Lure, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("Zebulon-Quartz")
    for place in (secret.as_uri(), f"{lure.url}/e"):
        before = f'<!DOCTYPE d [<!ENTITY e SYSTEM "{place}"><!ENTITY % p SYSTEM "{lure.url}/p"> %p;]>'
        found = _text_or_reason(_docx("<w:p><w:r><w:t>&e;</w:t></w:r></w:p>", before=before))
        assert "Zebulon" not in found
    assert lure.came == []


def test_a_word_document_of_a_billion_laughs_is_none() -> None:
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    before = f'<!DOCTYPE d [<!ENTITY l0 "ha">{laughs}]>'
    found = _text_or_reason(_docx("<w:p><w:r><w:t>&l11;</w:t></w:r></w:p>", before=before))
    assert len(found) < 10_000
    quadratic = f'<!DOCTYPE d [<!ENTITY q "{"a" * 100_000}">]>'
    body = f"<w:p><w:r><w:t>{'&q;' * 20_000}</w:t></w:r></w:p>"
    assert len(_text_or_reason(_docx(body, before=quadratic))) < 10_000


def test_a_word_document_that_swells_is_refused_before_it_is_parsed() -> None:
    with pytest.raises(UnreadableFile, match="unpacks to"):
        read_bytes("letter.docx", _docx(f"<w:p>{' ' * (files.MAX_UNPACKED_TEXT + 1)}</w:p>"))
    with pytest.raises(UnreadableFile):
        read_bytes("letter.docx", _docx("<w:tbl><w:tr><w:tc>" * 20_000))


def test_an_archive_within_an_archive_is_not_opened(signed: Signed, tmp_path: Path) -> None:
    inner = b""
    for _ in range(5):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("inner.zip", inner or b"x")
            archive.writestr("inner.zip.txt", "no letter")
        inner = out.getvalue()
    path = tmp_path / "letters.zip"
    path.write_bytes(inner)
    report = signed.service.import_paths([path])
    assert report.read == 0
    assert sorted(p.name for p in tmp_path.iterdir()) == ["letters.zip"]


YAMLS = [
    "label: !!python/object/apply:os.system ['touch {}']",
    "label: !!python/object/new:subprocess.Popen [['touch', '{}']]",
    "label: !!python/name:os.system",
    "label: !!python/module:os",
    "!!python/object/apply:builtins.eval [\"open('{}', 'w')\"]",
]


@pytest.mark.parametrize("hostile", YAMLS)
def test_the_front_matter_of_a_guideline_makes_no_object(hostile: str, tmp_path: Path) -> None:
    touched = tmp_path / "touched"
    with pytest.raises(AssistantError, match="not valid YAML"):
        front_matter(f"---\n{hostile.replace('{}', str(touched))}\n---\n# Backs\n")
    assert not touched.exists()


def test_the_front_matter_of_a_guideline_cannot_swell_nor_nest() -> None:
    laughs = "\n".join(f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 9)}]" for n in range(1, 12))
    for name in ("label", "edition", "in_force_from", "kind", "body_regions", "regulation"):
        with pytest.raises(AssistantError, match="list or a table"):
            front_matter(f"---\nl0: &l0 [ha, ha]\n{laughs}\n{name}: *l11\n---\n")
    for deep in ("[" * 5000, "a: " + "{a: " * 5000, "in_force_from: 2016-02-31"):
        with pytest.raises(AssistantError):
            front_matter(f"---\n{deep}\n---\n")


def test_lines_of_json_that_nest_without_end_are_refused_alone() -> None:
    for hostile in (
        b"[" * 200_000,
        b'{"a":' * 200_000,
        b"9" * 10_000,
        b'"\\ud800"',
        b"NaN",
        b'{"a": 9' + b"9" * 9000 + b"}",
    ):
        with pytest.raises(UnreadableFile):
            record_in(Source("line 1", data=hostile))


def test_a_body_of_json_that_nests_without_end_is_a_sentence(guest: TestClient, signed: Signed) -> None:
    deep = {"content-type": "application/json", **SAME}
    client = signed.as_("rita")
    for path in (
        "/last-words",
        "/unsent",
        "/decisions.csv",
        "/gradio_api/component_server",
        "/api/v1/cases",
        "/api/v1/drafts",
    ):
        for body in (b"[" * 200_000, b'{"a":' * 200_000, b"[" * 200_000 + b"]" * 200_000):
            answer = client.post(path, content=body, headers=deep)
            assert answer.status_code in {200, 400, 422}, path
            assert "Traceback" not in answer.text
    assert client.get("/who").status_code == 200


def test_a_name_in_another_script_is_too_long_for_no_disk(guest: TestClient) -> None:
    from urllib.parse import quote

    for name in ("\u754c" * 300 + ".md", "\U0001f600" * 200 + ".md", "e\u0301" * 300 + ".md", "\u202etxt.exe.md"):
        answer = guest.post(f"/guideline/preview?name={quote(name)}", content=b"# Backs\n\nWords.\n", headers=SAME)
        assert answer.status_code == 200
        assert answer.json()["name"].endswith(".md")


def test_a_file_named_like_a_path_is_kept_within_its_folder(signed: Signed) -> None:
    from urllib.parse import quote

    client, root = signed.as_("lisa"), Path(signed.service.settings.data_dir)
    before = {p for p in root.rglob("*") if "incoming" not in p.parts}
    for name in (
        "../../../evil.txt",
        "..\\..\\evil.txt",
        "/etc/evil.txt",
        "C:\\evil.txt",
        "a\x00b.txt",
        "con.txt",
        "....//evil.txt",
    ):
        head = {**SAME, "x-file-name": quote(name)}
        answer = client.post("/api/v1/imports?dry_run=true", content=WORDS.encode(), headers=head)
        assert answer.status_code in {200, 415, 422}, name
        assert "/etc" not in answer.text
    for token in ("../..", "..%2f..", "/etc", "", ".", "a" * 20):
        head = {**SAME, "x-file-name": "a.txt", "x-import": token}
        assert "belong to no import" in client.post("/import-upload", content=b"words", headers=head).json()["error"]
    assert {p for p in root.rglob("*") if "incoming" not in p.parts} == before
    assert not [p for p in (root / "incoming").rglob("*") if p.is_file()]


def test_nothing_that_is_read_is_unpickled_or_evaluated() -> None:
    import ast

    banned = {"pickle", "marshal", "shelve", "dill", "joblib", "cloudpickle", "xmlrpc", "telnetlib"}
    calls = {"eval", "exec", "compile", "__import__"}
    found = []
    for path in sorted((Path(files.__file__).parents[1]).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            found += [f"{path.name}: {name}" for name in names if name.split(".")[0] in banned]
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in calls:
                found.append(f"{path.name}:{node.lineno} {node.func.id}")
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                unsafe = node.func.attr in {"unsafe_load", "full_load", "load_all"}
                shell = any(
                    k.arg in ("shell", "allow_pickle", "trust_remote_code") and _true(k.value) for k in node.keywords
                )
                found += [f"{path.name}:{node.lineno}"] if unsafe or shell else []
    assert found == []


def _true(node: object) -> bool:
    import ast

    return not (isinstance(node, ast.Constant) and not node.value)


def test_a_guideline_that_names_another_file_reads_none(signed: Signed, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("Zebulon-Quartz")
    text = "---\nlabel: Backs\nin_force_from: 2016-01-01\n---\n# Backs\n\n"
    text += (
        f"!include {secret}\n\n![x](file://{secret})\n\n<!--#include file='{secret}'-->\n\n{{% include '{secret}' %}}\n"
    )
    path = tmp_path / "backs.md"
    path.write_text(text)
    preview = signed.service.preview_guideline(path, NOTHING_GIVEN)
    assert "Zebulon" not in json.dumps([*preview.report.facts, *preview.report.doubts, str(preview)])
