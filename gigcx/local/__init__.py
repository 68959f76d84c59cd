"""A fresh machine: everything between a clone and a running product.

Owns the virtual environment, the embedded PostgreSQL and Valkey, and the supervisor behind `make run`.
Promises that nothing it starts outlives the people who use it, and that what is wrong is said in one line.
Only manage.py, the Makefile and pytest use it; the product itself never does.
"""
