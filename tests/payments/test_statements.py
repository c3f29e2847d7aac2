"""Bank statements as files: read without trust, each line known again in the next file."""

import datetime as dt
from decimal import Decimal

import pytest

from payments.services import statements
from payments.services.statements import Mapped, StatementRefused
from payments.services.statements.facts import LARGEST, decimal_mark, fitting_format
from shop.lib.csvfiles import FileRefused

ENTRY = """<Ntry><Amt Ccy="GBP">{amount}</Amt><CdtDbtInd>{way}</CdtDbtInd><Sts>{status}</Sts>
<BookgDt><Dt>{day}</Dt></BookgDt><AcctSvcrRef>{ref}</AcctSvcrRef><NtryDtls>{details}</NtryDtls>
</Ntry>"""
DETAIL = """<TxDtls><Refs><EndToEndId>NOTPROVIDED</EndToEndId></Refs>{amount}<RltdPties><Dbtr>
<Nm>Alice Byron</Nm></Dbtr><DbtrAcct><Id><IBAN>GB29NWBK60161331926819</IBAN></Id></DbtrAcct>
</RltdPties><RmtInf><Ustrd>{text}</Ustrd></RmtInf></TxDtls>"""


def detail(text="Order 10001", amount=""):
    return DETAIL.format(text=text, amount=amount)


def entry(**fields):
    facts = {
        "amount": "24.95",
        "way": "CRDT",
        "status": "BOOK",
        "day": "2026-11-20",
        "ref": "B1",
        "details": detail(),
        **fields,
    }
    return ENTRY.format(**facts)


def camt(*entries, head="", version="02"):
    return f"""<?xml version="1.0" encoding="UTF-8"?>{head}
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.{version}"><BkToCstmrStmt><Stmt>
<Acct><Id><IBAN>GB33BUKB20201555555555</IBAN></Id><Ccy>GBP</Ccy></Acct>
<Bal><Tp><CdOrPrtry><Cd>OPBD</Cd></CdOrPrtry></Tp><Amt Ccy="GBP">100</Amt>
<CdtDbtInd>CRDT</CdtDbtInd></Bal>
<Bal><Tp><CdOrPrtry><Cd>CLBD</Cd></CdOrPrtry></Tp><Amt Ccy="GBP">7.50</Amt>
<CdtDbtInd>DBIT</CdtDbtInd></Bal>{"".join(entries)}</Stmt></BkToCstmrStmt></Document>""".encode()


def csv(*rows, columns="Date,Amount,Currency,Name,Reference", encoding="utf-8"):
    return "\r\n".join([columns, *rows, ""]).encode(encoding)


class TestCamt:
    def test_a_booked_entry_becomes_a_line(self):
        found = statements.read(camt(entry()))

        (line,) = found.lines
        assert (line.amount, line.currency) == (Decimal("24.95"), "GBP")
        assert line.booked_on == dt.date(2026, 11, 20)
        assert (line.party, line.text) == ("Alice Byron", "Order 10001")
        assert line.party_account == "GB29NWBK60161331926819"

    def test_it_knows_its_account_and_balances(self):
        found = statements.read(camt(entry()))

        assert found.account == "GB33BUKB20201555555555"
        assert (found.opening, found.closing) == (Decimal(100), Decimal("-7.50"))

    def test_money_that_went_is_below_zero(self):
        found = statements.read(camt(entry(way="DBIT")))

        assert found.lines[0].amount == Decimal("-24.95")

    def test_what_is_only_announced_is_left_for_the_next_file(self):
        found = statements.read(camt(entry(), entry(status="PDNG", ref="B2")))

        assert len(found.lines) == 1

    def test_the_newer_versions_way_to_say_booked_is_understood(self):
        assert statements.read(camt(entry(status="<Cd>BOOK</Cd>"), version="08")).lines

    def test_a_batch_is_divided_when_its_parts_make_the_whole(self):
        amount = '<AmtDtls><TxAmt><Amt Ccy="GBP">{}</Amt></TxAmt></AmtDtls>'
        parts = detail("10001", amount.format("20.00")) + detail("10002", amount.format("4.95"))

        found = statements.read(camt(entry(details=parts)))

        assert [line.amount for line in found.lines] == [Decimal("20.00"), Decimal("4.95")]
        assert len({line.reference for line in found.lines}) == 2

    def test_a_batch_whose_parts_do_not_add_up_stays_whole(self):
        amount = '<AmtDtls><TxAmt><Amt Ccy="GBP">1.00</Amt></TxAmt></AmtDtls>'

        found = statements.read(camt(entry(details=detail(amount=amount) * 2)))

        assert [line.amount for line in found.lines] == [Decimal("24.95")]

    def test_a_bad_entry_is_named_and_the_rest_is_read(self):
        bad = [
            entry(amount="many", ref="B2"),
            entry(day="2026-13-45", ref="B3"),
            entry(amount="NaN", ref="B4"),
            entry(amount="1e30", ref="B5"),
            entry(way="BOTH", ref="B6"),
        ]

        found = statements.read(camt(entry(), *bad))

        assert len(found.lines) == 1
        assert [one.line for one in found.problems] == [2, 3, 4, 5, 6]

    @pytest.mark.parametrize(
        "head",
        [
            '<!DOCTYPE lol [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>',
            '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>',
            '<!DOCTYPE x SYSTEM "http://127.0.0.1:1/evil.dtd">',
        ],
    )
    def test_a_file_that_declares_anything_is_refused(self, head):
        with pytest.raises(StatementRefused, match="entities"):
            statements.read(camt(entry(), head=head))

    @pytest.mark.parametrize(
        "data",
        [
            b"<Document>",
            b"<html></html>",
            b"\xef\xbb\xbf<Document></Document>",
            b'<?xml version="1.0" encoding="wat"?><Document/>',
            b'<?xml version="1.0" encoding="utf-16"?><Document/>',
            b"<a>" * 50_000 + b"</a>" * 50_000,
            b"<\x00",
        ],
    )
    def test_other_xml_is_refused_in_words(self, data):
        with pytest.raises(StatementRefused):
            statements.read(data)

    def test_two_accounts_in_one_file_are_refused(self):
        other = camt(entry()).replace(b"</BkToCstmrStmt>", b"<Stmt></Stmt></BkToCstmrStmt>")

        with pytest.raises(StatementRefused, match="several accounts"):
            statements.read(other)


