"""Case to draft: findings, lean, plan, prose, verification and the appeal check, joined by `chain`."""
