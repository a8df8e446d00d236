"""The rights of a person on the screen: taking out everything that is held about them, and erasing them."""
