"""The PDF's own description of itself: which e-invoice it carries, as Factur-X 1.0 wants it named."""

import re

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
# As Typst writes them.
METADATA = re.compile(rb"\n(\d+) 0 obj\n<</Length (\d+)/Type/Metadata/Subtype/XML>>\nstream\n")
END = re.compile(rb"\ntrailer\n<<([^\n]*)>>\nstartxref\n(\d+)\n%%EOF\s*\Z")
OBJECT = b"%b 0 obj\n<</Length %d/Type/Metadata/Subtype/XML>>\nstream\n%b\nendstream\nendobj\n"
# Its entries are twenty bytes long, with the end of the line; the first is the list of free ones.
TABLE = (
    b"xref\n0 1\n0000000000 65535 f\r\n%b 1\n%010d 00000 n\r\n"
    b"trailer\n<<%b/Prev %b>>\nstartxref\n%d\n%%%%EOF\n"
)
SCHEMAS_END = "</rdf:Bag></pdfaExtension:schemas>"
ALL_END = "</rdf:RDF>"


class UnknownMetadata(ValueError):
    """Raised when the PDF describes itself in a way this file does not know."""


def named(pdf: bytes, name: str) -> bytes:
    """The PDF with the e-invoice named in its metadata, added behind what was there.

    An incremental update as PDF knows it: the one object anew, and a table that leads to it. A
    library would read and write all the others for that, which takes ten times as long.
    """
    found, end = list(METADATA.finditer(pdf)), END.search(pdf)
    if len(found) != 1 or end is None:
        raise UnknownMetadata
    number, length = found[0].group(1), int(found[0].group(2))
    start = found[0].end()
    words = _extended(pdf[start : start + length].decode(), name).encode()
    anew = OBJECT % (number, len(words), words)
    at = len(pdf) + 1
    table = TABLE % (number, at, end.group(1), end.group(2), at + len(anew))
    return b"\n".join((pdf, anew + table))


def _extended(found: str, name: str) -> str:
    if found.count(SCHEMAS_END) != 1 or found.count(ALL_END) != 1:
        raise UnknownMetadata
    fields = "".join(FIELD.format(name=one, words=words) for one, words in FIELDS.items())
    schema = SCHEMA.format(prefix=PREFIX, fields=fields)
    facts = FACTS.format(prefix=PREFIX, name=name)
    return found.replace(SCHEMAS_END, schema + SCHEMAS_END).replace(ALL_END, facts + ALL_END)
