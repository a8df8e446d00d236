"""What the rows were: change sets, images written by the database itself, undo, and everything as of any moment."""
