"""Where moto is not AWS: rules that correct it, and the ledger of what stays different."""
