"""How Django itself writes dates and times, in each language that we write otherwise than Django does."""
