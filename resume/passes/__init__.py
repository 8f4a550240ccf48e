"""Passes: issue, sheet, status; reassessed when facts change."""
