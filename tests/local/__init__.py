"""The fresh machine: servers, supervisor, set-up, and the files for running elsewhere."""
