"""Appeals: a holder contests a decision, somebody who did not decide studies it, a later session settles."""
