"""The questions, sorted by what is looked at. None of these modules imports torch: what computes is imported when it is asked."""
