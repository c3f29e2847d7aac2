"""What it all adds up to: reports and dashboards."""
