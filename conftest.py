"""What every test of this checkout shares."""
