"""Parts of the calls' API: versions, questions, the eligibility check."""
