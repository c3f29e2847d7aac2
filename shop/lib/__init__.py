"""What lies under every app: money, tax arithmetic, clock, locks, text. No models here."""
