"""Notices: what a person has to know, made with its cause, read in the inbox, sent by e-mail where wished."""
