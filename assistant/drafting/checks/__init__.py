"""The appeal check: what would give grounds to set a determination aside, each with its rule and what to do about it.

Grounds: Labor Code 4610.6(e) (what an analysis states) and 4610.6(h) (powers exceeded, bias, a plainly erroneous
finding of fact); 8 CCR 9792.21.1 (the order of search and the edition in force). A check states a difference, never an
accusation, and knows nothing of the writer: it reads a draft as it stands, the reviewer's edits included.
"""

from assistant.drafting.checks.registry import CHECKS, appeal_checks

__all__ = ["CHECKS", "appeal_checks"]
