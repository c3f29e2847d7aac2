"""The PDF: readable, archivable, with the e-invoice inside, and the same every time."""

import io
from decimal import Decimal

import pytest
from drafthorse.models.document import Document as ReadInvoice
from pypdf import PdfReader

from payments.services.documents import einvoice, printing, xmp
from payments.services.documents.einvoice import SCHEMA
from tests.factories.documents import credit_note_of, invoice, registered, written_order

pytestmark = pytest.mark.django_db
TRANSFER = {"payment_method": "bank_transfer"}
ABROAD = {"country": "DE", "vat_number": "DE136695976", "company": "Ton & Söhne GmbH"}


@pytest.fixture
def content():
    registered()
    return invoice(written_order({"price": "24.00", "quantity": 2}, postcode="N1 9GU")).content


def read(pdf):
    return PdfReader(io.BytesIO(pdf))


def text_of(pdf):
    return "\n".join(page.extract_text() for page in read(pdf).pages)


def test_the_page_says_what_the_law_asks_for(content):
    text = text_of(printing.pdf(content))

    for words in (content["label"], "GB943932601", "Marl & Weft Ltd", "Alice Byron", "N1 9GU",
                  "Piece 0", "£20.00", "VAT 20%", "£40.00", "£52.50"):  # fmt: skip
        assert words in text


def test_a_long_document_carries_its_head_over_and_counts_its_pages():
    goods = [{"price": f"{n}.50", "title": f"Piece number {n}"} for n in range(1, 61)]
    pdf = printing.pdf(invoice(written_order(*goods)).content)

    pages = [page.extract_text() for page in read(pdf).pages]
    assert len(pages) >= 2
    for number, text in enumerate(pages, 1):
        assert f"Page {number} / {len(pages)}" in text
    assert "Unit price" in pages[1]


def test_the_same_content_gives_the_same_bytes(content):
    assert printing.pdf(content) == printing.pdf(content)


def test_the_e_invoice_is_embedded_as_an_alternative(content):
    root = read(printing.pdf(content)).trailer["/Root"]

    (file,) = [one.get_object() for one in root["/AF"]]
    assert file["/UF"] == "factur-x.xml"
    assert file["/AFRelationship"] == "/Alternative"
    assert file["/EF"]["/F"].get_object().get_data() == einvoice.xml(content)


def test_the_file_says_that_it_is_archivable_and_what_it_carries(content):
    root = read(printing.pdf(content)).trailer["/Root"]

    said = root["/Metadata"].get_object().get_data().decode()
    for words in ("<pdfaid:part>3<", "<pdfaid:conformance>B<",
                  "<fx:DocumentFileName>factur-x.xml<", "<fx:ConformanceLevel>EN 16931<",
                  f"<pdfaSchema:namespaceURI>{xmp.PREFIX}<"):  # fmt: skip
        assert words in said


def test_a_strict_reader_finds_the_update_and_all_that_was_there(content):
    found = PdfReader(io.BytesIO(printing.pdf(content)), strict=True)

    assert "/Prev" in found.trailer
    assert xmp.PREFIX in found.root_object["/Metadata"].get_data().decode()
    assert found.metadata.title
    assert content["label"] in found.pages[0].extract_text()


def test_a_pdf_that_describes_itself_otherwise_is_not_touched():
    with pytest.raises(xmp.UnknownMetadata):
        xmp.named(b"%PDF-1.7\ntrailer\n<</Size 1>>\nstartxref\n9\n%%EOF", "factur-x.xml")


def test_the_file_is_dated_by_its_issue(content):
    info = read(printing.pdf(content)).metadata

    assert info.creation_date.date().isoformat() == content["issued_on"]
    assert content["label"] in info.title


def test_every_font_is_inside(content):
    fonts = [
        font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"]
        for page in read(printing.pdf(content)).pages
        for font in page["/Resources"]["/Font"].values()
    ]

    assert fonts
    assert all({"/FontFile2", "/FontFile3"} & set(font) for font in fonts)


@pytest.mark.parametrize("name", ["山田 花子", "Łucja Żółć", "مريم", "Zoë 🌻", "Ωμέγα", "Ольга"])
def test_every_buyer_can_be_printed(name):
    content = invoice(written_order({"price": "24.00"}, name=name)).content

    assert printing.pdf(content).startswith(b"%PDF")
    assert name in einvoice.xml(content).decode()


def test_words_of_a_buyer_are_never_code():
    evil = '#panic("x") $x$ *a* <b> \\ "quoted" `raw` @label'

    pdf = printing.pdf(invoice(written_order({"price": "24.00"}, name=evil)).content)

    assert '#panic("x")' in text_of(pdf)


# For machines

ORDERS = {
    "paid by transfer": lambda: written_order({"price": "24.00", "quantity": 3}, **TRANSFER),
    "discount, gift and rates": lambda: written_order(
        {"price": "24.00", "discount": "4.00"},
        {"price": "9.00", "discount": "9.00", "is_gift": True},
        {"price": "10.50", "rate": "5"},
        {"price": "3.00", "rate": "0"},
        delivery=(("2.40", "20"), ("1.05", "5")),
    ),
    "reverse charge": lambda: written_order(
        {"price": "24.00"}, relief="reverse_charge", delivery=("6.00",), **ABROAD
    ),
    "export": lambda: written_order({"price": "24.00"}, relief="export", country="US"),
    "yen": lambda: written_order({"price": "1100", "rate": "10"}, currency="JPY", delivery=()),
}


@pytest.mark.parametrize("name", ORDERS)
def test_the_e_invoice_holds_to_its_schema(name):
    registered()
    registered("IE", "IE3708140N")

    content = invoice(ORDERS[name]()).content

    assert einvoice.xml(content, schema=SCHEMA)


def test_the_e_invoice_of_a_credit_note_holds_to_its_schema():
    order = written_order({"price": "24.00", "quantity": 2})
    whole = invoice(order)

    xml = einvoice.xml(credit_note_of(order, share=Decimal("0.5")).content, schema=SCHEMA).decode()

    assert "<ram:TypeCode>381</ram:TypeCode>" in xml
    assert whole.label in xml


@pytest.mark.parametrize("name", ORDERS)
def test_the_e_invoice_adds_up(name):
    content = invoice(ORDERS[name]()).content

    found = ReadInvoice.parse(einvoice.xml(content))
    sums = found.trade.settlement.monetary_summation
    lines = [one.settlement.monetary_summation.total_amount for one in found.trade.items.children]
    assert sum(line._value for line in lines) == sums.line_total._value
    net = sums.line_total._value + sums.charge_total._value
    assert net == sums.tax_basis_total._amount == Decimal(content["net"])
    taxes = list(found.trade.settlement.trade_tax.children)
    assert sum(one.basis_amount._value for one in taxes) == net
    assert sum(one.calculated_amount._value for one in taxes) == Decimal(content["tax"])
    assert sums.grand_total._amount == Decimal(content["total"])
