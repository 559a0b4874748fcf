"""Who calls, and what they may do: the policies of the sandbox decide, through labkit.policy."""
