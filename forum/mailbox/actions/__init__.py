"""What becomes of mails, by verb."""
