"""How good the program is: measures over letters read by hand, with intervals and baselines beside them."""
