"""Modal screens: questions, forms and lists over another screen."""
