"""Reading what people bring from elsewhere. Pure: text in, values or named problems out."""
