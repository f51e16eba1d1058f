"""What the README's numbers come from: fixed data, fixed seeds, the baseline beside each figure."""
