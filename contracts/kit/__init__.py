"""What a contract test uses: clauses and verdicts, targets, the sandbox, expectations, strategies."""
