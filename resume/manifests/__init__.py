"""Whom a compound's gate may expect on a day: a page, a signed paper for gates without a phone, its ticks."""
