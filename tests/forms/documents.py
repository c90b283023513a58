"""DOCX and XLSX that must not come in: they run, fetch, embed, declare or lead outside."""

from collections.abc import Iterator

from tests.forms import hostile
from tests.forms.hostile import office

MAIN = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml"}
RELATION = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="r1" Type="http://x/relationships/{kind}" Target="http://example.com/x" '
    "{mode}/></Relationships>"
)
SPELLED = (
    'TargetMode="External"',
    "TargetMode='External'",
    'TargetMode = "External"',
    'TargetMode="&#69;xternal"',
    'TargetMode="&#x45;xter&#110;al"',
    'TargetMode="external"',
    'TargetMode="\nExternal"',
)
FETCHING = [
    "attachedTemplate", "oleObject", "image", "frame", "subDocument", "externalLink", "audio",
    "video", "package", "afChunk",
]  # fmt: skip


def hostile_documents() -> Iterator[tuple[str, bytes]]:
    """DOCX and XLSX that run, fetch, embed, declare entities or lead out of their folder."""
    for kind, main in MAIN.items():
        for what, parts in _parts(main):
            yield f"{what}.{kind}", office(main, parts)
    for what, data in {
        "link": hostile.with_link(),
        "twin": hostile.with_twin(),
        "locked": hostile.with_flag(1),
    }.items():
        yield f"{what}.docx", data


def _parts(main: str) -> Iterator[tuple[str, dict[str, bytes]]]:
    folder, _, part = main.partition("/")
    relations = f"{folder}/_rels/{part}.rels"
    for relation in FETCHING:
        for number, mode in enumerate(SPELLED):
            said = RELATION.format(kind=relation, mode=mode)
            yield f"{relation} {number}", {relations: said.encode()}
        said = RELATION.format(kind=relation, mode=SPELLED[0])
        yield f"{relation} wide", {relations: said.encode("utf-16")}
    names = [
        "vbaProject.bin", "activeX/activeX1.xml", "macrosheets/sheet1.xml", "a.js", "a.vbs",
        "a.exe", "a.dll", "a.bat", "a.hta", "a.ps1", "a.lnk", "a.swf",
        "embeddings/oleObject1.bin", "externalLinks/externalLink1.xml", "afchunk.mht", "a.html",
        "a.rtf", "a.docm", "a.zip",
    ]  # fmt: skip
    for name in names:
        yield name.replace("/", " "), {f"{folder}/{name}": b"<a/>"}
    for name in ("../a.xml", "/etc/a.xml", "a\\..\\b.xml", "c:a.xml", "a/../../b.xml"):
        yield f"path {len(name)}", {name: b"<a/>"}
    entity = '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'
    laughs = (
        "<!DOCTYPE a ["
        + "".join(f'<!ENTITY b{n} "{f"&b{n - 1};" * 10 if n else "ha"}">' for n in range(12))
        + "]><a>&b11;</a>"
    )
    for coding in ("utf-8", "utf-16", "utf-16-le", "utf-16-be"):
        for what, text in (("entity", entity), ("laughs", laughs)):
            yield f"{what} {coding}", {f"{folder}/a.xml": text.encode(coding)}
    word = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    for said in (
        "DDEAUTO c:\\\\cmd",
        "DDE cmd",
        'INCLUDETEXT "http://a/b"',
        "INCLUDEPICTURE \\\\a",
    ):
        whole = f'<w:d xmlns:w="{word}"><w:instrText>{said}</w:instrText></w:d>'
        split = "".join(f"<w:instrText>{letter}</w:instrText>" for letter in said)
        yield f"field {said[:9]}", {f"{folder}/a.xml": whole.encode()}
        yield (
            f"split {said[:9]}",
            {f"{folder}/a.xml": f'<w:d xmlns:w="{word}">{split}</w:d>'.encode()},
        )
    yield "broken", {f"{folder}/a.xml": b"<a><b></a>"}
    yield (
        "macros",
        {
            "[Content_Types].xml": b'<Types><Override ContentType="application/vnd.ms-word.'
            b'document.macro&#69;nabled.main+xml"/></Types>'
        },
    )