class TestCsv:
    def test_columns_are_recognised_by_name(self):
        found = statements.read(csv("20/11/2026,24.95,GBP,Alice Byron,Order 10001"))

        (line,) = found.lines
        assert (line.booked_on, line.amount) == (dt.date(2026, 11, 20), Decimal("24.95"))
        assert (line.party, line.text) == ("Alice Byron", "Order 10001")

    def test_a_german_banks_file_is_read_with_its_commas_and_preamble(self):
        data = csv(
            "20.11.2026;1.234,50;EUR;Grün GmbH;RE 10001",
            "21.11.2026;-7,00;EUR;Bank;Gebühr",
            columns="Konto;DE02\r\nZeitraum;30 Tage\r\n\r\nBuchungstag;Betrag;Währung;Name;Verwendungszweck",
            encoding="cp1252",
        )

        found = statements.read(data)

        assert [line.amount for line in found.lines] == [Decimal("1234.50"), Decimal(-7)]
        assert found.lines[0].party == "Grün GmbH"
        assert found.lines[0].line == 5

    def test_money_in_and_out_may_have_columns_of_their_own(self):
        data = csv(
            "2026-11-20,24.95,,GBP,a", "2026-11-20,,7.00,GBP,b",
            columns="Date,Paid in,Paid out,Currency,Details",
        )  # fmt: skip

        assert [one.amount for one in statements.read(data).lines] == [
            Decimal("24.95"),
            Decimal("-7.00"),
        ]

    def test_a_person_says_what_no_name_tells(self):
        data = csv("24,95;11/20/2026;10001", columns="wieviel;wann;wozu")
        told = Mapped({"day": "wann", "amount": "wieviel", "text": "wozu"}, currency="EUR")

        (line,) = statements.read(data, told).lines

        assert (line.amount, line.currency) == (Decimal("24.95"), "EUR")
        assert line.booked_on == dt.date(2026, 11, 20)

    def test_without_a_day_or_a_sum_it_asks(self):
        with pytest.raises(StatementRefused, match="day"):
            statements.read(csv("a,b", columns="x,y"))

    def test_bad_lines_are_named_by_their_number_and_the_rest_is_read(self):
        data = csv(
            "20/11/2026,24.95,GBP,A,10001",
            "someday,24.95,GBP,A,10001",
            "20/11/2026,lots,GBP,A,10001",
            "20/11/2026,0.00,GBP,A,10001",
            "20/11/2026,24.95,pounds,A,10001",
            "20/11/2026,1e99,GBP,A,10001",
            '20/11/2026,"24.95,GBP,A,10001',
        )

        found = statements.read(data)

        assert len(found.lines) == 1
        assert [one.line for one in found.problems] == [3, 4, 5, 6, 7, 8]

    @pytest.mark.parametrize(
        "data",
        [
            b"",
            b"   ",
            b"PK\x03\x04 a workbook",
            b"Date,Amount\x00,Currency",
            b"\xff\xfe\x00",
            b"x" * (LARGEST + 1),
            b"Date,Amount,Currency\n",
        ],
    )
    def test_what_is_no_table_is_refused_in_words(self, data):
        with pytest.raises((StatementRefused, FileRefused)):
            statements.read(data)


class TestCells:
    @pytest.mark.parametrize(
        ("text", "mark", "amount"),
        [
            ("1,234.50", ".", "1234.50"),
            ("1.234,50", ",", "1234.50"),
            ("-12.5", ".", "-12.5"),
            ("12.50-", ".", "-12.50"),
            ("(12.50)", ".", "-12.50"),
            ("£ 12.50 DR", ".", "-12.50"),
            ("12.50 CR", ".", "12.50"),
            ("−7,00 €", ",", "-7.00"),
            ("1'000.00", ".", "1000.00"),
        ],
    )
    def test_sums_are_read_as_people_write_them(self, text, mark, amount):
        assert statements.facts.amount(text, mark) == Decimal(amount)

    def test_the_column_tells_day_and_month_apart(self):
        assert fitting_format(["01/02/2026", "02/13/2026"]) == "%m/%d/%Y"
        assert fitting_format(["01/02/2026", "13/02/2026"]) == "%d/%m/%Y"

    def test_the_column_tells_its_decimal_mark(self):
        assert decimal_mark(["1,234", "12,50"]) == ","
        assert decimal_mark(["1,234", "12.50"]) == "."


class TestKnowingAgain:
    def test_the_same_line_has_the_same_reference_in_the_next_file(self):
        rows = ["20/11/2026,24.95,GBP,A,x", "20/11/2026,24.95,GBP,A,x"]

        morning = statements.read(csv(*rows)).lines
        evening = statements.read(csv("19/11/2026,1.00,GBP,B,y", *rows, rows[0])).lines

        assert len({one.reference for one in morning}) == 2
        assert [one.reference for one in evening[1:3]] == [one.reference for one in morning]
        assert evening[3].reference not in {one.reference for one in morning}

    def test_a_reference_of_the_banks_own_is_kept_apart_by_account(self):
        assert statements.read(camt(entry())).lines[0].reference == "GB33BUKB20201555555555:B1"
