"""What the shop asks of registers about people and companies."""
