"""What WeasyPrint leaves undone for PDF/A-3a, PDF/UA-1 and a signature that keeps both.

Works on the tree of ``pydyf`` objects just before it is written; ``documents.md`` 3.3 has the
reasons, one test has the proof.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pydyf
    from weasyprint import Document

SEAL = "seal"  # id of the element the seal is pressed on
FIELD = "Issuer"  # name of the signature field that lies there
PT_PER_PX = 0.75
PRINT = 4  # annotation flag: printed

UNIVERSAL_ACCESS = b"""
<rdf:Description xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
 xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" rdf:about=""><pdfuaid:part>1</pdfuaid:part>
</rdf:Description>
<rdf:Description xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
 xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"
 xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#" rdf:about="">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>part of ISO 14289 the file conforms to</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas>
</rdf:Description>
</rdf:RDF>"""


def finish(document: "Document", pdf: "pydyf.PDF") -> None:
    """Complete the metadata and lay an empty, tagged signature field under the seal."""
    complete_metadata(pdf)
    files = pdf.catalog.get("AF")
    if files is not None:
        files[:] = list(dict.fromkeys(files))  # WeasyPrint lists every attachment twice
    for number, page in enumerate(document.pages):
        if SEAL in page.anchors:
            add_signature_field(pdf, number, rectangle(page))
            return


def complete_metadata(pdf: "pydyf.PDF") -> None:
    """Say in the XMP packet, left uncompressed, that the file is PDF/UA-1 as well."""
    packet = resolve(pdf, pdf.catalog["Metadata"])
    packet.compress = False
    packet.stream = [part.replace(b"</rdf:RDF>", UNIVERSAL_ACCESS) for part in packet.stream]


def rectangle(page: Any) -> list[float]:
    """Return where the seal goes, in points from the lower left corner of the page."""
    left, top, right, bottom = (side * PT_PER_PX for side in page.anchors[SEAL])
    height = page.height * PT_PER_PX
    return [round(side, 2) for side in (left, height - bottom, right, height - top)]


def add_signature_field(pdf: "pydyf.PDF", page_number: int, box: list[float]) -> None:
    """Add an unsigned signature field with its place in the structure tree."""
    import pydyf  # noqa: PLC0415 -- comes with WeasyPrint, slow import

    page_reference = pdf.page_references[page_number]
    page = resolve(pdf, page_reference)
    left, bottom, right, top = box
    blank = pydyf.Stream(
        extra={
            "Type": "/XObject",
            "Subtype": "/Form",
            "BBox": pydyf.Array([0, 0, round(right - left, 2), round(top - bottom, 2)]),
        }
    )
    pdf.add_object(blank)
    field = pydyf.Dictionary(
        {
            "Type": "/Annot",
            "Subtype": "/Widget",
            "FT": "/Sig",
            "T": pydyf.String(FIELD),
            "TU": pydyf.String("Electronic seal and signature of the issuing body"),
            "F": PRINT,
            "Rect": pydyf.Array(box),
            "AP": pydyf.Dictionary({"N": blank.reference}),
            "P": page_reference,
        }
    )
    pdf.add_object(field)
    page.setdefault("Annots", pydyf.Array()).append(field.reference)
    pdf.catalog["AcroForm"] = pydyf.Dictionary(
        {"Fields": pydyf.Array([field.reference]), "SigFlags": 0}
    )
    tag(pdf, field, page_reference)


def tag(pdf: "pydyf.PDF", field: Any, page_reference: Any) -> None:
    """Give the field a /Form element at the end of the document's structure tree."""
    import pydyf  # noqa: PLC0415 -- comes with WeasyPrint, slow import

    root = resolve(pdf, pdf.catalog["StructTreeRoot"])
    document = resolve(pdf, root["K"][0])
    numbers = resolve(pdf, root["ParentTree"])["Nums"]
    reference = pydyf.Dictionary({"Type": "/OBJR", "Obj": field.reference, "Pg": page_reference})
    pdf.add_object(reference)
    element = pydyf.Dictionary(
        {
            "Type": "/StructElem",
            "S": "/Form",
            "P": document.reference,
            "Pg": page_reference,
            "K": pydyf.Array([reference.reference]),
        }
    )
    pdf.add_object(element)
    document["K"].append(element.reference)
    field["StructParent"] = numbers[-2] + 1
    numbers.extend([field["StructParent"], element.reference])


def resolve(pdf: "pydyf.PDF", reference: Any) -> Any:
    """Return the object an indirect reference such as ``b'7 0 R'`` stands for."""
    return pdf.objects[int(reference.split()[0])]
