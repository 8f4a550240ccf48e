"""The machine interface: laboratories, firms' HR systems and gate devices, by tokens of narrow scope."""
