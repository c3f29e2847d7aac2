"""What the ledger says: balances, entries, months, margins. Amounts in the books' currency."""
