package lienthong.exchange_test

import data.lienthong.exchange

two_fields := {"1": {"use": ["match"], "basis": "statute"}, "2": {"use": ["release", "match"], "basis": "consent"}}

agreed_fields(match, release, partial) if {
	exchange.fields_agreed with exchange.agreement as {"fields": two_fields}
		with data.vocabulary.fields as {"1": {}, "2": {}, "3": {}}
		with input as {"match": match, "release": release, "allow_partial": partial}
}

test_strict_is_all_or_nothing if {
	agreed_fields([1, 2], [2], false)
	agreed_fields([], [], false)
	not agreed_fields([1, 2, 3], [2], false)
	not agreed_fields([1], [1], false)
}

test_partial_needs_something_left if {
	agreed_fields([1, 3], [], true)
	agreed_fields([3], [2], true)
	not agreed_fields([3], [1], true)
}

test_an_agreement_cannot_grant_what_the_vocabulary_does_not_know if {
	not exchange.fields_agreed with exchange.agreement as {"fields": two_fields}
		with data.vocabulary.fields as {"1": {}}
		with input as {"match": [2], "release": [], "allow_partial": false}
}

test_the_bases_are_these_four if exchange.known_basis == {"agreement", "consent", "emergency", "statute"}

test_granted_and_refused_are_all_that_was_asked if {
	granted := {[f.use, f.id] | some f in exchange.fields} with exchange.agreement as {"fields": two_fields}
		with exchange.allow as true
		with data.vocabulary.fields as {"1": {}, "2": {}}
		with input as {"match": [3, 1, 2], "release": [2, 1, 9]}
	refused := {[f.use, f.id] | some f in exchange.refused} with exchange.agreement as {"fields": two_fields}
		with exchange.agreement_in_force as true
		with exchange.method_agreed as true
		with data.vocabulary.fields as {"1": {}, "2": {}}
		with input as {"match": [3, 1, 2], "release": [2, 1, 9]}
	granted == {["match", 1], ["match", 2], ["release", 2]}
	refused == {["match", 3], ["release", 1], ["release", 9]}
}
