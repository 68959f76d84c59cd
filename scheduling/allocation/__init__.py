"""Who gets a seat: sealed draws and auto-fill."""
