package lienthong.exchange

# METADATA
# title: Who asks, and about what
# description: Members of the request context that the agreement demands; blank counts as missing.
supplied_context contains name if {
	some name in agreement.demands
	value := input.context[name]
	is_string(value)
	trim_space(value) != ""
}

demanded_context := {name | some name in agreement.demands}

# METADATA
# description: Demands without a list would demand nothing, so the list itself must be there.
default context_complete := false

context_complete if {
	is_array(agreement.demands)
	supplied_context == demanded_context
}

# METADATA
# description: Told only to a caller whose agreement is in force and covers the method.
default missing_context := []

missing_context := sort(demanded_context - supplied_context) if {
	agreement_in_force
	method_agreed
}
