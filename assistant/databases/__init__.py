"""The two database engines that the program runs on, and what differs between them."""
