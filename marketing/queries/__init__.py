"""Pages that staff arrange from blocks."""
