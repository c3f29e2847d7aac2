from payments.models.bank import BankLine, BankStatement
from payments.models.capture import Capture
from payments.models.dispute import Dispute, EvidenceFile
from payments.models.document import Document, Series
from payments.models.expense import Expense
from payments.models.grant import GrantedLine, GrantedRefund
from payments.models.ledger import JournalEntry, JournalLine, LedgerAccount, MonthClose
from payments.models.method import PaymentMethod
from payments.models.payment import Payment, PaymentEvent
from payments.models.payout import Payout, PayoutLine
from payments.models.reconciliation import Reconciliation
from payments.models.refund import Refund
from payments.models.risk import RiskAssessment, RiskPolicy, RiskRule
from payments.models.saved_card import ProviderCustomer, SavedCard
from payments.models.stored_value import ValueAccount, ValueEntry
from payments.models.webhook import WebhookEvent

__all__ = [
    "BankLine",
    "BankStatement",
    "Capture",
    "Dispute",
    "Document",
    "EvidenceFile",
    "Expense",
    "GrantedLine",
    "GrantedRefund",
    "JournalEntry",
    "JournalLine",
    "LedgerAccount",
    "MonthClose",
    "Payment",
    "PaymentEvent",
    "PaymentMethod",
    "Payout",
    "PayoutLine",
    "ProviderCustomer",
    "Reconciliation",
    "Refund",
    "RiskAssessment",
    "RiskPolicy",
    "RiskRule",
    "SavedCard",
    "Series",
    "ValueAccount",
    "ValueEntry",
    "WebhookEvent",
]
