"""What the dashboard reads: periods, sums, days and rankings, always in one market's currency."""
