"""The PDF's own description of itself: which e-invoice it carries, as Factur-X 1.0 wants it named."""

import io

PREFIX = "urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#"
FIELDS = {
    "DocumentFileName": "The name of the embedded XML document",
    "DocumentType": "The type of the hybrid document",
    "Version": "The version of the standard of the XML document",
    "ConformanceLevel": "The conformance level of the XML document",
}
FACTS = """<rdf:Description rdf:about="" xmlns:fx="{prefix}">
<fx:DocumentType>INVOICE</fx:DocumentType>
<fx:DocumentFileName>{name}</fx:DocumentFileName>
<fx:Version>1.0</fx:Version>
<fx:ConformanceLevel>EN 16931</fx:ConformanceLevel>
</rdf:Description>"""
SCHEMA = """<rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>Factur-X PDFA Extension Schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>{prefix}</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>fx</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq>{fields}</rdf:Seq></pdfaSchema:property>
</rdf:li>"""
FIELD = """<rdf:li rdf:parseType="Resource">
<pdfaProperty:name>{name}</pdfaProperty:name>
<pdfaProperty:valueType>Text</pdfaProperty:valueType>
<pdfaProperty:category>external</pdfaProperty:category>
<pdfaProperty:description>{words}</pdfaProperty:description>
</rdf:li>"""
SCHEMAS_END = "</rdf:Bag></pdfaExtension:schemas>"
ALL_END = "</rdf:RDF>"


class UnknownMetadata(ValueError):
    """Raised when the PDF describes itself in a way this file does not know."""


def named(pdf: bytes, name: str) -> bytes:
    """The PDF with the e-invoice named in its metadata, added behind what was there."""
    # Imported here: only the worker needs it.
    from pypdf import PdfReader, PdfWriter  # noqa: PLC0415
    from pypdf.generic import StreamObject  # noqa: PLC0415

    writer = PdfWriter(PdfReader(io.BytesIO(pdf)), incremental=True)
    stream = writer.root_object["/Metadata"]
    if not isinstance(stream, StreamObject):
        raise UnknownMetadata
    stream.set_data(_extended(stream.get_data().decode(), name).encode())
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _extended(found: str, name: str) -> str:
    if found.count(SCHEMAS_END) != 1 or found.count(ALL_END) != 1:
        raise UnknownMetadata
    fields = "".join(FIELD.format(name=one, words=words) for one, words in FIELDS.items())
    schema = SCHEMA.format(prefix=PREFIX, fields=fields)
    facts = FACTS.format(prefix=PREFIX, name=name)
    return found.replace(SCHEMAS_END, schema + SCHEMAS_END).replace(ALL_END, facts + ALL_END)
