from payments.admin.bank_lines import BankLineAdmin
from payments.admin.bank_statements import BankStatementAdmin
from payments.admin.disputes import DisputeAdmin
from payments.admin.documents import DocumentAdmin
from payments.admin.expenses import ExpenseAdmin
from payments.admin.ledger_accounts import LedgerAccountAdmin
from payments.admin.methods import PaymentMethodAdmin
from payments.admin.payments import PaymentAdmin, WebhookEventAdmin
from payments.admin.refunds import RefundAdmin
from payments.admin.risk_rules import RiskPolicyAdmin, RiskRuleAdmin
from payments.admin.series import SeriesAdmin
from payments.admin.value_accounts import ValueAccountAdmin

__all__ = [
    "BankLineAdmin",
    "BankStatementAdmin",
    "DisputeAdmin",
    "DocumentAdmin",
    "ExpenseAdmin",
    "LedgerAccountAdmin",
    "PaymentAdmin",
    "PaymentMethodAdmin",
    "RefundAdmin",
    "RiskPolicyAdmin",
    "RiskRuleAdmin",
    "SeriesAdmin",
    "ValueAccountAdmin",
    "WebhookEventAdmin",
]
