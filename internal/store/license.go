package store

import "stackyard/internal/catalog"

// IsOpenSource says whether an SPDX licence expression can be satisfied by licences
// that the Open Source Initiative approved. What is none is a fault of bad input.
func IsOpenSource(expression string) (bool, error) { return catalog.IsApproved(expression) }
